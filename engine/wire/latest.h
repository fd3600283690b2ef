/*  Latest-value cells: what is moved continuously and only matters as it is now.

    zample_cell_t is one number that any thread may set and any thread may read.

    zample_latest_t is a record of a few words with one writer and any number of readers, none of whom ever waits for
    another. It is kept twice. The writer fills the copy that is not shown, and then shows it by counting on; a
    reader copies what is shown and looks at the count again: if it has moved, the words may have been written
    over meanwhile, and there is something newer to read. A writer that is suspended in the middle holds up nobody. The
    words are atomic themselves, released and acquired one by one instead of by fences, so that the sanitizers
    and Relacy can follow.
 */
#ifndef ZAMPLE_WIRE_LATEST_H
#define ZAMPLE_WIRE_LATEST_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/wire/atomics.h"

/*  Named, so that tests/relacy can give up one at a time and must see the cell fail. */
#define LATEST_WRITE_WORD                                                                                    \
    WIRE_RELEASE /* whoever meets a word that is written over a copy sees that it is shown no more */
#define LATEST_SHOW WIRE_RELEASE      /* all words are written before they are shown */
#define LATEST_SEE WIRE_ACQUIRE       /* pairs with SHOW: the words are no older than the count */
#define LATEST_READ_WORD WIRE_ACQUIRE /* pairs with WRITE_WORD: nor newer, or the second look finds out */

typedef struct {
    WIRE_ATOMIC (float) value;
} zample_cell_t;

static inline void
zample_cell_set (zample_cell_t *self, float value)
{
    WIRE_STORE (self->value, value, WIRE_RELAXED);
}

static inline float
zample_cell_get (const zample_cell_t *self)
{
    return WIRE_LOAD (self->value, WIRE_RELAXED);
}

#ifndef ZAMPLE_LATEST_WORDS
#define ZAMPLE_LATEST_WORDS 4
#endif

typedef struct {
    WIRE_ATOMIC (uint64_t) count; /* of records written; the lowest bit says which copy is shown */
    WIRE_ATOMIC (uint64_t) copies[2][ZAMPLE_LATEST_WORDS];
} zample_latest_t;

static inline void
zample_latest_init (zample_latest_t *self)
{
    WIRE_STORE (self->count, 0, WIRE_RELAXED);
    for (int i = 0; i < ZAMPLE_LATEST_WORDS; i++)
        WIRE_STORE (self->copies[0][i], 0, WIRE_RELAXED);
}

/*  The one writer. */
static inline void
zample_latest_write (zample_latest_t *self, const uint64_t words[ZAMPLE_LATEST_WORDS])
{
    uint64_t count = WIRE_LOAD (self->count, WIRE_RELAXED) + 1;
    for (int i = 0; i < ZAMPLE_LATEST_WORDS; i++)
        WIRE_STORE (self->copies[count & 1][i], words[i], LATEST_WRITE_WORD);
    WIRE_STORE (self->count, count, LATEST_SHOW);
}

/*  Any thread. False if a newer record was shown meanwhile: try again. */
static inline bool
zample_latest_try_read (const zample_latest_t *self, uint64_t words[ZAMPLE_LATEST_WORDS])
{
    uint64_t count = WIRE_LOAD (self->count, LATEST_SEE);
    for (int i = 0; i < ZAMPLE_LATEST_WORDS; i++)
        words[i] = WIRE_LOAD (self->copies[count & 1][i], LATEST_READ_WORD);
    return count == WIRE_LOAD (self->count, WIRE_RELAXED);
}

static inline void
zample_latest_read (const zample_latest_t *self, uint64_t words[ZAMPLE_LATEST_WORDS])
{
    while (!zample_latest_try_read (self, words))
        ;
}

#endif
