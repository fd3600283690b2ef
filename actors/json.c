/*  JSON: runs on the broker's thread. Text in an event is UTF-8 already. */
#include "config.h"

#include "actors/json.h"

static json_t *
s_number (uint64_t number)
{
    return json_integer ((json_int_t) number);
}

/*  What an event of a command was about, null where it was about neither. */
static void
s_set_subject (json_t *object, const zample_event_t *event)
{
    bool slot = event->slot != ZAMPLE_NO_SLOT;
    json_object_set_new (object, "slot", slot ? s_number (event->slot) : json_null ());
    json_object_set_new (object, "voice", event->voice ? s_number (event->voice) : json_null ());
}

static void
s_set_text (json_t *object, const char *key, const char *text)
{
    json_object_set_new (object, key, json_string (text));
}

static void
s_set_success (json_t *object, const zample_event_t *event)
{
    json_t *warnings = json_array ();
    for (uint32_t bit = ZAMPLE_WARNING_TRUNCATED; bit <= ZAMPLE_WARNING_NAN; bit *= 2)
        if (event->u.success.warnings & bit)
            json_array_append_new (warnings, json_string (zample_warning_name ((zample_warning_t) bit)));
    json_object_set_new (object, "warnings", warnings);
    json_object_set_new (object, "damaged", s_number (event->u.success.damaged));
    json_object_set_new (object, "missing_frames", json_integer (event->u.success.missing_frames));
    json_object_set_new (object, "silent_frames", json_integer (event->u.success.silent_frames));
    json_object_set_new (object, "nan_values", json_integer (event->u.success.nan_values));
    json_object_set_new (object, "late_frames", json_integer (event->u.success.late_frames));
    json_object_set_new (object, "sounds", s_number (event->u.success.sounds));
    json_object_set_new (object, "failed", s_number (event->u.success.failed));
}

static void
s_set_load (json_t *object, const zample_event_t *event)
{
    json_object_set_new (object, "job", s_number (event->job));
    switch (event->kind) {
    case ZAMPLE_EVENT_STARTED: s_set_text (object, "path", event->u.started.path); break;
    case ZAMPLE_EVENT_PROGRESS:
        json_object_set_new (object, "percent", json_real (event->u.progress.percent));
        s_set_text (object, "stage", event->u.progress.stage);
        break;
    case ZAMPLE_EVENT_SUCCESS:
        json_object_set_new (object, "duration_sec", json_real (event->u.success.duration_sec));
        json_object_set_new (object, "frames", json_integer (event->u.success.frames));
        s_set_success (object, event);
        break;
    case ZAMPLE_EVENT_ERROR:
        s_set_text (object, "code", zample_code_name (event->u.error.code));
        s_set_text (object, "msg", event->u.error.msg);
        break;
    case ZAMPLE_EVENT_EVICTED:
        json_object_set_new (object, "bytes", s_number (event->u.evicted.bytes));
        break;
    default: break;
    }
}

json_t *
zample_json_device (const zample_event_t *event)
{
    json_t *object = json_object ();
    s_set_text (object, "state", zample_device_state_name (event->u.device.state));
    s_set_text (object, "device", event->u.device.device);
    json_object_set_new (object, "rate_hz", s_number (event->u.device.rate_hz));
    json_object_set_new (object, "period_frames", s_number (event->u.device.period_frames));
    json_object_set_new (object, "buffer_frames", s_number (event->u.device.buffer_frames));
    s_set_text (object, "format", event->u.device.format);
    json_object_set_new (object, "realtime", json_boolean (event->u.device.realtime));
    json_object_set_new (object, "count", s_number (event->u.device.count));
    s_set_text (object, "msg", event->u.device.msg);
    return object;
}

static void
s_set_particulars (json_t *object, const zample_event_t *event)
{
    switch (event->kind) {
    case ZAMPLE_EVENT_STARTED:
    case ZAMPLE_EVENT_PROGRESS:
    case ZAMPLE_EVENT_SUCCESS:
    case ZAMPLE_EVENT_ERROR:
    case ZAMPLE_EVENT_CANCELLED:
    case ZAMPLE_EVENT_EVICTED:
    case ZAMPLE_EVENT_RETIRED: s_set_load (object, event); break;
    case ZAMPLE_EVENT_VOICE_ENDED:
        s_set_text (object, "reason", zample_ended_name (event->u.voice_ended.reason));
        /* fall through */
    case ZAMPLE_EVENT_VOICE_SKIPPED:
    case ZAMPLE_EVENT_VOICE_WAITING:
    case ZAMPLE_EVENT_VOICE_STARTED:
    case ZAMPLE_EVENT_VOICE_PAUSED:
    case ZAMPLE_EVENT_VOICE_RESUMED: json_object_set_new (object, "slot", s_number (event->slot)); break;
    case ZAMPLE_EVENT_REJECTED:
        s_set_text (object, "command", zample_command_name (event->u.rejected.command));
        s_set_subject (object, event);
        s_set_text (object, "msg", event->u.rejected.msg);
        break;
    case ZAMPLE_EVENT_LATE:
        s_set_text (object, "command", zample_command_name (event->u.late.command));
        s_set_subject (object, event);
        json_object_set_new (object, "frames", json_integer (event->u.late.frames));
        break;
    case ZAMPLE_EVENT_DEVICE: {
        json_t *device = zample_json_device (event);
        json_object_update (object, device);
        json_decref (device);
        break;
    }
    case ZAMPLE_EVENT_RECORDING:
    case ZAMPLE_EVENT_LOST: json_object_set_new (object, "count", s_number (event->u.lost.count)); break;
    }
}

bool
zample_json_has_id (const zample_event_t *event)
{
    return event->job == 0 || event->slot != ZAMPLE_NO_SLOT;
}

uint64_t
zample_json_id (const zample_event_t *event)
{
    switch (event->kind) {
    case ZAMPLE_EVENT_STARTED:
    case ZAMPLE_EVENT_PROGRESS:
    case ZAMPLE_EVENT_SUCCESS:
    case ZAMPLE_EVENT_ERROR:
    case ZAMPLE_EVENT_CANCELLED:
    case ZAMPLE_EVENT_EVICTED:
    case ZAMPLE_EVENT_RETIRED: return event->slot;
    case ZAMPLE_EVENT_VOICE_SKIPPED:
    case ZAMPLE_EVENT_VOICE_WAITING:
    case ZAMPLE_EVENT_VOICE_STARTED:
    case ZAMPLE_EVENT_VOICE_PAUSED:
    case ZAMPLE_EVENT_VOICE_RESUMED:
    case ZAMPLE_EVENT_VOICE_ENDED: return event->voice;
    case ZAMPLE_EVENT_REJECTED: return event->u.rejected.number;
    case ZAMPLE_EVENT_LATE: return event->u.late.number;
    case ZAMPLE_EVENT_DEVICE:
    case ZAMPLE_EVENT_RECORDING:
    case ZAMPLE_EVENT_LOST: break;
    }
    return 0;
}

json_t *
zample_json_event (const zample_event_t *event)
{
    json_t *object = json_object ();
    json_object_set_new (object, "seq", s_number (event->sequence));
    s_set_text (object, "type", zample_event_name (event->kind));
    json_object_set_new (object, "id",
                         zample_json_has_id (event) ? s_number (zample_json_id (event)) : json_null ());
    json_object_set_new (object, "frame", json_integer (event->frame));
    s_set_particulars (object, event);
    return object;
}

json_t *
zample_json_telemetry (const zample_telemetry_t *telemetry, uint64_t sequence)
{
    const zample_meter_record_t *meter = &telemetry->meter;
    const zample_clock_record_t *clock = &telemetry->clock;
    return json_pack ("{s:s, s:i, s:I, s:[f, f], s:I, s:I, s:{s:I, s:I, s:I}}", "type", "meter", "id", 0,
                      "frame", (json_int_t) meter->frame, "peak", (double) meter->peak[0],
                      (double) meter->peak[1], "voices", (json_int_t) meter->voices, "events",
                      (json_int_t) sequence, "clock", "frame", (json_int_t) clock->frame, "time_ns",
                      (json_int_t) clock->time_ns, "delay_frames", (json_int_t) clock->delay_frames);
}
