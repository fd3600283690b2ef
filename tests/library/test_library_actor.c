/*  The library's actor without workers and without a stage: the test does what they do, and so decides what happens first. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <zmq.h>

#include "actors/library.h"
#include "engine/stage_setup.h"
#include "tests/library/tree.h"
#include "tests/support/run_suite.h"

enum { OWN_SLOTS = 4, SOUNDS = 10, LIMIT_MS = 60000 };

static void *s_context;
static void *s_heard; /* PULL: what is told */
static zample_told_t *s_told;
static zample_doorway_t *s_doorway;
static zample_jobs_t *s_jobs;
static zample_store_t *s_store;
static zample_library_t *s_library;
static _Atomic int s_overflows; /* the next reads of the watch find that the system lost events */

ssize_t __real_read (int fd, void *buffer, size_t size);
ssize_t __wrap_read (int fd, void *buffer, size_t size);

ssize_t
__wrap_read (int fd, void *buffer, size_t size)
{
    ssize_t got = __real_read (fd, buffer, size);
    if (got > 0 && s_overflows > 0) {
        struct inotify_event lost = { .wd = -1, .mask = IN_Q_OVERFLOW };
        s_overflows--;
        memcpy (buffer, &lost, sizeof lost);
        return sizeof lost;
    }
    return got;
}

static void
s_open (void)
{
    zample_stage_shape_t shape = {
        .slots = OWN_SLOTS + SOUNDS, .voices = 1, .command_capacity = 64, .event_capacity = 4
    };
    zample_library_spec_t spec = { .base = OWN_SLOTS, .sounds_max = SOUNDS, .watch = true };
    int none = 0, limit = LIMIT_MS;
    tree_begin ();
    s_context = zmq_ctx_new ();
    s_heard = zmq_socket (s_context, ZMQ_PULL);
    zmq_setsockopt (s_heard, ZMQ_RCVHWM, &none, sizeof none);
    zmq_setsockopt (s_heard, ZMQ_RCVTIMEO, &limit, sizeof limit);
    ck_assert_int_eq (zmq_bind (s_heard, ZAMPLE_TOLD_ENDPOINT), 0);
    s_told = zample_told_new (s_context);
    s_doorway = zample_doorway_new (&shape);
    s_jobs = zample_jobs_new (s_doorway, s_told);
    s_store = zample_store_new (OWN_SLOTS + SOUNDS, UINT64_C (1) << 30);
    s_library = zample_library_new (s_context, &spec, s_jobs, s_store);
    ck_assert_ptr_nonnull (s_library);
}

static void
s_close (void)
{
    zample_jobs_close (s_jobs);
    zample_library_destroy (&s_library);
    zample_store_destroy (&s_store);
    zample_jobs_destroy (&s_jobs);
    zample_doorway_destroy (&s_doorway);
    zample_told_destroy (&s_told);
    zmq_close (s_heard);
    zmq_ctx_term (s_context);
    tree_end ();
}

/*  Waits for a scan to end well; any, if job is 0. */
static void
s_await_scan (uint64_t job, uint32_t sounds)
{
    zample_event_t event;
    do
        ck_assert_int_eq (zmq_recv (s_heard, &event, sizeof event, 0), sizeof event);
    while (event.kind != ZAMPLE_EVENT_SUCCESS || event.slot != ZAMPLE_NO_SLOT || (job && event.job != job));
    ck_assert_uint_eq (event.u.success.sounds, sounds);
}

static uint32_t
s_add (const char *name, uint32_t sounds)
{
    uint32_t slot;
    uint64_t job = zample_library_scan (s_library, tree_path ("kit"));
    s_await_scan (job, sounds);
    ck_assert (zample_library_slot_of (s_library, name, &slot));
    return slot;
}

/*  Asks for it and takes up the job. */
static zample_job_t *
s_begin_load (const char *name)
{
    static const zample_load_t usual;
    ck_assert_uint_gt (zample_library_load (s_library, name, &usual), 0);
    zample_job_t *job = zample_jobs_take (s_jobs);
    ck_assert_ptr_nonnull (job);
    ck_assert (!job->keep_voices);
    return job;
}

/*  Brings a sound into the slot, as worker, stage and audio actor do. */
static void
s_end_load (zample_job_t *job)
{
    static uint64_t files;
    zample_store_key_t key = { .file.inode = ++files };
    zample_store_victim_t victims[ZAMPLE_STORE_VICTIMS];
    zample_claim_t claim = { .entry = NULL };
    zample_command_t load = { .kind = COMMAND_LOAD, .slot = job->slot };
    uint32_t slot = job->slot, count;
    uint64_t number = job->number;
    zample_sound_t *sound = zample_sound_new (10);
    ck_assert_int_eq (zample_store_claim (s_store, &key, &claim), STORE_MINE);
    ck_assert_int_eq (zample_store_make_room (s_store, &claim, zample_sound_bytes_of (10), victims, &count),
                      STORE_ROOM);
    ck_assert (zample_peaks_finish (&sound->peaks, sound->data, 10));
    zample_store_fill (s_store, &claim, sound, false);
    zample_sample_t *sample = zample_store_sample (s_store, &claim, number, job->path);
    ck_assert_int_eq (zample_jobs_cross (s_jobs, job, &load), JOBS_CROSSED);
    zample_jobs_done (s_jobs, slot);
    sample->slot = slot;
    zample_store_enter (s_store, sample, slot);
    zample_event_t success = zample_jobs_event (s_jobs, number, slot, ZAMPLE_EVENT_SUCCESS);
    zample_jobs_end (s_jobs, &success);
}

/*  The next job is one to load this slot anew. */
static void
s_must_load_anew (uint32_t slot)
{
    zample_job_t *job = zample_jobs_take (s_jobs);
    ck_assert_ptr_nonnull (job);
    ck_assert_uint_eq (job->slot, slot);
    ck_assert (job->keep_voices);
    s_end_load (job);
}

START_TEST (a_sound_that_changes_is_loaded_anew_if_it_is_in_memory)
{
    tree_file ("kit/a.wav");
    tree_file ("kit/b.wav");
    s_add ("a", 2);
    uint32_t b = s_add ("b", 2);
    s_end_load (s_begin_load ("b"));
    tree_file ("kit/a.wav");
    tree_file ("kit/b.wav");
    s_must_load_anew (b);
}
END_TEST

START_TEST (a_sound_that_changes_while_it_is_loaded_is_loaded_anew_behind_that)
{
    tree_file ("kit/a.wav");
    uint32_t slot = s_add ("a", 1);
    zample_job_t *job = s_begin_load ("a");
    tree_file ("kit/a.wav");
    tree_file ("kit/new.wav");
    s_await_scan (0, 2); /* and what was written has been looked at before */
    ck_assert (zample_jobs_go_on (s_jobs, job));
    s_end_load (job);
    s_must_load_anew (slot);
}
END_TEST

START_TEST (when_the_system_loses_events_all_is_scanned_and_loaded_anew)
{
    tree_file ("kit/a.wav");
    tree_file ("kit/b.wav");
    uint32_t slot = s_add ("b", 2);
    s_end_load (s_begin_load ("b"));
    s_overflows = 1;
    tree_file ("kit/nothing.txt"); /* wakes it */
    s_must_load_anew (slot);
    s_await_scan (0, 1); /* the preload */
    s_await_scan (0, 2);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("library actor");
    TCase *tests = tcase_create ("library actor");
    tcase_add_checked_fixture (tests, s_open, s_close);
    tcase_add_test (tests, a_sound_that_changes_is_loaded_anew_if_it_is_in_memory);
    tcase_add_test (tests, a_sound_that_changes_while_it_is_loaded_is_loaded_anew_behind_that);
    tcase_add_test (tests, when_the_system_loses_events_all_is_scanned_and_loaded_anew);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
