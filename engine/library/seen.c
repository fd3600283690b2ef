/*  A table of open addressing that is at most half full. */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>

#include "engine/library/seen.h"

#define CELLS_AT_FIRST 256

/*  Inodes are given by the file system, mostly in a row: a product spreads them (Knuth's multiplicative hash). */
static size_t
s_cell (const zample_seen_t *self, zample_seen_folder_t folder)
{
    uint64_t mixed = (folder.inode ^ folder.device << 32) * UINT64_C (0x9e3779b97f4a7c15);
    size_t at = (size_t) (mixed >> 32) & (self->size - 1);
    while (self->cells[at].inode
           && (self->cells[at].inode != folder.inode || self->cells[at].device != folder.device))
        at = (at + 1) & (self->size - 1);
    return at;
}

static bool
s_grow (zample_seen_t *self)
{
    zample_seen_t larger = { .size = self->size ? 2 * self->size : CELLS_AT_FIRST, .count = self->count };
    larger.cells = calloc (larger.size, sizeof *larger.cells);
    if (!larger.cells)
        return false;
    for (size_t i = 0; i < self->size; i++)
        if (self->cells[i].inode)
            larger.cells[s_cell (&larger, self->cells[i])] = self->cells[i];
    free (self->cells);
    *self = larger;
    return true;
}

zample_seen_answer_t
zample_seen_look (zample_seen_t *self, uint64_t device, uint64_t inode)
{
    zample_seen_folder_t folder = { device, inode };
    if (2 * self->count >= self->size && !s_grow (self))
        return SEEN_NO_MEMORY;
    size_t at = s_cell (self, folder);
    if (self->cells[at].inode)
        return SEEN_BEFORE;
    self->cells[at] = folder;
    self->count++;
    return SEEN_NEW;
}

void
zample_seen_reset (zample_seen_t *self)
{
    free (self->cells);
    *self = (zample_seen_t) { 0 };
}
