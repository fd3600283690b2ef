#include "config.h"

#include <check.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "actors/inbox.h"
#include "tests/support/run_suite.h"

static zample_event_t
s_numbered (uint64_t number)
{
    return (zample_event_t) { .kind = ZAMPLE_EVENT_PROGRESS, .sequence = number };
}

static bool
s_readable (const zample_inbox_t *inbox)
{
    struct pollfd fd = { .fd = zample_inbox_fd (inbox), .events = POLLIN };
    return poll (&fd, 1, 0) == 1;
}

START_TEST (what_is_put_is_taken_in_order)
{
    zample_inbox_t *inbox = zample_inbox_new ();
    zample_event_t event = s_numbered (1);
    zample_inbox_put (inbox, &event);
    event = s_numbered (2);
    zample_inbox_put (inbox, &event);
    ck_assert (zample_inbox_take (inbox, &event));
    ck_assert_uint_eq (event.sequence, 1);
    ck_assert (zample_inbox_take (inbox, &event));
    ck_assert_uint_eq (event.sequence, 2);
    ck_assert (!zample_inbox_take (inbox, &event));
    zample_inbox_destroy (&inbox);
    ck_assert_ptr_null (inbox);
}
END_TEST

START_TEST (the_descriptor_is_readable_exactly_while_something_waits)
{
    zample_inbox_t *inbox = zample_inbox_new ();
    zample_event_t event = s_numbered (1);
    ck_assert (!s_readable (inbox));
    zample_inbox_put (inbox, &event);
    zample_inbox_put (inbox, &event);
    ck_assert (s_readable (inbox));
    zample_inbox_take (inbox, &event);
    ck_assert (s_readable (inbox));
    zample_inbox_take (inbox, &event);
    ck_assert (!s_readable (inbox));
    zample_inbox_destroy (&inbox);
}
END_TEST

START_TEST (what_does_not_fit_is_counted_and_told)
{
    zample_inbox_t *inbox = zample_inbox_new ();
    zample_event_t event;
    for (uint64_t i = 1; i <= ZAMPLE_INBOX_EVENTS + 5; i++) {
        event = s_numbered (i);
        zample_inbox_put (inbox, &event);
    }
    for (uint64_t i = 1; i <= ZAMPLE_INBOX_EVENTS; i++) {
        ck_assert (zample_inbox_take (inbox, &event));
        ck_assert_uint_eq (event.sequence, i);
    }
    ck_assert (!zample_inbox_take (inbox, &event));
    event = s_numbered (ZAMPLE_INBOX_EVENTS + 6);
    zample_inbox_put (inbox, &event);
    ck_assert (zample_inbox_take (inbox, &event));
    ck_assert_int_eq (event.kind, ZAMPLE_EVENT_LOST);
    ck_assert_uint_eq (event.u.lost.count, 5);
    ck_assert_uint_eq (event.sequence, ZAMPLE_INBOX_EVENTS + 5);
    ck_assert (zample_inbox_take (inbox, &event));
    ck_assert_uint_eq (event.sequence, ZAMPLE_INBOX_EVENTS + 6);
    zample_inbox_destroy (&inbox);
}
END_TEST

START_TEST (what_was_lost_is_told_even_if_nothing_comes_after_it)
{
    zample_inbox_t *inbox = zample_inbox_new ();
    zample_event_t event = s_numbered (1);
    ck_assert (!zample_inbox_owes (inbox));
    for (int i = 0; i < ZAMPLE_INBOX_EVENTS + 5; i++)
        zample_inbox_put (inbox, &event);
    ck_assert (zample_inbox_owes (inbox));
    for (int i = 0; i < ZAMPLE_INBOX_EVENTS; i++)
        ck_assert (zample_inbox_take (inbox, &event));
    ck_assert (!zample_inbox_owes (inbox));
    ck_assert (zample_inbox_take (inbox, &event));
    ck_assert_int_eq (event.kind, ZAMPLE_EVENT_LOST);
    ck_assert_uint_eq (event.u.lost.count, 5);
    ck_assert (!zample_inbox_take (inbox, &event));
    zample_inbox_destroy (&inbox);
}
END_TEST

/* Many threads take, one puts: each event is taken once. */

#define EVENTS 20000
#define TAKERS 3

static zample_inbox_t *s_inbox;
static atomic_uint s_seen[EVENTS + 1];
static atomic_uint s_taken;

static void *
s_take_all (void *unused)
{
    zample_event_t event;
    (void) unused;
    while (atomic_load (&s_taken) < EVENTS) {
        struct pollfd fd = { .fd = zample_inbox_fd (s_inbox), .events = POLLIN };
        poll (&fd, 1, 10);
        if (!zample_inbox_take (s_inbox, &event))
            continue;
        unsigned count = event.kind == ZAMPLE_EVENT_LOST ? (unsigned) event.u.lost.count : 1;
        if (event.kind != ZAMPLE_EVENT_LOST)
            atomic_fetch_add (&s_seen[event.sequence], 1);
        atomic_fetch_add (&s_taken, count);
    }
    return NULL;
}

START_TEST (each_event_is_taken_by_one_thread_only)
{
    pthread_t takers[TAKERS];
    s_inbox = zample_inbox_new ();
    for (int i = 0; i < TAKERS; i++)
        ck_assert_int_eq (pthread_create (&takers[i], NULL, s_take_all, NULL), 0);
    for (uint64_t i = 1; i <= EVENTS; i++) {
        zample_event_t event = s_numbered (i);
        while (i > atomic_load (&s_taken) + ZAMPLE_INBOX_EVENTS / 2)
            sched_yield ();
        zample_inbox_put (s_inbox, &event);
    }
    for (int i = 0; i < TAKERS; i++)
        pthread_join (takers[i], NULL);
    for (uint64_t i = 1; i <= EVENTS; i++)
        ck_assert_uint_eq (atomic_load (&s_seen[i]), 1);
    ck_assert (!s_readable (s_inbox));
    zample_inbox_destroy (&s_inbox);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("inbox");
    TCase *all = tcase_create ("inbox");
    tcase_add_test (all, what_is_put_is_taken_in_order);
    tcase_add_test (all, the_descriptor_is_readable_exactly_while_something_waits);
    tcase_add_test (all, what_does_not_fit_is_counted_and_told);
    tcase_add_test (all, what_was_lost_is_told_even_if_nothing_comes_after_it);
    tcase_add_test (all, each_event_is_taken_by_one_thread_only);
    suite_add_tcase (suite, all);
    return run_suite (suite);
}
