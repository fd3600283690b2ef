/*  A thread that is driven over a pipe: an inproc PAIR of the engine's own ZeroMQ context.

    The contract is zactor's. The constructor returns when the actor has said that it is ready, "$TERM" on the pipe ends it, and
    the destructor waits for that. Unlike a zactor it is joined, it leaves signals alone, a failed start is
    a NULL, and it ends although its pipe is full: besides "$TERM", a flag says so.
 */
#ifndef ZAMPLE_ACTOR_H
#define ZAMPLE_ACTOR_H

#include <stdbool.h>
#include <stddef.h>

typedef struct zample_actor zample_actor_t;
typedef void (zample_actor_fn) (zample_actor_t *self, void *arguments);

/*  Starts `run` on a thread called `name` (at most 15 characters) and waits until it calls zample_actor_ready. NULL if it
    said no, or if there is no thread, no socket or no memory for it. */
zample_actor_t *zample_actor_new (void *context, const char *name, zample_actor_fn *run, void *arguments);

/*  Ends the actor and waits until it has. Forgives NULL. */
void zample_actor_destroy (zample_actor_t **self);

/*  Sends it a message, or says no if its pipe is full. One thread at a time. */
bool zample_actor_send (zample_actor_t *self, const void *message, size_t size);

/*  The caller's end of the pipe, to poll for and receive what the actor says. */
void *zample_actor_pipe (zample_actor_t *self);

/* ---- for `run` alone */

/*  Once, before the first message is read. */
void zample_actor_ready (zample_actor_t *self, bool yes);

/*  The actor's end of the pipe, to poll. */
void *zample_actor_end (zample_actor_t *self);

/*  The next message that waits, or NULL; "$TERM" is taken out. Valid until the next call. */
const void *zample_actor_next (zample_actor_t *self, size_t *size);

bool zample_actor_say (zample_actor_t *self, const void *message, size_t size);

/*  Whether it is to end. Long work looks at each chunk. */
bool zample_actor_stopping (zample_actor_t *self);

#endif
