/*  Natural order: what people expect of it, and that it is an order at all. */
#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "engine/library/natural.h"
#include "tests/support/run_suite.h"

static int
s_sign (int value)
{
    return (value > 0) - (value < 0);
}

static int
s_order (const char *left, const char *right)
{
    int order = s_sign (zample_natural_compare (left, right));
    ck_assert_msg (s_sign (zample_natural_compare (right, left)) == -order, "'%s' and '%s' both ways", left,
                   right);
    return order;
}

static void
s_must_rise (const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++)
            ck_assert_msg (s_order (names[i], names[j]) == s_sign (i - j), "'%s' and '%s'", names[i],
                           names[j]);
}

#define S_MUST_RISE(...)                                                                                     \
    do {                                                                                                     \
        static const char *const names[] = { __VA_ARGS__ };                                                  \
        s_must_rise (names, sizeof names / sizeof names[0]);                                                 \
    } while (0)

START_TEST (digits_go_by_their_value)
{
    S_MUST_RISE ("kick", "kick 0", "kick 1", "kick 9", "kick 10", "kick 11 b", "kick 100", "kick a");
    S_MUST_RISE ("1-2", "1-10", "2-1", "10-1");
}
END_TEST

START_TEST (digits_may_be_longer_than_any_number)
{
    S_MUST_RISE ("a9", "a10", "a18446744073709551615", "a18446744073709551616",
                 "a99999999999999999999999999999", "a100000000000000000000000000000");
}
END_TEST

START_TEST (of_equal_numbers_the_one_with_fewer_zeros_goes_first)
{
    S_MUST_RISE ("0", "00", "9", "09", "10", "010", "0010");
    S_MUST_RISE ("a1b1", "a1b01", "a01b1", "a01b01", "a1b2");
}
END_TEST

START_TEST (letters_have_no_case_until_nothing_else_tells_names_apart)
{
    S_MUST_RISE ("Ape", "ape", "BAT", "Bat", "bat", "CAT");
    S_MUST_RISE ("Snare 2", "snare 10");
}
END_TEST

START_TEST (a_folder_is_followed_by_what_is_in_it)
{
    S_MUST_RISE ("drums", "drums/kick", "drums/kick/9", "drums/kick/10", "drums/snare", "drums 2",
                 "drums-old", "drumset");
}
END_TEST

START_TEST (bytes_that_are_not_ascii_go_behind_letters)
{
    S_MUST_RISE ("", " ", "a", "z", "\x80", "\xc3\xa9", "\xff");
}
END_TEST

/*  Few different bytes, so that many names are nearly equal. */
static void
s_random_name (uint64_t *state, char name[8])
{
    int length = 0;
    for (; length < 7; length++) {
        *state = *state * UINT64_C (6364136223846793005) + UINT64_C (1442695040888963407);
        name[length] = "0019aAb/\xe9 "[(*state >> 33) % 11];
        if (!name[length])
            break;
    }
    name[length] = '\0';
}

START_TEST (it_is_a_total_order_of_random_names)
{
    uint64_t state = 1;
    for (int i = 0; i < 300000; i++) {
        char a[8], b[8], c[8];
        s_random_name (&state, a);
        s_random_name (&state, b);
        s_random_name (&state, c);
        int ab = s_sign (zample_natural_compare (a, b)), bc = s_sign (zample_natural_compare (b, c));
        int ac = s_sign (zample_natural_compare (a, c)), ba = s_sign (zample_natural_compare (b, a));
        bool same = strcmp (a, b) == 0;
        if (ab != -ba || (ab == 0) != same || (ab <= 0 && bc <= 0 && ac > 0)
            || (ab >= 0 && bc >= 0 && ac < 0))
            ck_abort_msg ("'%s', '%s' and '%s'", a, b, c);
    }
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("natural order");
    TCase *tests = tcase_create ("natural order");
    tcase_add_test (tests, digits_go_by_their_value);
    tcase_add_test (tests, digits_may_be_longer_than_any_number);
    tcase_add_test (tests, of_equal_numbers_the_one_with_fewer_zeros_goes_first);
    tcase_add_test (tests, letters_have_no_case_until_nothing_else_tells_names_apart);
    tcase_add_test (tests, a_folder_is_followed_by_what_is_in_it);
    tcase_add_test (tests, bytes_that_are_not_ascii_go_behind_letters);
    tcase_add_test (tests, it_is_a_total_order_of_random_names);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
