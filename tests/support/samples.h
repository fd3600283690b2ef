/*  Samples of a test's own making. */
#ifndef ZAMPLE_TEST_SAMPLES_H
#define ZAMPLE_TEST_SAMPLES_H

#include "engine/sample.h"

/*  Silence, of which nobody else holds the sound. NULL if there is no memory. */
static inline zample_sample_t *
sample_of (int64_t frames)
{
    zample_sound_t *sound = zample_sound_new (frames);
    zample_sample_t *sample = sound ? zample_sample_new (sound, "") : NULL;
    zample_sound_release (&sound);
    return sample;
}

static inline float *
sample_writable (zample_sample_t *sample)
{
    return zample_sound_writable (zample_sample_sound (sample));
}

#endif
