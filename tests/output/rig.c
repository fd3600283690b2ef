/*  The tests' side of their sound card. */
#include "config.h"

#include <alsa/asoundlib.h>
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/output/rig.h"
#include "tests/output/sequence.h"

#define PORTION 1024

const zample_output_spec_t rig_spec = {
    .device = "rig",
    .rate_hz = 48000,
    .period_frames = 256,
    .periods = 3,
};

static char s_folder[256];

void
rig_begin (const char *more)
{
    const char *temporary = getenv ("TMPDIR"), *build = getenv ("ZAMPLE_BUILDDIR");
    snprintf (s_folder, sizeof s_folder, "%s/zample-rig-XXXXXX", temporary ? temporary : "/tmp");
    FILE *file = mkdtemp (s_folder) ? fopen (rig_path ("asound.conf"), "w") : NULL;
    if (!file) {
        perror (s_folder);
        exit (99);
    }
    fprintf (file,
             "pcm_type.rig { lib \"%s/tests/support/libasound_module_pcm_rig.so\" }\n"
             "pcm.rig { type rig }\n"
             "pcm.plugged { type plug slave.pcm \"rig\" }\n"
             "%s",
             build ? build : ".", more);
    fclose (file);
    setenv ("ALSA_CONFIG_PATH", rig_path ("asound.conf"), 1);
}

void
rig_end (void)
{
    snd_config_update_free_global ();
    static const char *const names[] = { "asound.conf", "played", "map", "printed", "heard", "jackd.log" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unlink (rig_path (names[i]));
    rmdir (s_folder);
}

const char *
rig_path (const char *name)
{
    static char path[512];
    snprintf (path, sizeof path, "%s/%s", s_folder, name);
    return path;
}

void
rig_set (const char *name, const char *value)
{
    if (value)
        setenv (name, value, 1);
    else
        unsetenv (name);
}

void
rig_reset (void)
{
    static const char *const names[] = { "RIG_FILE",     "RIG_FORMAT", "RIG_RATE",
                                         "RIG_CHANNELS", "RIG_MAP",    "RIG_SCRIPT" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        rig_set (names[i], NULL);
}

rig_player_t
rig_open (const char *script)
{
    rig_set ("RIG_SCRIPT", script);
    rig_set ("RIG_FILE", rig_path ("played"));
    char why[256] = "";
    rig_player_t self = { .wake_fd = -1 };
    self.output = zample_output_alsa_new (&rig_spec, why, sizeof why);
    ck_assert_msg (self.output != NULL, "%s", why);
    return self;
}

int64_t
rig_turn (rig_player_t *self)
{
    static const int64_t portions[] = { 1, 333, 64, 7, PORTION, 256, 13 };
    zample_output_t *output = self->output;
    uint64_t before = output->xruns + output->suspends;
    int64_t avail = output->wait (output, self->wake_fd);
    if (output->xruns + output->suspends > before) {
        ck_assert_uint_eq (output->xruns + output->suspends, before + 1);
        ck_assert_uint_lt (self->resumes, RIG_RESUMES);
        self->resumed[self->resumes++] = self->taken;
    }
    ck_assert_int_le (avail, output->buffer_frames);
    while (avail > 0) {
        float frames[2 * PORTION];
        int64_t count = portions[self->portion++ % (sizeof portions / sizeof portions[0])];
        if (count > avail)
            count = avail;
        sequence_write (frames, self->taken, count);
        int64_t taken = output->write (output, frames, count);
        if (taken < 0)
            return taken;
        ck_assert_int_le (taken, count);
        self->taken += taken;
        avail -= taken;
        if (taken < count)
            break;
    }
    ck_assert_int_ge (output->delay (output), 0);
    return avail < 0 ? avail : 0;
}

int64_t
rig_run (rig_player_t *self, int64_t frames)
{
    int64_t error = 0;
    while (!error && self->taken < frames)
        error = rig_turn (self);
    return error;
}

void
rig_close (rig_player_t *self)
{
    self->output->destroy (self->output);
    self->output = NULL;
}

void
rig_close_and_check (rig_player_t *self, const int64_t *at, size_t count)
{
    char format[16];
    int64_t buffer_frames = self->output->buffer_frames;
    snprintf (format, sizeof format, "%s", self->output->format);
    rig_close (self);
    ck_assert_uint_eq (self->resumes, count);

    const char *channels = getenv ("RIG_CHANNELS");
    sequence_t played = sequence_load (rig_path ("played"), format, channels ? (size_t) atoi (channels) : 2);
    int64_t expected = 0;
    size_t resume = 0;
    for (size_t i = 0; i < played.count; i++, expected++) {
        if (resume < count && (int64_t) i == at[resume])
            expected = self->resumed[resume++];
        ck_assert_msg (played.numbers[i] == expected, "frame %zu is number %lld, not %lld", i,
                       (long long) played.numbers[i], (long long) expected);
    }
    ck_assert_uint_eq (resume, count);
    ck_assert_int_le (self->taken - expected, buffer_frames);
    ck_assert_int_ge (self->taken, expected);
    sequence_free (&played);
}

double
rig_now_sec (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec + (double) now.tv_nsec * 1e-9;
}
