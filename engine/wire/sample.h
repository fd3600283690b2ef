/*  A loaded sound, as it crosses to the audio thread and back.

    The frames never change once the sample has crossed; whoever holds the pointer reads them without asking. The last
    members belong to whichever side holds the sample: the loader until it crosses, then the stage, then the
    audio actor, which frees it.
 */
#ifndef ZAMPLE_WIRE_SAMPLE_H
#define ZAMPLE_WIRE_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#define ZAMPLE_CHANNELS 2

/* Silent frames before the first and behind the last, so that an interpolator need not ask. */
#define ZAMPLE_GUARD_FRAMES 4

typedef struct zample_sample zample_sample_t;

struct zample_sample {
    const float *data; /* interleaved stereo; readable from -GUARD_FRAMES up to frames + GUARD_FRAMES */
    int64_t frames;
    uint64_t job; /* the load that made it */

    uint32_t slot;  /* stage: where it is, or was */
    uint32_t users; /* stage: voices that read it, fading ones too */
    uint8_t
        leaving; /* stage: why it is off its slot (zample_ended_tag_t), to be retired when the last user is
                              done; 0 while it is there */
    zample_sample_t *next; /* stage: retired samples that wait for room on the report ring */

    void *keeper; /* these of whoever keeps it off the stage */
    zample_sample_t *keeper_previous, *keeper_next;
    bool keeper_replaced; /* another one has its slot */
    bool keeper_pins;     /* its slot, once it is there */
};

#endif
