/*  The reporter: what finds the ring full waits, in order, and sounds that are given back wait behind it. */
#include "config.h"

#include <check.h>
#include <string.h>

#include "engine/rt/reporter.h"
#include "tests/support/run_suite.h"

enum { BACKLOG = 8 };

static zample_report_ring_t s_ring;
static zample_report_ring_cell_t s_cells[2];
static zample_reporter_t s_reporter;
static zample_report_t s_backlog[BACKLOG];

static void
s_open (void)
{
    memset (s_cells, 0, sizeof s_cells);
    zample_report_ring_init (&s_ring, s_cells, 2);
    zample_reporter_init (&s_reporter, &s_ring, s_backlog, BACKLOG);
}

static void
s_tell (uint64_t number)
{
    zample_report_t report = { .kind = REPORT_REJECTED, .number = number };
    zample_reporter_tell (&s_reporter, &report);
}

static void
s_pop_must_give (uint64_t number)
{
    zample_report_t report;
    ck_assert (zample_report_ring_pop (&s_ring, &report));
    ck_assert_uint_eq (report.kind, REPORT_REJECTED);
    ck_assert_uint_eq (report.number, number);
}

static void
s_pop_must_give_sample (zample_sample_t *sample, int64_t frame)
{
    zample_report_t report;
    ck_assert (zample_report_ring_pop (&s_ring, &report));
    ck_assert_uint_eq (report.kind, REPORT_RETIRED);
    ck_assert_ptr_eq (report.u.sample, sample);
    ck_assert_int_eq (report.frame, frame);
    ck_assert_uint_eq (report.slot, sample->slot);
}

START_TEST (a_report_goes_straight_onto_a_ring_with_room)
{
    s_tell (1);
    s_pop_must_give (1);
    ck_assert (zample_reporter_catch_up (&s_reporter, 0));
}
END_TEST

START_TEST (reports_that_wait_keep_their_order)
{
    for (uint64_t number = 1; number <= 2 + BACKLOG; number++)
        s_tell (number);
    ck_assert_uint_eq (s_reporter.waiting, BACKLOG);
    for (uint64_t number = 1; number <= 2 + BACKLOG; number++) {
        s_pop_must_give (number);
        ck_assert (zample_reporter_catch_up (&s_reporter, 0) == (number >= BACKLOG));
    }
}
END_TEST

START_TEST (a_report_does_not_overtake_those_that_wait)
{
    for (uint64_t number = 1; number <= 3; number++)
        s_tell (number);
    s_pop_must_give (1);
    s_tell (4);
    zample_reporter_catch_up (&s_reporter, 0);
    s_pop_must_give (2);
    s_pop_must_give (3);
    zample_reporter_catch_up (&s_reporter, 0);
    s_pop_must_give (4);
}
END_TEST

START_TEST (the_backlog_comes_round)
{
    for (uint64_t number = 1; number <= 5; number++)
        s_tell (number);
    for (uint64_t number = 6; number <= 40; number++) {
        s_tell (number);
        ck_assert_uint_eq (s_reporter.waiting, 4);
        s_pop_must_give (number - 5);
        zample_reporter_catch_up (&s_reporter, 0);
    }
}
END_TEST

START_TEST (sounds_are_given_back_in_order_behind_what_was_told_before)
{
    zample_sample_t samples[3] = { { .slot = 1 }, { .slot = 2 }, { .slot = 3, .next = &samples[0] } };
    for (uint64_t number = 1; number <= 3; number++)
        s_tell (number);
    for (int i = 0; i < 3; i++)
        zample_reporter_retire (&s_reporter, &samples[i]);
    ck_assert (!zample_reporter_catch_up (&s_reporter, 10));
    s_pop_must_give (1);
    s_pop_must_give (2);
    ck_assert (!zample_reporter_catch_up (&s_reporter, 20));
    s_pop_must_give (3);
    s_pop_must_give_sample (&samples[0], 20);
    ck_assert (zample_reporter_catch_up (&s_reporter, 30));
    s_pop_must_give_sample (&samples[1], 30);
    s_pop_must_give_sample (&samples[2], 30);
}
END_TEST

START_TEST (after_all_were_given_back_more_can_be)
{
    zample_sample_t samples[2] = { { .slot = 1 }, { .slot = 2 } };
    for (int i = 0; i < 2; i++) {
        zample_reporter_retire (&s_reporter, &samples[i]);
        ck_assert (zample_reporter_catch_up (&s_reporter, i));
        s_pop_must_give_sample (&samples[i], i);
    }
}
END_TEST

int
main (void)
{
    TCase *tcase = tcase_create ("reporter");
    tcase_add_checked_fixture (tcase, s_open, NULL);
    tcase_add_test (tcase, a_report_goes_straight_onto_a_ring_with_room);
    tcase_add_test (tcase, reports_that_wait_keep_their_order);
    tcase_add_test (tcase, a_report_does_not_overtake_those_that_wait);
    tcase_add_test (tcase, the_backlog_comes_round);
    tcase_add_test (tcase, sounds_are_given_back_in_order_behind_what_was_told_before);
    tcase_add_test (tcase, after_all_were_given_back_more_can_be);
    Suite *suite = suite_create ("reporter");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
