/*  How the ALSA output comes back from a suspend. The tests' own sound card cannot say "not yet" to a resume,
    since ALSA drops what such a card answers: so snd_pcm_resume is a mock here, which says it a number of
    times and then asks the card. */
#include "config.h"

#include <check.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "engine/output/alsa.h"
#include "tests/output/rig.h"
#include "tests/output/sequence.h"
#include "tests/support/run_suite.h"

static int s_not_yet; /* so often */
static int s_asked;

__attribute__ ((visibility ("default"))) int
snd_pcm_resume (snd_pcm_t *pcm)
{
    s_asked++;
    if (s_asked <= s_not_yet)
        return -EAGAIN;
    int (*resume) (snd_pcm_t * pcm);
    *(void **) &resume = dlsym (RTLD_NEXT, "snd_pcm_resume");
    return resume (pcm);
}

static void
s_begin (void)
{
    rig_reset ();
    s_not_yet = s_asked = 0;
}

START_TEST (a_card_that_wakes_slowly_loses_nothing)
{
    s_not_yet = 5;
    rig_player_t player = rig_open ("suspend@3000");
    ck_assert_int_eq (rig_run (&player, 20000), 0);
    ck_assert_int_eq (s_asked, 6);
    ck_assert_uint_eq (player.output->suspends, 1);
    const int64_t at[] = { 3000 };
    player.resumed[0] = 3000; /* the card had kept its buffer */
    rig_close_and_check (&player, at, 1);
}
END_TEST

START_TEST (a_card_that_never_wakes_is_prepared_anew)
{
    static const int64_t at[] = { 3000 };
    s_not_yet = 1000000;
    rig_player_t player = rig_open ("suspend@3000");
    ck_assert_int_eq (rig_run (&player, 20000), 0);
    ck_assert_int_gt (s_asked, 1);
    ck_assert_uint_eq (player.output->suspends, 1);
    rig_close_and_check (&player, at, 1);
}
END_TEST

START_TEST (a_readable_wake_fd_ends_the_wait_for_a_sleeping_card)
{
    s_not_yet = 1000000;
    rig_player_t player = rig_open ("suspend@3000");
    while (s_asked == 0)
        ck_assert_int_eq (rig_turn (&player), 0);
    int asked = s_asked, wake_fd = eventfd (1, EFD_CLOEXEC);
    ck_assert_int_eq (player.output->wait (player.output, wake_fd), 0);
    ck_assert_int_eq (s_asked, asked + 1);
    ck_assert_uint_eq (player.output->suspends, 0);
    close (wake_fd);
    rig_close (&player);
}
END_TEST

START_TEST (four_errors_without_a_frame_are_a_loss)
{
    rig_player_t player = rig_open ("dead@3000");
    ck_assert_int_eq (rig_run (&player, 1000000), -EPIPE);
    ck_assert_uint_eq (player.output->xruns, ZAMPLE_ALSA_ERRORS - 1);
    rig_close (&player);
}
END_TEST

START_TEST (many_errors_with_frames_between_them_are_none)
{
    static const int64_t at[] = { 1000, 1600, 2200, 2800, 3400, 4000, 4600, 5200 };
    rig_player_t player = rig_open ("xrun@1000;xrun@1600;xrun@2200;xrun@2800;xrun@3400;xrun@4000;"
                                    "xrun@4600;xrun@5200");
    ck_assert_int_eq (rig_run (&player, 20000), 0);
    ck_assert_uint_eq (player.output->xruns, 8);
    rig_close_and_check (&player, at, 8);
}
END_TEST

/*  The card plays ten frames each time, and nobody is there to see it; but a buffer's time has passed. */
START_TEST (a_caller_that_is_late_again_and_again_loses_no_device)
{
    static const int64_t at[] = { 1000, 1010, 1020, 1030, 1040, 1050, 1060, 1070 };
    rig_player_t player = rig_open ("xrun@1000;xrun@1010;xrun@1020;xrun@1030;xrun@1040;xrun@1050;"
                                    "xrun@1060;xrun@1070");
    while (player.output->xruns < 8) {
        ck_assert_int_eq (rig_turn (&player), 0);
        if (player.output->xruns > 0)
            usleep (17000);
    }
    ck_assert_int_eq (rig_run (&player, player.taken + 5000), 0);
    rig_close_and_check (&player, at, 8);
}
END_TEST

START_TEST (a_card_that_does_not_start_when_it_is_full_is_started)
{
    rig_player_t player = rig_open (NULL);
    snd_pcm_t *pcm = ((zample_alsa_t *) player.output)->pcm;
    snd_pcm_uframes_t never;
    snd_pcm_sw_params_t *params;
    snd_pcm_sw_params_alloca (&params);
    ck_assert_int_eq (snd_pcm_sw_params_current (pcm, params), 0);
    ck_assert_int_eq (snd_pcm_sw_params_get_boundary (params, &never), 0);
    ck_assert_int_eq (snd_pcm_sw_params_set_start_threshold (pcm, params, never), 0);
    ck_assert_int_eq (snd_pcm_sw_params (pcm, params), 0);
    ck_assert_int_eq (rig_run (&player, 20000), 0);
    rig_close_and_check (&player, NULL, 0);
}
END_TEST

static Suite *
s_suite (void)
{
    Suite *suite = suite_create ("alsa_recover");
    TCase *tcase = tcase_create ("alsa_recover");
    tcase_add_checked_fixture (tcase, s_begin, rig_reset);
    tcase_add_test (tcase, a_card_that_wakes_slowly_loses_nothing);
    tcase_add_test (tcase, a_card_that_never_wakes_is_prepared_anew);
    tcase_add_test (tcase, a_readable_wake_fd_ends_the_wait_for_a_sleeping_card);
    tcase_add_test (tcase, four_errors_without_a_frame_are_a_loss);
    tcase_add_test (tcase, many_errors_with_frames_between_them_are_none);
    tcase_add_test (tcase, a_caller_that_is_late_again_and_again_loses_no_device);
    tcase_add_test (tcase, a_card_that_does_not_start_when_it_is_full_is_started);
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
