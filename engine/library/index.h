/*  The index of the library: all sounds in order, and what each can be called. Made once and never changed, so that
    any number of threads may look at the same time; a look takes no lock and allocates nothing.

    A name is looked for in this order:
        1. "<folder>:<index>", if there is such a folder; the index is decimal, of any length, and wraps around
        2. "<folder>": its first sound
        3. "<folder>/<file>"
        4. "<file>"
        5. "<folder>/<file>" and then "<file>", without what stands behind the last dot
    and where several sounds are called the same, the first in order is it. */
#ifndef ZAMPLE_LIBRARY_INDEX_H
#define ZAMPLE_LIBRARY_INDEX_H

#include "engine/library/names.h"

typedef struct zample_index zample_index_t;

/*  That a sound stands in a folder. One sound may stand in several. */
typedef struct {
    uint32_t folder; /* numbers of names */
    uint32_t sound;
} zample_index_item_t;

typedef struct {
    const zample_index_item_t *items;
    uint32_t count; /* at most ZAMPLE_INDEX_ITEMS */
    const zample_names_t *folders;
    const zample_names_t *paths;     /* of the sounds; absolute */
    bool (*goes_on) (void *context); /* asked every few thousand steps; NULL: it always does */
    void *context;
} zample_index_content_t;

#define ZAMPLE_INDEX_ITEMS (1u << 28)

/*  What stands at a place. The texts belong to the names. */
typedef struct {
    uint32_t sound;
    uint32_t index; /* in its folder */
    uint32_t count; /* of sounds in its folder */
    const char *folder;
    const char *path;
} zample_index_entry_t;

/*  The texts stay the names', which must outlive it. NULL if there is no memory, or if it was not to go on. */
zample_index_t *zample_index_new (const zample_index_content_t *content);

/*  Forgives NULL. */
void zample_index_destroy (zample_index_t **self);

/*  How many places there are. */
uint32_t zample_index_count (const zample_index_t *self);

/*  False if nothing is called so. Takes as long as the name is. */
bool zample_index_find (const zample_index_t *self, const char *name, uint32_t *sound);

/*  All that is meant by a name: a sound, or all of a folder if it is called just so. False if nothing is. They stand at
    *first and behind it. */
bool zample_index_range (const zample_index_t *self, const char *name, uint32_t *first, uint32_t *count);

/*  In order of folders, and in each in natural order. False if there are not so many. */
bool zample_index_at (const zample_index_t *self, uint32_t place, zample_index_entry_t *entry);

/*  The path of a sound, also of one that is in no folder any more. NULL if there is none by that number. */
const char *zample_index_path (const zample_index_t *self, uint32_t sound);

#endif
