/*  Changes the rate of floats of one channel or two, which come in planes and leave interleaved: libswresample,
    with the soxr engine where FFmpeg has it. */
#ifndef ZAMPLE_RESAMPLE_H
#define ZAMPLE_RESAMPLE_H

#include <stdbool.h>
#include <stdint.h>

/* Feed no more than so many frames at a time: soxr takes nearly twice as long over a sound in one go. */
#define ZAMPLE_RESAMPLE_FEED_FRAMES 4096

typedef struct zample_resample zample_resample_t;

/*  What does the work: soxr with so many bits of precision, or libswresample's own. Where FFmpeg has no soxr,
    the own one with its strongest setting stands in. */
typedef enum {
    ZAMPLE_RESAMPLE_GOOD = 0, /* soxr, 20 bits */
    ZAMPLE_RESAMPLE_FAST,     /* libswresample's own */
    ZAMPLE_RESAMPLE_BEST      /* soxr, 28 bits */
} zample_resample_quality_t;

/*  channels: 1 or 2. NULL if there is no memory. */
zample_resample_t *zample_resample_new (uint32_t from_hz, uint32_t to_hz, zample_resample_quality_t quality,
                                        int channels);
void zample_resample_destroy (zample_resample_t **self);

/*  The most frames that the next push of `count` can give. */
int64_t zample_resample_room (zample_resample_t *self, int64_t count);

/*  Takes `count` frames and writes up to `room`. `right` is not read of one channel. NULL for both says that no more come: call it until it
    writes none. Returns how many it wrote, -1 if there is no memory. */
int64_t zample_resample_push (zample_resample_t *self, const float *left, const float *right, int64_t count,
                              float *out, int64_t room);

#endif
