/*  The broker: the one place where an event gets its number.

    It is told events (told.h), numbers them, keeps the last state of everything (state.h), puts them into the
    application's inbox, and publishes them on its XPUB socket (docs/protocol.md). A subscription to
    "snap/<nonce>" is answered with the state, on that topic and in the same pipe, so that the order is exact.
 */
#ifndef ZAMPLE_BROKER_H
#define ZAMPLE_BROKER_H

#include "actors/inbox.h"

typedef struct zample_broker zample_broker_t;

/*  The inbox must outlive the broker. NULL on failure: `why` then holds a sentence. */
zample_broker_t *zample_broker_new (void *context, const char *name, const char *endpoint,
                                    zample_inbox_t *inbox, char *why, size_t why_size);

/*  After told is closed: passes on what is on its way, and ends. */
void zample_broker_destroy (zample_broker_t **self);

#endif
