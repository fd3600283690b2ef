/*  The ALSA output against the tests' own sound card: what is heard is what was written. */
#include "config.h"

#include <alsa/asoundlib.h>
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/output/rig.h"
#include "tests/output/sequence.h"
#include "tests/support/run_suite.h"

static const char *const s_formats[] = { "FLOAT_LE", "S32_LE", "S24_LE", "S24_3LE", "S16_LE" };

START_TEST (every_format_plays_every_frame_once)
{
    rig_set ("RIG_FORMAT", s_formats[_i]);
    rig_player_t player = rig_open (NULL);
    ck_assert_str_eq (player.output->format, s_formats[_i]);
    ck_assert_int_eq (rig_run (&player, 50000), 0);
    ck_assert_uint_eq (player.output->xruns, 0);
    rig_close_and_check (&player, NULL, 0);
}
END_TEST

START_TEST (every_format_goes_on_after_an_xrun_with_the_next_frame)
{
    static const int64_t at[] = { 1000, 1001, 20011 };
    rig_set ("RIG_FORMAT", s_formats[_i]);
    rig_player_t player = rig_open ("xrun@1000;xrun@1001;xrun@20011");
    ck_assert_int_eq (rig_run (&player, 50000), 0);
    ck_assert_uint_eq (player.output->xruns, 3);
    ck_assert_uint_eq (player.output->suspends, 0);
    rig_close_and_check (&player, at, 3);
}
END_TEST

START_TEST (an_xrun_before_the_first_frame_is_one_too)
{
    static const int64_t at[] = { 0 };
    rig_player_t player = rig_open ("xrun@0");
    ck_assert_int_eq (rig_run (&player, 5000), 0);
    ck_assert_uint_eq (player.output->xruns, 1);
    rig_close_and_check (&player, at, 1);
}
END_TEST

START_TEST (a_suspend_that_resumes_loses_nothing)
{
    rig_player_t player = rig_open ("suspend@3000");
    ck_assert_int_eq (rig_run (&player, 20000), 0);
    ck_assert_uint_eq (player.output->suspends, 1);
    ck_assert_uint_eq (player.output->xruns, 0);
    const int64_t at[] = { 3000 };
    player.resumed[0] = 3000; /* not where the writer was: the card had kept its buffer */
    rig_close_and_check (&player, at, 1);
}
END_TEST

START_TEST (a_suspend_that_does_not_resume_is_prepared_anew)
{
    static const int64_t at[] = { 3000 };
    rig_player_t player = rig_open ("sleep@3000");
    ck_assert_int_eq (rig_run (&player, 20000), 0);
    ck_assert_uint_eq (player.output->suspends, 1);
    rig_close_and_check (&player, at, 1);
}
END_TEST

START_TEST (frames_that_were_refused_are_taken_later)
{
    rig_player_t player = rig_open ("crumbs@0");
    ck_assert_int_eq (rig_run (&player, 20000), 0);
    rig_close_and_check (&player, NULL, 0);
}
END_TEST

START_TEST (an_error_of_the_descriptor_alone_says_nothing)
{
    rig_player_t player = rig_open ("noise@1000");
    ck_assert_int_eq (rig_run (&player, 20000), 0);
    ck_assert_uint_eq (player.output->xruns, 0);
    rig_close_and_check (&player, NULL, 0);
}
END_TEST

START_TEST (one_channel_plays_the_mean_of_both)
{
    rig_set ("RIG_CHANNELS", "1");
    rig_player_t player = rig_open (NULL);
    ck_assert_int_eq (rig_run (&player, 10000), 0);
    rig_close (&player);
    sequence_t played = sequence_load (rig_path ("played"), "FLOAT_LE", 1);
    ck_assert_uint_gt (played.count, 9000);
    for (size_t i = 0; i < played.count; i++) {
        float frame[2];
        sequence_write (frame, (int64_t) i, 1);
        ck_assert (played.samples[i] == (frame[0] + frame[1]) / 2.0f);
    }
    sequence_free (&played);
}
END_TEST

START_TEST (channels_beyond_two_are_silent)
{
    rig_set ("RIG_CHANNELS", "6");
    rig_set ("RIG_FORMAT", "S24_3LE");
    rig_player_t player = rig_open (NULL);
    ck_assert_int_eq (rig_run (&player, 10000), 0);
    rig_close_and_check (&player, NULL, 0);
    sequence_t played = sequence_load (rig_path ("played"), "S24_3LE", 6);
    for (size_t i = 0; i < played.count * 6; i++)
        ck_assert (i % 6 < 2 || played.samples[i] == 0.0f);
    sequence_free (&played);
}
END_TEST

START_TEST (more_than_there_is_room_for_is_taken_in_part)
{
    static float frames[2 * 4096];
    rig_player_t player = rig_open (NULL);
    zample_output_t *output = player.output;
    ck_assert_int_eq (output->wait (output, -1), output->buffer_frames);
    ck_assert_int_eq (output->write (output, frames, 4096), output->buffer_frames);
    ck_assert_int_eq (output->write (output, frames, 4096), 0);
    ck_assert_int_eq (output->write (output, frames, 0), 0);
    rig_close (&player);
}
END_TEST

START_TEST (the_delay_is_what_is_queued)
{
    float frames[2 * 100] = { 0 };
    rig_player_t player = rig_open (NULL);
    zample_output_t *output = player.output;
    ck_assert_int_gt (output->wait (output, -1), 100);
    ck_assert_int_eq (output->write (output, frames, 100), 100);
    ck_assert_int_eq (output->delay (output), 100);
    rig_close (&player);
}
END_TEST

START_TEST (a_delay_that_cannot_be_told_is_the_last_one)
{
    rig_player_t player = rig_open ("untimed@1000");
    zample_output_t *output = player.output;
    ck_assert_int_eq (rig_run (&player, output->buffer_frames), 0);
    int64_t last = output->delay (output);
    ck_assert_int_gt (last, 0);
    ck_assert_int_eq (rig_run (&player, 5000), 0);
    last = output->delay (output);
    ck_assert_int_eq (rig_run (&player, 6000), 0);
    ck_assert_int_eq (output->delay (output), last);
    rig_close (&player);
}
END_TEST

START_TEST (a_delay_is_never_negative)
{
    rig_player_t player = rig_open ("behind@1000");
    ck_assert_int_eq (rig_run (&player, 5000), 0);
    ck_assert_int_eq (player.output->delay (player.output), 0);
    rig_close (&player);
}
END_TEST

/*  -- losses */

static const struct {
    const char *script;
    int64_t error;
} s_losses[] = {
    { "nodev@3000", -ENODEV },   { "hangup@3000", -ENODEV },    { "broken@3000", -EIO },
    { "dead@3000", -EPIPE },     { "stall@3000", -ETIMEDOUT },  { "refuse@3000", -ETIMEDOUT },
    { "refuse@0", -ETIMEDOUT },  { "nodev@0", -ENODEV },        { "dead@0", -EPIPE },
};

#define LOSSES (int) (sizeof s_losses / sizeof s_losses[0])

START_TEST (a_loss_ends_in_an_error_in_bounded_time)
{
    rig_player_t player = rig_open (s_losses[_i].script);
    double begin_sec = rig_now_sec ();
    ck_assert_int_eq (rig_run (&player, 1000000), s_losses[_i].error);
    ck_assert (rig_now_sec () - begin_sec < 20.0);
    ck_assert_int_lt (player.taken, 10000);

    /*  A caller that goes on asking learns the same or nothing, and does not hang. */
    float frames[2] = { 0 };
    ck_assert_int_le (player.output->write (player.output, frames, 1), 1);
    ck_assert_int_ge (player.output->delay (player.output), 0);
    rig_close (&player);
}
END_TEST

START_TEST (what_was_played_before_a_loss_is_whole)
{
    rig_player_t player = rig_open ("nodev@3000");
    ck_assert_int_eq (rig_run (&player, 1000000), -ENODEV);
    rig_close_and_check (&player, NULL, 0);
    sequence_t played = sequence_load (rig_path ("played"), "FLOAT_LE", 2);
    ck_assert_uint_eq (played.count, 3000);
    sequence_free (&played);
}
END_TEST

START_TEST (a_caller_that_stops_calling_loses_no_device)
{
    rig_player_t player = rig_open (NULL);
    ck_assert_int_eq (rig_run (&player, 5000), 0);
    usleep (1200000);
    ck_assert_int_eq (rig_run (&player, 10000), 0);
    rig_close_and_check (&player, NULL, 0);
}
END_TEST

START_TEST (a_device_has_its_time_from_the_moment_it_is_full)
{
    static const float frames[2 * 1024];
    rig_player_t player = rig_open ("stall@0");
    zample_output_t *output = player.output;
    ck_assert_int_gt (output->wait (output, -1), 100);
    ck_assert_int_eq (output->write (output, frames, 100), 100); /* too few to start */
    usleep (1200000);
    ck_assert_int_eq (output->wait (output, -1), output->buffer_frames - 100);
    ck_assert_int_eq (output->write (output, frames, 1024), output->buffer_frames - 100);
    ck_assert_int_eq (output->wait (output, -1), 0);
    rig_close (&player);
}
END_TEST

/*  -- waiting */

START_TEST (a_readable_wake_fd_ends_the_wait)
{
    rig_player_t player = rig_open ("stall@1000");
    while (player.taken < 1000)
        ck_assert_int_eq (rig_run (&player, 1000), 0);
    while (player.output->wait (player.output, -1) > 0)
        ck_assert_int_eq (rig_run (&player, player.taken + 1), 0);

    /*  The quickest of five: a busy machine slows some of them. */
    int wake_fd = eventfd (1, EFD_CLOEXEC);
    double quickest_sec = 1000.0;
    for (int i = 0; i < 5; i++) {
        double begin_sec = rig_now_sec ();
        ck_assert_int_eq (player.output->wait (player.output, wake_fd), 0);
        double took_sec = rig_now_sec () - begin_sec;
        if (took_sec < quickest_sec)
            quickest_sec = took_sec;
    }
    ck_assert (quickest_sec < 0.05);
    close (wake_fd);
    rig_close (&player);
}
END_TEST

static volatile sig_atomic_t s_alarms;

static void
s_alarm (int number)
{
    (void) number;
    s_alarms++;
}

START_TEST (a_signal_does_not_end_the_wait)
{
    rig_player_t player = rig_open ("stall@1000");
    while (player.taken < 1000)
        ck_assert_int_eq (rig_run (&player, 1000), 0);
    while (player.output->wait (player.output, -1) > 0)
        ck_assert_int_eq (rig_run (&player, player.taken + 1), 0);

    struct sigaction action = { .sa_handler = s_alarm }, before;
    sigaction (SIGALRM, &action, &before);
    struct itimerval often = { { 0, 2000 }, { 0, 2000 } }, never = { { 0, 0 }, { 0, 0 } };
    double begin_sec = rig_now_sec ();
    setitimer (ITIMER_REAL, &often, NULL);
    ck_assert_int_eq (player.output->wait (player.output, -1), 0);
    double took_sec = rig_now_sec () - begin_sec;
    setitimer (ITIMER_REAL, &never, NULL);
    sigaction (SIGALRM, &before, NULL);
    ck_assert_int_gt (s_alarms, 0);
    ck_assert (took_sec > 0.09);
    rig_close (&player);
}
END_TEST

START_TEST (alsa_prints_nothing)
{
    fflush (stderr);
    int stderr_fd = dup (STDERR_FILENO);
    int file_fd = open (rig_path ("printed"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    dup2 (file_fd, STDERR_FILENO);

    char why[256] = "";
    zample_output_spec_t spec = rig_spec;
    spec.device = "no such device";
    zample_output_t *none = zample_output_alsa_new (&spec, why, sizeof why);
    rig_player_t player = rig_open ("xrun@500;nodev@3000");
    int64_t error = rig_run (&player, 1000000);
    rig_close (&player);

    fflush (stderr);
    dup2 (stderr_fd, STDERR_FILENO);
    close (stderr_fd);
    struct stat status;
    ck_assert_int_eq (fstat (file_fd, &status), 0);
    close (file_fd);
    ck_assert_ptr_null (none);
    ck_assert_int_eq (error, -ENODEV);
    ck_assert_int_eq (status.st_size, 0);
}
END_TEST

static Suite *
s_suite (void)
{
    Suite *suite = suite_create ("alsa");
    TCase *tcase = tcase_create ("alsa");
    tcase_add_checked_fixture (tcase, rig_reset, rig_reset);
    tcase_add_loop_test (tcase, every_format_plays_every_frame_once, 0, 5);
    tcase_add_loop_test (tcase, every_format_goes_on_after_an_xrun_with_the_next_frame, 0, 5);
    tcase_add_test (tcase, an_xrun_before_the_first_frame_is_one_too);
    tcase_add_test (tcase, a_suspend_that_resumes_loses_nothing);
    tcase_add_test (tcase, a_suspend_that_does_not_resume_is_prepared_anew);
    tcase_add_test (tcase, frames_that_were_refused_are_taken_later);
    tcase_add_test (tcase, an_error_of_the_descriptor_alone_says_nothing);
    tcase_add_test (tcase, one_channel_plays_the_mean_of_both);
    tcase_add_test (tcase, channels_beyond_two_are_silent);
    tcase_add_test (tcase, more_than_there_is_room_for_is_taken_in_part);
    tcase_add_test (tcase, the_delay_is_what_is_queued);
    tcase_add_test (tcase, a_delay_that_cannot_be_told_is_the_last_one);
    tcase_add_test (tcase, a_delay_is_never_negative);
    tcase_add_loop_test (tcase, a_loss_ends_in_an_error_in_bounded_time, 0, LOSSES);
    tcase_add_test (tcase, what_was_played_before_a_loss_is_whole);
    tcase_add_test (tcase, a_caller_that_stops_calling_loses_no_device);
    tcase_add_test (tcase, a_device_has_its_time_from_the_moment_it_is_full);
    tcase_add_test (tcase, a_readable_wake_fd_ends_the_wait);
    tcase_add_test (tcase, a_signal_does_not_end_the_wait);
    tcase_add_test (tcase, alsa_prints_nothing);
    suite_add_tcase (suite, tcase);
    return suite;
}

int
main (void)
{
    rig_begin ("");
    int status = run_suite (s_suite ());
    rig_end ();
    return status;
}
