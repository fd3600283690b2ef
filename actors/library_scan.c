/*  Scans, when a folder is added or has changed, and what follows from a change: on the library's thread. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actors/library_inside.h"
#include "actors/text.h"

#define TELL_MS 50
#define SETTLE_MS 100      /* without another change */
#define SETTLE_MAX_MS 1000 /* when changes do not end */

/* ------------------------------------------------------------------------ scanning */

static void
s_tell_started (zample_librarian_t *self, const char *folder)
{
    zample_event_t event = zample_jobs_event (self->jobs, self->job, ZAMPLE_NO_SLOT, ZAMPLE_EVENT_STARTED);
    zample_text_copy (event.u.started.path, sizeof event.u.started.path, folder);
    zample_jobs_tell (self->jobs, &event);
}

static void
s_tell_progress (zample_librarian_t *self, double fraction, const char *what)
{
    char cut[48];
    zample_event_t event = zample_jobs_event (self->jobs, self->job, ZAMPLE_NO_SLOT, ZAMPLE_EVENT_PROGRESS);
    zample_text_copy (cut, sizeof cut, what);
    event.u.progress.percent = fraction;
    snprintf (event.u.progress.stage, sizeof event.u.progress.stage, "Scanning (%s)", cut);
    zample_jobs_tell (self->jobs, &event);
}

/*  Whoever called it off hears of it at once: to take back what was found may take a while. */
static bool
s_goes_on (void *context)
{
    zample_librarian_t *self = context;
    zample_librarian_listen (self);
    if (zample_librarian_goes_on (self, self->job))
        return true;
    zample_jobs_give_up (self->jobs, self->job);
    return false;
}

static const char *
s_last_part (const char *path)
{
    const char *slash = strrchr (path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

/*  Watched first: what happens to a folder while it is read must not be missed. */
static bool
s_at_folder (void *context, const char *path, bool fresh, double fraction)
{
    zample_librarian_t *self = context;
    int64_t now = zample_librarian_now_ms ();
    if (fresh && self->watch && !zample_watch_folder (self->watch, path, self->root))
        self->unwatched++;
    if (now >= self->told_ms + TELL_MS) {
        self->told_ms = now;
        s_tell_progress (self, fraction, s_last_part (path));
    }
    return s_goes_on (self);
}

static void
s_end_well (zample_librarian_t *self, const zample_catalogue_counts_t *counts)
{
    zample_event_t event = zample_jobs_event (self->jobs, self->job, ZAMPLE_NO_SLOT, ZAMPLE_EVENT_SUCCESS);
    event.u.success.sounds = counts->sounds;
    event.u.success.failed = counts->failed;
    s_tell_progress (self, 1.0, "done");
    zample_jobs_end (self->jobs, &event);
}

static void
s_end_badly (zample_librarian_t *self, const zample_failure_t *failure)
{
    if (failure->code != FAILED_CANCELLED) /* that was told */
        zample_jobs_fail (self->jobs, self->job, (zample_code_t) failure->code, failure->sentence);
}

/*  The sounds are there; that they are not watched, as the configuration wants it, is an error. */
static void
s_end_unwatched (zample_librarian_t *self)
{
    char sentence[ZAMPLE_PATH_MAX + 160];
    const char *path = zample_catalogue_root_path (self->catalogue, self->root);
    if (self->watch)
        snprintf (
            sentence, sizeof sentence,
            "%s: its sounds are in the library, but %u of its folders cannot be watched for changes: the "
            "system has no more watches to give",
            path, self->unwatched);
    else
        snprintf (
            sentence, sizeof sentence,
            "%s: its sounds are in the library, but cannot be watched for changes: the system does not let "
            "this process watch anything",
            path);
    self->told_unwatched = true;
    zample_jobs_fail (self->jobs, self->job, ZAMPLE_CODE_IO, sentence);
}

/*  Scans a root for a job, and ends the job. */
static void
s_scan (zample_librarian_t *self, uint32_t root, bool is_new)
{
    zample_catalogue_listener_t listener = { .at_folder = s_at_folder,
                                             .goes_on = s_goes_on,
                                             .context = self };
    zample_catalogue_counts_t counts;
    zample_failure_t failure;
    self->root = root;
    self->told_ms = 0;
    self->unwatched = 0;
    if (self->watch)
        zample_watch_begin (self->watch);
    bool scanned = zample_catalogue_scan (self->catalogue, root, &listener, &counts, &failure);
    bool is_partial = !scanned && (failure.code == FAILED_CANCELLED || failure.code == FAILED_NO_MEMORY);
    if (!is_partial && self->watch)
        zample_watch_end (self->watch, root);
    bool is_unwatched = self->spec->watch && (!self->watch || self->unwatched > 0);
    if (!scanned)
        s_end_badly (self, &failure);
    else if (is_unwatched && (is_new || !self->told_unwatched))
        s_end_unwatched (self);
    else
        s_end_well (self, &counts);
}

void
zample_librarian_add (zample_librarian_t *self, const zample_request_t *request)
{
    zample_failure_t failure;
    uint32_t root;
    self->job = request->job;
    if (!zample_librarian_goes_on (self, self->job)) {
        zample_jobs_give_up (self->jobs, self->job);
        return;
    }
    s_tell_started (self, request->text);
    if (zample_catalogue_root (self->catalogue, request->text, &root, &failure))
        s_scan (self, root, true);
    else
        s_end_badly (self, &failure);
}

/* ------------------------------------------------------------------------- changes */

void
zample_librarian_take_changes (zample_librarian_t *self)
{
    if (!self->watch || !zample_watch_read (self->watch))
        return;
    self->last_change_ms = zample_librarian_now_ms ();
    if (self->first_change_ms == 0)
        self->first_change_ms = self->last_change_ms;
}

int64_t
zample_librarian_due_ms (const zample_librarian_t *self)
{
    int64_t settled = self->last_change_ms + SETTLE_MS, latest = self->first_change_ms + SETTLE_MAX_MS;
    int64_t left = (settled < latest ? settled : latest) - zample_librarian_now_ms ();
    return left > 0 ? left : 0;
}

/*  Without memory for that it stays as it is, as any load would fail. */
static void
s_put_off (zample_librarian_t *self, uint32_t sound)
{
    uint32_t *later = realloc (self->later, (self->later_count + 1) * sizeof *later);
    if (!later)
        return;
    self->later = later;
    later[self->later_count++] = sound;
}

/*  A sound that is in memory is loaded anew, and what plays of it plays on. One that is not will be read when it is wanted; one that is
    being read has perhaps been read as it was before, and is looked at again when it is there. */
static void
s_load_anew (zample_librarian_t *self, uint32_t sound, const char *path)
{
    zample_ask_t ask = {
        .slot = self->spec->base + sound, .path = path, .keep_voices = true, .is_refresh = true
    };
    bool is_early = zample_jobs_is_under_way (self->jobs, ask.slot);
    if (!is_early && zample_store_holds (self->store, ask.slot, &ask.how.quality))
        is_early = zample_jobs_ask (self->jobs, &ask) == 0;
    if (is_early)
        s_put_off (self, sound);
}

static void
s_load_put_off (zample_librarian_t *self)
{
    const zample_index_t *index = zample_catalogue_index (self->catalogue);
    uint32_t *sounds = self->later, count = self->later_count;
    self->later = NULL;
    self->later_count = 0;
    for (uint32_t i = 0; i < count; i++)
        s_load_anew (self, sounds[i], zample_index_path (index, sounds[i]));
    free (sounds);
}

static void
s_load_written (zample_librarian_t *self)
{
    const zample_names_t *written = zample_watch_written (self->watch);
    for (uint32_t i = 0; i < zample_names_count (written); i++) {
        const char *path = zample_names_text (written, i);
        uint32_t sound = zample_catalogue_number (self->catalogue, path);
        if (sound != ZAMPLE_NO_NUMBER)
            s_load_anew (self, sound, path);
    }
}

/*  What was written is not known: sounds that are as they were are found unchanged, and not read again. */
static void
s_load_all_anew (zample_librarian_t *self)
{
    const zample_index_t *index = zample_catalogue_index (self->catalogue);
    for (uint32_t sound = 0; sound < zample_catalogue_size (self->catalogue); sound++)
        s_load_anew (self, sound, zample_index_path (index, sound));
}

static void
s_scan_anew (zample_librarian_t *self, uint32_t root)
{
    const char *path = zample_catalogue_root_path (self->catalogue, root);
    self->job = zample_jobs_open (self->jobs, path);
    if (self->job == 0)
        return;
    s_tell_started (self, path);
    s_scan (self, root, false);
}

void
zample_librarian_settle (zample_librarian_t *self)
{
    if (self->first_change_ms == 0 || zample_librarian_due_ms (self) > 0)
        return;
    /* What happens from now on is not read before the next turn. */
    bool has_lost = zample_watch_has_lost (self->watch);
    s_load_put_off (self);
    if (has_lost)
        s_load_all_anew (self);
    else
        s_load_written (self);
    for (uint32_t i = 0; i < zample_catalogue_roots (self->catalogue); i++)
        if (has_lost || zample_watch_is_stale (self->watch, i))
            s_scan_anew (self, i);
    zample_watch_clear (self->watch);
    self->last_change_ms = zample_librarian_now_ms ();
    self->first_change_ms = self->later_count > 0 ? self->last_change_ms : 0;
}
