/*  Making and freeing what the audio thread works in. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/support/run_suite.h"
#include "tests/support/samples.h"
#include "tests/support/stage_fixture.h"

static const zample_stage_shape_t s_shape = {
    .slots = 5, .voices = 3, .command_capacity = 8, .event_capacity = 4
};

START_TEST (a_new_doorway_is_empty_and_its_cells_change_nothing)
{
    zample_doorway_t *doorway = zample_doorway_new (&s_shape);
    zample_command_t command;
    zample_report_t report;
    uint64_t ticket;
    ck_assert_ptr_nonnull (doorway);
    ck_assert (!zample_command_ring_pop (&doorway->commands, &command, &ticket));
    ck_assert (!zample_report_ring_pop (&doorway->reports, &report));
    ck_assert_uint_eq (doorway->slot_count, 5);
    for (uint32_t slot = 0; slot < 5; slot++) {
        NEED_EQUAL (zample_cell_get (&doorway->slots[slot].gain), 1.0f);
        NEED_EQUAL (zample_cell_get (&doorway->slots[slot].pan), 0.0f);
        NEED_EQUAL (zample_cell_get (&doorway->slots[slot].speed), 1.0f);
    }
    ck_assert_int_eq (zample_doorway_clock (doorway).frame, 0);
    ck_assert_int_eq (zample_doorway_meter (doorway).frame, 0);
    zample_doorway_destroy (&doorway);
}
END_TEST

START_TEST (the_rings_hold_what_was_asked_for)
{
    zample_doorway_t *doorway = zample_doorway_new (&s_shape);
    zample_command_t command = { .kind = COMMAND_STOP_ALL };
    zample_report_t report = { .kind = REPORT_DEVICE };
    uint64_t ticket;
    int commands = 0, reports = 0;
    while (zample_command_ring_push (&doorway->commands, &command, &ticket))
        commands++;
    while (zample_report_ring_push (&doorway->reports, &report))
        reports++;
    ck_assert_int_eq (commands, 8);
    ck_assert_int_eq (reports, 4);
    zample_doorway_destroy (&doorway);
}
END_TEST

/*  AddressSanitizer sees what is not freed. */
START_TEST (a_doorway_frees_the_sounds_that_nobody_took)
{
    zample_doorway_t *doorway = zample_doorway_new (&s_shape);
    uint64_t ticket;
    for (int i = 0; i < 3; i++) {
        zample_command_t load = { .kind = COMMAND_LOAD, .u.load.sample = sample_of (100) };
        zample_command_t stop = { .kind = COMMAND_STOP_ALL };
        ck_assert (zample_command_ring_push (&doorway->commands, &load, &ticket));
        ck_assert (zample_command_ring_push (&doorway->commands, &stop, &ticket));
    }
    zample_doorway_destroy (&doorway);
    ck_assert_ptr_null (doorway);
}
END_TEST

START_TEST (destroying_nothing_is_forgiven)
{
    zample_doorway_t *doorway = NULL;
    zample_stage_t *stage = NULL;
    zample_doorway_destroy (&doorway);
    zample_stage_destroy (&stage);
}
END_TEST

START_TEST (a_new_stage_is_silent_and_has_its_voices)
{
    zample_doorway_t *doorway = zample_doorway_new (&s_shape);
    zample_stage_t *stage = zample_stage_new (doorway, 3);
    float out[128] = { 9.0f };
    ck_assert_ptr_nonnull (stage);
    zample_stage_render (stage, out, 64);
    for (int i = 0; i < 128; i++)
        NEED_EQUAL (out[i], 0.0f);
    ck_assert_uint_eq (stage->voice_limit, 3);
    zample_stage_destroy (&stage);
    ck_assert_ptr_null (stage);
    zample_doorway_destroy (&doorway);
}
END_TEST

/*  The largest shape that include/zample.h allows, and the smallest. */
START_TEST (any_shape_that_is_allowed_works)
{
    static const zample_stage_shape_t shapes[] = {
        { .slots = 1, .voices = 1, .command_capacity = 2, .event_capacity = 2 },
        { .slots = 65536, .voices = 4096, .command_capacity = 65536, .event_capacity = 65536 },
    };
    stage_fixture_t stage;
    fixture_open_shape (&stage, &shapes[_i]);
    fixture_load (&stage, 0, shapes[_i].slots - 1, fixture_constant (64, 1.0f));
    uint64_t voice = fixture_play (&stage, 0, shapes[_i].slots - 1, FIXTURE_ONCE);
    fixture_render (&stage, NULL, 128);
    ck_assert_uint_eq (fixture_find_report (&stage, REPORT_VOICE_STARTED).voice, voice);
    fixture_close (&stage);
}
END_TEST

static rlim_t
s_address_space (void)
{
    unsigned long pages = 0;
    FILE *file = fopen ("/proc/self/statm", "r");
    ck_assert_ptr_nonnull (file);
    ck_assert_int_eq (fscanf (file, "%lu", &pages), 1);
    fclose (file);
    return (rlim_t) pages * (rlim_t) sysconf (_SC_PAGESIZE);
}

/*  Sanitizers, which need address space of their own, do without. */
START_TEST (without_memory_there_is_no_stage_and_nothing_leaks)
{
    const char *instrument = getenv ("ZAMPLE_INSTRUMENT");
    if (instrument && strcmp (instrument, "none") != 0)
        return;
    zample_stage_shape_t huge = s_shape;
    huge.slots = 32u << 20;
    zample_doorway_t *doorway = zample_doorway_new (&s_shape);
    struct rlimit before, small;
    getrlimit (RLIMIT_AS, &before);
    small = before;
    small.rlim_cur = s_address_space () + (16 << 20);
    ck_assert_int_eq (setrlimit (RLIMIT_AS, &small), 0);
    zample_doorway_t *no_doorway = zample_doorway_new (&huge);
    zample_stage_t *no_stage = zample_stage_new (doorway, 1 << 20);
    setrlimit (RLIMIT_AS, &before);
    ck_assert_ptr_null (no_doorway);
    ck_assert_ptr_null (no_stage);
    zample_doorway_destroy (&doorway);
}
END_TEST

int
main (void)
{
    TCase *tcase = tcase_create ("stage setup");
    tcase_add_test (tcase, a_new_doorway_is_empty_and_its_cells_change_nothing);
    tcase_add_test (tcase, the_rings_hold_what_was_asked_for);
    tcase_add_test (tcase, a_doorway_frees_the_sounds_that_nobody_took);
    tcase_add_test (tcase, destroying_nothing_is_forgiven);
    tcase_add_test (tcase, a_new_stage_is_silent_and_has_its_voices);
    tcase_add_loop_test (tcase, any_shape_that_is_allowed_works, 0, 2);
    tcase_add_test (tcase, without_memory_there_is_no_stage_and_nothing_leaks);
    Suite *suite = suite_create ("stage setup");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
