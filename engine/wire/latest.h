/*  Latest-value cells: what is moved continuously and only matters as it is now.

    zample_cell_t is one number that any thread may set and any thread may read.

    zample_latest_t is a record of a few words with one writer, who never waits, and any number of readers: a
    sequence lock. The writer makes the sequence odd, writes, and makes it even; a reader that saw it odd, or
    changed, reads again. The words are atomic themselves, released and acquired one by one instead of by
    fences, so that the sanitizers and Relacy can follow: a reader that meets a word of a newer record
    is bound to see the newer sequence as well.
 */
#ifndef ZAMPLE_WIRE_LATEST_H
#define ZAMPLE_WIRE_LATEST_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/wire/atomics.h"

/*  Named, so that tests/relacy can give up one at a time and must see the cell fail. */
#define LATEST_WRITE_WORD WIRE_RELEASE /* the odd sequence is seen before any new word */
#define LATEST_SHOW WIRE_RELEASE       /* all words are written before the even sequence */
#define LATEST_SEE WIRE_ACQUIRE        /* pairs with SHOW: the words are no older than the sequence */
#define LATEST_READ_WORD WIRE_ACQUIRE  /* pairs with WRITE_WORD: nor newer, or the second look finds out */

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
    WIRE_ATOMIC (uint64_t) sequence;
    WIRE_ATOMIC (uint64_t) words[ZAMPLE_LATEST_WORDS];
} zample_latest_t;

static inline void
zample_latest_init (zample_latest_t *self)
{
    WIRE_STORE (self->sequence, 0, WIRE_RELAXED);
    for (int i = 0; i < ZAMPLE_LATEST_WORDS; i++)
        WIRE_STORE (self->words[i], 0, WIRE_RELAXED);
}

/*  The one writer. */
static inline void
zample_latest_write (zample_latest_t *self, const uint64_t words[ZAMPLE_LATEST_WORDS])
{
    uint64_t sequence = WIRE_LOAD (self->sequence, WIRE_RELAXED);
    WIRE_STORE (self->sequence, sequence + 1, WIRE_RELAXED);
    for (int i = 0; i < ZAMPLE_LATEST_WORDS; i++)
        WIRE_STORE (self->words[i], words[i], LATEST_WRITE_WORD);
    WIRE_STORE (self->sequence, sequence + 2, LATEST_SHOW);
}

/*  Any thread. False if the writer was at work: try again. */
static inline bool
zample_latest_try_read (const zample_latest_t *self, uint64_t words[ZAMPLE_LATEST_WORDS])
{
    uint64_t before = WIRE_LOAD (self->sequence, LATEST_SEE);
    for (int i = 0; i < ZAMPLE_LATEST_WORDS; i++)
        words[i] = WIRE_LOAD (self->words[i], LATEST_READ_WORD);
    return before % 2 == 0 && before == WIRE_LOAD (self->sequence, WIRE_RELAXED);
}

static inline void
zample_latest_read (const zample_latest_t *self, uint64_t words[ZAMPLE_LATEST_WORDS])
{
    while (!zample_latest_try_read (self, words))
        ;
}

#endif
