/*  Makes and frees samples. Off the stage; any thread; may block on the allocator. */
#ifndef ZAMPLE_SAMPLE_H
#define ZAMPLE_SAMPLE_H

#include "engine/wire/sample.h"

/*  The longest sound, 12 hours at 48 kHz: positions on the stage are 32.32 fixed point, and a step of up to 256
    frames (a voice's speed times its slot's) from the last one must not leave them. */
#define ZAMPLE_SAMPLE_FRAMES_MAX INT64_C (0x7ffffe00)

/*  A sample of silence, guard frames included. NULL if there is no memory. */
zample_sample_t *zample_sample_new (int64_t frames);

/*  The frames, while the sample has not yet crossed. */
float *zample_sample_writable (zample_sample_t *self);

/*  Makes it longer (with silence) or shorter, while it has not yet crossed. False if there is no memory: it is
    as before. */
bool zample_sample_resize (zample_sample_t *self, int64_t frames);

void zample_sample_destroy (zample_sample_t **self);

#endif
