/*  The actor: its constructor and destructor run on the caller's thread, the rest on its own. */
#include "config.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "actors/actor.h"

#define PIPE_MESSAGES 100000 /* each way; an inproc pipe holds what both of its ends allow */
#define TERM "$TERM"

struct zample_actor {
    char name[16];
    void *pipe; /* the caller's */
    void *end;  /* the actor's */
    zmq_msg_t message;
    zample_actor_fn *run;
    void *arguments;
    pthread_t thread;
    atomic_bool ready;
    atomic_bool stopping;
};

static void *
s_pair (void *context)
{
    void *socket = zmq_socket (context, ZMQ_PAIR);
    int none = 0, messages = PIPE_MESSAGES / 2;
    if (!socket)
        return NULL;
    zmq_setsockopt (socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt (socket, ZMQ_SNDHWM, &messages, sizeof messages);
    zmq_setsockopt (socket, ZMQ_RCVHWM, &messages, sizeof messages);
    return socket;
}

static bool
s_open_pipe (zample_actor_t *self, void *context)
{
    char endpoint[64];
    snprintf (endpoint, sizeof endpoint, "inproc://actor-%p", (void *) self);
    self->pipe = s_pair (context);
    self->end = s_pair (context);
    return self->pipe && self->end && zmq_bind (self->pipe, endpoint) == 0
           && zmq_connect (self->end, endpoint) == 0;
}

static void *
s_thread (void *argument)
{
    zample_actor_t *self = argument;
    pthread_setname_np (pthread_self (), self->name);
    self->run (self, self->arguments);
    return NULL;
}

/*  Signals go to the threads of the host. */
static bool
s_spawn (zample_actor_t *self)
{
    sigset_t all, before;
    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, &before);
    int error = pthread_create (&self->thread, NULL, s_thread, self);
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    return error == 0;
}

static void
s_free (zample_actor_t *self)
{
    if (self->pipe)
        zmq_close (self->pipe);
    if (self->end)
        zmq_close (self->end);
    zmq_msg_close (&self->message);
    free (self);
}

/*  It must come: `run` says ready on each of its ways. */
static bool
s_await_ready (zample_actor_t *self)
{
    char signal;
    while (zmq_recv (self->pipe, &signal, 1, 0) < 0)
        ;
    return atomic_load_explicit (&self->ready, memory_order_acquire);
}

zample_actor_t *
zample_actor_new (void *context, const char *name, zample_actor_fn *run, void *arguments)
{
    zample_actor_t *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    snprintf (self->name, sizeof self->name, "%s", name);
    self->run = run;
    self->arguments = arguments;
    zmq_msg_init (&self->message);
    if (!s_open_pipe (self, context) || !s_spawn (self)) {
        s_free (self);
        return NULL;
    }
    if (!s_await_ready (self))
        zample_actor_destroy (&self);
    return self;
}

void
zample_actor_destroy (zample_actor_t **self_p)
{
    zample_actor_t *self = *self_p;
    if (!self)
        return;
    atomic_store_explicit (&self->stopping, true, memory_order_release);
    zample_actor_send (self, TERM, strlen (TERM)); /* wakes it; if the pipe is full it is awake anyway */
    pthread_join (self->thread, NULL);
    s_free (self);
    *self_p = NULL;
}

bool
zample_actor_send (zample_actor_t *self, const void *message, size_t size)
{
    return zmq_send (self->pipe, message, size, ZMQ_DONTWAIT) >= 0;
}

void *
zample_actor_pipe (zample_actor_t *self)
{
    return self->pipe;
}

void
zample_actor_ready (zample_actor_t *self, bool yes)
{
    atomic_store_explicit (&self->ready, yes, memory_order_release);
    zmq_send (self->end, "", 1, 0);
}

void *
zample_actor_end (zample_actor_t *self)
{
    return self->end;
}

const void *
zample_actor_next (zample_actor_t *self, size_t *size)
{
    for (;;) {
        if (zmq_msg_recv (&self->message, self->end, ZMQ_DONTWAIT) < 0)
            return NULL;
        *size = zmq_msg_size (&self->message);
        const void *message = zmq_msg_data (&self->message);
        if (*size != strlen (TERM) || memcmp (message, TERM, *size) != 0)
            return message;
    }
}

bool
zample_actor_say (zample_actor_t *self, const void *message, size_t size)
{
    return zmq_send (self->end, message, size, ZMQ_DONTWAIT) >= 0;
}

bool
zample_actor_stopping (zample_actor_t *self)
{
    return atomic_load_explicit (&self->stopping, memory_order_acquire);
}
