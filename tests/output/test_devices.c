/*  Which devices are listed, and how they are described. */
#include "config.h"

#include <alsa/asoundlib.h>
#include <check.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "engine/output/devices.h"
#include "tests/output/rig.h"
#include "tests/support/run_suite.h"

#define TEN "ten bytes "
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
static const char s_cards[] =
    "pcm.spoken { type rig hint { show on description \"Two lines\nof text\" } }\n"
    "pcm.wordy { type rig hint { show on description \"" HUNDRED HUNDRED TEN TEN TEN TEN TEN
    "a\xc3\xa4 and more\" } }\n"
    "pcm.silent { type rig }\n"
    "pcm.microphone { type rig hint { show on } }\n"
    "pcm.long { type rig hint { show on description \"Cut, it would be another\" } }\n";

/*  A mock: without hardware, ALSA tells of no device for one direction only, and it cannot list a long name
    itself. */
__attribute__ ((visibility ("default"))) char *
snd_device_name_get_hint (const void *hint, const char *id)
{
    char *(*get_hint) (const void *hint, const char *id);
    *(void **) &get_hint = dlsym (RTLD_NEXT, "snd_device_name_get_hint");
    char *name = get_hint (hint, "NAME");
    char *answer;
    if (strcmp (id, "IOID") == 0 && strcmp (name, "microphone") == 0)
        answer = strdup ("Input");
    else if (strcmp (id, "IOID") == 0 && strcmp (name, "spoken") == 0)
        answer = strdup ("Output");
    else if (strcmp (id, "NAME") == 0 && strcmp (name, "long") == 0)
        answer = strdup (HUNDRED TEN TEN "and more");
    else
        answer = get_hint (hint, id);
    free (name);
    return answer;
}

static const zample_output_device_t *
s_find (const zample_output_device_t *devices, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp (devices[i].name, name) == 0)
            return &devices[i];
    return NULL;
}

START_TEST (playback_devices_are_listed_in_one_line_each)
{
    zample_output_device_t *devices;
    size_t count;
    ck_assert_int_eq (zample_output_devices (&devices, &count), 0);
    const zample_output_device_t *spoken = s_find (devices, count, "spoken");
    ck_assert_ptr_nonnull (spoken);
    ck_assert_str_eq (spoken->description, "Two lines of text");
    ck_assert_ptr_null (s_find (devices, count, "silent"));
    ck_assert_ptr_null (s_find (devices, count, "microphone"));
    free (devices);
}
END_TEST

START_TEST (a_description_that_is_cut_says_so_and_stays_utf_8)
{
    zample_output_device_t *devices;
    size_t count;
    ck_assert_int_eq (zample_output_devices (&devices, &count), 0);
    const zample_output_device_t *wordy = s_find (devices, count, "wordy");
    ck_assert_ptr_nonnull (wordy);
    ck_assert_str_eq (wordy->description, HUNDRED HUNDRED TEN TEN TEN TEN TEN "a...");
    free (devices);
}
END_TEST

START_TEST (a_name_that_does_not_fit_is_left_out)
{
    zample_output_device_t *devices;
    size_t count;
    ck_assert_int_eq (zample_output_devices (&devices, &count), 0);
    for (size_t i = 0; i < count; i++)
        ck_assert_ptr_null (strstr (devices[i].description, "Cut"));
    free (devices);
}
END_TEST

START_TEST (what_is_listed_opens)
{
    char why[256] = "";
    zample_output_spec_t spec = rig_spec;
    spec.device = "spoken";
    zample_output_t *output = zample_output_alsa_new (&spec, why, sizeof why);
    ck_assert_msg (output != NULL, "%s", why);
    output->destroy (output);
}
END_TEST

static Suite *
s_suite (void)
{
    Suite *suite = suite_create ("devices");
    TCase *tcase = tcase_create ("devices");
    tcase_add_checked_fixture (tcase, rig_reset, rig_reset);
    tcase_add_test (tcase, playback_devices_are_listed_in_one_line_each);
    tcase_add_test (tcase, a_description_that_is_cut_says_so_and_stays_utf_8);
    tcase_add_test (tcase, a_name_that_does_not_fit_is_left_out);
    tcase_add_test (tcase, what_is_listed_opens);
    suite_add_tcase (suite, tcase);
    return suite;
}

int
main (void)
{
    rig_begin (s_cards);
    int status = run_suite (s_suite ());
    rig_end ();
    return status;
}
