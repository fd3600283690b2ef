/*  What crosses: its size, its place in memory, its numbers. */
#include "config.h"

#include <check.h>
#include <stddef.h>

#include "engine/stage_setup.h"
#include "tests/support/run_suite.h"

static zample_doorway_t *
s_doorway (void)
{
    zample_stage_shape_t shape = { .slots = 3, .voices = 1, .command_capacity = 8, .event_capacity = 8 };
    zample_doorway_t *doorway = zample_doorway_new (&shape);
    ck_assert_ptr_nonnull (doorway);
    return doorway;
}

START_TEST (a_command_and_its_turn_are_one_cache_line_and_lie_in_one)
{
    zample_doorway_t *doorway = s_doorway ();
    ck_assert_uint_eq (sizeof (zample_command_ring_cell_t), 64);
    ck_assert_uint_eq ((uintptr_t) doorway->commands.cells % 64, 0);
    zample_doorway_destroy (&doorway);
    ck_assert_ptr_null (doorway);
}
END_TEST

START_TEST (what_a_command_carries_overlaps_nothing_that_all_carry)
{
    size_t common = offsetof (zample_command_t, voice) + sizeof (uint64_t);
    ck_assert_uint_ge (offsetof (zample_command_t, u), common);
    ck_assert_uint_eq (sizeof (((zample_command_t *) 0)->u), 32);
}
END_TEST

START_TEST (commands_are_numbered_from_1_in_the_order_in_which_they_come)
{
    zample_doorway_t *doorway = s_doorway ();
    zample_command_t pushed = { .kind = COMMAND_STOP_ALL }, popped;
    uint64_t ticket, taken;
    for (uint64_t number = 1; number <= 20; number++) {
        ck_assert (zample_command_ring_push (&doorway->commands, &pushed, &ticket));
        ck_assert (zample_command_ring_pop (&doorway->commands, &popped, &taken));
        ck_assert_uint_eq (zample_command_number (ticket), number);
        ck_assert_uint_eq (zample_command_number (taken), number);
    }
    zample_doorway_destroy (&doorway);
}
END_TEST

START_TEST (what_one_thread_writes_lies_apart_from_what_others_write)
{
    size_t taken = offsetof (zample_doorway_t, commands.taken);
    size_t pushed = offsetof (zample_doorway_t, reports.pushed);
    size_t popped = offsetof (zample_doorway_t, reports.popped);
    ck_assert_uint_ge (pushed - taken, WIRE_APART);
    ck_assert_uint_ge (popped - pushed, WIRE_APART);
}
END_TEST

int
main (void)
{
    TCase *tcase = tcase_create ("command");
    tcase_add_test (tcase, a_command_and_its_turn_are_one_cache_line_and_lie_in_one);
    tcase_add_test (tcase, what_a_command_carries_overlaps_nothing_that_all_carry);
    tcase_add_test (tcase, commands_are_numbered_from_1_in_the_order_in_which_they_come);
    tcase_add_test (tcase, what_one_thread_writes_lies_apart_from_what_others_write);
    Suite *suite = suite_create ("command");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
