/*  Loading, memory, pictures and the library: what include/zample.h promises of them. Any thread. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "actors/check.h"
#include "actors/fail.h"

static_assert (sizeof (zample_peak_t) == sizeof (zample_peak_column_t),
               "the facade hands on what the peaks draw");

#define WIDTH_MAX 65536

/* ------------------------------------------------------------------- checking */

static zample_status_t
s_check_path (const char *name, const char *path)
{
    if (!path || !*path)
        return zample_fail (ZAMPLE_INVALID, "%s is %s", name, path ? "empty" : "NULL");
    size_t length = strlen (path);
    if (length > ZAMPLE_PATH_MAX - 1)
        return zample_fail (ZAMPLE_RANGE, "the %s is %zu bytes long: it may have %d", name, length,
                            ZAMPLE_PATH_MAX - 1);
    return ZAMPLE_OK;
}

static zample_status_t
s_check_urgency (zample_priority_t priority, int64_t deadline)
{
    if ((unsigned) priority > ZAMPLE_PRIORITY_IDLE)
        return zample_fail (ZAMPLE_INVALID, "priority is %d: there is no such priority", (int) priority);
    if (deadline < 0)
        return zample_fail (ZAMPLE_RANGE, "deadline %lld is before the first frame", (long long) deadline);
    return ZAMPLE_OK;
}

static zample_status_t
s_check_how (const zample_load_t *how)
{
    zample_status_t status = s_check_urgency (how->priority, how->deadline);
    if (status == ZAMPLE_OK && (unsigned) how->quality > ZAMPLE_QUALITY_BEST)
        return zample_fail (ZAMPLE_INVALID, "quality is %d: there is no such quality", (int) how->quality);
    return status;
}

/*  A job's number goes to whoever asked, 0 to nobody. */
static zample_status_t
s_answer (uint64_t number, uint64_t *job)
{
    if (number == 0)
        return zample_fail (ZAMPLE_FULL,
                            "too many loads are on their way, or there is no memory for one more");
    if (job)
        *job = number;
    return ZAMPLE_OK;
}

/* -------------------------------------------------------------------- loading */

zample_status_t
zample_load (zample_t *self, uint32_t slot, const char *path, const zample_load_t *how, uint64_t *job)
{
    static const zample_load_t usual;
    if (!how)
        how = &usual;
    zample_status_t status = zample_check_own_slot (self, slot);
    if (status == ZAMPLE_OK)
        status = s_check_path ("path", path);
    if (status == ZAMPLE_OK)
        status = s_check_how (how);
    if (status != ZAMPLE_OK)
        return status;
    zample_ask_t ask = { .slot = slot, .path = path, .how = *how };
    return s_answer (zample_jobs_ask (self->jobs, &ask), job);
}

zample_status_t
zample_cancel (zample_t *self, uint64_t job)
{
    if (!self)
        return zample_check_engine (self);
    if (zample_jobs_cancel (self->jobs, job))
        return ZAMPLE_OK;
    return zample_fail (ZAMPLE_NO_JOB, "job %llu is not on its way", (unsigned long long) job);
}

zample_status_t
zample_prioritise (zample_t *self, uint64_t job, zample_priority_t priority, int64_t deadline)
{
    if (!self)
        return zample_check_engine (self);
    zample_status_t status = s_check_urgency (priority, deadline);
    if (status != ZAMPLE_OK)
        return status;
    if (zample_jobs_prioritise (self->jobs, job, priority, deadline))
        return ZAMPLE_OK;
    return zample_fail (ZAMPLE_NO_JOB, "job %llu is not on its way", (unsigned long long) job);
}

/* --------------------------------------------------------------------- memory */

zample_status_t
zample_memory (zample_t *self, zample_memory_t *memory)
{
    if (!self || !memory)
        return zample_fail (ZAMPLE_INVALID, "%s is NULL", self ? "memory" : "engine");
    *memory = zample_store_memory (self->store);
    return ZAMPLE_OK;
}

zample_status_t
zample_pin (zample_t *self, uint32_t slot, bool pinned)
{
    zample_status_t status = zample_check_slot (self, slot);
    if (status == ZAMPLE_OK)
        zample_store_pin (self->store, slot, pinned);
    return status;
}

/* ------------------------------------------------------------------- pictures */

/*  The slot's sound, if it has one with these frames. */
static zample_status_t
s_find_frames (zample_t *self, uint32_t slot, int64_t start, int64_t end, zample_sound_t **sound)
{
    zample_status_t status = zample_check_slot (self, slot);
    if (status != ZAMPLE_OK)
        return status;
    *sound = zample_store_sound (self->store, slot);
    if (!*sound)
        return zample_fail (ZAMPLE_NO_SOUND, "slot %u is empty", slot);
    int64_t frames = (*sound)->frames;
    if (start >= 0 && start < end && end <= frames)
        return ZAMPLE_OK;
    zample_sound_release (sound);
    return zample_fail (ZAMPLE_RANGE, "frames %lld to %lld are not in a sound of %lld", (long long) start,
                        (long long) end, (long long) frames);
}

zample_status_t
zample_peaks (zample_t *self, uint32_t slot, int64_t start, int64_t end, uint32_t width, zample_peak_t *peaks)
{
    zample_sound_t *sound;
    if (!self || !peaks)
        return zample_fail (ZAMPLE_INVALID, "%s is NULL", self ? "peaks" : "engine");
    if (width < 1 || width > WIDTH_MAX)
        return zample_fail (ZAMPLE_RANGE, "width is %u: it must lie between 1 and %d", width, WIDTH_MAX);
    zample_status_t status = s_find_frames (self, slot, start, end, &sound);
    if (status != ZAMPLE_OK)
        return status;
    zample_peaks_draw (&sound->peaks, sound->data, start, end, width, (zample_peak_column_t *) peaks);
    zample_sound_release (&sound);
    return ZAMPLE_OK;
}

zample_status_t
zample_frames (zample_t *self, uint32_t slot, int64_t start, int64_t count, float *frames)
{
    zample_sound_t *sound;
    if (!self || !frames)
        return zample_fail (ZAMPLE_INVALID, "%s is NULL", self ? "frames" : "engine");
    if (count < 1 || start > INT64_MAX - count)
        return zample_fail (ZAMPLE_RANGE, "%lld frames cannot be copied", (long long) count);
    zample_status_t status = s_find_frames (self, slot, start, start + count, &sound);
    if (status != ZAMPLE_OK)
        return status;
    memcpy (frames, sound->data + 2 * start, 2 * (size_t) count * sizeof *frames);
    zample_sound_release (&sound);
    return ZAMPLE_OK;
}

/* -------------------------------------------------------------------- library */

zample_status_t
zample_library_add (zample_t *self, const char *directory, uint64_t *job)
{
    if (!self)
        return zample_check_engine (self);
    zample_status_t status = s_check_path ("directory", directory);
    return status == ZAMPLE_OK ? s_answer (zample_library_scan (self->library, directory), job) : status;
}

static zample_status_t
s_no_sound (const char *name)
{
    return zample_fail (ZAMPLE_NO_SOUND, "the library has no sound \"%s\"", name);
}

zample_status_t
zample_library_find (zample_t *self, const char *name, uint32_t *slot)
{
    if (!self || !name || !slot)
        return zample_fail (ZAMPLE_INVALID, "%s is NULL", !self ? "engine" : !name ? "name" : "slot");
    return zample_library_slot_of (self->library, name, slot) ? ZAMPLE_OK : s_no_sound (name);
}

zample_status_t
zample_library_entry (zample_t *self, uint32_t place, zample_library_entry_t *entry)
{
    if (!self || !entry)
        return zample_fail (ZAMPLE_INVALID, "%s is NULL", self ? "entry" : "engine");
    if (zample_library_entry_at (self->library, place, entry))
        return ZAMPLE_OK;
    return zample_fail (ZAMPLE_NO_SOUND, "the library has no sound at place %u", place);
}

zample_status_t
zample_library_preload (zample_t *self, const char *name, const zample_load_t *how, uint64_t *job)
{
    static const zample_load_t usual;
    if (!self)
        return zample_check_engine (self);
    if (!how)
        how = &usual;
    zample_status_t status = name ? s_check_path ("name", name) : ZAMPLE_OK;
    if (status == ZAMPLE_OK)
        status = s_check_how (how);
    if (status == ZAMPLE_OK && name && !zample_library_has (self->library, name))
        status = s_no_sound (name);
    return status == ZAMPLE_OK ? s_answer (zample_library_load (self->library, name, how), job) : status;
}
