/*  The jobs, on real sockets: who is worked on when, and that each ends exactly once, whatever is asked in between. */
#include "config.h"

#include <check.h>
#include <pthread.h>
#include <string.h>
#include <zmq.h>

#include "actors/jobs.h"
#include "engine/stage_setup.h"
#include "tests/support/run_suite.h"

enum { SLOTS = 8, LIMIT_MS = 60000 };

static void *s_context;
static void *s_heard; /* PULL: what is told */
static zample_told_t *s_told;
static zample_doorway_t *s_doorway;
static zample_jobs_t *s_jobs;

static void
s_open (void)
{
    zample_stage_shape_t shape = { .slots = SLOTS, .voices = 1, .command_capacity = 4, .event_capacity = 4 };
    int none = 0, limit = LIMIT_MS;
    s_context = zmq_ctx_new ();
    s_heard = zmq_socket (s_context, ZMQ_PULL);
    zmq_setsockopt (s_heard, ZMQ_RCVHWM, &none, sizeof none);
    zmq_setsockopt (s_heard, ZMQ_RCVTIMEO, &limit, sizeof limit);
    ck_assert_int_eq (zmq_bind (s_heard, ZAMPLE_TOLD_ENDPOINT), 0);
    s_told = zample_told_new (s_context);
    s_doorway = zample_doorway_new (&shape);
    s_jobs = zample_jobs_new (s_doorway, s_told);
    ck_assert_ptr_nonnull (s_jobs);
}

static void
s_close (void)
{
    zample_jobs_destroy (&s_jobs);
    zample_doorway_destroy (&s_doorway);
    zample_told_destroy (&s_told);
    zmq_close (s_heard);
    zmq_ctx_term (s_context);
}

/* ------------------------------------------------------------------- asking */

static uint64_t
s_ask (uint32_t slot, zample_priority_t priority)
{
    zample_ask_t ask = { .slot = slot, .path = "kick.wav", .how.priority = priority };
    uint64_t number = zample_jobs_ask (s_jobs, &ask);
    ck_assert_uint_ne (number, 0);
    return number;
}

static uint64_t
s_demand (uint32_t slot, const char *path)
{
    zample_ask_t ask = { .slot = slot, .path = path, .how.priority = ZAMPLE_PRIORITY_NOW, .is_demand = true };
    return zample_jobs_ask (s_jobs, &ask);
}

static uint64_t
s_ask_for (uint64_t group, uint32_t slot)
{
    zample_ask_t ask = { .slot = slot, .path = "kick.wav", .group = group };
    return zample_jobs_ask (s_jobs, &ask);
}

/*  The next event is this. */
static zample_event_t
s_hear (zample_event_kind_t kind, uint64_t job)
{
    zample_event_t event;
    ck_assert_int_eq (zmq_recv (s_heard, &event, sizeof event, 0), sizeof event);
    ck_assert_str_eq (zample_event_name (event.kind), zample_event_name (kind));
    ck_assert_uint_eq (event.job, job);
    return event;
}

static void
s_hear_nothing (void)
{
    zample_event_t event;
    ck_assert_int_lt (zmq_recv (s_heard, &event, sizeof event, ZMQ_DONTWAIT), 0);
}

static zample_job_t *
s_take (uint64_t number)
{
    zample_job_t *job = zample_jobs_take (s_jobs);
    ck_assert_ptr_nonnull (job);
    ck_assert_uint_eq (job->number, number);
    return job;
}

static void
s_cross (zample_job_t *job)
{
    zample_command_t load = { .kind = COMMAND_LOAD, .slot = job->slot };
    uint32_t slot = job->slot;
    ck_assert_int_eq (zample_jobs_cross (s_jobs, job, &load), JOBS_CROSSED);
    zample_jobs_done (s_jobs, slot);
}

/*  As the audio actor does when the stage reports a sample ready. */
static void
s_succeed (uint64_t number, uint32_t slot)
{
    zample_event_t success = zample_jobs_event (s_jobs, number, slot, ZAMPLE_EVENT_SUCCESS);
    zample_jobs_end (s_jobs, &success);
}

/*  What the stage is told of loads that failed. */
static bool
s_is_given_up (uint32_t slot)
{
    zample_command_t command;
    uint64_t ticket;
    zample_jobs_settle (s_jobs);
    return zample_command_ring_pop (&s_doorway->commands, &command, &ticket)
           && command.kind == COMMAND_GIVE_UP && command.slot == slot;
}

/* --------------------------------------------------------------------- tests */

START_TEST (the_most_urgent_is_taken_first)
{
    uint64_t idle = s_ask (0, ZAMPLE_PRIORITY_IDLE);
    uint64_t soon = s_ask (1, ZAMPLE_PRIORITY_SOON);
    uint64_t now = s_ask (2, ZAMPLE_PRIORITY_NOW);
    s_take (now);
    s_take (soon);
    s_take (idle);
}
END_TEST

START_TEST (one_that_waits_can_be_hurried)
{
    uint64_t first = s_ask (0, ZAMPLE_PRIORITY_SOON);
    uint64_t second = s_ask (1, ZAMPLE_PRIORITY_SOON);
    uint64_t third = s_ask (2, ZAMPLE_PRIORITY_SOON);
    ck_assert (zample_jobs_prioritise (s_jobs, third, ZAMPLE_PRIORITY_NOW, 0));
    ck_assert (zample_jobs_prioritise (s_jobs, first, ZAMPLE_PRIORITY_IDLE, 0));
    s_take (third);
    s_take (second);
    s_take (first);
    ck_assert (!zample_jobs_prioritise (s_jobs, 99, ZAMPLE_PRIORITY_NOW, 0));
}
END_TEST

START_TEST (one_that_waits_is_cancelled_at_once_and_its_voices_are_given_up)
{
    uint64_t job = s_ask (3, ZAMPLE_PRIORITY_SOON);
    ck_assert (zample_jobs_cancel (s_jobs, job));
    s_hear (ZAMPLE_EVENT_CANCELLED, job);
    ck_assert (!zample_jobs_cancel (s_jobs, job));
    ck_assert (s_is_given_up (3));
    s_hear_nothing ();
    uint64_t next = s_ask (4, ZAMPLE_PRIORITY_SOON);
    s_take (next);
}
END_TEST

START_TEST (one_that_is_worked_on_is_told_to_its_worker)
{
    uint64_t number = s_ask (3, ZAMPLE_PRIORITY_SOON);
    zample_job_t *job = s_take (number);
    ck_assert (zample_jobs_go_on (s_jobs, job));
    ck_assert (zample_jobs_cancel (s_jobs, number));
    ck_assert (!zample_jobs_go_on (s_jobs, job));
    s_hear_nothing ();
    zample_command_t load = { .kind = COMMAND_LOAD, .slot = 3 };
    ck_assert_int_eq (zample_jobs_cross (s_jobs, job, &load), JOBS_UNWANTED);
    zample_jobs_give_up (s_jobs, number);
    zample_jobs_done (s_jobs, 3);
    s_hear (ZAMPLE_EVENT_CANCELLED, number);
    zample_jobs_give_up (s_jobs, number);
    s_hear_nothing ();
}
END_TEST

START_TEST (one_that_has_crossed_succeeds_although_it_is_cancelled)
{
    uint64_t number = s_ask (3, ZAMPLE_PRIORITY_SOON);
    s_cross (s_take (number));
    ck_assert (zample_jobs_cancel (s_jobs, number));
    s_hear_nothing ();
    s_succeed (number, 3);
    s_hear (ZAMPLE_EVENT_SUCCESS, number);
    s_succeed (number, 3);
    s_hear_nothing ();
    ck_assert (!s_is_given_up (3));
}
END_TEST

START_TEST (a_full_ring_is_not_the_end)
{
    zample_command_t stop = { .kind = COMMAND_STOP_ALL }, load = { .kind = COMMAND_LOAD, .slot = 3 };
    uint64_t ticket, number = s_ask (3, ZAMPLE_PRIORITY_SOON);
    zample_job_t *job = s_take (number);
    while (zample_command_ring_push (&s_doorway->commands, &stop, &ticket))
        ;
    ck_assert_int_eq (zample_jobs_cross (s_jobs, job, &load), JOBS_FULL);
    ck_assert (zample_command_ring_pop (&s_doorway->commands, &stop, &ticket));
    ck_assert_int_eq (zample_jobs_cross (s_jobs, job, &load), JOBS_CROSSED);
}
END_TEST

START_TEST (the_newest_load_of_a_slot_takes_the_place_of_one_that_waits)
{
    uint64_t first = s_ask (3, ZAMPLE_PRIORITY_NOW);
    uint64_t second = s_ask (3, ZAMPLE_PRIORITY_IDLE);
    s_hear (ZAMPLE_EVENT_CANCELLED, first);
    ck_assert (!s_is_given_up (3));
    s_take (second);
    s_hear_nothing ();
}
END_TEST

START_TEST (it_waits_for_one_that_is_worked_on_and_calls_it_off)
{
    uint64_t first = s_ask (3, ZAMPLE_PRIORITY_SOON);
    zample_job_t *job = s_take (first);
    uint64_t second = s_ask (3, ZAMPLE_PRIORITY_NOW);
    uint64_t other = s_ask (4, ZAMPLE_PRIORITY_IDLE);
    ck_assert (!zample_jobs_go_on (s_jobs, job));
    s_take (other); /* though the other is more urgent: its slot is busy */
    zample_jobs_give_up (s_jobs, first);
    s_hear (ZAMPLE_EVENT_CANCELLED, first);
    zample_jobs_done (s_jobs, 3);
    ck_assert (!s_is_given_up (3));
    s_take (second);
}
END_TEST

START_TEST (a_demand_hurries_what_is_on_its_way_and_asks_for_what_is_not)
{
    uint64_t idle = s_ask (3, ZAMPLE_PRIORITY_IDLE);
    uint64_t soon = s_ask (4, ZAMPLE_PRIORITY_SOON);
    ck_assert_uint_eq (s_demand (3, "snare.wav"), idle);
    zample_job_t *job = s_take (idle);
    ck_assert_uint_eq (s_demand (3, "snare.wav"), idle);
    s_cross (job);
    ck_assert_uint_eq (s_demand (3, "snare.wav"), idle);
    s_succeed (idle, 3);
    ck_assert_uint_gt (s_demand (3, "snare.wav"), soon);
    ck_assert_uint_eq (s_demand (5, ""), 0);
    s_hear (ZAMPLE_EVENT_SUCCESS, idle);
    s_hear_nothing ();
}
END_TEST

START_TEST (a_refresh_disturbs_no_load_that_will_read_the_file_or_is_reading_it)
{
    zample_ask_t refresh = { .slot = 3, .path = "kick.wav", .keep_voices = true, .is_refresh = true };
    uint64_t waits = s_ask (3, ZAMPLE_PRIORITY_SOON);
    ck_assert (!zample_jobs_is_under_way (s_jobs, 3));
    ck_assert_uint_eq (zample_jobs_ask (s_jobs, &refresh), waits);
    zample_job_t *job = s_take (waits);
    ck_assert (zample_jobs_is_under_way (s_jobs, 3));
    ck_assert_uint_eq (zample_jobs_ask (s_jobs, &refresh), 0);
    ck_assert (zample_jobs_go_on (s_jobs, job));
    s_cross (job);
    ck_assert (zample_jobs_is_under_way (s_jobs, 3));
    ck_assert_uint_eq (zample_jobs_ask (s_jobs, &refresh), 0);
    s_succeed (waits, 3);
    s_hear (ZAMPLE_EVENT_SUCCESS, waits);
    ck_assert (!zample_jobs_is_under_way (s_jobs, 3));
    uint64_t anew = zample_jobs_ask (s_jobs, &refresh);
    ck_assert_uint_gt (anew, waits);
    ck_assert (s_take (anew)->keep_voices);
}
END_TEST

START_TEST (a_failed_load_is_made_known_once_and_a_later_one_is_waited_for)
{
    uint64_t first = s_ask (3, ZAMPLE_PRIORITY_SOON);
    zample_job_t *job = s_take (first);
    zample_jobs_fail (s_jobs, job->number, ZAMPLE_CODE_DAMAGED, "kick.wav: the file is damaged");
    zample_jobs_done (s_jobs, 3);
    zample_event_t error = s_hear (ZAMPLE_EVENT_ERROR, first);
    ck_assert_int_eq (error.u.error.code, ZAMPLE_CODE_DAMAGED);
    ck_assert_str_eq (error.u.error.msg, "kick.wav: the file is damaged");
    ck_assert (s_is_given_up (3));
    ck_assert (!s_is_given_up (3));
}
END_TEST

START_TEST (what_the_ring_has_no_room_for_is_made_known_later)
{
    zample_command_t command = { .kind = COMMAND_STOP_ALL };
    uint64_t ticket;
    while (zample_command_ring_push (&s_doorway->commands, &command, &ticket))
        ;
    for (uint32_t slot = 0; slot < SLOTS; slot++)
        zample_jobs_disappoint (s_jobs, slot);
    unsigned seen = 0;
    for (int i = 0; i < 100 && seen != (1u << SLOTS) - 1; i++) {
        zample_jobs_settle (s_jobs);
        while (zample_command_ring_pop (&s_doorway->commands, &command, &ticket))
            seen |= command.kind == COMMAND_GIVE_UP ? 1u << command.slot : 0;
    }
    ck_assert_uint_eq (seen, (1u << SLOTS) - 1);
}
END_TEST

START_TEST (a_missed_deadline_is_told_in_frames)
{
    zample_ask_t ask = { .slot = 3, .path = "kick.wav", .how.deadline = 1000 };
    uint64_t number = zample_jobs_ask (s_jobs, &ask);
    s_cross (s_take (number));
    zample_event_t success = { .kind = ZAMPLE_EVENT_SUCCESS, .slot = 3, .job = number, .frame = 1480 };
    zample_jobs_end (s_jobs, &success);
    ck_assert_int_eq (s_hear (ZAMPLE_EVENT_SUCCESS, number).u.success.late_frames, 480);
}
END_TEST

/* ---- groups */

START_TEST (a_group_tells_how_far_its_members_are_and_ends_with_the_last)
{
    uint64_t group = zample_jobs_open (s_jobs, "drums");
    uint64_t first = s_ask_for (group, 0), second = s_ask_for (group, 1), third = s_ask_for (group, 2);
    s_cross (s_take (first));
    s_succeed (first, 0);
    s_hear (ZAMPLE_EVENT_SUCCESS, first);
    zample_jobs_gather (s_jobs, group, 3);
    ck_assert_double_eq_tol (s_hear (ZAMPLE_EVENT_PROGRESS, group).u.progress.percent, 1.0 / 3, 1e-9);
    s_take (second);
    zample_jobs_fail (s_jobs, second, ZAMPLE_CODE_IO, "kick.wav: the disk reports an error");
    s_hear (ZAMPLE_EVENT_ERROR, second);
    ck_assert_double_eq_tol (s_hear (ZAMPLE_EVENT_PROGRESS, group).u.progress.percent, 2.0 / 3, 1e-9);
    s_cross (s_take (third));
    s_succeed (third, 2);
    s_hear (ZAMPLE_EVENT_SUCCESS, third);
    ck_assert_double_eq_tol (s_hear (ZAMPLE_EVENT_PROGRESS, group).u.progress.percent, 1.0, 1e-9);
    zample_event_t success = s_hear (ZAMPLE_EVENT_SUCCESS, group);
    ck_assert_uint_eq (success.u.success.sounds, 2);
    ck_assert_uint_eq (success.u.success.failed, 1);
    ck_assert_uint_eq (success.slot, ZAMPLE_NO_SLOT);
}
END_TEST

START_TEST (what_a_group_could_not_ask_for_has_failed)
{
    uint64_t group = zample_jobs_open (s_jobs, "drums");
    uint64_t only = s_ask_for (group, 0);
    zample_jobs_gather (s_jobs, group, 2);
    s_hear (ZAMPLE_EVENT_PROGRESS, group);
    s_cross (s_take (only));
    s_succeed (only, 0);
    s_hear (ZAMPLE_EVENT_SUCCESS, only);
    s_hear (ZAMPLE_EVENT_PROGRESS, group);
    zample_event_t success = s_hear (ZAMPLE_EVENT_SUCCESS, group);
    ck_assert_uint_eq (success.u.success.sounds, 1);
    ck_assert_uint_eq (success.u.success.failed, 1);
}
END_TEST

START_TEST (a_group_of_none_ends_at_once)
{
    uint64_t group = zample_jobs_open (s_jobs, "drums");
    zample_jobs_gather (s_jobs, group, 0);
    s_hear (ZAMPLE_EVENT_PROGRESS, group);
    s_hear (ZAMPLE_EVENT_SUCCESS, group);
}
END_TEST

START_TEST (a_cancelled_group_takes_its_members_with_it)
{
    uint64_t group = zample_jobs_open (s_jobs, "drums");
    uint64_t worked_on = s_ask_for (group, 0);
    zample_job_t *job = s_take (worked_on);
    for (uint32_t slot = 1; slot < SLOTS; slot++)
        s_ask_for (group, slot);
    zample_jobs_gather (s_jobs, group, SLOTS);
    s_hear (ZAMPLE_EVENT_PROGRESS, group);
    ck_assert (zample_jobs_cancel (s_jobs, group));
    for (uint32_t slot = SLOTS - 1; slot > 0; slot--) {
        s_hear (ZAMPLE_EVENT_CANCELLED, worked_on + slot);
        s_hear (ZAMPLE_EVENT_PROGRESS, group);
    }
    ck_assert (!zample_jobs_go_on (s_jobs, job));
    s_hear_nothing ();
    zample_jobs_give_up (s_jobs, worked_on);
    s_hear (ZAMPLE_EVENT_CANCELLED, worked_on);
    s_hear (ZAMPLE_EVENT_PROGRESS, group);
    s_hear (ZAMPLE_EVENT_CANCELLED, group);
}
END_TEST

/*  More than are called off under one lock; the last one takes the group with it. */
START_TEST (a_large_group_is_cancelled_whole)
{
    enum { MANY = 1000 };
    zample_jobs_destroy (&s_jobs);
    zample_doorway_destroy (&s_doorway);
    zample_stage_shape_t shape = { .slots = MANY, .voices = 1, .command_capacity = 4, .event_capacity = 4 };
    s_doorway = zample_doorway_new (&shape);
    s_jobs = zample_jobs_new (s_doorway, s_told);
    uint64_t group = zample_jobs_open (s_jobs, "drums");
    for (uint32_t slot = 0; slot < MANY; slot++)
        s_ask_for (group, slot);
    zample_jobs_gather (s_jobs, group, MANY);
    ck_assert (zample_jobs_cancel (s_jobs, group));
    int cancelled = 0;
    zample_event_t event = { .job = 0 };
    while (event.job != group || event.kind != ZAMPLE_EVENT_CANCELLED) {
        ck_assert_int_eq (zmq_recv (s_heard, &event, sizeof event, 0), sizeof event);
        cancelled += event.kind == ZAMPLE_EVENT_CANCELLED;
    }
    ck_assert_int_eq (cancelled, MANY + 1);
    ck_assert (!zample_jobs_cancel (s_jobs, group));
}
END_TEST

/* ---- the end */

static void *
s_take_none (void *unused)
{
    (void) unused;
    return zample_jobs_take (s_jobs);
}

START_TEST (closing_wakes_the_workers_and_ends_what_waits)
{
    pthread_t worker;
    void *job;
    ck_assert_int_eq (pthread_create (&worker, NULL, s_take_none, NULL), 0);
    zample_jobs_close (s_jobs);
    pthread_join (worker, &job);
    ck_assert_ptr_null (job);
    zample_ask_t ask = { .slot = 0, .path = "kick.wav" };
    ck_assert_uint_eq (zample_jobs_ask (s_jobs, &ask), 0);
    ck_assert_uint_eq (zample_jobs_open (s_jobs, "drums"), 0);
}
END_TEST

START_TEST (what_waits_ends_in_an_error_when_the_engine_closes)
{
    uint64_t first = s_ask (3, ZAMPLE_PRIORITY_SOON);
    zample_job_t *job = s_take (first);
    uint64_t behind = s_ask (3, ZAMPLE_PRIORITY_SOON), other = s_ask (4, ZAMPLE_PRIORITY_SOON);
    zample_jobs_close (s_jobs);
    ck_assert_int_eq (s_hear (ZAMPLE_EVENT_ERROR, other).u.error.code, ZAMPLE_CODE_CLOSED);
    ck_assert_str_eq (s_hear (ZAMPLE_EVENT_ERROR, behind).u.error.msg, "kick.wav: the engine was closed");
    ck_assert (!zample_jobs_go_on (s_jobs, job));
    zample_jobs_give_up (s_jobs, first);
    s_hear (ZAMPLE_EVENT_CANCELLED, first); /* it was called off before, by the one behind it */
    zample_jobs_done (s_jobs, 3);
    s_hear_nothing ();
}
END_TEST

int
main (void)
{
    TCase *tcase = tcase_create ("jobs");
    tcase_add_checked_fixture (tcase, s_open, s_close);
    tcase_add_test (tcase, the_most_urgent_is_taken_first);
    tcase_add_test (tcase, one_that_waits_can_be_hurried);
    tcase_add_test (tcase, one_that_waits_is_cancelled_at_once_and_its_voices_are_given_up);
    tcase_add_test (tcase, one_that_is_worked_on_is_told_to_its_worker);
    tcase_add_test (tcase, one_that_has_crossed_succeeds_although_it_is_cancelled);
    tcase_add_test (tcase, a_full_ring_is_not_the_end);
    tcase_add_test (tcase, the_newest_load_of_a_slot_takes_the_place_of_one_that_waits);
    tcase_add_test (tcase, it_waits_for_one_that_is_worked_on_and_calls_it_off);
    tcase_add_test (tcase, a_demand_hurries_what_is_on_its_way_and_asks_for_what_is_not);
    tcase_add_test (tcase, a_refresh_disturbs_no_load_that_will_read_the_file_or_is_reading_it);
    tcase_add_test (tcase, a_failed_load_is_made_known_once_and_a_later_one_is_waited_for);
    tcase_add_test (tcase, what_the_ring_has_no_room_for_is_made_known_later);
    tcase_add_test (tcase, a_missed_deadline_is_told_in_frames);
    tcase_add_test (tcase, a_group_tells_how_far_its_members_are_and_ends_with_the_last);
    tcase_add_test (tcase, what_a_group_could_not_ask_for_has_failed);
    tcase_add_test (tcase, a_group_of_none_ends_at_once);
    tcase_add_test (tcase, a_cancelled_group_takes_its_members_with_it);
    tcase_add_test (tcase, a_large_group_is_cancelled_whole);
    tcase_add_test (tcase, closing_wakes_the_workers_and_ends_what_waits);
    tcase_add_test (tcase, what_waits_ends_in_an_error_when_the_engine_closes);
    Suite *suite = suite_create ("jobs");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
