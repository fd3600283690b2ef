/*  The null output keeps time, and forgives nothing that a card would not. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "tests/output/rig.h"
#include "tests/support/run_suite.h"

static const float s_silence[2 * 8192];

static zample_output_t *
s_open (uint32_t rate_hz, uint32_t period_frames, uint32_t periods)
{
    char why[256] = "";
    zample_output_spec_t spec = { .rate_hz = rate_hz, .period_frames = period_frames, .periods = periods };
    zample_output_t *output = zample_output_null_new (&spec, why, sizeof why);
    ck_assert_msg (output != NULL, "%s", why);
    return output;
}

/*  Writes all that there is room for. */
static int64_t
s_fill (zample_output_t *output, int64_t avail)
{
    int64_t all = 0;
    while (all < avail) {
        int64_t count = avail - all < 8192 ? avail - all : 8192;
        int64_t taken = output->write (output, s_silence, count);
        ck_assert_int_eq (taken, count);
        all += taken;
    }
    return all;
}

START_TEST (it_is_what_was_asked_for)
{
    zample_output_t *output = s_open (44100, 100, 5);
    ck_assert_str_eq (output->device, "null");
    ck_assert_str_eq (output->format, "");
    ck_assert_uint_eq (output->rate_hz, 44100);
    ck_assert_uint_eq (output->period_frames, 100);
    ck_assert_uint_eq (output->buffer_frames, 500);
    output->destroy (output);
}
END_TEST

START_TEST (it_waits_to_be_filled_before_it_runs)
{
    zample_output_t *output = s_open (192000, 16, 2);
    ck_assert_int_eq (output->wait (output, -1), 32);
    ck_assert_int_eq (output->write (output, s_silence, 20), 20);
    usleep (2000);
    ck_assert_int_eq (output->wait (output, -1), 12);
    ck_assert_int_eq (output->delay (output), 20);
    ck_assert_uint_eq (output->xruns, 0);
    output->destroy (output);
}
END_TEST

/*  The bounds hold on any machine: what it took beyond its buffer, a clock of the same rate has emptied
    meanwhile. */
START_TEST (it_plays_as_fast_as_the_clock)
{
    zample_output_t *output = s_open (48000, 1024, 16);
    double begin_sec = rig_now_sec ();
    int64_t taken = 0;
    while (taken < output->buffer_frames + 24000) {
        int64_t avail = output->wait (output, -1);
        ck_assert_int_ge (avail, 0);
        taken += s_fill (output, avail);
        double played = (rig_now_sec () - begin_sec) * 48000.0;
        ck_assert (output->xruns > 0 || (double) taken <= played + output->buffer_frames + 1.0);
    }
    ck_assert (output->xruns > 0 || rig_now_sec () - begin_sec >= 0.5);
    ck_assert (rig_now_sec () - begin_sec < 20.0);
    output->destroy (output);
}
END_TEST

START_TEST (it_is_ready_when_a_period_is_free)
{
    zample_output_t *output = s_open (48000, 480, 32);
    s_fill (output, output->wait (output, -1));
    for (int i = 0; i < 5; i++) {
        int64_t avail = output->wait (output, -1);
        ck_assert_int_ge (avail, 480);
        s_fill (output, avail);
    }
    output->destroy (output);
}
END_TEST

START_TEST (a_late_caller_gets_one_xrun_and_an_empty_buffer)
{
    zample_output_t *output = s_open (48000, 64, 2);
    s_fill (output, output->wait (output, -1));
    for (uint64_t xruns = 1; xruns <= 3; xruns++) {
        usleep (20000); /* seven buffers */
        ck_assert_int_eq (output->delay (output), 0);
        ck_assert_int_eq (output->wait (output, -1), 128);
        ck_assert_uint_eq (output->xruns, xruns);
        s_fill (output, 128);
    }
    output->destroy (output);
}
END_TEST

START_TEST (a_full_buffer_takes_nothing)
{
    zample_output_t *output = s_open (8000, 8192, 16);
    s_fill (output, output->wait (output, -1));
    ck_assert_int_le (output->write (output, s_silence, 8192), 4000);
    ck_assert_int_le (output->delay (output), output->buffer_frames);
    ck_assert_int_gt (output->delay (output), 0);
    output->destroy (output);
}
END_TEST

/*  The quickest of five waits, for which a period is free after a second only: a busy machine slows some of
    them. */
static double
s_quickest_wait_sec (int wake_fd)
{
    zample_output_t *output = s_open (8000, 8192, 16);
    s_fill (output, output->wait (output, -1));
    double quickest_sec = 1000.0;
    for (int i = 0; i < 5; i++) {
        double begin_sec = rig_now_sec ();
        int64_t avail = output->wait (output, wake_fd);
        double took_sec = rig_now_sec () - begin_sec;
        if (avail < output->period_frames && took_sec < quickest_sec)
            quickest_sec = took_sec;
    }
    output->destroy (output);
    return quickest_sec;
}

START_TEST (a_readable_wake_fd_ends_the_wait)
{
    int wake_fd = eventfd (1, EFD_CLOEXEC);
    ck_assert (s_quickest_wait_sec (wake_fd) < 0.05);
    close (wake_fd);
}
END_TEST

START_TEST (no_wait_is_longer_than_a_tenth_of_a_second)
{
    double quickest_sec = s_quickest_wait_sec (-1);
    ck_assert (quickest_sec >= 0.099 && quickest_sec < 0.5);
}
END_TEST

static Suite *
s_suite (void)
{
    Suite *suite = suite_create ("null");
    TCase *tcase = tcase_create ("null");
    tcase_add_test (tcase, it_is_what_was_asked_for);
    tcase_add_test (tcase, it_waits_to_be_filled_before_it_runs);
    tcase_add_test (tcase, it_plays_as_fast_as_the_clock);
    tcase_add_test (tcase, it_is_ready_when_a_period_is_free);
    tcase_add_test (tcase, a_late_caller_gets_one_xrun_and_an_empty_buffer);
    tcase_add_test (tcase, a_full_buffer_takes_nothing);
    tcase_add_test (tcase, a_readable_wake_fd_ends_the_wait);
    tcase_add_test (tcase, no_wait_is_longer_than_a_tenth_of_a_second);
    suite_add_tcase (suite, tcase);
    return suite;
}

int
main (void)
{
    return run_suite (s_suite ());
}
