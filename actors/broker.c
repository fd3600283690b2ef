/*  The broker's thread. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "actors/actor.h"
#include "actors/broker.h"
#include "actors/json.h"
#include "actors/state.h"

#define PUBLISHED_MESSAGES 10000 /* that wait for one slow subscriber; then it loses some, and sees it */
#define LAST_WORDS_MS 100        /* that closing waits for the last ones to leave */
#define A_WHILE_MS 1000
#define A_MOMENT_MS 5
#define SNAPSHOT_TOPIC "snap/"

struct zample_broker {
    zample_actor_t *actor;
    zample_inbox_t *inbox;
    zample_state_t *state;
    void *told; /* PULL */
    void *out;  /* XPUB */
    uint64_t sequence;
    int64_t subscriptions; /* there are now */
};

/* -------------------------------------------------------------------- out */

static void
s_publish (zample_broker_t *self, const char *topic, size_t topic_size, json_t *message)
{
    char *text = json_dumps (message, JSON_COMPACT);
    json_decref (message);
    if (!text)
        return;
    zmq_send (self->out, topic, topic_size, ZMQ_SNDMORE);
    zmq_send (self->out, text, strlen (text), 0);
    free (text);
}

static void
s_pass_on (zample_broker_t *self, zample_event_t *event)
{
    char topic[64];
    event->sequence = ++self->sequence;
    zample_state_apply (self->state, event);
    zample_inbox_put (self->inbox, event);
    if (self->subscriptions <= 0)
        return;
    int size = snprintf (topic, sizeof topic, "evt/%s/", zample_event_name (event->kind));
    if (zample_json_has_id (event))
        size += snprintf (topic + size, sizeof topic - (size_t) size, "%" PRIu64 "/", zample_json_id (event));
    else
        size += snprintf (topic + size, sizeof topic - (size_t) size, "-/");
    s_publish (self, topic, (size_t) size, zample_json_event (event));
}

/* --------------------------------------------------------------------- in */

/*  One message of those that tell. False if none waits. */
static bool
s_hear (zample_broker_t *self)
{
    static const char meter_topic[] = "tel/meter/0/";
    union {
        zample_event_t event;
        zample_telemetry_t telemetry;
    } heard;
    int size = zmq_recv (self->told, &heard, sizeof heard, ZMQ_DONTWAIT);
    if (size == (int) sizeof heard.event)
        s_pass_on (self, &heard.event);
    else if (size == (int) sizeof heard.telemetry)
        s_publish (self, meter_topic, strlen (meter_topic),
                   zample_json_telemetry (&heard.telemetry, self->sequence));
    return size >= 0;
}

/*  XPUB hands up each subscription, a 1 and the topic, and each end of one, a 0 and the topic. */
static void
s_answer_subscriptions (zample_broker_t *self)
{
    char message[256];
    int size;
    while ((size = zmq_recv (self->out, message, sizeof message, ZMQ_DONTWAIT)) >= 0) {
        const char *topic = message + 1;
        self->subscriptions += message[0] == 1 ? 1 : -1;
        bool whole = size <= (int) sizeof message;
        bool asks = whole && size > 1 + (int) strlen (SNAPSHOT_TOPIC) && message[0] == 1
                    && memcmp (topic, SNAPSHOT_TOPIC, strlen (SNAPSHOT_TOPIC)) == 0;
        if (asks)
            s_publish (self, topic, (size_t) size - 1, zample_state_snapshot (self->state));
    }
}

static void
s_run (zample_actor_t *actor, void *arguments)
{
    zample_broker_t *self = arguments;
    zmq_pollitem_t items[] = {
        { .socket = zample_actor_end (actor), .events = ZMQ_POLLIN },
        { .socket = self->out, .events = ZMQ_POLLIN },
        { .socket = self->told, .events = ZMQ_POLLIN },
    };
    size_t size;
    zample_actor_ready (actor, true);
    while (!zample_actor_stopping (actor)) {
        zmq_poll (items, 3, zample_inbox_owes (self->inbox) ? A_MOMENT_MS : A_WHILE_MS);
        zample_actor_next (actor, &size);
        s_answer_subscriptions (self);
        s_hear (self);
    }
    while (s_hear (self))
        ;
}

/* -------------------------------------------------------------------- life */

static bool
s_open (zample_broker_t *self, void *context, const char *endpoint, char *why, size_t why_size)
{
    int none = 0, yes = 1, messages = PUBLISHED_MESSAGES, last_words = LAST_WORDS_MS;
    self->told = zmq_socket (context, ZMQ_PULL);
    self->out = zmq_socket (context, ZMQ_XPUB);
    if (!self->told || !self->out) {
        snprintf (why, why_size, "there is no socket left for the events: %s", zmq_strerror (errno));
        return false;
    }
    zmq_setsockopt (self->told, ZMQ_RCVHWM, &none, sizeof none);
    zmq_setsockopt (self->out, ZMQ_SNDHWM, &messages, sizeof messages);
    zmq_setsockopt (self->out, ZMQ_XPUB_VERBOSER, &yes, sizeof yes);
    zmq_setsockopt (self->out, ZMQ_LINGER, &last_words, sizeof last_words);
    if (zmq_bind (self->told, ZAMPLE_TOLD_ENDPOINT) == 0 && zmq_bind (self->out, endpoint) == 0)
        return true;
    snprintf (why, why_size, "the events cannot be published at %s: %s", endpoint, zmq_strerror (errno));
    return false;
}

zample_broker_t *
zample_broker_new (void *context, const char *name, const char *endpoint, zample_inbox_t *inbox, char *why,
                   size_t why_size)
{
    zample_broker_t *self = calloc (1, sizeof *self);
    snprintf (why, why_size, "there is no memory or no thread left for the broker");
    if (!self)
        return NULL;
    self->inbox = inbox;
    self->state = zample_state_new (name);
    if (self->state && s_open (self, context, endpoint, why, why_size))
        self->actor = zample_actor_new (context, "zample-broker", s_run, self);
    if (!self->actor)
        zample_broker_destroy (&self);
    return self;
}

void
zample_broker_destroy (zample_broker_t **self_p)
{
    zample_broker_t *self = *self_p;
    if (!self)
        return;
    zample_actor_destroy (&self->actor);
    if (self->told)
        zmq_close (self->told);
    if (self->out)
        zmq_close (self->out);
    zample_state_destroy (&self->state);
    free (self);
    *self_p = NULL;
}
