/*  The recorder: what was pushed is in the file at its frame, and what is missing is counted and silent. */
#include "config.h"

#include <check.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "engine/recorder.h"
#include "tests/engine/recorded.h"
#include "tests/support/run_suite.h"

enum { RING_BLOCKS = 4096 };

static recorded_t s_recorded;
static zample_recorder_t *s_recorder;

static void
s_open (void)
{
    char why[256] = "";
    recorded_open (&s_recorded);
    s_recorder = zample_recorder_new (s_recorded.path, 48000, false, why, sizeof why);
    ck_assert_msg (s_recorder != NULL, "%s", why);
}

static void
s_close (void)
{
    zample_recorder_destroy (&s_recorder, 0);
    recorded_close (&s_recorded);
}

static float
s_value (int64_t frame)
{
    return (float) (frame + 1) / 1048576.0f;
}

static void
s_push (int64_t frame, int64_t count)
{
    float frames[2 * ZAMPLE_BLOCK_FRAMES];
    for (int64_t i = 0; i < count; i++) {
        frames[2 * i] = s_value (frame + i);
        frames[2 * i + 1] = -frames[2 * i];
    }
    zample_recorder_push (s_recorder, frame, frames, count);
}

/*  Frames from `first` to `end` are as they were pushed, or else silent. */
static void
s_need (int64_t first, int64_t end, bool pushed)
{
    for (int64_t i = first; i < end; i++) {
        float value = pushed ? s_value (i) : 0.0f;
        if (s_recorded.frames[2 * i] != value || s_recorded.frames[2 * i + 1] != -value)
            ck_abort_msg ("frame %d is not as it was pushed", (int) i);
    }
}

static void
s_finish (int64_t end_frame)
{
    zample_recorder_destroy (&s_recorder, end_frame);
    ck_assert_ptr_null (s_recorder);
    recorded_read (&s_recorded);
}

START_TEST (what_is_pushed_is_in_the_file)
{
    static const int64_t counts[] = { 64, 1, 63, 0, 17, 64 };
    int64_t frame = 0;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; frame += counts[i++]) {
        s_push (frame, counts[i]);
        if (i == 2)
            zample_recorder_drain (s_recorder);
    }
    s_finish (frame);
    ck_assert_int_eq (s_recorded.count, 209);
    s_need (0, 209, true);
}
END_TEST

START_TEST (a_recording_of_nothing_is_a_file_of_no_frames)
{
    s_finish (0);
    ck_assert_int_eq (s_recorded.count, 0);
}
END_TEST

START_TEST (blocks_that_find_the_ring_full_are_counted_and_silent)
{
    for (int64_t block = 0; block < RING_BLOCKS + 10; block++)
        s_push (64 * block, 64);
    zample_recorder_drain (s_recorder);
    s_push (64 * (RING_BLOCKS + 10), 64);
    zample_recorder_drain (s_recorder);
    ck_assert_int_eq (zample_recorder_missing (s_recorder), 10 * 64);
    int64_t end = 64 * (RING_BLOCKS + 11);
    s_finish (end);
    ck_assert_int_eq (s_recorded.count, end);
    s_need (0, 64 * RING_BLOCKS, true);
    s_need (64 * RING_BLOCKS, 64 * (RING_BLOCKS + 10), false);
    s_need (64 * (RING_BLOCKS + 10), end, true);
}
END_TEST

START_TEST (the_file_is_as_long_as_the_engine_ran_even_if_the_last_blocks_are_missing)
{
    s_push (0, 64);
    s_finish (1000);
    ck_assert_int_eq (s_recorded.count, 1000);
    s_need (0, 64, true);
    s_need (64, 1000, false);
}
END_TEST

/*  A limit on the size of files stands in for a full disk: the write fails in the same way. */
START_TEST (frames_that_find_the_disk_full_are_counted)
{
    struct rlimit before, small;
    getrlimit (RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 100000;
    signal (SIGXFSZ, SIG_IGN);
    ck_assert_int_eq (setrlimit (RLIMIT_FSIZE, &small), 0);
    for (int64_t block = 0; block < 1000; block++)
        s_push (64 * block, 64);
    zample_recorder_drain (s_recorder);
    int64_t missing = zample_recorder_missing (s_recorder);
    zample_recorder_destroy (&s_recorder, 64000);
    setrlimit (RLIMIT_FSIZE, &before);
    recorded_read (&s_recorded);
    ck_assert_int_gt (missing, 0);
    ck_assert_int_le (s_recorded.count, 100000 / 8);
    s_need (0, s_recorded.count, true);
}
END_TEST

START_TEST (a_recording_that_cannot_be_made_says_why)
{
    char why[256] = "";
    ck_assert_ptr_null (zample_recorder_new (s_recorded.folder, 48000, false, why, sizeof why));
    ck_assert_msg (strstr (why, s_recorded.folder) != NULL, "%s", why);
}
END_TEST

START_TEST (destroying_nothing_is_forgiven)
{
    zample_recorder_t *none = NULL;
    zample_recorder_destroy (&none, 100);
}
END_TEST

int
main (void)
{
    TCase *tcase = tcase_create ("recorder");
    tcase_add_checked_fixture (tcase, s_open, s_close);
    tcase_add_test (tcase, what_is_pushed_is_in_the_file);
    tcase_add_test (tcase, a_recording_of_nothing_is_a_file_of_no_frames);
    tcase_add_test (tcase, blocks_that_find_the_ring_full_are_counted_and_silent);
    tcase_add_test (tcase, the_file_is_as_long_as_the_engine_ran_even_if_the_last_blocks_are_missing);
    tcase_add_test (tcase, frames_that_find_the_disk_full_are_counted);
    tcase_add_test (tcase, a_recording_that_cannot_be_made_says_why);
    tcase_add_test (tcase, destroying_nothing_is_forgiven);
    Suite *suite = suite_create ("recorder");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
