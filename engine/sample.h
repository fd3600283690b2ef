/*  A sample: a sound that is held for one slot, as it crosses to the stage and comes back. Off the stage; any
    thread; may block on the allocator. */
#ifndef ZAMPLE_SAMPLE_H
#define ZAMPLE_SAMPLE_H

#include "engine/sound.h"

/*  Holds `sound` once more; `path` is where it came from, and is copied. NULL if there is no memory. */
zample_sample_t *zample_sample_new (zample_sound_t *sound, const char *path);

const char *zample_sample_path (const zample_sample_t *self);

/*  The sound it holds; still its own. */
zample_sound_t *zample_sample_sound (const zample_sample_t *self);

/*  Lets go of the sound, and sets the pointer to NULL. Forgives NULL. */
void zample_sample_destroy (zample_sample_t **self);

#endif
