/*  What holds for every list of commands, tried on lists that are made up.

    Each list has a seed, which a failure names. ZAMPLE_SEED=n runs that list alone; ZAMPLE_SEEDS=n runs the
    first n instead of SEEDS. */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/rt/random_list.h"
#include "tests/support/run_suite.h"

#define SEEDS 120
#define BIG_RING 2048
#define EPSILON 1e-5f

static list_t s_list;
static run_t s_run, s_other;

static uint64_t
s_from_environment (const char *name, uint64_t usual)
{
    const char *text = getenv (name);
    return text ? strtoull (text, NULL, 10) : usual;
}

/*  Calls `property` with one seed after the other. */
static void
s_for_all_seeds (void (*property) (uint64_t seed))
{
    uint64_t first = s_from_environment ("ZAMPLE_SEED", 1);
    uint64_t last = getenv ("ZAMPLE_SEED") ? first : s_from_environment ("ZAMPLE_SEEDS", SEEDS);
    for (uint64_t seed = first; seed <= last; seed++)
        property (seed);
}

/* Check's own assertion tells its place each time, also when it holds: too slow for millions. */
#define NEED(condition, seed)                                                                                \
    do                                                                                                       \
        if (!(condition))                                                                                    \
            ck_abort_msg ("ZAMPLE_SEED=%" PRIu64 ": %s", seed, #condition);                                  \
    while (0)

static bool
s_told_alike (const zample_report_t *a, const zample_report_t *b)
{
    return a->kind == b->kind && a->command == b->command && a->reason == b->reason && a->slot == b->slot
           && a->frame == b->frame && a->voice == b->voice && a->number == b->number;
}

/*  The next that is not a RETIRED, which is told when there is room. */
static const zample_report_t *
s_next_told (const run_t *run, int *at)
{
    while (*at < run->told_count && run->told[*at].kind == REPORT_RETIRED)
        ++*at;
    return *at < run->told_count ? &run->told[(*at)++] : NULL;
}

static int
s_order (const void *a, const void *b)
{
    const zample_report_t *x = a, *y = b;
    if (x->frame != y->frame)
        return x->frame < y->frame ? -1 : 1;
    return memcmp (x, y, offsetof (zample_report_t, u));
}

/* ------------------------------------------------------------ blocks of any size */

static void
s_blocks_do_not_matter (uint64_t seed)
{
    static const int64_t blocks[] = { 0, 1, LIST_FRAMES };
    list_make (&s_list, seed);
    run_list (&s_run, &s_list, (run_shape_t) { .block = 64, .event_capacity = BIG_RING });
    qsort (s_run.told, (size_t) s_run.told_count, sizeof *s_run.told, s_order);
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        run_shape_t shape = { .block = blocks[i], .event_capacity = BIG_RING, .seed = seed };
        run_list (&s_other, &s_list, shape);
        NEED (memcmp (s_run.out, s_other.out, sizeof s_run.out) == 0, seed);
        qsort (s_other.told, (size_t) s_other.told_count, sizeof *s_other.told, s_order);
        int at = 0, other_at = 0;
        const zample_report_t *told, *other;
        while ((told = s_next_told (&s_run, &at)) && (other = s_next_told (&s_other, &other_at)))
            NEED (s_told_alike (told, other), seed);
        NEED (!told && !s_next_told (&s_other, &other_at), seed);
    }
}

START_TEST (blocks_of_any_size_give_the_same_bits_and_the_same_reports)
{
    s_for_all_seeds (s_blocks_do_not_matter);
}
END_TEST

/* ------------------------------------------------------------------ no clicks */

/*  On a constant of 1 a voice moves by at most gain * sqrt (2) / RAMP from frame to frame, and gains are up to
    1. With as many places for ghosts as the list could fill, none is ever cut off. */
static void
s_nothing_clicks (uint64_t seed)
{
    list_make_constant (&s_list, seed);
    s_list.voices = LIST_COMMANDS_MAX;
    run_list (&s_run, &s_list, (run_shape_t) { .block = 1, .event_capacity = BIG_RING, .constant = true });
    float last[2] = { 0.0f, 0.0f };
    uint32_t last_active = 0;
    for (int64_t i = 0; i < LIST_FRAMES; i++) {
        uint32_t active = s_run.active[i] > last_active ? s_run.active[i] : last_active;
        float most = (float) active * sqrtf (2.0f) / ZAMPLE_RAMP_FRAMES + EPSILON * (float) (active + 1);
        NEED (fabsf (s_run.out[2 * i] - last[0]) <= most, seed);
        NEED (fabsf (s_run.out[2 * i + 1] - last[1]) <= most, seed);
        last[0] = s_run.out[2 * i];
        last[1] = s_run.out[2 * i + 1];
        last_active = s_run.active[i];
    }
}

START_TEST (no_step_is_larger_than_the_ramps_of_the_voices_that_sound)
{
    s_for_all_seeds (s_nothing_clicks);
}
END_TEST

/* -------------------------------------------------------------------- reports */

/*  A play is rejected, skipped, or ends once: after it started, or while it waited for its sound. */
static void
s_check_voice (const run_t *run, uint64_t voice, uint64_t seed)
{
    int waited = 0, started = 0, ended = 0, refused = 0;
    bool paused = false;
    int64_t frame = 0;
    for (int i = 0; i < run->told_count; i++) {
        const zample_report_t *told = &run->told[i];
        if (told->kind == REPORT_REJECTED)
            refused += told->number == voice;
        if (told->voice != voice || told->kind == REPORT_REJECTED || told->kind == REPORT_LATE)
            continue;
        NEED (told->frame >= frame, seed);
        frame = told->frame;
        NEED (ended == 0 && refused == 0, seed);
        started += told->kind == REPORT_VOICE_STARTED;
        waited += told->kind == REPORT_WAITING;
        refused += told->kind == REPORT_SKIPPED;
        NEED (started == 1 || told->kind == REPORT_WAITING || told->kind == REPORT_SKIPPED
                  || (waited == 1 && told->kind == REPORT_VOICE_ENDED),
              seed);
        NEED (told->kind != REPORT_VOICE_PAUSED || !paused, seed);
        NEED (told->kind != REPORT_VOICE_RESUMED || paused, seed);
        paused = told->kind == REPORT_VOICE_PAUSED || (paused && told->kind != REPORT_VOICE_RESUMED);
        ended += told->kind == REPORT_VOICE_ENDED;
    }
    NEED (waited <= 1 && started <= 1, seed);
    NEED ((waited || started) + refused == 1, seed);
    NEED (ended == (waited || started), seed);
}

static void
s_check_load (const run_t *run, uint64_t job, uint64_t seed)
{
    int ready = 0, retired = 0;
    for (int i = 0; i < run->told_count; i++) {
        if (run->jobs[i] != job)
            continue;
        ready += run->told[i].kind == REPORT_READY;
        retired += run->told[i].kind == REPORT_RETIRED;
        NEED (ready == 1, seed);
    }
    NEED (ready == 1 && retired == 1, seed);
}

static void
s_check_reports (const run_t *run, uint64_t seed)
{
    for (int i = 0; i < run->pushed; i++)
        if (s_list.commands[i].kind == COMMAND_PLAY)
            s_check_voice (run, (uint64_t) i + 1, seed);
        else if (s_list.commands[i].kind == COMMAND_LOAD)
            s_check_load (run, (uint64_t) i + 1, seed);
    for (size_t i = 0; i < sizeof run->out / sizeof *run->out; i++)
        NEED (!isnan (run->out[i]), seed);
}

static void
s_all_is_told_once (uint64_t seed)
{
    list_make (&s_list, seed);
    run_shape_t shape = { .event_capacity = BIG_RING, .pushes_late = true, .seed = seed };
    run_list (&s_run, &s_list, shape);
    s_check_reports (&s_run, seed);
}

START_TEST (every_play_starts_and_ends_once_and_every_load_is_ready_and_retired_once)
{
    s_for_all_seeds (s_all_is_told_once);
}
END_TEST

static void
s_a_slow_listener_misses_nothing (uint64_t seed)
{
    list_make (&s_list, seed);
    run_shape_t shape = { .event_capacity = 2, .stalls = true, .pushes_late = true, .seed = seed };
    run_list (&s_run, &s_list, shape);
    s_check_reports (&s_run, seed);
}

START_TEST (with_a_ring_of_two_and_a_listener_that_stalls_nothing_is_lost_or_doubled)
{
    s_for_all_seeds (s_a_slow_listener_misses_nothing);
}
END_TEST

static void
s_order_stays (uint64_t seed)
{
    list_make (&s_list, seed);
    run_list (&s_run, &s_list, (run_shape_t) { .block = 64, .event_capacity = BIG_RING });
    run_shape_t stalling = { .block = 64, .event_capacity = 2, .stalls = true, .seed = seed };
    run_list (&s_other, &s_list, stalling);
    NEED (memcmp (s_run.out, s_other.out, sizeof s_run.out) == 0, seed);
    int at = 0, other_at = 0;
    const zample_report_t *told;
    while ((told = s_next_told (&s_run, &at)) && told->frame < LIST_FRAMES) {
        const zample_report_t *other = s_next_told (&s_other, &other_at);
        NEED (other && s_told_alike (told, other), seed);
    }
}

START_TEST (a_listener_that_stalls_hears_the_same_in_the_same_order)
{
    s_for_all_seeds (s_order_stays);
}
END_TEST

int
main (void)
{
    TCase *tcase = tcase_create ("properties");
    tcase_add_test (tcase, blocks_of_any_size_give_the_same_bits_and_the_same_reports);
    tcase_add_test (tcase, no_step_is_larger_than_the_ramps_of_the_voices_that_sound);
    tcase_add_test (tcase, every_play_starts_and_ends_once_and_every_load_is_ready_and_retired_once);
    tcase_add_test (tcase, with_a_ring_of_two_and_a_listener_that_stalls_nothing_is_lost_or_doubled);
    tcase_add_test (tcase, a_listener_that_stalls_hears_the_same_in_the_same_order);
    Suite *suite = suite_create ("stage properties");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
