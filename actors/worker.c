/*  The worker's thread. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "actors/worker.h"
#include "actors/text.h"

#define PROGRESS_STEP 0.01

typedef struct {
    const zample_worker_arguments_t *with;
    zample_job_t *job;
    zample_claim_t claim;
    double percent; /* as last told */
    zample_file_t file;
    zample_decode_spec_t spec;
    zample_cache_key_t key;
    zample_sound_t *to_keep; /* in the cache, when the load is done */
} s_worker_t;

static zample_event_t
s_event (const s_worker_t *self, zample_event_kind_t kind)
{
    return zample_jobs_event (self->with->jobs, self->job->number, self->job->slot, kind);
}

static void
s_tell_started (s_worker_t *self)
{
    zample_event_t event = s_event (self, ZAMPLE_EVENT_STARTED);
    zample_text_copy (event.u.started.path, sizeof event.u.started.path, self->job->path);
    zample_jobs_tell (self->with->jobs, &event);
}

static void
s_tell_progress (s_worker_t *self, double percent, const char *stage)
{
    zample_event_t event = s_event (self, ZAMPLE_EVENT_PROGRESS);
    event.u.progress.percent = percent;
    snprintf (event.u.progress.stage, sizeof event.u.progress.stage, "%s", stage);
    zample_jobs_tell (self->with->jobs, &event);
    self->percent = percent;
}

static bool
s_go_on (const s_worker_t *self)
{
    return zample_jobs_go_on (self->with->jobs, self->job);
}

/* -------------------------------------------------------------------- memory */

/*  Asks the stage to let go of what must make room, as often as it takes until the ring has room. */
static bool
s_evict (s_worker_t *self, const zample_store_victim_t *victims, uint32_t count)
{
    uint32_t asked = 0;
    while (asked < count && s_go_on (self)) {
        uint64_t ticket;
        zample_command_t command = { .kind = COMMAND_EVICT,
                                     .slot = victims[asked].slot,
                                     .u.evict.job = victims[asked].job };
        if (zample_command_ring_push (&self->with->doorway->commands, &command, &ticket))
            asked++;
        else
            zample_store_await (self->with->store);
    }
    for (uint32_t i = asked; i < count; i++)
        zample_store_kept (self->with->store, victims[i].slot);
    return asked == count;
}

static bool
s_make_room (void *context, size_t bytes)
{
    s_worker_t *self = context;
    zample_store_victim_t victims[ZAMPLE_STORE_VICTIMS];
    uint32_t count;
    for (;;) {
        zample_store_room_t room =
            zample_store_make_room (self->with->store, &self->claim, bytes, victims, &count);
        if (room != STORE_LATER)
            return room == STORE_ROOM;
        if (!s_evict (self, victims, count) || !s_go_on (self))
            return false;
        zample_store_await (self->with->store);
    }
}

/* ------------------------------------------------------------------- decoding */

static bool
s_at_chunk (void *context, double fraction)
{
    s_worker_t *self = context;
    if (fraction < 1.0 && fraction >= self->percent + PROGRESS_STEP)
        s_tell_progress (self, fraction, "Loading (decoding)");
    return s_go_on (self);
}

static void
s_no_memory (const s_worker_t *self, zample_failure_t *failure)
{
    failure->code = FAILED_NO_MEMORY;
    snprintf (failure->sentence, sizeof failure->sentence, "%.*s: there is not enough memory for it", 380,
              self->job->path);
}

/*  Makes the sound that the claim is for: from the cache, or from the file. */
static bool
s_make (s_worker_t *self, zample_failure_t *failure)
{
    zample_decode_watch_t watch = { .at_chunk = s_at_chunk, .make_room = s_make_room, .context = self };
    const zample_cache_t *cache = self->with->cache;
    bool named = cache && zample_cache_is_worth (&self->file, self->spec.rate_hz)
                 && zample_cache_key (&self->file, &self->spec, &watch, &self->key);
    zample_sound_t *cached = named ? zample_cache_find (cache, &self->key, &watch) : NULL;
    zample_sound_t *sound = cached ? cached : zample_decode_file (&self->file, &self->spec, &watch, failure);
    if (!sound)
        return false;
    if (named && !cached)
        self->to_keep = zample_sound_hold (sound);
    zample_store_fill (self->with->store, &self->claim, sound, cached);
    return true;
}

/*  Shares a sound that is in memory, or makes it; when another worker is making it, waits for that. */
static bool
s_obtain (s_worker_t *self, zample_failure_t *failure)
{
    zample_store_key_t key = { .file = self->file.id, .quality = (uint32_t) self->job->how.quality };
    while (s_go_on (self)) {
        switch (zample_store_claim (self->with->store, &key, &self->claim)) {
        case STORE_FOUND: return true;
        case STORE_MINE: return s_make (self, failure);
        case STORE_BUSY: zample_store_await (self->with->store); break;
        case STORE_NO_MEMORY: s_no_memory (self, failure); return false;
        }
    }
    return false;
}

static bool
s_open_and_obtain (s_worker_t *self, zample_failure_t *failure)
{
    s_tell_progress (self, 0.0, "Loading (opening)");
    return zample_file_open (&self->file, self->job->path, self->with->symlinks, self->spec.limits.bytes,
                             failure)
           && s_obtain (self, failure);
}

/* -------------------------------------------------------------------- keeping */

static bool
s_keep_on (void *context, double fraction)
{
    const s_worker_t *self = context;
    (void) fraction;
    return !zample_jobs_are_closed (self->with->jobs);
}

/*  After the load is done, so that nobody waits for it. */
static void
s_keep (s_worker_t *self)
{
    zample_decode_watch_t watch = { .at_chunk = s_keep_on, .context = self };
    if (!self->to_keep)
        return;
    zample_cache_keep (self->with->cache, &self->key, &self->file, self->to_keep, &watch);
    zample_sound_release (&self->to_keep);
}

/* ---------------------------------------------------------------- handing over */

/*  The sample crosses; `success` is told when the stage has it. While the ring is full it waits for room. */
static void
s_hand_over (s_worker_t *self, zample_sample_t *sample)
{
    zample_command_t load = { .kind = COMMAND_LOAD,
                              .slot = self->job->slot,
                              .u.load = { .sample = sample, .keep_voices = self->job->keep_voices } };
    zample_jobs_cross_t crossed;
    s_tell_progress (self, 1.0, "Loading (handing over)");
    sample->keeper_pins = self->job->how.pinned;
    while ((crossed = zample_jobs_cross (self->with->jobs, self->job, &load)) == JOBS_FULL)
        zample_store_await (self->with->store);
    if (crossed == JOBS_CROSSED)
        return;
    zample_store_release (self->with->store, &sample);
    zample_jobs_give_up (self->with->jobs, self->job->number);
}

static void
s_load (s_worker_t *self)
{
    zample_failure_t failure = { .code = FAILED_NOT };
    zample_sample_t *sample = NULL;
    s_tell_started (self);
    if (s_open_and_obtain (self, &failure)) {
        sample = zample_store_sample (self->with->store, &self->claim, self->job->number, self->job->path);
        if (!sample)
            s_no_memory (self, &failure);
    }
    zample_store_abandon (self->with->store, &self->claim);
    if (sample)
        s_hand_over (self, sample);
    else if (s_go_on (self))
        zample_jobs_fail (self->with->jobs, self->job->number, (zample_code_t) failure.code,
                          failure.sentence);
    else
        zample_jobs_give_up (self->with->jobs, self->job->number);
}

static void
s_run (zample_actor_t *actor, void *arguments)
{
    const zample_worker_arguments_t *with = arguments;
    zample_job_t *job;
    zample_actor_ready (actor, true);
    while ((job = zample_jobs_take (with->jobs))) {
        uint32_t slot = job->slot;
        s_worker_t self = { .with = with, .job = job, .file.fd = -1, .spec = with->spec };
        self.spec.quality = (zample_resample_quality_t) job->how.quality;
        s_load (&self);
        zample_jobs_done (with->jobs, slot);
        s_keep (&self);
        zample_file_close (&self.file);
    }
}

zample_actor_t *
zample_worker_new (void *context, const zample_worker_arguments_t *arguments)
{
    return zample_actor_new (context, "zample-worker", s_run, (void *) (uintptr_t) arguments);
}
