/*  The peaks of a sound: how loud each stretch of it is, in levels that each see it four times coarser, so that a
    window of any width can show any part of it by looking at a few numbers a column.

    Made by the worker that fills the sound, while its frames are still in the processor's cache; read by any
    thread once the sound no longer changes. Takes a sixteenth of the memory of the frames. */
#ifndef ZAMPLE_PEAKS_H
#define ZAMPLE_PEAKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Frames that a number of the finest level stands for, and numbers of a level that one of the next stands for. */
#define ZAMPLE_PEAKS_FRAMES 64
#define ZAMPLE_PEAKS_STEP 4
#define ZAMPLE_PEAKS_LEVELS                                                                                  \
    13 /* the last one has one number at most: 64 * 4^12 frames are half the longest sound */

/*  A stretch of frames. Left and right; squares is the sum of the squares. */
typedef struct {
    float min[2];
    float max[2];
    float squares[2];
} zample_peak_sum_t;

typedef struct {
    zample_peak_sum_t *sums; /* of whole stretches, one after the other from the first frame on */
    int64_t count;
    int64_t capacity;
} zample_peak_level_t;

/*  All zeros: of no frames yet. */
typedef struct {
    zample_peak_level_t levels[ZAMPLE_PEAKS_LEVELS];
} zample_peaks_t;

/*  A column of a picture, left and right. */
typedef struct {
    float min[2];
    float max[2];
    float rms[2];
} zample_peak_column_t;

/*  Frames [0, frames) of `data` (interleaved stereo, finite) are final: takes in what came since the last call.
    The cost is that of the new frames. False if there is no memory: it holds less, and may be called again. */
bool zample_peaks_follow (zample_peaks_t *self, const float *data, int64_t frames);

/*  The sound has its final length, longer or shorter than what was followed. False if there is no memory. */
bool zample_peaks_finish (zample_peaks_t *self, const float *data, int64_t frames);

/*  Draws frames [start, end) of a finished sound, 0 <= start < end <= frames, into `width` columns, 1 to 65,536:
    column c stands for the frames from start + c * n / width up to the next column, n being all of them; if these
    are none, for the one where it begins. min and max are exact, rms to 1e-5 of itself, and it is never above the
    loudest frame. Allocates nothing. */
void zample_peaks_draw (const zample_peaks_t *self, const float *data, int64_t start, int64_t end,
                        uint32_t width, zample_peak_column_t *columns);

/*  The memory it takes beside itself, in bytes. */
size_t zample_peaks_bytes (const zample_peaks_t *self);

/*  The memory that a finished sound of so many frames takes for its peaks, beside itself. */
size_t zample_peaks_bytes_of (int64_t frames);

/*  Frees what it holds; then it is of no frames. */
void zample_peaks_reset (zample_peaks_t *self);

#endif
