/*  The peaks of a sound: how loud each stretch of it is, in levels that each see it four times coarser, so that a
    window of any width can show any part of it by looking at a few numbers a column.

    Made by the worker that fills the sound, while its frames are still in the cache; read by any thread once the
    sound no longer changes. */
#ifndef ZAMPLE_PEAKS_H
#define ZAMPLE_PEAKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Frames that a number of the finest level stands for, and numbers of a level that one of the next stands for. */
#define ZAMPLE_PEAKS_FRAMES 64
#define ZAMPLE_PEAKS_STEP 4
#define ZAMPLE_PEAKS_LEVELS 14 /* 64 * 4^13 frames are more than the longest sound */

/*  A stretch of frames. Left and right; squares is the sum of the squares. */
typedef struct {
    float min[2];
    float max[2];
    float squares[2];
} zample_peak_sum_t;

typedef struct {
    zample_peak_sum_t *levels[ZAMPLE_PEAKS_LEVELS];
    int64_t capacity[ZAMPLE_PEAKS_LEVELS];
    int64_t counts[ZAMPLE_PEAKS_LEVELS];
} zample_peaks_t;

/*  A column of a picture. A column without frames is all zeros. */
typedef struct {
    float min[2];
    float max[2];
    float rms[2];
} zample_peak_column_t;

#endif
