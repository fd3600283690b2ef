/*  Names that keep their number. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "engine/library/names.h"
#include "tests/support/run_suite.h"

enum { MANY = 20000 };

static const char *
s_name (uint32_t number)
{
    static char name[32];
    snprintf (name, sizeof name, "/sounds/%u.wav", number);
    return name;
}

START_TEST (each_new_name_gets_the_next_number_and_keeps_it)
{
    zample_names_t *names = zample_names_new ();
    for (uint32_t i = 0; i < MANY; i++)
        ck_assert_uint_eq (zample_names_take (names, s_name (i)), i);
    ck_assert_uint_eq (zample_names_count (names), MANY);
    for (uint32_t i = 0; i < MANY; i++) {
        ck_assert_uint_eq (zample_names_find (names, s_name (i)), i);
        ck_assert_uint_eq (zample_names_take (names, s_name (i)), i);
        ck_assert_str_eq (zample_names_text (names, i), s_name (i));
    }
    ck_assert_uint_eq (zample_names_find (names, s_name (MANY)), ZAMPLE_NO_NUMBER);
    ck_assert_uint_eq (zample_names_count (names), MANY);
    zample_names_destroy (&names);
    ck_assert_ptr_null (names);
    zample_names_destroy (&names);
}
END_TEST

START_TEST (a_text_stays_where_it_is)
{
    zample_names_t *names = zample_names_new ();
    zample_names_take (names, s_name (0));
    const char *text = zample_names_text (names, 0);
    for (uint32_t i = 1; i < MANY; i++)
        zample_names_take (names, s_name (i));
    ck_assert_ptr_eq (zample_names_text (names, 0), text);
    ck_assert_str_eq (text, s_name (0));
    zample_names_destroy (&names);
}
END_TEST

START_TEST (names_may_be_empty_or_longer_than_a_block)
{
    static char longest[200001];
    memset (longest, 'x', sizeof longest - 1);
    zample_names_t *names = zample_names_new ();
    ck_assert_uint_eq (zample_names_take (names, longest), 0);
    ck_assert_uint_eq (zample_names_take (names, ""), 1);
    ck_assert_uint_eq (zample_names_take (names, "a"), 2);
    ck_assert_uint_eq (zample_names_find (names, longest), 0);
    ck_assert_uint_eq (zample_names_find (names, ""), 1);
    zample_names_destroy (&names);
}
END_TEST

START_TEST (what_is_forgotten_gives_its_numbers_back)
{
    zample_names_t *names = zample_names_new ();
    for (uint32_t i = 0; i < MANY; i++)
        zample_names_take (names, s_name (i));
    zample_names_forget (names, 10);
    ck_assert_uint_eq (zample_names_count (names), 10);
    for (uint32_t i = 0; i < MANY; i++)
        ck_assert_uint_eq (zample_names_find (names, s_name (i)), i < 10 ? i : ZAMPLE_NO_NUMBER);
    ck_assert_uint_eq (zample_names_take (names, s_name (MANY - 1)), 10);
    ck_assert_str_eq (zample_names_text (names, 10), s_name (MANY - 1));
    zample_names_forget (names, MANY);
    ck_assert_uint_eq (zample_names_count (names), 11);
    zample_names_destroy (&names);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("names");
    TCase *tests = tcase_create ("names");
    tcase_add_test (tests, each_new_name_gets_the_next_number_and_keeps_it);
    tcase_add_test (tests, a_text_stays_where_it_is);
    tcase_add_test (tests, names_may_be_empty_or_longer_than_a_block);
    tcase_add_test (tests, what_is_forgotten_gives_its_numbers_back);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
