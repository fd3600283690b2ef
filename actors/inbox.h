/*  The events that wait for zample_poll: put by the broker, taken by any thread of the application, neither of
    which ever waits for the other.
 */
#ifndef ZAMPLE_INBOX_H
#define ZAMPLE_INBOX_H

#include "zample.h"

#define ZAMPLE_INBOX_EVENTS 4096

typedef struct zample_inbox zample_inbox_t;

/*  NULL if there is no memory or no descriptor. */
zample_inbox_t *zample_inbox_new (void);
void zample_inbox_destroy (zample_inbox_t **self);

/*  The broker. An event that finds no room is counted, and told as LOST when there is room again. */
void zample_inbox_put (zample_inbox_t *self, const zample_event_t *event);

/*  The broker, now and then while it is true: there is a LOST that has not found room yet. */
bool zample_inbox_owes (zample_inbox_t *self);

/*  Any thread. False if nothing waits, or if another thread is taking an event at this moment. */
bool zample_inbox_take (zample_inbox_t *self, zample_event_t *event);

/*  Readable while events wait. */
int zample_inbox_fd (const zample_inbox_t *self);

#endif
