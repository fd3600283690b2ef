/* Whole engines, offline and on the paced null output, as an application sees them. */
#include "config.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/follow.h"
#include "tests/support/run_suite.h"

#define RAMP_FRAMES 96

START_TEST (a_load_tells_five_kinds_of_things_in_order)
{
    uint64_t job;
    zample_t *engine = follow_engine (ZAMPLE_OUTPUT_NULL);
    const char *path = follow_make_ramp ("ramp.wav", 24000);
    ck_assert_int_eq (zample_load (engine, 3, path, NULL, &job), ZAMPLE_OK);
    zample_event_t event = follow_until (engine, ZAMPLE_EVENT_STARTED);
    ck_assert_str_eq (event.u.started.path, path);
    ck_assert_uint_eq (event.slot, 3);
    ck_assert_uint_eq (event.job, job);
    double percent = -1.0;
    while ((event = follow_next (engine)).kind == ZAMPLE_EVENT_PROGRESS) {
        ck_assert (event.u.progress.percent >= percent);
        ck_assert (strncmp (event.u.progress.stage, "Loading (", 9) == 0);
        percent = event.u.progress.percent;
    }
    ck_assert (percent == 1.0);
    ck_assert_int_eq (event.kind, ZAMPLE_EVENT_SUCCESS);
    ck_assert_int_eq (event.u.success.frames, 24000);
    ck_assert (event.u.success.duration_sec == 0.5);
    ck_assert_uint_eq (event.job, job);
    zample_destroy (&engine);
}
END_TEST

START_TEST (events_are_numbered_without_a_gap_and_time_does_not_go_back)
{
    zample_t *engine = follow_engine (ZAMPLE_OUTPUT_NULL);
    follow_make_ramp ("ramp.wav", 480);
    ck_assert_int_eq (zample_load (engine, 0, follow_path ("ramp.wav"), NULL, NULL), ZAMPLE_OK);
    uint64_t sequence = 0;
    zample_event_t event;
    do {
        event = follow_next (engine);
        ck_assert_uint_eq (event.sequence, ++sequence);
        ck_assert_int_ge (event.frame, 0);
    } while (event.kind != ZAMPLE_EVENT_SUCCESS);
    zample_destroy (&engine);
}
END_TEST

START_TEST (a_voice_starts_and_ends_at_its_frame_and_sounds_there)
{
    zample_t *engine = follow_engine (ZAMPLE_OUTPUT_OFFLINE);
    static float out[2 * 1000];
    uint64_t voice;
    follow_load (engine, 0, follow_make_ramp ("ramp.wav", 480));
    zample_play_t how = ZAMPLE_PLAY_DEFAULT;
    how.frame = 101;
    ck_assert_int_eq (zample_play (engine, 0, &how, &voice), ZAMPLE_OK);
    ck_assert_int_eq (zample_render (engine, 1000, out), ZAMPLE_OK);
    zample_event_t event = follow_until (engine, ZAMPLE_EVENT_VOICE_STARTED);
    ck_assert_int_eq (event.frame, 101);
    ck_assert_uint_eq (event.voice, voice);
    event = follow_until (engine, ZAMPLE_EVENT_VOICE_ENDED);
    ck_assert_int_eq (event.frame, 101 + 480);
    ck_assert_int_eq (event.u.voice_ended.reason, ZAMPLE_ENDED_FINISHED);
    for (int i = 0; i < 1000; i++) {
        int at = i - 101;
        float expected = at < 0 || at >= 480 ? 0.0f : (float) at / 32768.0f;
        if (at >= RAMP_FRAMES || at < 0)
            ck_assert_msg (out[2 * i] == expected && out[2 * i + 1] == expected, "frame %d: %a", i,
                           (double) out[2 * i]);
    }
    zample_destroy (&engine);
}
END_TEST

START_TEST (the_same_commands_give_the_same_bits)
{
    static float out[2][2 * 4800];
    for (int run = 0; run < 2; run++) {
        zample_t *engine = follow_engine (ZAMPLE_OUTPUT_OFFLINE);
        follow_load (engine, 0, "/usr/share/sounds/alsa/Front_Center.wav");
        for (int i = 0; i < 20; i++) {
            zample_play_t how = ZAMPLE_PLAY_DEFAULT;
            how.frame = 1 + 37 * i;
            how.speed = 0.5f + 0.1f * (float) i;
            how.pan = -1.0f + 0.1f * (float) i;
            ck_assert_int_eq (zample_play (engine, 0, &how, NULL), ZAMPLE_OK);
        }
        ck_assert_int_eq (zample_stop_all (engine, 3001), ZAMPLE_OK);
        ck_assert_int_eq (zample_render (engine, 4800, out[run]), ZAMPLE_OK);
        zample_destroy (&engine);
    }
    ck_assert_mem_eq (out[0], out[1], sizeof out[0]);
    float sum = 0.0f;
    for (int i = 0; i < 2 * 3000; i++)
        sum += fabsf (out[0][i]);
    ck_assert (sum > 1.0f);
}
END_TEST

/* ------------------------------------------------------------------ bad files */

static void
s_load_fails (zample_t *engine, const char *path, const char *why)
{
    uint64_t job;
    ck_assert_int_eq (zample_load (engine, 0, path, NULL, &job), ZAMPLE_OK);
    for (;;) {
        zample_event_t event = follow_next (engine);
        ck_assert_int_ne (event.kind, ZAMPLE_EVENT_SUCCESS);
        if (event.kind != ZAMPLE_EVENT_ERROR)
            continue;
        ck_assert_uint_eq (event.job, job);
        ck_assert_msg (strstr (event.u.error.msg, path) != NULL, "%s", event.u.error.msg);
        ck_assert_msg (strstr (event.u.error.msg, why) != NULL, "%s", event.u.error.msg);
        return;
    }
}

static const char *
s_make_text (void)
{
    const char *path = follow_path ("text.wav");
    FILE *file = fopen (path, "w");
    for (int i = 0; i < 2000; i++)
        fputs ("This is not a sound at all.\n", file);
    fclose (file);
    return path;
}

START_TEST (a_file_that_cannot_be_loaded_is_one_error_and_the_engine_plays_on)
{
    zample_t *engine = follow_engine (ZAMPLE_OUTPUT_NULL);
    const char *path = follow_make_ramp ("ramp.wav", 48000);
    follow_load (engine, 1, path);
    zample_play_t how = ZAMPLE_PLAY_DEFAULT;
    how.loop = true;
    uint64_t voice;
    ck_assert_int_eq (zample_play (engine, 1, &how, &voice), ZAMPLE_OK);
    follow_until (engine, ZAMPLE_EVENT_VOICE_STARTED);

    s_load_fails (engine, "/no/such/file.wav", "no such file");
    s_load_fails (engine, "/usr/share", "directory");
    mkfifo (follow_path ("fifo.wav"), 0600);
    s_load_fails (engine, follow_path ("fifo.wav"), "pipe");
    s_load_fails (engine, "/dev/zero", "device");
    s_load_fails (engine, s_make_text (), "");
    FILE *zeros = fopen (follow_path ("zeros.wav"), "w");
    ck_assert_int_eq (ftruncate (fileno (zeros), 2L << 30), 0);
    fclose (zeros);
    s_load_fails (engine, follow_path ("zeros.wav"), "");
    if (geteuid () != 0) {
        follow_make_ramp ("secret.wav", 10);
        chmod (follow_path ("secret.wav"), 0);
        s_load_fails (engine, follow_path ("secret.wav"), "");
    }

    ck_assert_int_eq (zample_stop (engine, voice, ZAMPLE_NOW), ZAMPLE_OK);
    zample_event_t event = follow_until (engine, ZAMPLE_EVENT_VOICE_ENDED);
    ck_assert_int_eq (event.u.voice_ended.reason, ZAMPLE_ENDED_STOPPED);
    zample_destroy (&engine);
}
END_TEST

START_TEST (a_path_that_is_not_utf_8_is_told_in_utf_8)
{
    zample_t *engine = follow_engine (ZAMPLE_OUTPUT_NULL);
    ck_assert_int_eq (zample_load (engine, 0,
                                   "/no/k\xFC"
                                   "che.wav",
                                   NULL, NULL),
                      ZAMPLE_OK);
    zample_event_t event = follow_next (engine);
    while (event.kind != ZAMPLE_EVENT_ERROR)
        event = follow_next (engine);
    ck_assert_ptr_nonnull (strstr (event.u.error.msg, "/no/k\xEF\xBF\xBD"
                                                      "che.wav"));
    zample_destroy (&engine);
}
END_TEST

/* A command ring of two, which this thread keeps as full as it can: no load has to wait for it to relent. */
START_TEST (a_load_finds_room_however_many_commands_come)
{
    zample_t *engine;
    zample_config_t config = { .output = ZAMPLE_OUTPUT_OFFLINE, .command_capacity = 2 };
    ck_assert_int_eq (zample_new (&config, &engine), ZAMPLE_OK);
    const char *path = follow_make_ramp ("ramp.wav", 480);
    int full = 0;
    for (int load = 0; load < 20; load++) {
        ck_assert_int_eq (zample_load (engine, 0, path, NULL, NULL), ZAMPLE_OK);
        zample_event_t event = { .kind = ZAMPLE_EVENT_LOST };
        while (event.kind != ZAMPLE_EVENT_SUCCESS) {
            full += zample_stop_all (engine, 0) == ZAMPLE_FULL;
            if (zample_poll (engine, &event) == ZAMPLE_OK)
                ck_assert_int_ne (event.kind, ZAMPLE_EVENT_ERROR);
        }
    }
    ck_assert_int_gt (full, 0);
    zample_destroy (&engine);
}
END_TEST

START_TEST (a_burst_that_nobody_polled_is_told_to_its_last_event)
{
    zample_t *engine = follow_engine (ZAMPLE_OUTPUT_OFFLINE);
    uint64_t plays = 6000, told = 0, pushed = 0;
    while (pushed < plays) {
        if (zample_play (engine, 0, NULL, NULL) == ZAMPLE_OK)
            pushed++;
        else
            ck_assert_int_eq (zample_render (engine, 64, NULL), ZAMPLE_OK);
    }
    while (told < plays) {
        zample_event_t event = follow_next (engine);
        if (event.kind == ZAMPLE_EVENT_LOST)
            told += event.u.lost.count;
        else
            told += event.kind == ZAMPLE_EVENT_REJECTED;
    }
    ck_assert_uint_eq (told, plays);
    zample_destroy (&engine);
}
END_TEST

/* ------------------------------------------------------------- several engines */

START_TEST (two_engines_live_side_by_side)
{
    zample_t *first = follow_engine (ZAMPLE_OUTPUT_NULL);
    zample_t *second = follow_engine (ZAMPLE_OUTPUT_NULL);
    ck_assert_str_ne (zample_name (first), zample_name (second));
    ck_assert_str_ne (zample_endpoint (first), zample_endpoint (second));
    const char *path = follow_make_ramp ("ramp.wav", 4800);
    follow_load (first, 0, path);
    ck_assert_int_eq (zample_play (second, 0, NULL, NULL), ZAMPLE_OK);
    follow_until (second, ZAMPLE_EVENT_REJECTED);
    follow_load (second, 0, path);
    ck_assert_int_eq (zample_play (first, 0, NULL, NULL), ZAMPLE_OK);
    follow_until (first, ZAMPLE_EVENT_VOICE_ENDED);
    zample_destroy (&first);
    ck_assert_int_eq (zample_play (second, 0, NULL, NULL), ZAMPLE_OK);
    follow_until (second, ZAMPLE_EVENT_VOICE_ENDED);
    zample_destroy (&second);
}
END_TEST

START_TEST (a_name_that_is_taken_is_refused)
{
    zample_config_t config = { .output = ZAMPLE_OUTPUT_OFFLINE, .name = "band" };
    zample_t *first, *second;
    ck_assert_int_eq (zample_new (&config, &first), ZAMPLE_OK);
    ck_assert_int_eq (zample_new (&config, &second), ZAMPLE_NO_SOCKET);
    ck_assert_str_eq (zample_why (), "another engine is called \"band\"");
    zample_destroy (&first);
    ck_assert_int_eq (zample_new (&config, &second), ZAMPLE_OK);
    zample_destroy (&second);
}
END_TEST

/* -------------------------------------------------------------- clock and meter */

START_TEST (the_clock_runs_with_the_monotonic_clock)
{
    zample_t *engine = follow_engine (ZAMPLE_OUTPUT_NULL);
    zample_clock_t first, later;
    do
        zample_clock (engine, &first);
    while (first.time_ns == 0);
    do
        ck_assert_int_eq (zample_clock (engine, &later), ZAMPLE_OK);
    while (later.frame < first.frame + 24000);
    double frames = (double) (later.frame - first.frame);
    double expected = (double) (later.time_ns - first.time_ns) * 1e-9 * zample_rate (engine);
    ck_assert_msg (fabs (frames - expected) < 4800, "%g frames in a time of %g", frames, expected);
    ck_assert_int_ge (later.delay_frames, 0);
    zample_destroy (&engine);
}
END_TEST

START_TEST (the_meter_shows_the_peak)
{
    zample_t *engine = follow_engine (ZAMPLE_OUTPUT_OFFLINE);
    zample_meter_t meter;
    follow_load (engine, 0, follow_make_ramp ("ramp.wav", 2048));
    zample_play_t how = ZAMPLE_PLAY_DEFAULT;
    how.pan = 1.0f;
    ck_assert_int_eq (zample_play (engine, 0, &how, NULL), ZAMPLE_OK);
    ck_assert_int_eq (zample_render (engine, 2047, NULL), ZAMPLE_OK);
    zample_meter (engine, &meter);
    ck_assert_int_eq (meter.frame, 0);
    ck_assert_int_eq (zample_render (engine, 1, NULL), ZAMPLE_OK);
    zample_meter (engine, &meter);
    ck_assert_int_eq (meter.frame, 2048);
    ck_assert (meter.peak[0] == 0.0f);
    ck_assert (fabsf (meter.peak[1] - 1.41421356f * 2047.0f / 32768.0f) < 1e-6f);
    zample_destroy (&engine);
}
END_TEST

START_TEST (a_cell_is_heard)
{
    zample_t *engine = follow_engine (ZAMPLE_OUTPUT_OFFLINE);
    static float out[2 * 512];
    follow_load (engine, 0, follow_make_ramp ("ramp.wav", 4800));
    ck_assert_int_eq (zample_set_gain (engine, 0, 0.5f), ZAMPLE_OK);
    ck_assert_int_eq (zample_set_speed (engine, 0, 2.0f), ZAMPLE_OK);
    ck_assert_int_eq (zample_play (engine, 0, NULL, NULL), ZAMPLE_OK);
    ck_assert_int_eq (zample_render (engine, 512, out), ZAMPLE_OK);
    ck_assert (fabsf (out[2 * 511] - 0.5f * 1022.0f / 32768.0f) < 1e-6f);
    zample_destroy (&engine);
}
END_TEST

START_TEST (a_recording_holds_what_was_rendered)
{
    zample_t *engine;
    zample_config_t config = { .output = ZAMPLE_OUTPUT_OFFLINE };
    static float out[2 * 700], again[2 * 700];
    char record[256];
    const char *path = follow_make_ramp ("ramp.wav", 480);
    snprintf (record, sizeof record, "%s.recorded.wav", path);
    config.record = record;
    ck_assert_int_eq (zample_new (&config, &engine), ZAMPLE_OK);
    follow_load (engine, 0, path);
    ck_assert_int_eq (zample_play (engine, 0, NULL, NULL), ZAMPLE_OK);
    ck_assert_int_eq (zample_render (engine, 700, out), ZAMPLE_OK);
    zample_destroy (&engine);

    engine = follow_engine (ZAMPLE_OUTPUT_OFFLINE);
    zample_event_t loaded = follow_load (engine, 0, record);
    ck_assert_int_eq (loaded.u.success.frames, 700);
    ck_assert_int_eq (zample_play (engine, 0, NULL, NULL), ZAMPLE_OK);
    ck_assert_int_eq (zample_render (engine, 700, again), ZAMPLE_OK);
    ck_assert_mem_eq (&out[2 * RAMP_FRAMES], &again[2 * RAMP_FRAMES],
                      sizeof out - 2 * RAMP_FRAMES * sizeof *out);
    zample_destroy (&engine);
}
END_TEST

START_TEST (the_names_are_known)
{
    ck_assert_str_eq (zample_version (), PACKAGE_VERSION);
    char version[32];
    snprintf (version, sizeof version, "%d.%d.%d", ZAMPLE_VERSION_MAJOR, ZAMPLE_VERSION_MINOR,
              ZAMPLE_VERSION_PATCH);
    ck_assert_str_eq (zample_version (), version);
    ck_assert_str_eq (zample_event_name (ZAMPLE_EVENT_VOICE_ENDED), "voice_ended");
    ck_assert_str_eq (zample_event_name ((zample_event_kind_t) 999), "unknown");
    ck_assert_str_eq (zample_ended_name ((zample_ended_t) 0), "unknown");
    ck_assert_str_eq (zample_status_text (ZAMPLE_FULL), "there is no room now");
    ck_assert_str_eq (zample_command_name (ZAMPLE_COMMAND_STOP_SLOT), "stop_slot");
    ck_assert_str_eq (zample_device_state_name (ZAMPLE_DEVICE_LOST), "lost");
}
END_TEST

int
main (void)
{
    follow_private_runtime ();
    Suite *suite = suite_create ("zample");
    TCase *all = tcase_create ("zample");
    tcase_add_test (all, a_load_tells_five_kinds_of_things_in_order);
    tcase_add_test (all, events_are_numbered_without_a_gap_and_time_does_not_go_back);
    tcase_add_test (all, a_voice_starts_and_ends_at_its_frame_and_sounds_there);
    tcase_add_test (all, the_same_commands_give_the_same_bits);
    tcase_add_test (all, a_file_that_cannot_be_loaded_is_one_error_and_the_engine_plays_on);
    tcase_add_test (all, a_path_that_is_not_utf_8_is_told_in_utf_8);
    tcase_add_test (all, a_load_finds_room_however_many_commands_come);
    tcase_add_test (all, a_burst_that_nobody_polled_is_told_to_its_last_event);
    tcase_add_test (all, two_engines_live_side_by_side);
    tcase_add_test (all, a_name_that_is_taken_is_refused);
    tcase_add_test (all, the_clock_runs_with_the_monotonic_clock);
    tcase_add_test (all, the_meter_shows_the_peak);
    tcase_add_test (all, a_cell_is_heard);
    tcase_add_test (all, a_recording_holds_what_was_rendered);
    tcase_add_test (all, the_names_are_known);
    suite_add_tcase (suite, all);
    return run_suite (suite);
}
