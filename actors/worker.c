/*  The worker's thread. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "actors/text.h"
#include "actors/worker.h"
#include "engine/decode.h"
#include "engine/sample.h"
#include "engine/why.h"

#define A_WHILE_MS 1000
#define PROGRESS_STEP 0.01

static const zample_decode_limits_t s_limits = {
    .bytes = INT64_C (4) << 30,
    .frames = ZAMPLE_SOUND_FRAMES_MAX,
    .milliseconds = 600000,
    .channels = 64,
    .streams = 64,
    .least_share = 0.5,
};

typedef struct {
    zample_actor_t *actor;
    zample_worker_arguments_t *with;
    zample_job_t job;
    double percent; /* as last told */
} s_worker_t;

static void
s_tell_started (s_worker_t *self)
{
    zample_event_t event = zample_job_event (&self->job, self->with->doorway, ZAMPLE_EVENT_STARTED);
    zample_text_copy (event.u.started.path, sizeof event.u.started.path, self->job.path);
    zample_told_event (self->with->told, &event);
}

static void
s_tell_progress (s_worker_t *self, double percent, const char *stage)
{
    zample_event_t event = zample_job_event (&self->job, self->with->doorway, ZAMPLE_EVENT_PROGRESS);
    event.u.progress.percent = percent;
    snprintf (event.u.progress.stage, sizeof event.u.progress.stage, "%s", stage);
    zample_told_event (self->with->told, &event);
    self->percent = percent;
}

static bool
s_at_chunk (void *context, double fraction)
{
    s_worker_t *self = context;
    if (fraction < 1.0 && fraction >= self->percent + PROGRESS_STEP)
        s_tell_progress (self, fraction, "Loading (decoding)");
    return !zample_actor_stopping (self->actor);
}

/*  The sample crosses; `success` is told when the stage has it. */
static void
s_hand_over (s_worker_t *self, zample_sample_t *sample)
{
    zample_command_t command = { .kind = COMMAND_LOAD, .slot = self->job.slot, .u.load.sample = sample };
    uint64_t ticket;
    sample->job = self->job.job;
    s_tell_progress (self, 1.0, "Loading (handing over)");
    if (zample_command_ring_push (&self->with->doorway->commands, &command, &ticket))
        return;
    char sentence[ZAMPLE_PATH_MAX + 64];
    snprintf (sentence, sizeof sentence, "%s: the command ring is full", self->job.path);
    zample_sample_destroy (&sample);
    zample_job_fail (&self->job, self->with->doorway, self->with->told, sentence);
}

static void
s_load (s_worker_t *self)
{
    zample_file_t file;
    zample_failure_t failure;
    zample_decode_spec_t spec = { .rate_hz = self->with->rate_hz, .limits = s_limits };
    zample_decode_watch_t watch = { .at_chunk = s_at_chunk, .context = self };
    s_tell_started (self);
    s_tell_progress (self, 0.0, "Loading (opening)");
    zample_sound_t *sound = NULL;
    if (zample_file_open (&file, self->job.path, true, s_limits.bytes, &failure))
        sound = zample_decode_file (&file, &spec, &watch, &failure);
    zample_file_close (&file);
    zample_sample_t *sample = sound ? zample_sample_new (sound) : NULL;
    if (sound && !sample)
        zample_why_failed_errno (&failure, self->job.path, ENOMEM);
    zample_sound_release (&sound);
    if (sample) {
        s_hand_over (self, sample);
        return;
    }
    if (failure.code != FAILED_CANCELLED)
        zample_job_fail (&self->job, self->with->doorway, self->with->told, failure.sentence);
    else
        zample_job_close (&self->job, self->with->doorway, self->with->told);
}

/*  The next job, if one waits. */
static bool
s_take_job (s_worker_t *self)
{
    size_t size;
    const void *message = zample_actor_next (self->actor, &size);
    if (message)
        memcpy (&self->job, message, size);
    return message != NULL;
}

static void
s_run (zample_actor_t *actor, void *arguments)
{
    s_worker_t self = { .actor = actor, .with = arguments };
    zample_actor_ready (actor, true);
    zmq_pollitem_t item = { .socket = zample_actor_end (actor), .events = ZMQ_POLLIN };
    while (!zample_actor_stopping (actor)) {
        zmq_poll (&item, 1, A_WHILE_MS);
        if (s_take_job (&self)) {
            s_load (&self);
            zample_actor_say (actor, "", 1);
        }
    }
    while (s_take_job (&self))
        zample_job_close (&self.job, self.with->doorway, self.with->told);
}

zample_actor_t *
zample_worker_new (zample_worker_arguments_t *arguments)
{
    return zample_actor_new (arguments->context, "zample-worker", s_run, arguments);
}
