/*  The inbox: a one-to-one ring beside a counting eventfd.

    The descriptor counts what is on the ring, and never more: an event is put before it is counted, and whoever takes one
    takes its count first. So a count in hand is an event in hand, and the descriptor is readable
    exactly while something waits.
 */
#include "config.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "actors/inbox.h"

#define RING zample_inbox_ring
#define RING_ITEM zample_event_t
#include "engine/wire/spsc_ring.h"

struct zample_inbox {
    zample_inbox_ring_t ring;
    int fd;
    atomic_flag taking;  /* takers exclude each other, and do not wait */
    zample_event_t lost; /* what did not fit since the last that did; its count is 0 if nothing */
};

zample_inbox_t *
zample_inbox_new (void)
{
    zample_inbox_t *self = calloc (1, sizeof *self);
    zample_inbox_ring_cell_t *cells = calloc (ZAMPLE_INBOX_EVENTS, sizeof *cells);
    int fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC | EFD_SEMAPHORE);
    if (!self || !cells || fd < 0) {
        free (self);
        free (cells);
        if (fd >= 0)
            close (fd);
        return NULL;
    }
    zample_inbox_ring_init (&self->ring, cells, ZAMPLE_INBOX_EVENTS);
    self->fd = fd;
    atomic_flag_clear (&self->taking);
    return self;
}

void
zample_inbox_destroy (zample_inbox_t **self_p)
{
    zample_inbox_t *self = *self_p;
    if (!self)
        return;
    close (self->fd);
    free (self->ring.cells);
    free (self);
    *self_p = NULL;
}

static bool
s_put (zample_inbox_t *self, const zample_event_t *event)
{
    if (!zample_inbox_ring_push (&self->ring, event))
        return false;
    eventfd_write (self->fd, 1);
    return true;
}

bool
zample_inbox_owes (zample_inbox_t *self)
{
    if (self->lost.u.lost.count > 0 && s_put (self, &self->lost))
        self->lost.u.lost.count = 0;
    return self->lost.u.lost.count > 0;
}

void
zample_inbox_put (zample_inbox_t *self, const zample_event_t *event)
{
    if (!zample_inbox_owes (self) && s_put (self, event))
        return;
    self->lost.kind = ZAMPLE_EVENT_LOST;
    self->lost.slot = ZAMPLE_NO_SLOT;
    self->lost.sequence = event->sequence;
    self->lost.frame = event->frame;
    self->lost.u.lost.count++;
}

bool
zample_inbox_take (zample_inbox_t *self, zample_event_t *event)
{
    if (atomic_flag_test_and_set_explicit (&self->taking, memory_order_acquire))
        return false;
    eventfd_t one;
    bool taken = eventfd_read (self->fd, &one) == 0 && zample_inbox_ring_pop (&self->ring, event);
    atomic_flag_clear_explicit (&self->taking, memory_order_release);
    return taken;
}

int
zample_inbox_fd (const zample_inbox_t *self)
{
    return self->fd;
}
