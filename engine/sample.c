/*  Samples: the memory in which a sound waits to be played.

    Runs on a loader's worker, which makes and fills a sample, and on the audio actor, which frees it. The
    frames of a long sound lie in a mapping of their own, aligned to huge pages: that costs the stage fewer
    address look-ups, and growing moves page tables instead of frames.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "engine/sample.h"

#define FRAME_SIZE (ZAMPLE_CHANNELS * sizeof (float))
#define GUARD_SIZE (ZAMPLE_GUARD_FRAMES * FRAME_SIZE)
#define LINE_SIZE ((size_t) 64)
#define MAP_UNIT ((size_t) 64 << 10) /* a whole number of pages on every processor */
#define HUGE_SIZE ((size_t) 2 << 20)

/* Frame 0 lies on a cache line of its own, behind the line that ends in the guard. */
#define FRONT_SIZE LINE_SIZE

typedef struct {
    zample_sample_t sample; /* first, so that its address is this record's */
    char *block;
    size_t size; /* of the block */
} s_owner_t;

static s_owner_t *
s_owner (zample_sample_t *self)
{
    return (s_owner_t *) (void *) self;
}

static size_t
s_block_size (int64_t frames)
{
    size_t size = FRONT_SIZE + (size_t) frames * FRAME_SIZE + GUARD_SIZE;
    size_t unit = size >= HUGE_SIZE ? MAP_UNIT : LINE_SIZE;
    return (size + unit - 1) / unit * unit;
}

static bool
s_is_mapped (size_t size)
{
    return size >= HUGE_SIZE;
}

/*  Address space aligned to a huge page. NULL if there is none. */
static char *
s_map (size_t size)
{
    char *place = mmap (NULL, size + HUGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED)
        return NULL;
    size_t before = (HUGE_SIZE - (uintptr_t) place % HUGE_SIZE) % HUGE_SIZE;
    if (before > 0)
        munmap (place, before);
    munmap (place + before + size, HUGE_SIZE - before);
    /* Only a wish: a kernel without huge pages refuses it, and nothing is lost. */
    madvise (place + before, size, MADV_HUGEPAGE);
    return place + before;
}

static char *
s_block_new (size_t size)
{
    if (s_is_mapped (size))
        return s_map (size);
    char *block = aligned_alloc (LINE_SIZE, size);
    if (block)
        memset (block, 0, size);
    return block;
}

static void
s_block_destroy (char *block, size_t size)
{
    if (s_is_mapped (size))
        munmap (block, size);
    else
        free (block);
}

/*  Grows a mapping by moving its pages to a place that is aligned as well. */
static char *
s_block_move (char *block, size_t old_size, size_t size)
{
    char *place = s_map (size);
    if (!place)
        return NULL;
    char *moved = mremap (block, old_size, size, MREMAP_MAYMOVE | MREMAP_FIXED, place);
    if (moved == MAP_FAILED) {
        munmap (place, size);
        return NULL;
    }
    madvise (moved, size, MADV_HUGEPAGE);
    return moved;
}

static char *
s_block_copy (char *block, size_t old_size, size_t size)
{
    char *copy = s_block_new (size);
    if (copy) {
        memcpy (copy, block, old_size < size ? old_size : size);
        s_block_destroy (block, old_size);
    }
    return copy;
}

static void
s_owner_use (s_owner_t *owner, char *block, size_t size, int64_t frames)
{
    owner->block = block;
    owner->size = size;
    owner->sample.data = (float *) (void *) (block + FRONT_SIZE);
    owner->sample.frames = frames;
}

zample_sample_t *
zample_sample_new (int64_t frames)
{
    if (frames < 0 || frames > ZAMPLE_SAMPLE_FRAMES_MAX)
        return NULL;
    s_owner_t *owner = calloc (1, sizeof (s_owner_t));
    if (!owner)
        return NULL;
    size_t size = s_block_size (frames);
    char *block = s_block_new (size);
    if (!block) {
        free (owner);
        return NULL;
    }
    s_owner_use (owner, block, size, frames);
    return &owner->sample;
}

float *
zample_sample_writable (zample_sample_t *self)
{
    return (float *) (void *) (s_owner (self)->block + FRONT_SIZE);
}

bool
zample_sample_resize (zample_sample_t *self, int64_t frames)
{
    if (frames < 0 || frames > ZAMPLE_SAMPLE_FRAMES_MAX)
        return false;
    s_owner_t *owner = s_owner (self);
    size_t old_size = owner->size;
    size_t size = s_block_size (frames);
    /* What is cut off falls silent before it goes: some of it stays as the guard, or inside the last page. */
    size_t end = FRONT_SIZE + (size_t) frames * FRAME_SIZE;
    char *block = owner->block;
    if (size > old_size)
        block = s_is_mapped (old_size) ? s_block_move (block, old_size, size)
                                       : s_block_copy (block, old_size, size);
    else if (size < old_size && s_is_mapped (size))
        munmap (block + size, old_size - size);
    else if (size < old_size)
        block = s_block_copy (block, old_size, size);
    if (!block)
        return false;
    if (frames < self->frames)
        memset (block + end, 0, size - end);
    s_owner_use (owner, block, size, frames);
    return true;
}

void
zample_sample_destroy (zample_sample_t **self)
{
    if (!*self)
        return;
    s_owner_t *owner = s_owner (*self);
    s_block_destroy (owner->block, owner->size);
    free (owner);
    *self = NULL;
}
