/*  What a device takes: stereo floats made into its samples, its channels, its byte order (little-endian).

    S16 gets triangular dither of one step either way; the others are rounded. Nothing wraps: what is beyond
    full scale is clipped, but in float, where it is left to the device. A sample that is not a number, or not
    finite, is silence. Neither allocates nor blocks: for the audio thread.
 */
#ifndef ZAMPLE_FORMAT_H
#define ZAMPLE_FORMAT_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
    ZAMPLE_FORMAT_FLOAT,
    ZAMPLE_FORMAT_S32,
    ZAMPLE_FORMAT_S24,        /* in the low three of four bytes */
    ZAMPLE_FORMAT_S24_PACKED, /* in three bytes */
    ZAMPLE_FORMAT_S16
} zample_format_t;

/*  The state of a xorshift generator: the same noise from every start, and nobody else's random numbers. */
typedef struct {
    uint32_t state;
} zample_dither_t;

void zample_dither_init (zample_dither_t *self);

/*  Bytes of one sample. */
size_t zample_format_bytes (zample_format_t format);

/*  Writes `count` frames of `channels` samples from interleaved stereo. One channel gets the mean of both;
    those beyond two get silence. */
void zample_format_write (zample_format_t format, uint32_t channels, const float *stereo, size_t count,
                          void *to, zample_dither_t *dither);

#endif
