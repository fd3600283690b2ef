#include "config.h"

#include <check.h>
#include <string.h>

#include "actors/json.h"
#include "actors/state.h"
#include "tests/support/run_suite.h"

static uint64_t s_sequence;

static void
s_apply (zample_state_t *state, zample_event_t event)
{
    event.sequence = ++s_sequence;
    event.frame = (int64_t) s_sequence * 100;
    zample_state_apply (state, &event);
}

/*  The snapshot's list called `key`, as text; also checks its number. */
static char *
s_listed (const zample_state_t *state, const char *key)
{
    static char text[1024];
    json_t *snapshot = zample_state_snapshot (state);
    ck_assert_int_eq (json_integer_value (json_object_get (snapshot, "seq")), (json_int_t) s_sequence);
    char *found = json_dumps (json_object_get (snapshot, key), JSON_COMPACT);
    snprintf (text, sizeof text, "%s", found);
    free (found);
    json_decref (snapshot);
    return text;
}

static zample_event_t
s_of_load (zample_event_kind_t kind, uint32_t slot, uint64_t job)
{
    zample_event_t event = { .kind = kind, .slot = slot, .job = job };
    if (kind == ZAMPLE_EVENT_STARTED)
        strcpy (event.u.started.path, "kick.wav");
    if (kind == ZAMPLE_EVENT_SUCCESS) {
        event.u.success.duration_sec = 0.5;
        event.u.success.frames = 24000;
        event.u.success.sounds = 1;
    }
    return event;
}

START_TEST (a_job_becomes_a_slot)
{
    zample_state_t *state = zample_state_new ("engine");
    s_apply (state, s_of_load (ZAMPLE_EVENT_STARTED, 3, 7));
    ck_assert_str_eq (s_listed (state, "jobs"),
                      "[{\"job\":7,\"id\":3,\"path\":\"kick.wav\",\"percent\":0.0,\"stage\":\"\"}]");
    zample_event_t progress = s_of_load (ZAMPLE_EVENT_PROGRESS, 3, 7);
    progress.u.progress.percent = 0.5;
    strcpy (progress.u.progress.stage, "Loading (decoding)");
    s_apply (state, progress);
    ck_assert_str_eq (
        s_listed (state, "jobs"),
        "[{\"job\":7,\"id\":3,\"path\":\"kick.wav\",\"percent\":0.5,\"stage\":\"Loading (decoding)\"}]");
    s_apply (state, s_of_load (ZAMPLE_EVENT_SUCCESS, 3, 7));
    ck_assert_str_eq (s_listed (state, "jobs"), "[]");
    ck_assert_str_eq (s_listed (state, "slots"),
                      "[{\"id\":3,\"job\":7,\"path\":\"kick.wav\",\"duration_sec\":0.5,\"frames\":24000}]");
    zample_state_destroy (&state);
}
END_TEST

START_TEST (a_failed_job_leaves_the_slot_as_it_was)
{
    zample_state_t *state = zample_state_new ("engine");
    s_apply (state, s_of_load (ZAMPLE_EVENT_STARTED, 3, 7));
    s_apply (state, s_of_load (ZAMPLE_EVENT_ERROR, 3, 7));
    ck_assert_str_eq (s_listed (state, "jobs"), "[]");
    ck_assert_str_eq (s_listed (state, "slots"), "[]");
    zample_state_destroy (&state);
}
END_TEST

START_TEST (a_replaced_sound_that_retires_does_not_empty_the_slot)
{
    zample_state_t *state = zample_state_new ("engine");
    for (uint64_t job = 7; job <= 8; job++) {
        s_apply (state, s_of_load (ZAMPLE_EVENT_STARTED, 3, job));
        s_apply (state, s_of_load (ZAMPLE_EVENT_SUCCESS, 3, job));
    }
    s_apply (state, s_of_load (ZAMPLE_EVENT_RETIRED, 3, 7));
    ck_assert_ptr_nonnull (strstr (s_listed (state, "slots"), "\"job\":8"));
    s_apply (state, s_of_load (ZAMPLE_EVENT_RETIRED, 3, 8));
    ck_assert_str_eq (s_listed (state, "slots"), "[]");
    zample_state_destroy (&state);
}
END_TEST

START_TEST (a_voice_is_there_from_its_start_to_its_end)
{
    zample_state_t *state = zample_state_new ("engine");
    s_sequence = 0;
    s_apply (state, (zample_event_t) { .kind = ZAMPLE_EVENT_VOICE_STARTED, .slot = 2, .voice = 31 });
    ck_assert_str_eq (s_listed (state, "voices"), "[{\"id\":31,\"slot\":2,\"frame\":100,\"paused\":false}]");
    s_apply (state, (zample_event_t) { .kind = ZAMPLE_EVENT_VOICE_PAUSED, .slot = 2, .voice = 31 });
    ck_assert_str_eq (s_listed (state, "voices"), "[{\"id\":31,\"slot\":2,\"frame\":100,\"paused\":true}]");
    s_apply (state, (zample_event_t) { .kind = ZAMPLE_EVENT_VOICE_RESUMED, .slot = 2, .voice = 31 });
    ck_assert_str_eq (s_listed (state, "voices"), "[{\"id\":31,\"slot\":2,\"frame\":100,\"paused\":false}]");
    s_apply (state, (zample_event_t) { .kind = ZAMPLE_EVENT_VOICE_ENDED, .slot = 2, .voice = 31 });
    ck_assert_str_eq (s_listed (state, "voices"), "[]");
    zample_state_destroy (&state);
}
END_TEST

/* ---- events as docs/protocol.md writes them */

static void
s_reads (zample_event_t event, const char *expected)
{
    event.sequence = 9;
    event.frame = 4800;
    json_t *json = zample_json_event (&event);
    char *text = json_dumps (json, JSON_COMPACT);
    ck_assert_str_eq (text, expected);
    free (text);
    json_decref (json);
}

START_TEST (each_event_reads_as_documented)
{
    zample_event_t event = s_of_load (ZAMPLE_EVENT_STARTED, 3, 7);
    s_reads (event,
             "{\"seq\":9,\"type\":\"started\",\"id\":3,\"frame\":4800,\"job\":7,\"path\":\"kick.wav\"}");
    s_reads (s_of_load (ZAMPLE_EVENT_SUCCESS, 3, 7), "{\"seq\":9,\"type\":\"success\",\"id\":3,\"frame\":"
                                                     "4800,\"job\":7,\"duration_sec\":0.5,\"frames\":24000,"
                                                     "\"warnings\":[],\"damaged\":0,\"missing_frames\":0,"
                                                     "\"silent_frames\":0,\"nan_values\":0,\"late_frames\":0,"
                                                     "\"sounds\":1,\"failed\":0}");
    s_reads (s_of_load (ZAMPLE_EVENT_RETIRED, 3, 7),
             "{\"seq\":9,\"type\":\"retired\",\"id\":3,\"frame\":4800,\"job\":7}");
    event = s_of_load (ZAMPLE_EVENT_ERROR, 3, 7);
    strcpy (event.u.error.msg, "x: there is no such file");
    event.u.error.code = ZAMPLE_CODE_NOT_FOUND;
    s_reads (event, "{\"seq\":9,\"type\":\"error\",\"id\":3,\"frame\":4800,\"job\":7,\"code\":\"not_found\","
                    "\"msg\":\"x: there is no such file\"}");
    s_reads (s_of_load (ZAMPLE_EVENT_CANCELLED, 3, 7),
             "{\"seq\":9,\"type\":\"cancelled\",\"id\":3,\"frame\":4800,\"job\":7}");
    event = s_of_load (ZAMPLE_EVENT_EVICTED, 3, 7);
    event.u.evicted.bytes = 4096;
    s_reads (event, "{\"seq\":9,\"type\":\"evicted\",\"id\":3,\"frame\":4800,\"job\":7,\"bytes\":4096}");
    event = s_of_load (ZAMPLE_EVENT_SUCCESS, ZAMPLE_NO_SLOT, 7);
    event.u.success.warnings = ZAMPLE_WARNING_TRUNCATED | ZAMPLE_WARNING_NAN;
    event.u.success.missing_frames = 12;
    event.u.success.nan_values = 2;
    s_reads (event,
             "{\"seq\":9,\"type\":\"success\",\"id\":null,\"frame\":4800,\"job\":7,\"duration_sec\":0.5,"
             "\"frames\":24000,\"warnings\":[\"truncated\",\"nan\"],\"damaged\":0,\"missing_frames\":12,"
             "\"silent_frames\":0,\"nan_values\":2,\"late_frames\":0,\"sounds\":1,\"failed\":0}");
    s_reads ((zample_event_t) { .kind = ZAMPLE_EVENT_VOICE_SKIPPED, .slot = 3, .voice = 31 },
             "{\"seq\":9,\"type\":\"voice_skipped\",\"id\":31,\"frame\":4800,\"slot\":3}");
    event = (zample_event_t) { .kind = ZAMPLE_EVENT_VOICE_ENDED, .slot = 3, .voice = 31 };
    event.u.voice_ended.reason = ZAMPLE_ENDED_STOLEN;
    s_reads (
        event,
        "{\"seq\":9,\"type\":\"voice_ended\",\"id\":31,\"frame\":4800,\"reason\":\"stolen\",\"slot\":3}");
    event = (zample_event_t) { .kind = ZAMPLE_EVENT_REJECTED, .slot = 9, .voice = 44 };
    event.u.rejected.number = 44;
    event.u.rejected.command = ZAMPLE_COMMAND_PLAY;
    strcpy (event.u.rejected.msg, "the slot is empty");
    s_reads (event, "{\"seq\":9,\"type\":\"rejected\",\"id\":44,\"frame\":4800,\"command\":\"play\",\"slot\":"
                    "9,\"voice\":44,"
                    "\"msg\":\"the slot is empty\"}");
    event = (zample_event_t) { .kind = ZAMPLE_EVENT_LATE, .slot = ZAMPLE_NO_SLOT, .voice = 31 };
    event.u.late.number = 45;
    event.u.late.command = ZAMPLE_COMMAND_STOP;
    event.u.late.frames = 176;
    s_reads (event, "{\"seq\":9,\"type\":\"late\",\"id\":45,\"frame\":4800,\"command\":\"stop\",\"slot\":"
                    "null,\"voice\":31,"
                    "\"frames\":176}");
    event = (zample_event_t) { .kind = ZAMPLE_EVENT_RECORDING, .slot = ZAMPLE_NO_SLOT, .u.lost.count = 128 };
    s_reads (event, "{\"seq\":9,\"type\":\"recording\",\"id\":0,\"frame\":4800,\"count\":128}");
}
END_TEST

START_TEST (the_meter_reads_as_documented)
{
    zample_telemetry_t telemetry = {
        .meter = { .frame = 204800, .peak = { 0.75f, 0.5f }, .voices = 5 },
        .clock = { .frame = 204864, .time_ns = 81234567890, .delay_frames = 768 },
    };
    json_t *json = zample_json_telemetry (&telemetry, 53);
    char *text = json_dumps (json, JSON_COMPACT);
    ck_assert_str_eq (text, "{\"type\":\"meter\",\"id\":0,\"frame\":204800,\"peak\":[0.75,0.5],\"voices\":5,"
                            "\"events\":53,"
                            "\"clock\":{\"frame\":204864,\"time_ns\":81234567890,\"delay_frames\":768}}");
    free (text);
    json_decref (json);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("state");
    TCase *all = tcase_create ("state");
    tcase_add_test (all, a_job_becomes_a_slot);
    tcase_add_test (all, a_failed_job_leaves_the_slot_as_it_was);
    tcase_add_test (all, a_replaced_sound_that_retires_does_not_empty_the_slot);
    tcase_add_test (all, a_voice_is_there_from_its_start_to_its_end);
    tcase_add_test (all, each_event_reads_as_documented);
    tcase_add_test (all, the_meter_reads_as_documented);
    suite_add_tcase (suite, all);
    return run_suite (suite);
}
