/*  Syscall User Dispatch, as a guard build runs it, sees every system call, and nothing else. */
#include "config.h"

#include <check.h>
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "engine/rt/section.h"
#include "tests/guard/planted.h"

START_TEST (alone_it_names_the_call)
{
    const planted_t *planted = &planted_calls[_i];
    outcome_t outcome = planted_commit (planted, INSIDE, false, true);
    planted_assert_caught_by_dispatch (&outcome, planted->call);
}
END_TEST

START_TEST (with_rtsan_it_names_the_call)
{
    const planted_t *planted = &planted_calls[_i];
    outcome_t outcome = planted_commit (planted, INSIDE, true, true);
    planted_assert_caught_by_dispatch (&outcome, planted->call);
}
END_TEST

START_TEST (it_watches_an_audio_thread_that_blocks_all_signals)
{
    const planted_t *planted = &planted_calls[_i];
    outcome_t outcome = planted_commit (planted, AUDIO_THREAD, true, true);
    planted_assert_caught_by_dispatch (&outcome, planted->call);
}
END_TEST

START_TEST (outside_of_a_section_the_same_is_allowed)
{
    const planted_t *planted = &planted_calls[_i];
    outcome_t outcome = planted_commit (planted, OUTSIDE, true, true);
    planted_assert_unharmed (&outcome, planted->name);
}
END_TEST

START_TEST (a_lock_that_nobody_holds_passes_it_by)
{
    for (size_t i = 0; i < planted_functions_count; i++) {
        const planted_t *planted = &planted_functions[i];
        if (strcmp (planted->function, "pthread_mutex_lock") != 0)
            continue;
        outcome_t outcome = planted_commit (planted, INSIDE, false, true);
        planted_assert_unharmed (&outcome, planted->name);
        return;
    }
    ck_abort_msg ("no lock is planted");
}
END_TEST

static void
s_be_innocent (void)
{
    static float frames[512], copy[512];
    static atomic_int counter;
    struct timespec now;
    for (int i = 0; i < 512; i++)
        frames[i] = sqrtf ((float) i) * 0.5f;
    memcpy (copy, frames, sizeof copy);
    memset (frames, 0, sizeof frames);
    atomic_fetch_add (&counter, 1);
    clock_gettime (CLOCK_MONOTONIC, &now);
}

static const planted_t s_innocence = { .name = "innocence", .commit = s_be_innocent };

START_TEST (arithmetic_atomics_and_the_clock_are_allowed)
{
    outcome_t here = planted_commit (&s_innocence, INSIDE, true, true);
    planted_assert_unharmed (&here, "the caller's thread");
    outcome_t there = planted_commit (&s_innocence, AUDIO_THREAD, true, true);
    planted_assert_unharmed (&there, "the audio thread");
}
END_TEST

static volatile sig_atomic_t s_rang;

static void
s_ring (int signal)
{
    (void) signal;
    s_rang = 1;
}

static void
s_be_interrupted (void)
{
    while (!s_rang)
        ;
}

static void
s_interrupt (void *context)
{
    (void) context;
    struct itimerval soon = { .it_value = { .tv_usec = 20000 } };
    signal (SIGALRM, s_ring);
    setitimer (ITIMER_REAL, &soon, NULL);
    zample_section_enter ();
    s_be_interrupted ();
    zample_section_exit ();
}

START_TEST (a_signal_of_the_hosts_may_interrupt_a_block)
{
    in_child_t child = { .rtsan = true, .dispatch = true, .run = s_interrupt };
    outcome_t outcome = planted_run (&child);
    planted_assert_unharmed (&outcome, "an interrupted block");
}
END_TEST

int
main (void)
{
    if (!zample_section_has_dispatch ()) {
        puts ("skipped: this kernel has no Syscall User Dispatch (Linux 5.11, x86-64)");
        return 77;
    }
    int count = (int) planted_calls_count;
    Suite *suite = suite_create ("dispatch");
    TCase *tests = tcase_create ("dispatch");
    tcase_set_timeout (tests, 60);
    tcase_add_loop_test (tests, alone_it_names_the_call, 0, count);
    tcase_add_loop_test (tests, with_rtsan_it_names_the_call, 0, count);
    tcase_add_loop_test (tests, it_watches_an_audio_thread_that_blocks_all_signals, 0, count);
    tcase_add_loop_test (tests, outside_of_a_section_the_same_is_allowed, 0, count);
    tcase_add_test (tests, a_lock_that_nobody_holds_passes_it_by);
    tcase_add_test (tests, arithmetic_atomics_and_the_clock_are_allowed);
    tcase_add_test (tests, a_signal_of_the_hosts_may_interrupt_a_block);
    suite_add_tcase (suite, tests);
    SRunner *runner = srunner_create (suite);
    srunner_run_all (runner, CK_ENV);
    int failed = srunner_ntests_failed (runner);
    srunner_free (runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
