/*  Frames that carry their own number, so that one that is missing, doubled or changed gives itself away.

    Each channel holds fourteen bits, two bits above the lowest of sixteen: they survive any format, and
    dither.
 */
#ifndef SEQUENCE_H
#define SEQUENCE_H

#include <stddef.h>
#include <stdint.h>

#define SEQUENCE_SILENCE (-1)
#define SEQUENCE_DAMAGE (-2)
#define SEQUENCE_END (1 << 24)

/*  `count` interleaved stereo frames from number `first` on. */
void sequence_write (float *frames, int64_t first, int64_t count);

/*  The number of one frame, or one of the above. */
int64_t sequence_number (float left, float right);

/*  The same for a frame that was rounded to 16 bits with dither. */
int64_t sequence_number_dithered (float left, float right);

/*  A file of interleaved samples, by ALSA's name of their format: their numbers, to be freed. */
typedef struct {
    int64_t *numbers;
    size_t count;
    float *samples; /* count * channels of them */
} sequence_t;

sequence_t sequence_load (const char *path, const char *format, size_t channels);
void sequence_free (sequence_t *self);

#endif
