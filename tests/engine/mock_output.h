/*  A mock: an output to inject faults through, which no real device has at a test's command. It takes frames
    when the test grants them, keeps them, counts interruptions that never were, and is lost when told to be. */
#ifndef ZAMPLE_TEST_MOCK_OUTPUT_H
#define ZAMPLE_TEST_MOCK_OUTPUT_H

#include <stdatomic.h>

#include "engine/output/output.h"

enum { MOCK_FRAMES_MAX = 1 << 16 };

typedef struct {
    zample_output_t output;
    _Atomic int64_t granted;    /* how many frames it takes in all while the player runs; then it takes all */
    _Atomic uint64_t interrupt; /* counts for `xruns`, from the test */
    _Atomic uint64_t suspend;
    int64_t most;     /* that it takes in one write */
    int64_t lose_at;  /* lost at this frame; -1: never */
    bool lose_in_write;
    bool stalls; /* takes nothing once the player ends */
    int64_t count;
    _Atomic int destroyed;
    float frames[MOCK_FRAMES_MAX * 2];
} mock_output_t;

/*  48,000 Hz, 4 periods of 64 frames. */
void mock_output_init (mock_output_t *self);

#endif
