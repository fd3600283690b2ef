/*  Runs on the thread that makes an engine. */
#include "config.h"

#include <math.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "actors/configure.h"
#include "actors/fail.h"
#include "engine/sound.h"

#define BYTES_USUAL (UINT64_C (4) << 30)
#define LEAST_SHARE_USUAL 0.5f

typedef struct {
    const char *name;
    uint32_t *value;
    uint32_t least, most, usual;
    bool power_of_two;
} s_number_t;

static zample_status_t
s_complete (const s_number_t *number)
{
    uint32_t value = *number->value;
    if (value == 0)
        *number->value = number->usual;
    else if (value < number->least || value > number->most)
        return zample_fail (ZAMPLE_RANGE, "%s is %u: it must lie between %u and %u", number->name, value,
                            number->least, number->most);
    else if (number->power_of_two && (value & (value - 1)) != 0)
        return zample_fail (ZAMPLE_RANGE, "%s is %u: it must be a power of two", number->name, value);
    return ZAMPLE_OK;
}

/*  That this process may use. */
static uint32_t
s_processors (void)
{
    cpu_set_t processors;
    int count = sched_getaffinity (0, sizeof processors, &processors) == 0 ? CPU_COUNT (&processors) : 1;
    return count < 1 ? 1 : count > 64 ? 64 : (uint32_t) count;
}

static uint64_t
s_half_the_memory (void)
{
    long pages = sysconf (_SC_PHYS_PAGES), size = sysconf (_SC_PAGESIZE);
    return pages > 0 && size > 0 ? (uint64_t) pages * (uint64_t) size / 2 : UINT64_C (1) << 30;
}

/*  What does not fit into 32 bits. */
static zample_status_t
s_complete_sizes (zample_config_t *config)
{
    zample_limits_t *limits = &config->limits;
    if (config->memory_bytes == 0)
        config->memory_bytes = s_half_the_memory ();
    if (limits->bytes == 0)
        limits->bytes = BYTES_USUAL;
    if (limits->bytes > INT64_MAX)
        return zample_fail (ZAMPLE_RANGE, "limits.bytes is %llu: no file is so large",
                            (unsigned long long) limits->bytes);
    if (limits->frames == 0)
        limits->frames = ZAMPLE_SOUND_FRAMES_MAX;
    if (limits->frames > (uint64_t) ZAMPLE_SOUND_FRAMES_MAX)
        return zample_fail (ZAMPLE_RANGE, "limits.frames is %llu: it may be %lld",
                            (unsigned long long) limits->frames, (long long) ZAMPLE_SOUND_FRAMES_MAX);
    if (!isfinite (limits->least_share))
        return zample_fail (ZAMPLE_INVALID, "limits.least_share is not a finite number");
    if (limits->least_share < 0.0f || limits->least_share > 1.0f)
        return zample_fail (ZAMPLE_RANGE, "limits.least_share is %g: it must lie between 0 and 1",
                            (double) limits->least_share);
    if (limits->least_share <= 0.0f)
        limits->least_share = LEAST_SHARE_USUAL;
    return ZAMPLE_OK;
}

static zample_status_t
s_complete_numbers (zample_config_t *config)
{
    const s_number_t numbers[] = {
        { "rate_hz", &config->rate_hz, 8000, 192000, 0, false },
        { "period_frames", &config->period_frames, 16, 8192, 256, false },
        { "periods", &config->periods, 2, 16, 3, false },
        { "slots", &config->slots, 1, 65536, 1024, false },
        { "voices", &config->voices, 1, 4096, 256, false },
        { "command_capacity", &config->command_capacity, 2, 65536, 1024, true },
        { "event_capacity", &config->event_capacity, 2, 65536, 1024, true },
        { "workers", &config->workers, 1, 64, s_processors (), false },
        { "library_sounds", &config->library_sounds, 1, 1000000, 32768, false },
        { "limits.seconds", &config->limits.seconds, 1, 86400, 600, false },
        { "limits.channels", &config->limits.channels, 1, 64, 64, false },
        { "limits.streams", &config->limits.streams, 1, 1024, 64, false },
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        zample_status_t status = s_complete (&numbers[i]);
        if (status != ZAMPLE_OK)
            return status;
    }
    return ZAMPLE_OK;
}

static zample_status_t
s_not_empty (void)
{
    return zample_fail (ZAMPLE_INVALID, "reserved is not zero: start from an empty zample_config_t");
}

static zample_status_t
s_check_choices (const zample_config_t *config)
{
    if ((unsigned) config->output > ZAMPLE_OUTPUT_OFFLINE)
        return zample_fail (ZAMPLE_INVALID, "output is %d: there is no such output", (int) config->output);
    if ((unsigned) config->record_format > ZAMPLE_WAV_S16)
        return zample_fail (ZAMPLE_INVALID, "record_format is %d: there is no such format",
                            (int) config->record_format);
    for (size_t i = 0; i < sizeof config->reserved / sizeof *config->reserved; i++)
        if (config->reserved[i] != 0)
            return s_not_empty ();
    for (size_t i = 0; i < sizeof config->reserved_flags; i++)
        if (config->reserved_flags[i])
            return s_not_empty ();
    for (size_t i = 0; i < sizeof config->limits.reserved / sizeof *config->limits.reserved; i++)
        if (config->limits.reserved[i] != 0)
            return s_not_empty ();
    return ZAMPLE_OK;
}

static zample_status_t
s_check_name (const char *name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t length = strlen (name);
    if (length < 1 || length > ZAMPLE_NAME_MAX)
        return zample_fail (ZAMPLE_RANGE, "the name is %zu bytes long: it must have 1 to %d", length,
                            ZAMPLE_NAME_MAX);
    if (strspn (name, allowed) != length || name[0] == '.')
        return zample_fail (ZAMPLE_INVALID,
                            "the name \"%s\" must be made of A-Z a-z 0-9 . _ - and not begin with a dot",
                            name);
    return ZAMPLE_OK;
}

static void
s_default_name (char name[ZAMPLE_NAME_MAX + 1])
{
    static atomic_uint engines;
    unsigned number = atomic_fetch_add (&engines, 1) + 1;
    snprintf (name, ZAMPLE_NAME_MAX + 1, "engine-%ld-%u", (long) getpid (), number);
}

zample_status_t
zample_configure (const zample_config_t *asked, zample_config_t *config, char name[ZAMPLE_NAME_MAX + 1])
{
    *config = asked ? *asked : (zample_config_t) { 0 };
    zample_status_t status = s_check_choices (config);
    if (status == ZAMPLE_OK)
        status = s_complete_numbers (config);
    if (status == ZAMPLE_OK)
        status = s_complete_sizes (config);
    if (status == ZAMPLE_OK && config->name)
        status = s_check_name (config->name);
    if (status != ZAMPLE_OK)
        return status;
    if (!config->device)
        config->device = "default";
    if (config->name)
        snprintf (name, ZAMPLE_NAME_MAX + 1, "%s", config->name);
    else
        s_default_name (name);
    config->name = name;
    return ZAMPLE_OK;
}
