/*  A bounded ring with many producers and one consumer.

    A template: define RING (a name) and RING_ITEM (a type), then include. It makes the type RING_t and the
    functions RING_init, RING_push and RING_pop.

    A producer claims a ticket with one exchange, fills the ticket's cell, and then writes the cell's turn:
    the ticket plus one. The consumer takes the cells in order, each when its turn has come, and counts what
    it took; a ticket may be claimed once the one a whole ring earlier has been taken. Nobody waits: when the
    ring is full the answer is no. A producer that is suspended between its claim and its turn holds back
    the items behind its own, never the consumer itself.

    After Dmitry Vyukov's bounded queue. There the consumer writes into the cells too, and a producer looks at
    one before it knows that the cell is its own; here neither does, which saves two producers at once a
    quarter of their time.
 */
#include <stdbool.h>
#include <stdint.h>

#include "engine/wire/atomics.h"

/*  Named, so that tests/relacy can give up one at a time and must see the ring fail. */
#define MPSC_SHOW_FILLED WIRE_RELEASE /* an item is written before its turn says so */
#define MPSC_SEE_FILLED WIRE_ACQUIRE  /* pairs with SHOW_FILLED */
#define MPSC_SHOW_TAKEN WIRE_RELEASE  /* an item is read before it is counted as taken */
#define MPSC_SEE_TAKEN WIRE_ACQUIRE   /* pairs with SHOW_TAKEN */

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
    WIRE_ATOMIC (uint64_t) taken; /* consumer: the next ticket to take */
    char apart_from_neighbours_[WIRE_APART];
} RING_NAME (_t);

/*  `cells` is memory of the caller, `capacity` a power of two. */
static inline void
RING_NAME (_init) (RING_NAME (_t) * self, RING_NAME (_cell_t) * cells, uint64_t capacity)
{
    self->cells = cells;
    self->mask = capacity - 1;
    WIRE_STORE (self->claimed, 0, WIRE_RELAXED);
    WIRE_STORE (self->taken, 0, WIRE_RELAXED);
    for (uint64_t i = 0; i < capacity; i++)
        WIRE_STORE (cells[i].turn, 0, WIRE_RELAXED);
}

/*  Any thread. False if no more than `left` cells are free, which are for others. *ticket gets the item's number, counted from
    0. */
static inline bool
RING_NAME (_push_leaving) (RING_NAME (_t) * self, const RING_ITEM *item, uint64_t *ticket, uint64_t left)
{
    uint64_t claim = WIRE_LOAD (self->claimed, WIRE_RELAXED);
    do {
        /* Signed: a claim that is out of date may even be behind what is taken. */
        if ((int64_t) (claim - WIRE_LOAD (self->taken, MPSC_SEE_TAKEN)) > (int64_t) (self->mask - left))
            return false;
    } while (!WIRE_EXCHANGE_IF (self->claimed, claim, claim + 1, WIRE_RELAXED));

    RING_NAME (_cell_t) *cell = &self->cells[claim & self->mask];
    WIRE_WRITE (cell->item, *item);
    WIRE_STORE (cell->turn, claim + 1, MPSC_SHOW_FILLED);
    *ticket = claim;
    return true;
}

/*  The same, and leaves none. */
static inline bool
RING_NAME (_push) (RING_NAME (_t) * self, const RING_ITEM *item, uint64_t *ticket)
{
    return RING_NAME (_push_leaving) (self, item, ticket, 0);
}

/*  The one consumer. False if nothing waits. */
static inline bool
RING_NAME (_pop) (RING_NAME (_t) * self, RING_ITEM *item, uint64_t *ticket)
{
    uint64_t next = WIRE_LOAD (self->taken, WIRE_RELAXED);
    RING_NAME (_cell_t) *cell = &self->cells[next & self->mask];
    if (WIRE_LOAD (cell->turn, MPSC_SEE_FILLED) != next + 1)
        return false;
    *item = WIRE_READ (cell->item);
    WIRE_STORE (self->taken, next + 1, MPSC_SHOW_TAKEN);
    *ticket = next;
    return true;
}

#undef RING_NAME
#undef RING_PASTE
#undef RING_PASTE_
#undef RING_ITEM
#undef RING
