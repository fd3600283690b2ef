/*  Something immutable that any thread may read while it is replaced. Readers take no lock and wait for nobody, and the writer does not
    wait for them.

    A reader counts itself in, looks at what is shown, and counts itself out. The writer shows the new one and then looks at the count:
    at 0, everyone who saw the old one is gone, and whoever comes now sees the new one. Otherwise it keeps the old one and
    looks again at another time. Both sides write one thing and then read what the other writes: that is why
    these are sequentially consistent and not just acquired and released. */
#ifndef ZAMPLE_LIBRARY_PUBLISHED_H
#define ZAMPLE_LIBRARY_PUBLISHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/wire/atomics.h"

/*  Named, so that tests/relacy can give up one at a time and must see it fail. */
#define PUBLISHED_ENTER WIRE_SEQ_CST /* counted before it is looked for: pairs with CHECK */
#define PUBLISHED_SEE WIRE_SEQ_CST   /* not looked for before it is counted; and what is seen is whole */
#define PUBLISHED_LEAVE WIRE_RELEASE /* all reading is done before; pairs with CHECK */
#define PUBLISHED_SHOW WIRE_SEQ_CST  /* whole before it is shown, and shown before the count is looked at */
#define PUBLISHED_CHECK WIRE_SEQ_CST

typedef struct {
    WIRE_ATOMIC (void *) shown;
    WIRE_ATOMIC (uint64_t) readers;
} zample_published_t;

static inline void
zample_published_init (zample_published_t *self, void *first)
{
    WIRE_STORE (self->shown, first, WIRE_RELAXED);
    WIRE_STORE (self->readers, 0, WIRE_RELAXED);
}

/*  Any thread. Stays as it is until the same thread leaves, soon. */
static inline void *
zample_published_enter (zample_published_t *self)
{
    WIRE_ADD (self->readers, 1, PUBLISHED_ENTER);
    return WIRE_LOAD (self->shown, PUBLISHED_SEE);
}

static inline void
zample_published_leave (zample_published_t *self)
{
    WIRE_ADD (self->readers, (uint64_t) -1, PUBLISHED_LEAVE);
}

/*  The one writer. What was shown before may still be read. */
static inline void
zample_published_show (zample_published_t *self, void *next)
{
    WIRE_STORE (self->shown, next, PUBLISHED_SHOW);
}

/*  The one writer: whether all that was shown before what is shown now is read no more. */
static inline bool
zample_published_is_quiet (zample_published_t *self)
{
    return WIRE_LOAD (self->readers, PUBLISHED_CHECK) == 0;
}

#endif
