/*  The audio actor's thread. It looks at the rings every few milliseconds, because the audio thread, which may make no
    system call, cannot wake it.
 */
#include "config.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "actors/actor.h"
#include "actors/audio.h"
#include "actors/text.h"
#include "actors/translate.h"
#include "engine/player.h"
#include "engine/stage_setup.h"

#define TICK_MS 5
#define USUAL_RATE_HZ 48000

struct zample_audio {
    const zample_config_t *config; /* while it is built */
    zample_audio_others_t with;
    zample_status_t status;
    char why[512];

    uint32_t rate_hz;
    bool offline;
    pthread_mutex_t rendering; /* offline: the stage is one thread's at a time */
    zample_actor_t *actor;

    /* of the actor's thread */
    zample_stage_t *stage;
    zample_recorder_t *recorder;
    zample_player_t *player;
    zample_event_t device; /* the newest event of the device, without its sequence */
    int64_t missing_told;
    int64_t meter_told;
};

/* ---------------------------------------------------------------- the device */

static void
s_tell_device (zample_audio_t *self, zample_device_state_t state, int64_t frame, uint64_t count,
               const char *sentence)
{
    self->device.u.device.state = state;
    self->device.u.device.count = count;
    self->device.frame = frame;
    zample_text_copy (self->device.u.device.msg, sizeof self->device.u.device.msg, sentence);
    zample_told_event (self->with.told, &self->device);
}

static void
s_tell_opened (zample_audio_t *self, const zample_output_t *output)
{
    char sentence[256];
    self->device = (zample_event_t) { .kind = ZAMPLE_EVENT_DEVICE, .slot = ZAMPLE_NO_SLOT };
    self->device.u.device.rate_hz = self->rate_hz;
    if (output) {
        zample_text_copy (self->device.u.device.device, sizeof self->device.u.device.device, output->device);
        snprintf (self->device.u.device.format, sizeof self->device.u.device.format, "%s", output->format);
        self->device.u.device.period_frames = output->period_frames;
        self->device.u.device.buffer_frames = output->buffer_frames;
        self->device.u.device.realtime = zample_player_is_realtime (self->player);
        snprintf (sentence, sizeof sentence, "%s plays at %u Hz, %u frames ahead, %s", output->device,
                  self->rate_hz, output->buffer_frames,
                  self->device.u.device.realtime ? "in real time"
                                                 : "without real-time priority: it was refused");
    }
    else
        snprintf (sentence, sizeof sentence, "offline, at %u Hz", self->rate_hz);
    s_tell_device (self, ZAMPLE_DEVICE_OPENED, 0, 1, sentence);
}

static void
s_handle_device (zample_audio_t *self, const zample_report_t *report)
{
    char sentence[192];
    if (report->reason == DEVICE_LOST) {
        snprintf (sentence, sizeof sentence, "the device is lost: %s", strerror ((int) -report->u.error));
        s_tell_device (self, ZAMPLE_DEVICE_LOST, report->frame, 1, sentence);
        zample_player_close_device (self->player);
    }
    else if (report->reason == DEVICE_XRUN)
        s_tell_device (self, ZAMPLE_DEVICE_XRUN, report->frame, report->u.count,
                       "frames came too late; playing again");
    else
        s_tell_device (self, ZAMPLE_DEVICE_SUSPENDED, report->frame, report->u.count,
                       "the device slept; playing again");
}

/* ------------------------------------------------------------- the stage's word */

/*  A load whose sample the stage does not have, and will not get. */
static void
s_fail_load (zample_audio_t *self, zample_sample_t *sample, zample_code_t code, const char *sentence)
{
    zample_jobs_fail (self->with.jobs, sample->job, code, sentence);
    zample_store_release (self->with.store, &sample);
}

static void
s_handle_ready (zample_audio_t *self, const zample_report_t *report, zample_event_t *success)
{
    zample_store_enter (self->with.store, report->u.sample, report->slot);
    zample_jobs_end (self->with.jobs, success);
}

static void
s_handle_retired (zample_audio_t *self, const zample_report_t *report, const zample_event_t *retired)
{
    zample_sample_t *sample = report->u.sample;
    if (report->reason == ENDED_EVICTED) {
        zample_event_t evicted = *retired;
        evicted.kind = ZAMPLE_EVENT_EVICTED;
        evicted.u.evicted.bytes = zample_sound_bytes (zample_sample_sound (sample));
        zample_told_event (self->with.told, &evicted);
    }
    zample_store_release (self->with.store, &sample);
    zample_told_event (self->with.told, retired);
}

/*  Whether the sound that a play missed is on its way, or can be loaded. */
static bool
s_demand (zample_audio_t *self, uint32_t slot)
{
    char path[ZAMPLE_PATH_MAX];
    zample_ask_t ask = {
        .slot = slot, .path = "", .how.priority = ZAMPLE_PRIORITY_NOW, .keep_voices = true, .is_demand = true
    };
    if (zample_library_path_of (self->with.library, slot, path, sizeof path)
        || zample_store_evicted_path (self->with.store, slot, path, sizeof path))
        ask.path = path;
    return zample_jobs_ask (self->with.jobs, &ask) != 0;
}

static void
s_handle_missed (zample_audio_t *self, const zample_report_t *report, zample_event_t *event)
{
    bool is_coming = s_demand (self, report->slot);
    if (!is_coming && report->kind == REPORT_SKIPPED)
        zample_translate_as_empty (event);
    zample_told_event (self->with.told, event);
    if (!is_coming && report->kind == REPORT_WAITING)
        zample_jobs_disappoint (self->with.jobs, report->slot);
}

static void
s_handle_rejected (zample_audio_t *self, const zample_report_t *report, const zample_event_t *event)
{
    zample_told_event (self->with.told, event);
    if (report->command == COMMAND_LOAD)
        s_fail_load (self, report->u.sample, ZAMPLE_CODE_NO_MEMORY, event->u.rejected.msg);
    else if (report->command == COMMAND_UNLOAD)
        zample_store_forget (self->with.store, report->slot);
}

static void
s_handle_report (zample_audio_t *self, const zample_report_t *report)
{
    if (report->kind == REPORT_DEVICE) {
        s_handle_device (self, report);
        return;
    }
    if (report->kind == REPORT_KEPT) {
        zample_store_kept (self->with.store, report->slot);
        return;
    }
    zample_event_t event = zample_translate (report, self->rate_hz);
    switch (report->kind) {
    case REPORT_READY: s_handle_ready (self, report, &event); break;
    case REPORT_RETIRED: s_handle_retired (self, report, &event); break;
    case REPORT_SKIPPED:
    case REPORT_WAITING: s_handle_missed (self, report, &event); break;
    case REPORT_REJECTED: s_handle_rejected (self, report, &event); break;
    case REPORT_VOICE_STARTED: zample_store_played (self->with.store, report->slot); /* fall through */
    default: zample_told_event (self->with.told, &event); break;
    }
}

static void
s_drain_reports (zample_audio_t *self)
{
    zample_report_t report;
    while (zample_report_ring_pop (&self->with.doorway->reports, &report))
        s_handle_report (self, &report);
}

/*  Offline nobody but us may be there to take a load: obey what waits, unless a render is doing so. */
static void
s_obey_offline (zample_audio_t *self)
{
    if (!self->offline || pthread_mutex_trylock (&self->rendering) != 0)
        return;
    zample_player_render (self->player, 0, NULL);
    pthread_mutex_unlock (&self->rendering);
}

/* ----------------------------------------------------------- recording and meter */

static void
s_tend_recording (zample_audio_t *self)
{
    if (!self->recorder)
        return;
    if (!self->offline)
        zample_recorder_drain (self->recorder);
    int64_t missing = zample_recorder_missing (self->recorder);
    if (missing == self->missing_told)
        return;
    zample_event_t event = {
        .kind = ZAMPLE_EVENT_RECORDING,
        .slot = ZAMPLE_NO_SLOT,
        .frame = zample_doorway_clock (self->with.doorway).frame,
        .u.lost.count = (uint64_t) (missing - self->missing_told),
    };
    self->missing_told = missing;
    zample_told_event (self->with.told, &event);
}

static void
s_tell_meter (zample_audio_t *self)
{
    zample_telemetry_t telemetry = { .meter = zample_doorway_meter (self->with.doorway),
                                     .clock = zample_doorway_clock (self->with.doorway) };
    if (telemetry.meter.frame == self->meter_told)
        return;
    self->meter_told = telemetry.meter.frame;
    zample_told_telemetry (self->with.told, &telemetry);
}

/* -------------------------------------------------------------------- life */

static bool
s_open_output (zample_audio_t *self, zample_output_t **output)
{
    const zample_config_t *config = self->config;
    zample_output_spec_t spec = {
        .device = config->device,
        .rate_hz = config->rate_hz ? config->rate_hz : USUAL_RATE_HZ,
        .rate_is_wish = config->rate_hz == 0,
        .period_frames = config->period_frames,
        .periods = config->periods,
    };
    self->rate_hz = spec.rate_hz;
    self->status = ZAMPLE_NO_DEVICE;
    if (self->offline)
        return true;
    *output = config->output == ZAMPLE_OUTPUT_ALSA
                  ? zample_output_alsa_new (&spec, self->why, sizeof self->why)
                  : zample_output_null_new (&spec, self->why, sizeof self->why);
    if (*output)
        self->rate_hz = (*output)->rate_hz;
    return *output != NULL;
}

static bool
s_open_recorder (zample_audio_t *self)
{
    const zample_config_t *config = self->config;
    self->status = ZAMPLE_NO_FILE;
    if (!config->record)
        return true;
    self->recorder = zample_recorder_new (
        config->record, self->rate_hz, config->record_format == ZAMPLE_WAV_S16, self->why, sizeof self->why);
    return self->recorder != NULL;
}

static bool
s_open_player (zample_audio_t *self, zample_output_t **output)
{
    self->status = ZAMPLE_NO_MEMORY;
    snprintf (self->why, sizeof self->why, "there is no memory or no thread left for the audio");
    self->stage = zample_stage_new (self->with.doorway, self->config->voices);
    if (!self->stage)
        return false;
    self->player = zample_player_new (self->stage, *output, self->recorder, self->why, sizeof self->why);
    if (!self->player)
        return false;
    zample_output_t *playing = *output;
    *output = NULL;
    if (!self->offline && !zample_player_start (self->player))
        return false;
    s_tell_opened (self, playing);
    return true;
}

static bool
s_open (zample_audio_t *self)
{
    zample_output_t *output = NULL;
    bool opened = s_open_output (self, &output) && s_open_recorder (self) && s_open_player (self, &output);
    if (output)
        output->destroy (output);
    return opened;
}

/*  What the stage will never take. */
static void
s_close_loads (zample_audio_t *self)
{
    zample_command_t command;
    uint64_t ticket;
    while (zample_command_ring_pop (&self->with.doorway->commands, &command, &ticket))
        if (command.kind == COMMAND_LOAD)
            s_fail_load (self, command.u.load.sample, ZAMPLE_CODE_CLOSED, "the engine was closed");
}

static void
s_close (zample_audio_t *self)
{
    if (self->player)
        zample_player_stop (self->player);
    int64_t end = self->stage ? self->stage->frame : 0;
    if (self->player) {
        while (!zample_stage_catch_up (self->stage))
            s_drain_reports (self);
        s_drain_reports (self);
        s_close_loads (self);
        s_tell_device (self, ZAMPLE_DEVICE_CLOSED, end, 1, "the engine was closed");
    }
    zample_player_destroy (&self->player);
    zample_recorder_destroy (&self->recorder, end);
    zample_stage_destroy (&self->stage);
}

static void
s_run (zample_actor_t *actor, void *arguments)
{
    zample_audio_t *self = arguments;
    bool opened = s_open (self);
    zample_actor_ready (actor, opened);
    zmq_pollitem_t item = { .socket = zample_actor_end (actor), .events = ZMQ_POLLIN };
    while (opened && !zample_actor_stopping (actor)) {
        size_t size;
        zmq_poll (&item, 1, TICK_MS);
        zample_actor_next (actor, &size);
        s_obey_offline (self);
        s_drain_reports (self);
        zample_jobs_settle (self->with.jobs);
        s_tend_recording (self);
        s_tell_meter (self);
    }
    s_close (self);
}

zample_audio_t *
zample_audio_new (void *context, const zample_config_t *config, const zample_audio_others_t *others,
                  zample_status_t *status, char *why, size_t why_size)
{
    zample_audio_t *self = calloc (1, sizeof *self);
    *status = ZAMPLE_NO_MEMORY;
    snprintf (why, why_size, "there is no memory or no thread left for the audio");
    if (!self)
        return NULL;
    self->config = config;
    self->with = *others;
    self->offline = config->output == ZAMPLE_OUTPUT_OFFLINE;
    pthread_mutex_init (&self->rendering, NULL);
    self->actor = zample_actor_new (context, "zample-actor", s_run, self);
    if (self->actor)
        return self;
    if (*self->why) {
        *status = self->status;
        snprintf (why, why_size, "%s", self->why);
    }
    zample_audio_destroy (&self);
    return NULL;
}

uint32_t
zample_audio_rate (const zample_audio_t *self)
{
    return self->rate_hz;
}

bool
zample_audio_render (zample_audio_t *self, int64_t frames, float *out)
{
    pthread_mutex_lock (&self->rendering);
    bool whole = zample_player_render (self->player, frames, out);
    pthread_mutex_unlock (&self->rendering);
    return whole;
}

void
zample_audio_destroy (zample_audio_t **self_p)
{
    zample_audio_t *self = *self_p;
    if (!self)
        return;
    zample_actor_destroy (&self->actor);
    pthread_mutex_destroy (&self->rendering);
    free (self);
    *self_p = NULL;
}
