/*  Sounds: the memory in which they wait to be played.

    Runs on a loader's worker, which makes and fills a sound, and on whichever thread lets go of it last. The
    frames of a long one lie in a mapping of their own, aligned to huge pages: that costs the stage fewer
    address look-ups, and growing moves page tables instead of frames.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "engine/sound.h"

#define FRAME_SIZE (ZAMPLE_CHANNELS * sizeof (float))
#define GUARD_SIZE (ZAMPLE_GUARD_FRAMES * FRAME_SIZE)
#define LINE_SIZE ((size_t) 64)
#define MAP_UNIT ((size_t) 64 << 10) /* a whole number of pages on every processor */
#define HUGE_SIZE ((size_t) 2 << 20)

/* Frame 0 lies on a cache line of its own, behind the line that ends in the guard. */
#define FRONT_SIZE LINE_SIZE

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
s_use (zample_sound_t *self, char *block, size_t size, int64_t frames)
{
    self->block = block;
    self->size = size;
    self->data = (float *) (void *) (block + FRONT_SIZE);
    self->frames = frames;
}

zample_sound_t *
zample_sound_new (int64_t frames)
{
    if (frames < 0 || frames > ZAMPLE_SOUND_FRAMES_MAX)
        return NULL;
    zample_sound_t *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    size_t size = s_block_size (frames);
    char *block = s_block_new (size);
    if (!block) {
        free (self);
        return NULL;
    }
    atomic_init (&self->holders, 1);
    s_use (self, block, size, frames);
    return self;
}

float *
zample_sound_writable (zample_sound_t *self)
{
    return (float *) (void *) (self->block + FRONT_SIZE);
}

bool
zample_sound_resize (zample_sound_t *self, int64_t frames)
{
    if (frames < 0 || frames > ZAMPLE_SOUND_FRAMES_MAX)
        return false;
    size_t old_size = self->size;
    size_t size = s_block_size (frames);
    /* What is cut off falls silent before it goes: some of it stays as the guard, or inside the last page. */
    size_t end = FRONT_SIZE + (size_t) frames * FRAME_SIZE;
    char *block = self->block;
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
    s_use (self, block, size, frames);
    return true;
}

size_t
zample_sound_bytes (const zample_sound_t *self)
{
    return sizeof *self + self->size + zample_peaks_bytes (&self->peaks);
}

size_t
zample_sound_bytes_of (int64_t frames)
{
    return sizeof (zample_sound_t) + s_block_size (frames) + zample_peaks_bytes_of (frames);
}

zample_sound_t *
zample_sound_hold (zample_sound_t *self)
{
    atomic_fetch_add_explicit (&self->holders, 1, memory_order_relaxed);
    return self;
}

void
zample_sound_release (zample_sound_t **self_p)
{
    zample_sound_t *self = *self_p;
    *self_p = NULL;
    if (!self || atomic_fetch_sub_explicit (&self->holders, 1, memory_order_acq_rel) > 1)
        return;
    zample_peaks_reset (&self->peaks);
    s_block_destroy (self->block, self->size);
    free (self);
}
