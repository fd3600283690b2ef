#include "config.h"

#include <check.h>

#include "actors/text.h"
#include "tests/support/run_suite.h"

static const char *
s_copied (const char *from, size_t size)
{
    static char to[64];
    zample_text_copy (to, size, from);
    return to;
}

START_TEST (what_fits_is_copied_as_it_is)
{
    ck_assert_str_eq (s_copied ("", 8), "");
    ck_assert_str_eq (s_copied ("seven..", 8), "seven..");
    ck_assert_str_eq (s_copied ("g\xC3\xBCrtel \xF0\x9F\xA5\x81", 64), "g\xC3\xBCrtel \xF0\x9F\xA5\x81");
}
END_TEST

START_TEST (what_is_too_long_loses_its_middle)
{
    ck_assert_str_eq (s_copied ("0123456789abcdef", 12), "0123...cdef");
    ck_assert_str_eq (s_copied ("0123456789abcdef", 13), "0123...bcdef");
}
END_TEST

START_TEST (a_cut_goes_between_characters)
{
    ck_assert_str_eq (s_copied ("\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4", 11),
                      "\xC3\xA4...\xC3\xA4\xC3\xA4");
}
END_TEST

START_TEST (bytes_that_are_no_characters_are_replaced)
{
    ck_assert_str_eq (s_copied ("a\xFFz", 64), "a\xEF\xBF\xBDz");
    ck_assert_str_eq (s_copied ("\x80", 64), "\xEF\xBF\xBD");
    ck_assert_str_eq (s_copied ("cut \xE2\x82", 64), "cut \xEF\xBF\xBD\xEF\xBF\xBD");
    ck_assert_str_eq (s_copied ("overlong \xC0\xAF", 64), "overlong \xEF\xBF\xBD\xEF\xBF\xBD");
    ck_assert_str_eq (s_copied ("surrogate \xED\xA0\x80", 64),
                      "surrogate \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    ck_assert_str_eq (s_copied ("beyond \xF4\x90\x80\x80", 64),
                      "beyond \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("text");
    TCase *all = tcase_create ("text");
    tcase_add_test (all, what_fits_is_copied_as_it_is);
    tcase_add_test (all, what_is_too_long_loses_its_middle);
    tcase_add_test (all, a_cut_goes_between_characters);
    tcase_add_test (all, bytes_that_are_no_characters_are_replaced);
    suite_add_tcase (suite, all);
    return run_suite (suite);
}
