/*  One sounding of a sample: where it reads, how loud it is, and how both move.

    Every change of level is a straight ramp of ZAMPLE_RAMP_FRAMES frames from where the level is, so that
    nothing clicks. The level moves frame by frame, so that a block rendered in pieces is, to the bit, the same block.
 */
#ifndef ZAMPLE_RT_VOICE_H
#define ZAMPLE_RT_VOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/wire/doorway.h"

#define ZAMPLE_RAMP_FRAMES 96 /* 2 ms at 48 kHz */

typedef enum {
    VOICE_SOUNDING,
    VOICE_PAUSING, /* fades out, then rests */
    VOICE_PAUSED,
    VOICE_ENDING /* fades out, then is gone */
} zample_voice_state_t;

typedef struct {
    uint64_t number; /* 0: a ghost, the fading rest of a voice that was stolen or moved */
    zample_sample_t *sample;
    uint32_t slot;
    zample_voice_state_t state;
    zample_ended_tag_t reason; /* while ENDING */
    bool loop;

    int64_t position; /* in frames of the sample, 32.32 */
    int64_t step;

    float gain, pan, speed;                /* as it was started */
    float cell_gain, cell_pan, cell_speed; /* as its slot's cells were read last */

    float full[2];  /* the level while it sounds */
    float level[2]; /* the level now, of each channel */
    float move[2];  /* a frame */
    float target[2];
    int32_t ramp_left; /* frames */
} zample_voice_t;

/*  Begins at the start of the sample, out of silence. */
void zample_voice_start (zample_voice_t *self, uint64_t number, zample_sample_t *sample,
                         const zample_command_t *play, const zample_slot_cells_t *cells);

/*  Reads the slot's cells, and heads for the new level if they have moved. */
void zample_voice_follow (zample_voice_t *self, const zample_slot_cells_t *cells);

void zample_voice_fade_in (zample_voice_t *self);
void zample_voice_fade_out (zample_voice_t *self);

/*  Adds up to `frames` frames to `out`. Returns how many it sounded: less than `frames` if it came to its end
    there (the sample's, or that of its fade while ENDING). Needs loop or a position before the sample's end. */
int64_t zample_voice_render (zample_voice_t *self, float *out, int64_t frames);

#endif
