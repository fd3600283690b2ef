/*  Telling: runs on the thread of whoever tells. */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <zmq.h>

#include "actors/told.h"

struct zample_told {
    pthread_mutex_t lock;
    void *socket;
};

zample_told_t *
zample_told_new (void *context)
{
    int none = 0;
    zample_told_t *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    pthread_mutex_init (&self->lock, NULL);
    self->socket = zmq_socket (context, ZMQ_PUSH);
    if (!self->socket || zmq_setsockopt (self->socket, ZMQ_SNDHWM, &none, sizeof none) != 0
        || zmq_connect (self->socket, ZAMPLE_TOLD_ENDPOINT) != 0)
        zample_told_destroy (&self);
    return self;
}

void
zample_told_destroy (zample_told_t **self_p)
{
    zample_told_t *self = *self_p;
    if (!self)
        return;
    if (self->socket)
        zmq_close (self->socket);
    pthread_mutex_destroy (&self->lock);
    free (self);
    *self_p = NULL;
}

static void
s_tell (zample_told_t *self, const void *message, size_t size)
{
    pthread_mutex_lock (&self->lock);
    zmq_send (self->socket, message, size, 0);
    pthread_mutex_unlock (&self->lock);
}

void
zample_told_event (zample_told_t *self, const zample_event_t *event)
{
    s_tell (self, event, sizeof *event);
}

void
zample_told_telemetry (zample_told_t *self, const zample_telemetry_t *telemetry)
{
    s_tell (self, telemetry, sizeof *telemetry);
}
