/*  A bounded ring with one producer and one consumer.

    A template: define RING (a name) and RING_ITEM (a type), then include. It makes the type RING_t and the
    functions RING_init, RING_push and RING_pop.

    Each side counts its own items and keeps a copy of the other side's count, which it renews only when the
    copy says full or empty: most calls touch no count that the other side writes.
 */
#include <stdbool.h>
#include <stdint.h>

#include "engine/wire/atomics.h"

/*  Named, so that tests/relacy can give up one at a time and must see the ring fail. */
#define SPSC_SEE_POPPED WIRE_ACQUIRE  /* pairs with SHOW_POPPED: an item is read before it is written over */
#define SPSC_SHOW_PUSHED WIRE_RELEASE /* an item is written before it is counted */
#define SPSC_SEE_PUSHED WIRE_ACQUIRE  /* pairs with SHOW_PUSHED */
#define SPSC_SHOW_POPPED WIRE_RELEASE

#define RING_PASTE_(a, b) a##b
#define RING_PASTE(a, b) RING_PASTE_ (a, b)
#define RING_NAME(suffix) RING_PASTE (RING, suffix)

typedef struct {
    WIRE_PLAIN (RING_ITEM) item;
} RING_NAME (_cell_t);

typedef struct {
    RING_NAME (_cell_t) * cells;
    uint64_t mask;
    char apart_[WIRE_APART];
    WIRE_ATOMIC (uint64_t) pushed;
    WIRE_PLAIN (uint64_t) popped_seen; /* producer's copy */
    char apart_too_[WIRE_APART];
    WIRE_ATOMIC (uint64_t) popped;
    WIRE_PLAIN (uint64_t) pushed_seen; /* consumer's copy */
    char apart_from_neighbours_[WIRE_APART];
} RING_NAME (_t);

/*  `cells` is memory of the caller, `capacity` a power of two. */
static inline void
RING_NAME (_init) (RING_NAME (_t) * self, RING_NAME (_cell_t) * cells, uint64_t capacity)
{
    self->cells = cells;
    self->mask = capacity - 1;
    WIRE_STORE (self->pushed, 0, WIRE_RELAXED);
    WIRE_STORE (self->popped, 0, WIRE_RELAXED);
    WIRE_WRITE (self->popped_seen, 0);
    WIRE_WRITE (self->pushed_seen, 0);
}

/*  The one producer. False if the ring is full. */
static inline bool
RING_NAME (_push) (RING_NAME (_t) * self, const RING_ITEM *item)
{
    uint64_t pushed = WIRE_LOAD (self->pushed, WIRE_RELAXED);
    if (pushed - WIRE_READ (self->popped_seen) > self->mask) {
        WIRE_WRITE (self->popped_seen, WIRE_LOAD (self->popped, SPSC_SEE_POPPED));
        if (pushed - WIRE_READ (self->popped_seen) > self->mask)
            return false;
    }
    WIRE_WRITE (self->cells[pushed & self->mask].item, *item);
    WIRE_STORE (self->pushed, pushed + 1, SPSC_SHOW_PUSHED);
    return true;
}

/*  The one consumer. False if nothing waits. */
static inline bool
RING_NAME (_pop) (RING_NAME (_t) * self, RING_ITEM *item)
{
    uint64_t popped = WIRE_LOAD (self->popped, WIRE_RELAXED);
    if (popped == WIRE_READ (self->pushed_seen)) {
        WIRE_WRITE (self->pushed_seen, WIRE_LOAD (self->pushed, SPSC_SEE_PUSHED));
        if (popped == WIRE_READ (self->pushed_seen))
            return false;
    }
    *item = WIRE_READ (self->cells[popped & self->mask].item);
    WIRE_STORE (self->popped, popped + 1, SPSC_SHOW_POPPED);
    return true;
}

#undef RING_NAME
#undef RING_PASTE
#undef RING_PASTE_
#undef RING_ITEM
#undef RING
