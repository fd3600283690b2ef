/*  RealtimeSanitizer, as a guard build runs it, sees what is planted for it. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/guard/planted.h"

START_TEST (alone_it_names_the_function)
{
    const planted_t *planted = &planted_functions[_i];
    outcome_t outcome = planted_commit (planted, INSIDE, true, false);
    planted_assert_caught_by_rtsan (&outcome, planted->function);
}
END_TEST

START_TEST (with_the_dispatch_its_report_comes_out_whole)
{
    const planted_t *planted = &planted_functions[_i];
    outcome_t alone = planted_commit (planted, INSIDE, true, false);
    outcome_t both = planted_commit (planted, INSIDE, true, true);
    planted_assert_caught_by_rtsan (&both, planted->function);
    ck_assert_int_eq (both.status, alone.status);
    ck_assert_int_eq (strncmp (both.text, alone.text, strcspn (alone.text, "\n") + 1), 0);
}
END_TEST

START_TEST (it_watches_an_audio_thread_that_blocks_all_signals)
{
    const planted_t *planted = &planted_functions[_i];
    outcome_t outcome = planted_commit (planted, AUDIO_THREAD, true, true);
    planted_assert_caught_by_rtsan (&outcome, planted->function);
}
END_TEST

START_TEST (outside_of_a_section_the_same_is_allowed)
{
    const planted_t *planted = &planted_functions[_i];
    outcome_t outcome = planted_commit (planted, OUTSIDE, true, true);
    planted_assert_unharmed (&outcome, planted->name);
}
END_TEST

START_TEST (what_only_the_dispatch_sees_passes_it_by)
{
    const planted_t *planted = &planted_calls[planted_calls_count - 1];
    outcome_t outcome = planted_commit (planted, INSIDE, true, false);
    planted_assert_unharmed (&outcome, planted->name);
}
END_TEST

int
main (void)
{
    int count = (int) planted_functions_count;
    Suite *suite = suite_create ("rtsan");
    TCase *tests = tcase_create ("rtsan");
    tcase_set_timeout (tests, 60);
    tcase_add_loop_test (tests, alone_it_names_the_function, 0, count);
    tcase_add_loop_test (tests, with_the_dispatch_its_report_comes_out_whole, 0, count);
    tcase_add_loop_test (tests, it_watches_an_audio_thread_that_blocks_all_signals, 0, count);
    tcase_add_loop_test (tests, outside_of_a_section_the_same_is_allowed, 0, count);
    tcase_add_test (tests, what_only_the_dispatch_sees_passes_it_by);
    suite_add_tcase (suite, tests);
    SRunner *runner = srunner_create (suite);
    srunner_run_all (runner, CK_ENV);
    int failed = srunner_ntests_failed (runner);
    srunner_free (runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
