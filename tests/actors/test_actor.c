#include "config.h"

#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <zmq.h>

#include "actors/actor.h"
#include "tests/support/run_suite.h"

static void *s_context;

static void
s_make_context (void)
{
    s_context = zmq_ctx_new ();
}

static void
s_end_context (void)
{
    zmq_ctx_term (s_context);
}

static void
s_await (zample_actor_t *self)
{
    zmq_pollitem_t item = { .socket = zample_actor_end (self), .events = ZMQ_POLLIN };
    zmq_poll (&item, 1, 1000);
}

/*  Says back what it hears, and on ending writes into its argument that it did. */
static void
s_echo (zample_actor_t *self, void *arguments)
{
    size_t size;
    zample_actor_ready (self, true);
    while (!zample_actor_stopping (self)) {
        s_await (self);
        const void *message = zample_actor_next (self, &size);
        if (message)
            zample_actor_say (self, message, size);
    }
    *(int *) arguments = 1;
}

START_TEST (a_message_comes_back_and_destroying_waits_for_the_end)
{
    int ended = 0;
    char heard[8] = "";
    zample_actor_t *actor = zample_actor_new (s_context, "echo", s_echo, &ended);
    ck_assert_ptr_nonnull (actor);
    ck_assert (zample_actor_send (actor, "hello", 5));
    ck_assert_int_eq (zmq_recv (zample_actor_pipe (actor), heard, sizeof heard, 0), 5);
    ck_assert_str_eq (heard, "hello");
    zample_actor_destroy (&actor);
    ck_assert_ptr_null (actor);
    ck_assert_int_eq (ended, 1);
    zample_actor_destroy (&actor);
}
END_TEST

static void
s_refuse (zample_actor_t *self, void *arguments)
{
    (void) arguments;
    zample_actor_ready (self, false);
}

START_TEST (one_that_is_not_ready_is_null)
{
    ck_assert_ptr_null (zample_actor_new (s_context, "refuses", s_refuse, NULL));
}
END_TEST

/*  Deaf until it is to end. */
static void
s_deaf (zample_actor_t *self, void *arguments)
{
    (void) arguments;
    zample_actor_ready (self, true);
    while (!zample_actor_stopping (self))
        sched_yield ();
}

START_TEST (one_with_a_full_pipe_still_ends)
{
    zample_actor_t *actor = zample_actor_new (s_context, "deaf", s_deaf, NULL);
    ck_assert_ptr_nonnull (actor);
    int sent = 0;
    while (zample_actor_send (actor, "x", 1))
        sent++;
    ck_assert_int_ge (sent, 100000);
    zample_actor_destroy (&actor);
}
END_TEST

/*  Counts what it has heard when it is told to end. */
static void
s_count (zample_actor_t *self, void *arguments)
{
    size_t size;
    zample_actor_ready (self, true);
    while (!zample_actor_stopping (self))
        s_await (self);
    while (zample_actor_next (self, &size))
        ++*(int *) arguments;
}

START_TEST (what_was_sent_before_the_end_is_there_at_the_end)
{
    int heard = 0;
    zample_actor_t *actor = zample_actor_new (s_context, "counts", s_count, &heard);
    for (int i = 0; i < 100; i++)
        ck_assert (zample_actor_send (actor, "x", 1));
    zample_actor_destroy (&actor);
    ck_assert_int_eq (heard, 100);
}
END_TEST

/*  Gives its own signal mask to its argument. */
static void
s_tell_mask (zample_actor_t *self, void *arguments)
{
    pthread_sigmask (SIG_SETMASK, NULL, arguments);
    zample_actor_ready (self, true);
}

START_TEST (signals_are_left_to_the_host)
{
    sigset_t actors, before, after;
    struct sigaction action_before, action_after;
    sigaction (SIGINT, NULL, &action_before);
    pthread_sigmask (SIG_SETMASK, NULL, &before);
    zample_actor_t *actor = zample_actor_new (s_context, "masks", s_tell_mask, &actors);
    zample_actor_destroy (&actor);
    ck_assert_int_eq (sigismember (&actors, SIGINT), 1);
    ck_assert_int_eq (sigismember (&actors, SIGTERM), 1);
    pthread_sigmask (SIG_SETMASK, NULL, &after);
    ck_assert_int_eq (sigismember (&after, SIGINT), sigismember (&before, SIGINT));
    sigaction (SIGINT, NULL, &action_after);
    ck_assert (action_after.sa_handler == action_before.sa_handler);
}
END_TEST

START_TEST (without_a_socket_it_is_null)
{
    zmq_ctx_set (s_context, ZMQ_MAX_SOCKETS, 1);
    int ended = 0;
    ck_assert_ptr_null (zample_actor_new (s_context, "none", s_echo, &ended));
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("actor");
    TCase *all = tcase_create ("actor");
    tcase_add_checked_fixture (all, s_make_context, s_end_context);
    tcase_add_test (all, a_message_comes_back_and_destroying_waits_for_the_end);
    tcase_add_test (all, one_that_is_not_ready_is_null);
    tcase_add_test (all, one_with_a_full_pipe_still_ends);
    tcase_add_test (all, what_was_sent_before_the_end_is_there_at_the_end);
    tcase_add_test (all, signals_are_left_to_the_host);
    tcase_add_test (all, without_a_socket_it_is_null);
    suite_add_tcase (suite, all);
    return run_suite (suite);
}
