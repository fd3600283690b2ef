/*  cli/load.c, on an engine with little memory: what does not fit waits until what is before it was played. */
#include "config.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>

#include "cli/load.h"
#include "tests/support/follow.h"
#include "tests/support/run_suite.h"

#define SECOND 48000
#define SOUNDS_MAX 12

static zample_t *engine;
static char paths[SOUNDS_MAX][256];
static char *list[SOUNDS_MAX];
static cli_loads_t loads;

/*  An engine whose sounds may last so many tenths of a second in all, and files of as many tenths each. */
static void
setup (int tenths_of_memory, const int *tenths, size_t count)
{
    follow_private_runtime ();
    /*  A frame takes 8 bytes, and its peaks less than 4. */
    zample_config_t config = { .output = ZAMPLE_OUTPUT_OFFLINE,
                               .slots = cli_loads_slots (count),
                               .memory_bytes = (uint64_t) tenths_of_memory * SECOND / 10 * 12 };
    ck_assert_msg (zample_new (&config, &engine) == ZAMPLE_OK, "%s", zample_why ());
    for (size_t i = 0; i < count; i++) {
        char name[32];
        snprintf (name, sizeof name, "%zu.wav", i);
        snprintf (paths[i], sizeof paths[i], "%s", follow_make_ramp (name, tenths[i] * SECOND / 10));
        list[i] = paths[i];
    }
    ck_assert (cli_loads_init (&loads, engine, list, count));
}

static void
teardown (void)
{
    cli_loads_reset (&loads);
    zample_destroy (&engine);
}

/*  Goes on until a turn is loaded or has failed, as `render` does. */
static const cli_load_t *
await (size_t turn, size_t end)
{
    for (;;) {
        cli_loads_ask (&loads, turn, end < turn + loads.width ? end : turn + loads.width);
        const cli_load_t *load = cli_loads_turn (&loads, turn);
        if (loads.asked > turn && load->state != CLI_LOAD_RUNNING)
            return load;
        zample_event_t event = follow_next (engine);
        cli_loads_take (&loads, &event);
    }
}

static bool
holds (size_t turn, int64_t frames)
{
    float frame[2];
    uint32_t slot = (uint32_t) (turn % loads.width);
    return zample_frames (engine, slot, frames - 1, 1, frame) == ZAMPLE_OK
           && zample_frames (engine, slot, frames, 1, frame) == ZAMPLE_RANGE;
}

static void
expect_all (const int *tenths, size_t count, size_t turns)
{
    for (size_t turn = 0; turn < turns; turn++) {
        int64_t frames = tenths[turn % count] * SECOND / 10;
        const cli_load_t *load = await (turn, turns);
        ck_assert_int_eq (load->state, CLI_LOAD_READY);
        ck_assert_int_eq (load->frames, frames);
        ck_assert_msg (holds (turn, frames), "turn %zu is not in memory", turn);
    }
    ck_assert_uint_eq (loads.failures, 0);
}

/* --------------------------------------------------------------------- tests */

START_TEST (a_list_that_fits_is_loaded_ahead)
{
    static const int tenths[] = { 1, 1, 1, 1 };
    setup (10, tenths, 4);
    await (0, 4);
    ck_assert_uint_eq (loads.asked, 4);
    expect_all (tenths, 4, 4);
    teardown ();
}
END_TEST

START_TEST (a_list_that_does_not_fit_is_loaded_as_there_is_room)
{
    static const int tenths[] = { 10, 20, 10, 1, 25, 1, 1, 10, 20, 20, 1, 10 };
    setup (26, tenths, 12);
    expect_all (tenths, 12, 12);
    zample_memory_t memory;
    ck_assert_int_eq (zample_memory (engine, &memory), ZAMPLE_OK);
    ck_assert_uint_gt (memory.evictions, 0);
    teardown ();
}
END_TEST

START_TEST (a_list_that_does_not_fit_is_played_over_and_over)
{
    static const int tenths[] = { 10, 20, 15 };
    setup (26, tenths, 3);
    expect_all (tenths, 3, 10);
    teardown ();
}
END_TEST

START_TEST (what_is_loaded_ahead_makes_room_for_what_is_played_before)
{
    static const int tenths[] = { 1, 20, 1, 10, 10 };
    setup (26, tenths, 5);
    expect_all (tenths, 5, 5);
    teardown ();
}
END_TEST

START_TEST (what_does_not_fit_alone_fails_and_the_others_are_loaded)
{
    static const int tenths[] = { 10, 60, 10, 20, 1 };
    setup (26, tenths, 5);
    for (size_t turn = 0; turn < 5; turn++) {
        const cli_load_t *load = await (turn, 5);
        ck_assert_int_eq (load->state, turn == 1 ? CLI_LOAD_FAILED : CLI_LOAD_READY);
        ck_assert (turn == 1 || holds (turn, tenths[turn] * SECOND / 10));
    }
    ck_assert_uint_eq (loads.failures, 1);
    teardown ();
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("load");
    TCase *room = tcase_create ("room");
    tcase_add_test (room, a_list_that_fits_is_loaded_ahead);
    tcase_add_test (room, a_list_that_does_not_fit_is_loaded_as_there_is_room);
    tcase_add_test (room, a_list_that_does_not_fit_is_played_over_and_over);
    tcase_add_test (room, what_is_loaded_ahead_makes_room_for_what_is_played_before);
    tcase_add_test (room, what_does_not_fit_alone_fails_and_the_others_are_loaded);
    suite_add_tcase (suite, room);
    return run_suite (suite);
}
