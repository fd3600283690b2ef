/*  A recording's path in a folder of its own, and what stands in it when it is done: a WAV file of floats. */
#ifndef ZAMPLE_TEST_RECORDED_H
#define ZAMPLE_TEST_RECORDED_H

#include <stdint.h>

typedef struct {
    char folder[64];
    char path[96];
    float *frames; /* interleaved stereo, once it was read */
    int64_t count;
} recorded_t;

void recorded_open (recorded_t *self);

/*  The test fails if it is no such file. */
void recorded_read (recorded_t *self);

/*  Removes file and folder. */
void recorded_close (recorded_t *self);

#endif
