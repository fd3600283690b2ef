/*  Sentences about files: the reason always fits, the path as far as it can. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "engine/why.h"
#include "tests/support/run_suite.h"

START_TEST (a_short_path_is_named_in_full)
{
    char why[100];
    zample_why_path (why, sizeof (why), "/tmp/x.wav", "this is a directory");
    ck_assert_str_eq (why, "/tmp/x.wav: this is a directory");
}
END_TEST

START_TEST (a_long_path_loses_its_middle_and_the_reason_stays)
{
    char why[42];
    zample_why_path (why, sizeof (why), "/home/someone/sounds/drums/kicks/kick.wav", "it is empty");
    ck_assert_str_eq (why, "/home/so...ms/kicks/kick.wav: it is empty");
}
END_TEST

START_TEST (a_path_that_just_fits_is_left_alone)
{
    char why[sizeof ("/tmp/abc: no")];
    zample_why_path (why, sizeof (why), "/tmp/abc", "no");
    ck_assert_str_eq (why, "/tmp/abc: no");
}
END_TEST

START_TEST (characters_are_not_cut_in_two)
{
    char path[400] = "";
    for (int i = 0; i < 100; i++)
        strcat (path, "\xe2\x82\xac");
    for (size_t size = 40; size < 60; size++) {
        char why[60];
        zample_why_path (why, size, path, "no");
        ck_assert_uint_lt (strlen (why), size);
        ck_assert_str_eq (why + strlen (why) - 4, ": no");
        const char *dots = strstr (why, "...");
        ck_assert_ptr_nonnull (dots);
        ck_assert_uint_eq ((size_t) (dots - why) % 3, 0);
        ck_assert_uint_eq ((strlen (why) - 4 - (size_t) (dots + 3 - why)) % 3, 0);
    }
}
END_TEST

START_TEST (bytes_that_are_no_characters_pass_through)
{
    char why[64];
    zample_why_path (why, sizeof (why), "/tmp/\xff\x80\xfe.wav", "no");
    ck_assert_str_eq (why, "/tmp/\xff\x80\xfe.wav: no");
}
END_TEST

START_TEST (no_room_is_never_written_past)
{
    for (size_t size = 1; size < 30; size++) {
        char why[30];
        memset (why, '#', sizeof (why));
        zample_why_path (why, size, "/a/rather/long/path/to/a/file.wav", "a reason");
        ck_assert_uint_lt (strnlen (why, sizeof (why)), size);
        for (size_t i = size; i < sizeof (why); i++)
            ck_assert_int_eq (why[i], '#');
    }
}
END_TEST

START_TEST (every_error_becomes_a_sentence)
{
    for (int error = 1; error < 134; error++) {
        char why[120];
        zample_why_errno (why, sizeof (why), "x", error);
        ck_assert_uint_gt (strlen (why), strlen ("x: some words"));
        ck_assert_ptr_nonnull (strchr (why + 3, ' '));
    }
    char why[120];
    zample_why_errno (why, sizeof (why), "x", ENOENT);
    ck_assert_str_eq (why, "x: there is no such file");
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("why");
    TCase *tests = tcase_create ("why");
    tcase_add_test (tests, a_short_path_is_named_in_full);
    tcase_add_test (tests, a_long_path_loses_its_middle_and_the_reason_stays);
    tcase_add_test (tests, a_path_that_just_fits_is_left_alone);
    tcase_add_test (tests, characters_are_not_cut_in_two);
    tcase_add_test (tests, bytes_that_are_no_characters_pass_through);
    tcase_add_test (tests, no_room_is_never_written_past);
    tcase_add_test (tests, every_error_becomes_a_sentence);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
