/*  What is asked of a device, what is got, and what is said when it cannot be had. */
#include "config.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "engine/output/alsa.h"
#include "tests/output/rig.h"
#include "tests/support/run_suite.h"

static char s_why[256];

static zample_output_t *
s_open (const char *device, bool rate_is_wish)
{
    zample_output_spec_t spec = rig_spec;
    spec.device = device;
    spec.rate_is_wish = rate_is_wish;
    s_why[0] = '\0';
    return zample_output_alsa_new (&spec, s_why, sizeof s_why);
}

START_TEST (float_comes_first)
{
    zample_output_t *output = s_open ("rig", false);
    ck_assert_ptr_nonnull (output);
    ck_assert_str_eq (output->format, "FLOAT_LE");
    ck_assert_str_eq (output->device, "rig");
    output->destroy (output);
}
END_TEST

START_TEST (a_conversion_of_alsa_is_not_used_where_the_device_has_a_format_of_ours)
{
    rig_set ("RIG_FORMAT", "S16_LE");
    zample_output_t *output = s_open ("plugged", false);
    ck_assert_msg (output != NULL, "%s", s_why);
    ck_assert_str_eq (output->format, "S16_LE");
    output->destroy (output);
}
END_TEST

START_TEST (a_conversion_of_alsa_is_used_where_the_device_has_none_of_ours)
{
    rig_set ("RIG_FORMAT", "U8");
    ck_assert_ptr_null (s_open ("rig", false));
    ck_assert_str_eq (s_why, "the device \"rig\" takes none of FLOAT_LE, S32_LE, S24_LE, S24_3LE and S16_LE");
    zample_output_t *output = s_open ("plugged", false);
    ck_assert_msg (output != NULL, "%s", s_why);
    ck_assert_str_eq (output->format, "FLOAT_LE");
    output->destroy (output);
}
END_TEST

START_TEST (period_and_buffer_are_what_was_got)
{
    zample_output_t *output = s_open ("rig", false);
    ck_assert_ptr_nonnull (output);
    ck_assert_uint_eq (output->period_frames, 256);
    ck_assert_uint_eq (output->buffer_frames, 768);
    output->destroy (output);

    /*  The card has no periods of less than 32 bytes: four frames of eight. */
    zample_output_spec_t spec = rig_spec;
    spec.period_frames = 1;
    spec.periods = 5;
    output = zample_output_alsa_new (&spec, s_why, sizeof s_why);
    ck_assert_ptr_nonnull (output);
    ck_assert_uint_eq (output->period_frames, 4);
    ck_assert_uint_eq (output->buffer_frames, 20);
    output->destroy (output);
}
END_TEST

START_TEST (a_rate_that_was_asked_for_is_had_or_the_device_is_refused)
{
    rig_set ("RIG_RATE", "44100");
    ck_assert_ptr_null (s_open ("rig", false));
    ck_assert_str_eq (s_why, "the device \"rig\" plays at 44100 Hz, not at 48000 Hz");
    zample_output_t *output = s_open ("plugged", false);
    ck_assert_msg (output != NULL, "%s", s_why);
    ck_assert_uint_eq (output->rate_hz, 48000);
    output->destroy (output);
}
END_TEST

START_TEST (a_rate_that_was_wished_for_is_the_devices_own_instead)
{
    static const char *const devices[] = { "rig", "plugged" };
    rig_set ("RIG_RATE", "44100");
    zample_output_t *output = s_open (devices[_i], true);
    ck_assert_msg (output != NULL, "%s", s_why);
    ck_assert_uint_eq (output->rate_hz, 44100);
    output->destroy (output);
}
END_TEST

START_TEST (left_and_right_are_asked_for_by_name)
{
    char map[16] = "";
    rig_set ("RIG_MAP", rig_path ("map"));
    zample_output_t *output = s_open ("rig", false);
    ck_assert_ptr_nonnull (output);
    output->destroy (output);
    FILE *file = fopen (rig_path ("map"), "r");
    ck_assert_ptr_nonnull (file);
    ck_assert_ptr_nonnull (fgets (map, sizeof map, file));
    fclose (file);
    ck_assert_str_eq (map, "FL FR");
}
END_TEST

START_TEST (a_device_that_is_not_there_is_named_with_alsas_first_words)
{
    ck_assert_ptr_null (s_open ("nowhere", false));
    ck_assert_str_eq (s_why, "the device \"nowhere\" does not open: No such file or directory "
                             "(ALSA: Unknown PCM nowhere)");
    ck_assert_ptr_null (s_open ("broken", false));
    ck_assert_msg (strstr (s_why, "the device \"broken\" does not open: ") == s_why, "%s", s_why);
    ck_assert_msg (strstr (s_why, "no-such-module.so") != NULL, "%s", s_why);
    ck_assert_ptr_null (s_open ("nested", false)); /* of which it has six more things to say */
    ck_assert_str_eq (s_why, "the device \"nested\" does not open: No such file or directory "
                             "(ALSA: field default not found)");
}
END_TEST

START_TEST (a_sentence_that_does_not_fit_is_cut)
{
    zample_output_spec_t spec = rig_spec;
    spec.device = "nowhere";
    char why[20];
    ck_assert_ptr_null (zample_output_alsa_new (&spec, why, sizeof why));
    ck_assert_str_eq (why, "the device \"nowhere");
}
END_TEST

START_TEST (it_starts_when_it_is_full_and_stops_when_it_is_empty)
{
    static const float frames[2 * 1024];
    zample_output_t *output = s_open ("rig", false);
    ck_assert_ptr_nonnull (output);
    snd_pcm_t *pcm = ((zample_alsa_t *) output)->pcm;
    ck_assert_int_eq (output->wait (output, -1), output->buffer_frames);
    ck_assert_int_eq (output->write (output, frames, output->buffer_frames - 1), output->buffer_frames - 1);
    ck_assert_int_eq (snd_pcm_state (pcm), SND_PCM_STATE_PREPARED);
    ck_assert_int_eq (output->write (output, frames, 1), 1);
    ck_assert_int_eq (snd_pcm_state (pcm), SND_PCM_STATE_RUNNING);

    snd_pcm_uframes_t stop, avail_min;
    snd_pcm_sw_params_t *params;
    snd_pcm_sw_params_alloca (&params);
    ck_assert_int_eq (snd_pcm_sw_params_current (pcm, params), 0);
    snd_pcm_sw_params_get_stop_threshold (params, &stop);
    snd_pcm_sw_params_get_avail_min (params, &avail_min);
    ck_assert_uint_eq (stop, output->buffer_frames);
    ck_assert_uint_eq (avail_min, output->period_frames);
    output->destroy (output);
}
END_TEST

START_TEST (a_device_that_opens_and_closes_often_leaves_nothing_open)
{
    struct rlimit before, few;
    ck_assert_int_eq (getrlimit (RLIMIT_NOFILE, &before), 0);
    few = before;
    few.rlim_cur = 64;
    ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &few), 0);
    for (int i = 0; i < 200; i++) {
        zample_output_t *output = s_open ("rig", false);
        ck_assert_msg (output != NULL, "%d: %s", i, s_why);
        output->destroy (output);
        rig_set ("RIG_RATE", "44100");
        ck_assert_ptr_null (s_open ("rig", false)); /* which it finds out when it is open */
        rig_reset ();
    }
    setrlimit (RLIMIT_NOFILE, &before);
}
END_TEST

static Suite *
s_suite (void)
{
    Suite *suite = suite_create ("alsa_setup");
    TCase *tcase = tcase_create ("alsa_setup");
    tcase_add_checked_fixture (tcase, rig_reset, rig_reset);
    tcase_add_test (tcase, float_comes_first);
    tcase_add_test (tcase, a_conversion_of_alsa_is_not_used_where_the_device_has_a_format_of_ours);
    tcase_add_test (tcase, a_conversion_of_alsa_is_used_where_the_device_has_none_of_ours);
    tcase_add_test (tcase, period_and_buffer_are_what_was_got);
    tcase_add_test (tcase, a_rate_that_was_asked_for_is_had_or_the_device_is_refused);
    tcase_add_loop_test (tcase, a_rate_that_was_wished_for_is_the_devices_own_instead, 0, 2);
    tcase_add_test (tcase, left_and_right_are_asked_for_by_name);
    tcase_add_test (tcase, a_device_that_is_not_there_is_named_with_alsas_first_words);
    tcase_add_test (tcase, a_sentence_that_does_not_fit_is_cut);
    tcase_add_test (tcase, it_starts_when_it_is_full_and_stops_when_it_is_empty);
    tcase_add_test (tcase, a_device_that_opens_and_closes_often_leaves_nothing_open);
    suite_add_tcase (suite, tcase);
    return suite;
}

int
main (void)
{
    rig_begin ("pcm_type.broken { lib \"/nowhere/no-such-module.so\" }\n"
               "pcm.broken { type broken }\n"
               "pcm.nested { @func refer name { @func getenv vars [ NO_SUCH_VARIABLE ] } }\n");
    int status = run_suite (s_suite ());
    rig_end ();
    return status;
}
