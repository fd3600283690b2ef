/*  The player: the real one, on the null output in time; and on a mock, where a fault has to be injected. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "engine/player.h"
#include "tests/engine/mock_output.h"
#include "tests/engine/recorded.h"
#include "tests/support/run_suite.h"
#include "tests/support/stage_fixture.h"

enum { FRAMES = 4800, DEADLINE_SEC = 60 };

static stage_fixture_t s_stage;
static recorded_t s_recorded;
static zample_recorder_t *s_recorder;
static zample_player_t *s_player;
static mock_output_t s_mock;
static float s_expected[FRAMES * ZAMPLE_CHANNELS];
static char s_why[256];

/*  Commands with frames of their own, all before the first block: an offline stage gives the same bits. */
static void
s_push_commands (stage_fixture_t *stage)
{
    fixture_load (stage, 0, 0, fixture_noise (1000, 1));
    fixture_load (stage, 0, 1, fixture_noise (333, 2));
    uint64_t loop = fixture_play (stage, 77, 0, FIXTURE_LOOP);
    fixture_play_t slowly = { .gain = 0.5f, .pan = 0.3f, .speed = 0.73f, .loop = true };
    fixture_play (stage, 1234, 1, slowly);
    fixture_tell_voice (stage, 2000, COMMAND_PAUSE, loop);
    fixture_tell_voice (stage, 2500, COMMAND_RESUME, loop);
    fixture_seek (stage, 3001, loop, 5);
    fixture_tell_slot (stage, 4001, COMMAND_STOP_SLOT, 1);
}

static void
s_render_expected (void)
{
    stage_fixture_t offline;
    fixture_open (&offline, 2, 8);
    s_push_commands (&offline);
    fixture_render (&offline, s_expected, FRAMES);
    fixture_close (&offline);
}

static void
s_open (void)
{
    fixture_open (&s_stage, 2, 8);
    recorded_open (&s_recorded);
    s_recorder = zample_recorder_new (s_recorded.path, 48000, false, s_why, sizeof s_why);
    ck_assert_msg (s_recorder != NULL, "%s", s_why);
    mock_output_init (&s_mock);
}

static void
s_close (void)
{
    zample_player_destroy (&s_player);
    zample_recorder_destroy (&s_recorder, 0);
    fixture_close (&s_stage);
    recorded_close (&s_recorded);
}

static void
s_start (zample_output_t *output, zample_recorder_t *recorder)
{
    s_player = zample_player_new (s_stage.stage, output, recorder, s_why, sizeof s_why);
    ck_assert_msg (s_player != NULL, "%s", s_why);
    ck_assert (zample_player_start (s_player));
}

static void
s_nap (void)
{
    struct timespec nap = { .tv_nsec = 1000000 };
    nanosleep (&nap, NULL);
}

/*  Until frames up to `frame` were rendered. */
static void
s_await_frame (int64_t frame)
{
    time_t end = time (NULL) + DEADLINE_SEC;
    while (zample_doorway_clock (s_stage.doorway).frame < frame) {
        ck_assert_msg (time (NULL) < end, "frame %d never came", (int) frame);
        zample_recorder_drain (s_recorder);
        s_nap ();
    }
}

static zample_report_t
s_await_report (zample_report_tag_t kind)
{
    zample_report_t report;
    time_t end = time (NULL) + DEADLINE_SEC;
    do
        while (!fixture_next_report (&s_stage, &report)) {
            ck_assert_msg (time (NULL) < end, "no report of kind %d came", (int) kind);
            s_nap ();
        }
    while (report.kind != kind);
    return report;
}

static void
s_need_expected (const float *frames, int64_t count)
{
    for (int64_t i = 0; i < 2 * count; i++)
        if (memcmp (&frames[i], &s_expected[i], sizeof *frames) != 0)
            ck_abort_msg ("frame %d differs", (int) (i / 2));
}

/* -------------------------------------------------------------------- in time */

START_TEST (what_is_played_in_time_is_what_an_offline_stage_renders)
{
    zample_output_spec_t spec = { .rate_hz = 48000, .period_frames = 128, .periods = 4 };
    s_render_expected ();
    s_push_commands (&s_stage);
    zample_output_t *output = zample_output_null_new (&spec, s_why, sizeof s_why);
    ck_assert_ptr_nonnull (output);
    s_start (output, s_recorder);
    s_await_frame (FRAMES);
    zample_player_stop (s_player);
    int64_t end = s_stage.stage->frame;
    zample_recorder_destroy (&s_recorder, end);
    recorded_read (&s_recorded);
    ck_assert_int_eq (s_recorded.count, end);
    s_need_expected (s_recorded.frames, FRAMES);
}
END_TEST

START_TEST (the_clock_says_when_a_frame_was_rendered)
{
    zample_output_spec_t spec = { .rate_hz = 48000, .period_frames = 64, .periods = 4 };
    zample_output_t *output = zample_output_null_new (&spec, s_why, sizeof s_why);
    ck_assert_ptr_nonnull (output);
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    int64_t before_ns = now.tv_sec * INT64_C (1000000000) + now.tv_nsec;
    s_start (output, NULL);
    s_await_frame (4800);
    zample_clock_record_t clock = zample_doorway_clock (s_stage.doorway);
    clock_gettime (CLOCK_MONOTONIC, &now);
    ck_assert_int_ge (clock.time_ns, before_ns);
    ck_assert_int_le (clock.time_ns, now.tv_sec * INT64_C (1000000000) + now.tv_nsec);
    ck_assert_int_ge (clock.delay_frames, 0);
    ck_assert_int_le (clock.delay_frames, 256 + ZAMPLE_BLOCK_FRAMES);
}
END_TEST

START_TEST (a_player_that_was_never_started_is_destroyed)
{
    s_player = zample_player_new (s_stage.stage, &s_mock.output, NULL, s_why, sizeof s_why);
    ck_assert_ptr_nonnull (s_player);
    zample_player_destroy (&s_player);
    ck_assert_ptr_null (s_player);
    ck_assert_int_eq (atomic_load (&s_mock.destroyed), 1);
}
END_TEST

/* ----------------------------------------------------------------- on the mock */

/*  Whatever pieces an output takes, and wherever the player is stopped. */
START_TEST (all_that_was_rendered_is_heard_before_the_thread_ends)
{
    static const int64_t most[] = { MOCK_FRAMES_MAX, 7, 64, 1 };
    s_render_expected ();
    s_push_commands (&s_stage);
    s_mock.most = most[_i];
    atomic_store (&s_mock.granted, 1000 + 31 * _i);
    s_start (&s_mock.output, NULL);
    s_await_frame (1000);
    zample_player_stop (s_player);
    int64_t rendered = s_stage.stage->frame;
    ck_assert_int_ge (s_mock.count, rendered + s_mock.output.buffer_frames);
    s_need_expected (s_mock.frames, rendered);
    for (int64_t i = 2 * rendered; i < 2 * s_mock.count; i++)
        if (s_mock.frames[i] != 0.0f)
            ck_abort_msg ("frame %d is not silent", (int) (i / 2));
}
END_TEST

START_TEST (a_player_that_is_silent_ends_at_once)
{
    atomic_store (&s_mock.granted, 1000);
    s_start (&s_mock.output, NULL);
    s_await_frame (1000);
    zample_player_stop (s_player);
    ck_assert_int_le (s_mock.count, 1000 + ZAMPLE_BLOCK_FRAMES);
}
END_TEST

START_TEST (a_device_that_stalls_does_not_hold_up_the_end)
{
    s_push_commands (&s_stage);
    s_mock.stalls = true;
    atomic_store (&s_mock.granted, 1000);
    s_start (&s_mock.output, NULL);
    s_await_frame (1000);
    zample_player_stop (s_player);
    ck_assert_int_eq (s_mock.count, 1000);
}
END_TEST

START_TEST (a_lost_device_is_told_and_clock_and_voices_run_on)
{
    s_mock.lose_in_write = _i;
    s_mock.lose_at = 1500;
    s_render_expected ();
    s_push_commands (&s_stage);
    atomic_store (&s_mock.granted, 1500 + 100 * _i);
    s_start (&s_mock.output, s_recorder);
    zample_report_t lost = s_await_report (REPORT_DEVICE);
    ck_assert_uint_eq (lost.reason, DEVICE_LOST);
    ck_assert_int_eq (lost.u.error, _i ? -EIO : -ENODEV);
    ck_assert_int_ge (lost.frame, 1500);
    zample_player_close_device (s_player);
    ck_assert_int_eq (atomic_load (&s_mock.destroyed), 1);
    s_await_frame (FRAMES);
    ck_assert_int_eq (s_await_report (REPORT_VOICE_ENDED).frame, 4001 + ZAMPLE_RAMP_FRAMES);
    zample_player_stop (s_player);
    zample_recorder_destroy (&s_recorder, s_stage.stage->frame);
    recorded_read (&s_recorded);
    s_need_expected (s_recorded.frames, FRAMES);
    s_need_expected (s_mock.frames, s_mock.count);
    zample_player_destroy (&s_player);
    ck_assert_int_eq (atomic_load (&s_mock.destroyed), 1);
}
END_TEST

START_TEST (a_device_is_lost_once_even_if_nobody_listened)
{
    fixture_close (&s_stage);
    fixture_open_shape (&s_stage, &(zample_stage_shape_t) {
        .slots = 2, .voices = 8, .command_capacity = 16, .event_capacity = 2
    });
    for (int i = 0; i < 6; i++)
        fixture_tell_voice (&s_stage, 100, COMMAND_STOP, 99);
    s_mock.lose_at = 500;
    atomic_store (&s_mock.granted, 500);
    s_start (&s_mock.output, NULL);
    s_await_frame (FRAMES);
    for (int i = 0; i < 6; i++)
        s_await_report (REPORT_REJECTED);
    ck_assert_uint_eq (s_await_report (REPORT_DEVICE).reason, DEVICE_LOST);
    s_await_frame (zample_doorway_clock (s_stage.doorway).frame + 1000);
    zample_player_stop (s_player);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_DEVICE), 0);
    zample_player_destroy (&s_player);
    ck_assert_int_eq (atomic_load (&s_mock.destroyed), 1);
}
END_TEST

START_TEST (interruptions_are_told_with_their_count)
{
    atomic_store (&s_mock.granted, 200);
    s_start (&s_mock.output, NULL);
    atomic_store (&s_mock.interrupt, 2);
    zample_report_t report = s_await_report (REPORT_DEVICE);
    ck_assert_uint_eq (report.reason, DEVICE_XRUN);
    ck_assert_uint_eq (report.u.count, 2);
    atomic_store (&s_mock.suspend, 1);
    report = s_await_report (REPORT_DEVICE);
    ck_assert_uint_eq (report.reason, DEVICE_SUSPENDED);
    ck_assert_uint_eq (report.u.count, 1);
    atomic_store (&s_mock.interrupt, 3);
    report = s_await_report (REPORT_DEVICE);
    ck_assert_uint_eq (report.reason, DEVICE_XRUN);
    ck_assert_uint_eq (report.u.count, 3);
    zample_player_stop (s_player);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_DEVICE), 0);
}
END_TEST

START_TEST (the_clock_counts_what_lies_between_the_engine_and_the_ear)
{
    atomic_store (&s_mock.granted, 100);
    s_start (&s_mock.output, NULL);
    s_await_frame (128);
    time_t end = time (NULL) + DEADLINE_SEC;
    while (zample_doorway_clock (s_stage.doorway).delay_frames != 256 + 28)
        ck_assert_msg (time (NULL) < end, "256 frames in the device and 28 on the way to it");
    ck_assert_int_eq (zample_doorway_clock (s_stage.doorway).frame, 128);
}
END_TEST

/* -------------------------------------------------------------------- offline */

START_TEST (offline_it_renders_what_is_asked_for_and_records_it)
{
    static float out[FRAMES * ZAMPLE_CHANNELS];
    s_render_expected ();
    s_push_commands (&s_stage);
    s_player = zample_player_new (s_stage.stage, NULL, s_recorder, s_why, sizeof s_why);
    ck_assert (zample_player_render (s_player, 1000, out));
    ck_assert (zample_player_render (s_player, 0, NULL));
    ck_assert (zample_player_render (s_player, 1, out + 2000));
    ck_assert (zample_player_render (s_player, FRAMES - 1001, out + 2002));
    ck_assert_int_eq (zample_doorway_clock (s_stage.doorway).frame, FRAMES);
    s_need_expected (out, FRAMES);
    zample_recorder_destroy (&s_recorder, FRAMES);
    recorded_read (&s_recorded);
    ck_assert_int_eq (s_recorded.count, FRAMES);
    s_need_expected (s_recorded.frames, FRAMES);
}
END_TEST

/*  A limit on the size of files stands in for a full disk. */
START_TEST (offline_it_says_when_the_recording_lacks_frames)
{
    struct rlimit before, small;
    getrlimit (RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 1000;
    signal (SIGXFSZ, SIG_IGN);
    s_player = zample_player_new (s_stage.stage, NULL, s_recorder, s_why, sizeof s_why);
    ck_assert (zample_player_render (s_player, 64, NULL));
    setrlimit (RLIMIT_FSIZE, &small);
    bool whole = zample_player_render (s_player, 1 << 16, NULL);
    zample_recorder_destroy (&s_recorder, 0);
    setrlimit (RLIMIT_FSIZE, &before);
    ck_assert (!whole);
    ck_assert_int_eq (s_stage.stage->frame, 64 + (1 << 16));
}
END_TEST

START_TEST (offline_no_frames_obey_what_waits)
{
    s_player = zample_player_new (s_stage.stage, NULL, NULL, s_why, sizeof s_why);
    fixture_load (&s_stage, 0, 1, fixture_noise (10, 1));
    ck_assert (zample_player_render (s_player, 0, NULL));
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_READY), 1);
    ck_assert_int_eq (s_stage.stage->frame, 0);
    zample_player_stop (s_player);
}
END_TEST

int
main (void)
{
    TCase *tcase = tcase_create ("player");
    tcase_add_checked_fixture (tcase, s_open, s_close);
    tcase_add_test (tcase, what_is_played_in_time_is_what_an_offline_stage_renders);
    tcase_add_test (tcase, the_clock_says_when_a_frame_was_rendered);
    tcase_add_test (tcase, a_player_that_was_never_started_is_destroyed);
    tcase_add_loop_test (tcase, all_that_was_rendered_is_heard_before_the_thread_ends, 0, 4);
    tcase_add_test (tcase, a_player_that_is_silent_ends_at_once);
    tcase_add_test (tcase, a_device_that_stalls_does_not_hold_up_the_end);
    tcase_add_loop_test (tcase, a_lost_device_is_told_and_clock_and_voices_run_on, 0, 2);
    tcase_add_test (tcase, a_device_is_lost_once_even_if_nobody_listened);
    tcase_add_test (tcase, interruptions_are_told_with_their_count);
    tcase_add_test (tcase, the_clock_counts_what_lies_between_the_engine_and_the_ear);
    tcase_add_test (tcase, offline_it_renders_what_is_asked_for_and_records_it);
    tcase_add_test (tcase, offline_it_says_when_the_recording_lacks_frames);
    tcase_add_test (tcase, offline_no_frames_obey_what_waits);
    Suite *suite = suite_create ("player");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
