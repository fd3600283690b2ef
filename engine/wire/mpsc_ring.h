/*  A bounded ring with many producers and one consumer, after Dmitry Vyukov's bounded MPMC queue.

    A template: define RING (a name) and RING_ITEM (a type), then include. It makes the type RING_t and the
    functions RING_init, RING_push and RING_pop.

    Each cell carries a turn. When it equals a producer's ticket, the cell is that producer's to fill; when it
    is one more, it is the consumer's to empty. A producer claims its ticket with one exchange and
    waits for nobody; when the ring is full the answer is no. A producer that is suspended between its
    claim and its turn holds back the items behind its own, never the consumer itself.
 */
#include <stdbool.h>
#include <stdint.h>

#include "engine/wire/atomics.h"

/*  Named, so that tests/relacy can give up one at a time and must see the ring fail. */
#define MPSC_SEE_EMPTIED WIRE_ACQUIRE /* pairs with SHOW_EMPTIED: an item is read before it is written over */
#define MPSC_SHOW_FILLED WIRE_RELEASE /* an item is written before its turn says so */
#define MPSC_SEE_FILLED WIRE_ACQUIRE  /* pairs with SHOW_FILLED */
#define MPSC_SHOW_EMPTIED WIRE_RELEASE

#define RING_PASTE_(a, b) a##b
#define RING_PASTE(a, b) RING_PASTE_ (a, b)
#define RING_NAME(suffix) RING_PASTE (RING, suffix)

typedef struct {
    WIRE_ATOMIC (uint64_t) turn;
    WIRE_PLAIN (RING_ITEM) item;
} RING_NAME (_cell_t);

typedef struct {
    RING_NAME (_cell_t) * cells;
    uint64_t mask;
    char apart_[WIRE_APART];
    WIRE_ATOMIC (uint64_t) claimed; /* producers: the next ticket */
    char apart_too_[WIRE_APART];
    WIRE_PLAIN (uint64_t) taken; /* consumer: the next ticket to take */
} RING_NAME (_t);

/*  `cells` is memory of the caller, `capacity` a power of two, at least 2. */
static inline void
RING_NAME (_init) (RING_NAME (_t) * self, RING_NAME (_cell_t) * cells, uint64_t capacity)
{
    self->cells = cells;
    self->mask = capacity - 1;
    WIRE_STORE (self->claimed, 0, WIRE_RELAXED);
    WIRE_WRITE (self->taken, 0);
    for (uint64_t ticket = 0; ticket < capacity; ticket++)
        WIRE_STORE (cells[ticket].turn, ticket, WIRE_RELAXED);
}

/*  Any thread. False if the ring is full. *ticket gets the item's number, counted from 0. */
static inline bool
RING_NAME (_push) (RING_NAME (_t) * self, const RING_ITEM *item, uint64_t *ticket)
{
    uint64_t claim = WIRE_LOAD (self->claimed, WIRE_RELAXED);
    for (;;) {
        RING_NAME (_cell_t) *cell = &self->cells[claim & self->mask];
        int64_t ahead = (int64_t) (WIRE_LOAD (cell->turn, MPSC_SEE_EMPTIED) - claim);
        if (ahead < 0)
            return false;
        if (ahead > 0)
            claim = WIRE_LOAD (self->claimed, WIRE_RELAXED);
        else if (WIRE_EXCHANGE_IF (self->claimed, claim, claim + 1, WIRE_RELAXED)) {
            WIRE_WRITE (cell->item, *item);
            WIRE_STORE (cell->turn, claim + 1, MPSC_SHOW_FILLED);
            *ticket = claim;
            return true;
        }
    }
}

/*  The one consumer. False if nothing waits. */
static inline bool
RING_NAME (_pop) (RING_NAME (_t) * self, RING_ITEM *item, uint64_t *ticket)
{
    uint64_t next = WIRE_READ (self->taken);
    RING_NAME (_cell_t) *cell = &self->cells[next & self->mask];
    if (WIRE_LOAD (cell->turn, MPSC_SEE_FILLED) != next + 1)
        return false;
    *item = WIRE_READ (cell->item);
    WIRE_STORE (cell->turn, next + self->mask + 1, MPSC_SHOW_EMPTIED);
    WIRE_WRITE (self->taken, next + 1);
    *ticket = next;
    return true;
}

#undef RING_NAME
#undef RING_PASTE
#undef RING_PASTE_
#undef RING_ITEM
#undef RING
