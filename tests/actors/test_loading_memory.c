/*  The store and the jobs when memory gives out: what cannot be had is an answer, and nothing is lost or kept. The
    allocations of this program fail on demand. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <zmq.h>

#include "actors/jobs.h"
#include "actors/store.h"
#include "engine/stage_setup.h"
#include "tests/support/failing.h"
#include "tests/support/run_suite.h"

/*  A sound that goes the whole way to a slot, as far as there is memory. */
static bool
s_load (zample_store_t *store)
{
    zample_store_key_t key = { .file.inode = 7 };
    zample_claim_t claim = { .entry = NULL };
    zample_store_victim_t victims[ZAMPLE_STORE_VICTIMS];
    uint32_t count;
    if (zample_store_claim (store, &key, &claim) != STORE_MINE)
        return false;
    ck_assert_int_eq (zample_store_make_room (store, &claim, 1000, victims, &count), STORE_ROOM);
    zample_sound_t *sound = zample_sound_new (100);
    if (!sound) {
        zample_store_abandon (store, &claim);
        return false;
    }
    zample_store_fill (store, &claim, sound, false);
    zample_sample_t *sample = zample_store_sample (store, &claim, 1, "kick.wav");
    if (!sample)
        return false;
    zample_store_enter (store, sample, 0);
    return true;
}

START_TEST (each_allocation_of_the_store_may_fail)
{
    int refusals = 0;
    for (int left = 0;; left++) {
        failing_after (left);
        zample_store_t *store = zample_store_new (4, 1 << 20);
        bool loaded = store && s_load (store);
        bool failed = failing_stop ();
        ck_assert (failed != loaded);
        if (store && !loaded)
            ck_assert_uint_eq (zample_store_memory (store).used_bytes, 0);
        ck_assert (!store || loaded || s_load (store)); /* it goes on when there is memory again */
        zample_store_destroy (&store);
        refusals += failed;
        if (!failed)
            break;
    }
    ck_assert_int_ge (refusals, 5); /* the store, its slots, an entry, a sound, a sample */
}
END_TEST

START_TEST (each_allocation_of_the_jobs_may_fail)
{
    zample_stage_shape_t shape = { .slots = 4, .voices = 1, .command_capacity = 4, .event_capacity = 4 };
    void *context = zmq_ctx_new (), *heard = zmq_socket (context, ZMQ_PULL);
    ck_assert_int_eq (zmq_bind (heard, ZAMPLE_TOLD_ENDPOINT), 0);
    zample_told_t *told = zample_told_new (context);
    zample_doorway_t *doorway = zample_doorway_new (&shape);
    zample_ask_t ask = { .slot = 1, .path = "kick.wav" };
    int refusals = 0;
    for (int left = 0;; left++) {
        failing_after (left);
        zample_jobs_t *jobs = zample_jobs_new (doorway, told);
        uint64_t opened = jobs ? zample_jobs_open (jobs, "drums") : 0;
        uint64_t asked = jobs ? zample_jobs_ask (jobs, &ask) : 0;
        bool failed = failing_stop ();
        ck_assert (failed != (opened && asked));
        if (jobs) {
            uint64_t again = zample_jobs_ask (jobs, &ask);
            ck_assert_uint_ne (again, 0);
            ck_assert_uint_eq (zample_jobs_take (jobs)->number, again);
        }
        zample_jobs_destroy (&jobs);
        refusals += failed;
        if (!failed)
            break;
    }
    ck_assert_int_ge (refusals, 5); /* the jobs, their slots, two jobs, the queue */
    zample_doorway_destroy (&doorway);
    zample_told_destroy (&told);
    zmq_close (heard);
    zmq_ctx_term (context);
}
END_TEST

int
main (void)
{
    TCase *tcase = tcase_create ("memory");
    tcase_add_test (tcase, each_allocation_of_the_store_may_fail);
    tcase_add_test (tcase, each_allocation_of_the_jobs_may_fail);
    Suite *suite = suite_create ("loading without memory");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
