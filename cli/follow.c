/*  The follower: one SUB socket, and a monitor on it that tells when the engine is not there or goes away.

        connect, subscribe evt/ and snap/<nonce>
             |
             v        snapshot           seq one more
        [ JOINING ] ------------> [ FOLLOWING ] ---+
             ^                          |   ^------+
             +--- subscribe a new one --+ seq jumped
 */
#include "config.h"
#include "cli/follow.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <zmq.h>

#include "cli/describe.h"
#include "cli/now.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "cli/tell.h"

#define SNAPSHOT_MS 5000 /* how long the snapshot may take */
#define WAITING_MAX 10000
#define BATCH 1000 /* messages between two looks at the signals */
#define WATCH "inproc://watch"

typedef struct {
    const cli_follow_t *what;
    int signals;
    void *context;
    void *socket;
    void *watch;
    char snap[sizeof "snap/" + 32]; /* the topic that is waited for; "" while following */
    int64_t deadline_ms;            /* by when it must have come */
    bool began;                     /* there was a snapshot */
    json_int_t seq;                 /* of the newest that was shown */
    json_int_t rate_hz;
    int code; /* -1 while it goes on */
} follower_t;

static void
s_join (follower_t *self)
{
    uint64_t nonce[2];
    if (getrandom (nonce, sizeof nonce, 0) != (ssize_t) sizeof nonce) {
        cli_say ("there are no random numbers: %s", strerror (errno));
        self->code = CLI_FAILED;
        return;
    }
    snprintf (self->snap, sizeof self->snap, "snap/%016" PRIx64 "%016" PRIx64, nonce[0], nonce[1]);
    self->deadline_ms = cli_now_ms () + SNAPSHOT_MS;
    zmq_setsockopt (self->socket, ZMQ_SUBSCRIBE, self->snap, strlen (self->snap));
}

static void
s_print_raw (const char *raw)
{
    printf ("%s\n", raw);
}

static bool
s_is_closed (const json_t *device)
{
    const char *state = json_string_value (json_object_get (device, "state"));
    return state && strcmp (state, "closed") == 0;
}

static void
s_take_snapshot (follower_t *self, const json_t *snapshot, const char *raw)
{
    json_int_t seq = json_integer_value (json_object_get (snapshot, "seq"));
    zmq_setsockopt (self->socket, ZMQ_UNSUBSCRIBE, self->snap, strlen (self->snap));
    *self->snap = 0;
    if (self->began)
        cli_say ("%" JSON_INTEGER_FORMAT " events were lost; this is the state after them", seq - self->seq);
    self->began = true;
    self->seq = seq;
    self->rate_hz = json_integer_value (json_object_get (snapshot, "rate_hz"));
    if (self->what->json)
        s_print_raw (raw);
    else
        cli_describe_snapshot (snapshot);
    if (s_is_closed (json_object_get (snapshot, "device")))
        self->code = CLI_OK;
}

static void
s_show (const follower_t *self, const json_t *message, const char *raw)
{
    if (self->what->json)
        s_print_raw (raw);
    else
        cli_describe (message, self->rate_hz, raw);
}

static void
s_take_event (follower_t *self, const json_t *event, const char *raw)
{
    json_int_t seq = json_integer_value (json_object_get (event, "seq"));
    bool joining = *self->snap;
    if (!joining && seq == self->seq + 1) {
        self->seq = seq;
        s_show (self, event, raw);
    }
    else if (!joining && seq > self->seq)
        s_join (self);
    /*  No snapshot comes after this one. */
    if (s_is_closed (event))
        self->code = CLI_OK;
}

static void
s_take_telemetry (follower_t *self, const json_t *telemetry, const char *raw)
{
    s_show (self, telemetry, raw);
    /*  It names the newest event: the end of a burst may have been lost, and nothing come after it. */
    if (json_integer_value (json_object_get (telemetry, "events")) > self->seq)
        s_join (self);
}

static void
s_take_message (follower_t *self, const char *topic, const char *raw)
{
    json_t *message = json_loads (raw, 0, NULL);
    if (!json_is_object (message))
        cli_say ("what came on %s is no JSON object", topic);
    else if (*self->snap && strcmp (topic, self->snap) == 0)
        s_take_snapshot (self, message, raw);
    else if (strncmp (topic, "evt/", 4) == 0)
        s_take_event (self, message, raw);
    else if (strncmp (topic, "tel/", 4) == 0 && !*self->snap)
        s_take_telemetry (self, message, raw);
    json_decref (message);
}

/*  Receives one frame as text that the caller frees; false if none waits. */
static bool
s_receive_frame (void *socket, char **text, bool *more)
{
    zmq_msg_t frame;
    zmq_msg_init (&frame);
    bool came = zmq_msg_recv (&frame, socket, ZMQ_DONTWAIT) >= 0;
    *text = came ? strndup (zmq_msg_data (&frame), zmq_msg_size (&frame)) : NULL;
    *more = came && zmq_msg_more (&frame);
    zmq_msg_close (&frame);
    return came;
}

/*  Takes one message; false if none waits. */
static bool
s_receive (follower_t *self)
{
    char *topic, *raw = NULL, *beyond;
    bool more;
    if (!s_receive_frame (self->socket, &topic, &more))
        return false;
    if (more)
        s_receive_frame (self->socket, &raw, &more);
    while (more) {
        s_receive_frame (self->socket, &beyond, &more);
        free (beyond);
    }
    if (topic && raw)
        s_take_message (self, topic, raw);
    free (topic);
    free (raw);
    return true;
}

static void
s_receive_all (follower_t *self, int most)
{
    while (most-- > 0 && self->code < 0 && s_receive (self))
        ;
    if (cli_finish_stdout () != CLI_OK)
        self->code = CLI_FAILED;
}

/*  What libzmq tells of the connection: the number of the event comes first in a frame. */
static void
s_take_watch (follower_t *self)
{
    uint8_t frame[64], address[1024];
    uint16_t event = 0;
    if (zmq_recv (self->watch, frame, sizeof frame, ZMQ_DONTWAIT) < (int) sizeof event)
        return;
    zmq_recv (self->watch, address, sizeof address, ZMQ_DONTWAIT);
    memcpy (&event, frame, sizeof event);
    if (event == ZMQ_EVENT_CONNECT_RETRIED)
        cli_say ("no engine listens at %s", self->what->endpoint);
    else {
        /*  What it said last may still wait, and "closed" be among it. */
        s_receive_all (self, INT_MAX);
        if (self->code >= 0)
            return;
        cli_say ("the engine went away without a word");
    }
    self->code = CLI_FAILED;
}

/*  Milliseconds until the snapshot is overdue; -1 while following. */
static long
s_patience (const follower_t *self)
{
    if (!*self->snap)
        return -1;
    int64_t left = self->deadline_ms - cli_now_ms ();
    return left > 0 ? (long) left : 0;
}

static void
s_run (follower_t *self)
{
    while (self->code < 0) {
        zmq_pollitem_t items[] = { { .socket = self->socket, .events = ZMQ_POLLIN },
                                   { .socket = self->watch, .events = ZMQ_POLLIN },
                                   { .fd = self->signals, .events = ZMQ_POLLIN } };
        zmq_poll (items, 3, s_patience (self));
        int code = cli_signals_take (self->signals);
        if (code) {
            self->code = code;
            return;
        }
        s_receive_all (self, BATCH);
        if (self->code < 0 && items[1].revents)
            s_take_watch (self);
        if (self->code < 0 && s_patience (self) == 0) {
            cli_say ("%s does not answer", self->what->endpoint);
            self->code = CLI_FAILED;
        }
    }
}

static void
s_connect (follower_t *self)
{
    const int waiting_max = WAITING_MAX;
    zmq_setsockopt (self->socket, ZMQ_RCVHWM, &waiting_max, sizeof waiting_max);
    zmq_setsockopt (self->socket, ZMQ_SUBSCRIBE, "evt/", 4);
    if (self->what->meter)
        zmq_setsockopt (self->socket, ZMQ_SUBSCRIBE, "tel/", 4);
    s_join (self);
    if (zmq_socket_monitor (self->socket, WATCH, ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_DISCONNECTED) != 0
        || zmq_connect (self->watch, WATCH) != 0) {
        cli_say ("the connection cannot be watched: %s", zmq_strerror (zmq_errno ()));
        self->code = CLI_FAILED;
    }
    else if (zmq_connect (self->socket, self->what->endpoint) != 0) {
        cli_say ("%s is no endpoint: %s", self->what->endpoint, zmq_strerror (zmq_errno ()));
        self->code = CLI_WRONG_USE;
    }
}

int
cli_follow (const cli_follow_t *what, int signals)
{
    follower_t self = { .what = what, .signals = signals, .code = -1 };
    self.context = zmq_ctx_new ();
    self.socket = self.context ? zmq_socket (self.context, ZMQ_SUB) : NULL;
    self.watch = self.context ? zmq_socket (self.context, ZMQ_PAIR) : NULL;
    if (self.socket && self.watch) {
        s_connect (&self);
        s_run (&self);
    }
    else {
        cli_say ("there is no socket: %s", zmq_strerror (zmq_errno ()));
        self.code = CLI_FAILED;
    }
    /*  The watch goes last: libzmq 4.3.4 leaks what it tells of a socket when nobody is there to hear it. */
    if (self.socket) {
        zmq_socket_monitor (self.socket, NULL, 0);
        zmq_close (self.socket);
    }
    if (self.watch)
        zmq_close (self.watch);
    if (self.context)
        zmq_ctx_term (self.context);
    return self.code;
}
