/*  Threads that ask for everything at once while files come and go: each job ends exactly once, and what is found is there. */
#include "config.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/library/kit.h"
#include "tests/support/run_suite.h"

enum { ASKERS = 2, ROUNDS = 400, JOBS = 1 << 18 };

static unsigned char s_given[JOBS]; /* by this test, and how often each job has ended */
static unsigned char s_ended[JOBS];
static atomic_int s_askers_left;
static atomic_int s_wrong;
static char s_kit_path[256];
static char s_come_path[256];

/*  "kit:0" is always there, "come.wav" comes and goes. */
static void
s_ask_for_something (unsigned round)
{
    uint32_t slot;
    uint64_t job = 0;
    zample_library_entry_t entry;
    zample_load_t soon = { .priority = ZAMPLE_PRIORITY_SOON };
    switch (round % 5) {
    case 0: zample_library_add (kit_engine, s_kit_path, &job); break;
    case 1: zample_library_preload (kit_engine, round % 2 ? NULL : "kit", &soon, &job); break;
    case 2:
        if (zample_library_find (kit_engine, "kit:0", &slot) != ZAMPLE_OK || slot < KIT_OWN_SLOTS
            || zample_play (kit_engine, slot, NULL, NULL) == ZAMPLE_RANGE)
            atomic_fetch_add (&s_wrong, 1);
        break;
    case 3:
        if (zample_library_entry (kit_engine, 0, &entry) != ZAMPLE_OK || strcmp (entry.folder, "kit") != 0)
            atomic_fetch_add (&s_wrong, 1);
        break;
    case 4: zample_library_preload (kit_engine, "come", &soon, &job); break;
    }
    if (job)
        s_given[job] = 1;
    if (job && round % 3 == 0)
        zample_cancel (kit_engine, job);
}

static void *
s_ask (void *unused)
{
    (void) unused;
    for (unsigned round = 0; round < ROUNDS; round++)
        s_ask_for_something (round);
    atomic_fetch_sub (&s_askers_left, 1);
    return NULL;
}

/*  Takes all events that are there, and counts ends. */
static void
s_take_events (void)
{
    zample_event_t event;
    while (zample_poll (kit_engine, &event) == ZAMPLE_OK) {
        ck_assert_int_ne (event.kind, ZAMPLE_EVENT_LOST);
        if (kit_is_end (event.kind) && event.job > 0) {
            ck_assert_uint_lt (event.job, JOBS);
            s_ended[event.job]++;
        }
    }
}

static uint32_t
s_open_jobs (void)
{
    uint32_t open = 0;
    for (int job = 0; job < JOBS; job++) {
        ck_assert_msg (s_ended[job] <= 1, "job %d has ended %d times", job, s_ended[job]);
        open += s_given[job] && !s_ended[job];
    }
    return open;
}

START_TEST (each_job_ends_once_and_what_is_there_is_found)
{
    pthread_t askers[ASKERS];
    kit_make ();
    snprintf (s_kit_path, sizeof s_kit_path, "%s", follow_path ("kit"));
    snprintf (s_come_path, sizeof s_come_path, "%s", follow_path ("kit/come.wav"));
    kit_open ((zample_config_t) { .library_watch = true });
    kit_must_add ("kit", 3);
    atomic_store (&s_askers_left, ASKERS);
    for (int i = 0; i < ASKERS; i++)
        ck_assert_int_eq (pthread_create (&askers[i], NULL, s_ask, NULL), 0);
    for (int turn = 0; atomic_load (&s_askers_left) > 0; turn++) {
        if (turn % 2 == 0)
            follow_make_ramp ("kit/come.wav", 50);
        else
            unlink (s_come_path);
        zample_render (kit_engine, 64, NULL);
        s_take_events ();
    }
    for (int i = 0; i < ASKERS; i++)
        pthread_join (askers[i], NULL);
    while (s_open_jobs () > 0) {
        zample_event_t event = follow_next (kit_engine);
        if (kit_is_end (event.kind) && event.job > 0)
            s_ended[event.job]++;
        s_take_events ();
    }
    ck_assert_int_eq (atomic_load (&s_wrong), 0);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("library threads");
    TCase *tests = tcase_create ("library threads");
    tcase_add_checked_fixture (tests, kit_begin, kit_end);
    tcase_add_test (tests, each_job_ends_once_and_what_is_there_is_found);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
