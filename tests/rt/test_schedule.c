/*  The schedule: by frame, then by number, whatever the order in which they came. */
#include "config.h"

#include <check.h>

#include "engine/rt/schedule.h"
#include "tests/support/run_suite.h"

enum { CAPACITY = 257 };

static zample_schedule_t s_schedule;
static zample_scheduled_t s_memory[CAPACITY];

static void
s_open (void)
{
    zample_schedule_init (&s_schedule, s_memory, CAPACITY);
}

static bool
s_add (int64_t frame, uint64_t number)
{
    zample_command_t command = { .kind = COMMAND_STOP, .frame = frame, .voice = 3 * number };
    return zample_schedule_add (&s_schedule, &command, number);
}

static void
s_take_must_give (int64_t frame, uint64_t number)
{
    ck_assert_int_eq (zample_schedule_next_frame (&s_schedule), frame);
    zample_scheduled_t taken = zample_schedule_take (&s_schedule);
    ck_assert_int_eq (taken.command.frame, frame);
    ck_assert_uint_eq (taken.number, number);
    ck_assert_uint_eq (taken.command.voice, 3 * number);
}

START_TEST (an_empty_schedule_has_no_next_frame)
{
    ck_assert_int_eq (zample_schedule_next_frame (&s_schedule), INT64_MAX);
    ck_assert (s_add (5, 1));
    s_take_must_give (5, 1);
    ck_assert_int_eq (zample_schedule_next_frame (&s_schedule), INT64_MAX);
}
END_TEST

START_TEST (the_earliest_frame_comes_first)
{
    s_add (30, 1);
    s_add (INT64_C (1) << 40, 2);
    s_add (10, 3);
    s_add (20, 4);
    s_take_must_give (10, 3);
    s_take_must_give (20, 4);
    s_take_must_give (30, 1);
    s_take_must_give (INT64_C (1) << 40, 2);
}
END_TEST

START_TEST (of_one_frame_the_one_that_came_first_comes_first)
{
    for (uint64_t number = 1; number <= CAPACITY; number++)
        ck_assert (s_add (7, number));
    for (uint64_t number = 1; number <= CAPACITY; number++)
        s_take_must_give (7, number);
}
END_TEST

START_TEST (a_full_schedule_says_no_and_keeps_what_it_has)
{
    for (uint64_t number = 1; number <= CAPACITY; number++)
        ck_assert (s_add (1000 - (int64_t) number, number));
    ck_assert (!s_add (1, 999));
    for (uint64_t number = CAPACITY; number > 0; number--)
        s_take_must_give (1000 - (int64_t) number, number);
}
END_TEST

/*  Frames from a small range, so that many are equal; taken and added in turn. */
START_TEST (any_mixture_comes_out_in_order)
{
    uint32_t random = 1;
    uint64_t number = 1;
    for (int round = 0; round < 200; round++) {
        int64_t frame = -1;
        uint64_t last = 0;
        random = random * 1664525u + 1013904223u;
        for (uint32_t count = random >> 24; count > 0 && s_schedule.count < CAPACITY; count--) {
            random = random * 1664525u + 1013904223u;
            s_add (random >> 27, number++);
        }
        for (uint32_t count = (random >> 16) % (s_schedule.count + 1); count > 0; count--) {
            zample_scheduled_t taken = zample_schedule_take (&s_schedule);
            ck_assert (taken.command.frame > frame || (taken.command.frame == frame && taken.number > last));
            frame = taken.command.frame;
            last = taken.number;
        }
    }
}
END_TEST

int
main (void)
{
    TCase *tcase = tcase_create ("schedule");
    tcase_add_checked_fixture (tcase, s_open, NULL);
    tcase_add_test (tcase, an_empty_schedule_has_no_next_frame);
    tcase_add_test (tcase, the_earliest_frame_comes_first);
    tcase_add_test (tcase, of_one_frame_the_one_that_came_first_comes_first);
    tcase_add_test (tcase, a_full_schedule_says_no_and_keeps_what_it_has);
    tcase_add_test (tcase, any_mixture_comes_out_in_order);
    Suite *suite = suite_create ("schedule");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
