/*  The state: runs on the broker's thread.

    Jobs, slots and voices are kept as the very objects that a snapshot shows, in one JSON object each,
    under their number as a key.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "actors/json.h"
#include "actors/state.h"

struct zample_state {
    char name[40];
    uint64_t sequence;
    int64_t frame;
    uint32_t rate_hz;
    json_t *device;
    json_t *slots;
    json_t *jobs;
    json_t *voices;
};

typedef struct {
    char text[24];
} s_key_t;

static s_key_t
s_key (uint64_t number)
{
    s_key_t key;
    snprintf (key.text, sizeof key.text, "%" PRIu64, number);
    return key;
}

zample_state_t *
zample_state_new (const char *name)
{
    zample_state_t *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    snprintf (self->name, sizeof self->name, "%s", name);
    self->device = json_null ();
    self->slots = json_object ();
    self->jobs = json_object ();
    self->voices = json_object ();
    return self;
}

void
zample_state_destroy (zample_state_t **self_p)
{
    zample_state_t *self = *self_p;
    if (!self)
        return;
    json_decref (self->device);
    json_decref (self->slots);
    json_decref (self->jobs);
    json_decref (self->voices);
    free (self);
    *self_p = NULL;
}

static json_t *
s_job (const zample_state_t *self, const zample_event_t *event)
{
    return json_object_get (self->jobs, s_key (event->job).text);
}

static void
s_begin_job (zample_state_t *self, const zample_event_t *event)
{
    json_t *id = zample_json_has_id (event) ? json_integer (event->slot) : json_null ();
    json_t *job = json_pack ("{s:I, s:o, s:s, s:f, s:s}", "job", (json_int_t) event->job, "id", id, "path",
                             event->u.started.path, "percent", 0.0, "stage", "");
    json_object_set_new (self->jobs, s_key (event->job).text, job);
}

static void
s_move_job (zample_state_t *self, const zample_event_t *event)
{
    json_t *job = s_job (self, event);
    json_object_set_new (job, "percent", json_real (event->u.progress.percent));
    json_object_set_new (job, "stage", json_string (event->u.progress.stage));
}

static void
s_end_job (zample_state_t *self, const zample_event_t *event)
{
    json_object_del (self->jobs, s_key (event->job).text);
}

static void
s_fill_slot (zample_state_t *self, const zample_event_t *event)
{
    if (event->slot == ZAMPLE_NO_SLOT) {
        s_end_job (self, event);
        return;
    }
    json_t *path = json_object_get (s_job (self, event), "path");
    json_t *slot = json_pack ("{s:I, s:I, s:O?, s:f, s:I}", "id", (json_int_t) event->slot, "job",
                              (json_int_t) event->job, "path", path, "duration_sec",
                              event->u.success.duration_sec, "frames", (json_int_t) event->u.success.frames);
    json_object_set_new (self->slots, s_key (event->slot).text, slot);
    s_end_job (self, event);
}

/*  The sound that was retired may be one that another had replaced before: then the slot is not empty. */
static void
s_empty_slot (zample_state_t *self, const zample_event_t *event)
{
    s_key_t key = s_key (event->slot);
    json_t *job = json_object_get (json_object_get (self->slots, key.text), "job");
    if (job && (uint64_t) json_integer_value (job) == event->job)
        json_object_del (self->slots, key.text);
}

static void
s_begin_voice (zample_state_t *self, const zample_event_t *event)
{
    json_t *voice = json_pack ("{s:I, s:I, s:I, s:b}", "id", (json_int_t) event->voice, "slot",
                               (json_int_t) event->slot, "frame", (json_int_t) event->frame, "paused", false);
    json_object_set_new (self->voices, s_key (event->voice).text, voice);
}

static void
s_pause_voice (zample_state_t *self, const zample_event_t *event)
{
    json_t *voice = json_object_get (self->voices, s_key (event->voice).text);
    json_object_set_new (voice, "paused", json_boolean (event->kind == ZAMPLE_EVENT_VOICE_PAUSED));
}

static void
s_keep_device (zample_state_t *self, const zample_event_t *event)
{
    json_decref (self->device);
    self->device = zample_json_device (event);
    self->rate_hz = event->u.device.rate_hz;
}

void
zample_state_apply (zample_state_t *self, const zample_event_t *event)
{
    self->sequence = event->sequence;
    self->frame = event->frame;
    switch (event->kind) {
    case ZAMPLE_EVENT_STARTED: s_begin_job (self, event); break;
    case ZAMPLE_EVENT_PROGRESS: s_move_job (self, event); break;
    case ZAMPLE_EVENT_SUCCESS: s_fill_slot (self, event); break;
    case ZAMPLE_EVENT_ERROR:
    case ZAMPLE_EVENT_CANCELLED: s_end_job (self, event); break;
    case ZAMPLE_EVENT_RETIRED: s_empty_slot (self, event); break;
    case ZAMPLE_EVENT_VOICE_STARTED: s_begin_voice (self, event); break;
    case ZAMPLE_EVENT_VOICE_PAUSED:
    case ZAMPLE_EVENT_VOICE_RESUMED: s_pause_voice (self, event); break;
    case ZAMPLE_EVENT_VOICE_ENDED: json_object_del (self->voices, s_key (event->voice).text); break;
    case ZAMPLE_EVENT_DEVICE: s_keep_device (self, event); break;
    case ZAMPLE_EVENT_EVICTED:
    case ZAMPLE_EVENT_VOICE_SKIPPED:
    case ZAMPLE_EVENT_VOICE_WAITING:
    case ZAMPLE_EVENT_REJECTED:
    case ZAMPLE_EVENT_LATE:
    case ZAMPLE_EVENT_RECORDING:
    case ZAMPLE_EVENT_LOST: break;
    }
}

static json_t *
s_values (json_t *object)
{
    json_t *values = json_array ();
    const char *key;
    json_t *value;
    json_object_foreach (object, key, value) json_array_append (values, value);
    return values;
}

json_t *
zample_state_snapshot (const zample_state_t *self)
{
    return json_pack ("{s:I, s:s, s:I, s:s, s:s, s:I, s:O, s:o, s:o, s:o}", "seq",
                      (json_int_t) self->sequence, "type", "snapshot", "frame", (json_int_t) self->frame,
                      "name", self->name, "version", zample_version (), "rate_hz", (json_int_t) self->rate_hz,
                      "device", self->device, "slots", s_values (self->slots), "jobs", s_values (self->jobs),
                      "voices", s_values (self->voices));
}
