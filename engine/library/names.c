/*  The texts lie in blocks that never move, the numbers in a table of open addressing that is at most half full. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/library/names.h"
#include "engine/library/siphash.h"

#define BLOCK_BYTES 65536
#define CELLS_AT_FIRST 64

typedef struct s_block {
    struct s_block *before;
    size_t used;
    size_t size;
    char text[];
} s_block_t;

struct zample_names {
    zample_siphash_key_t key;
    s_block_t *block; /* the newest */
    const char **texts;
    uint32_t count;
    uint32_t room;   /* for texts */
    uint32_t *cells; /* a number + 1 each; 0 is empty */
    uint32_t mask;
};

/*  Where the name is, or the empty cell where it belongs. */
static uint32_t
s_cell (const zample_names_t *self, const char *name)
{
    uint32_t at = (uint32_t) zample_siphash (&self->key, name, strlen (name)) & self->mask;
    while (self->cells[at] && strcmp (self->texts[self->cells[at] - 1], name) != 0)
        at = (at + 1) & self->mask;
    return at;
}

static void
s_enter_all (zample_names_t *self)
{
    memset (self->cells, 0, ((size_t) self->mask + 1) * sizeof *self->cells);
    for (uint32_t i = 0; i < self->count; i++)
        self->cells[s_cell (self, self->texts[i])] = i + 1;
}

static bool
s_make_room (zample_names_t *self)
{
    if (self->count < self->room)
        return true;
    uint32_t room = 2 * self->room;
    const char **texts = realloc (self->texts, room * sizeof *texts);
    if (!texts)
        return false;
    self->texts = texts;
    uint32_t *cells = calloc (2 * (size_t) room, sizeof *cells);
    if (!cells)
        return false;
    free (self->cells);
    self->cells = cells;
    self->mask = 2 * room - 1;
    self->room = room;
    s_enter_all (self);
    return true;
}

static const char *
s_keep (zample_names_t *self, const char *name)
{
    size_t size = strlen (name) + 1;
    if (!self->block || self->block->size - self->block->used < size) {
        size_t block_size = size > BLOCK_BYTES ? size : BLOCK_BYTES;
        s_block_t *block = malloc (sizeof *block + block_size);
        if (!block)
            return NULL;
        *block = (s_block_t) { .before = self->block, .size = block_size };
        self->block = block;
    }
    char *text = memcpy (self->block->text + self->block->used, name, size);
    self->block->used += size;
    return text;
}

static void
s_free_blocks (zample_names_t *self)
{
    while (self->block) {
        s_block_t *before = self->block->before;
        free (self->block);
        self->block = before;
    }
}

zample_names_t *
zample_names_new (void)
{
    zample_names_t *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    self->key = zample_siphash_key ();
    self->room = CELLS_AT_FIRST / 2;
    self->mask = CELLS_AT_FIRST - 1;
    self->texts = calloc (self->room, sizeof *self->texts);
    self->cells = calloc (CELLS_AT_FIRST, sizeof *self->cells);
    if (!self->texts || !self->cells)
        zample_names_destroy (&self);
    return self;
}

void
zample_names_destroy (zample_names_t **self_p)
{
    zample_names_t *self = *self_p;
    if (!self)
        return;
    s_free_blocks (self);
    free (self->texts);
    free (self->cells);
    free (self);
    *self_p = NULL;
}

uint32_t
zample_names_count (const zample_names_t *self)
{
    return self->count;
}

uint32_t
zample_names_find (const zample_names_t *self, const char *name)
{
    uint32_t cell = self->cells[s_cell (self, name)];
    return cell ? cell - 1 : ZAMPLE_NO_NUMBER;
}

uint32_t
zample_names_take (zample_names_t *self, const char *name)
{
    uint32_t number = zample_names_find (self, name);
    if (number != ZAMPLE_NO_NUMBER)
        return number;
    const char *text = s_make_room (self) ? s_keep (self, name) : NULL;
    if (!text)
        return ZAMPLE_NO_NUMBER;
    self->texts[self->count] = text;
    self->cells[s_cell (self, text)] = ++self->count;
    return self->count - 1;
}

const char *
zample_names_text (const zample_names_t *self, uint32_t number)
{
    return self->texts[number];
}

/*  The last one first: it came to a cell that was empty, and nobody came past it since. What some took in the blocks is not used
    again: this is rare. */
void
zample_names_forget (zample_names_t *self, uint32_t count)
{
    if (count >= self->count)
        return;
    while (self->count > count) {
        self->cells[s_cell (self, self->texts[self->count - 1])] = 0;
        self->count--;
    }
    if (count == 0)
        s_free_blocks (self);
}
