/*  The player: the audio thread itself. It waits until the output takes frames, has the stage render a block,
    and writes it; when the device is lost it tells so and goes on in silence, paced by the clock, so that
    the engine frame runs on.

        stage -> block of 64 -> output, as many frames as it takes
                      \-> recorder
 */
#ifndef ZAMPLE_PLAYER_H
#define ZAMPLE_PLAYER_H

#include "engine/output/output.h"
#include "engine/recorder.h"
#include "engine/rt/stage.h"

typedef struct zample_player zample_player_t;

/*  `output` is where frames go; NULL for an offline player, which has no thread. `recorder` may be NULL. The stage
    and the recorder must outlive the player, which takes the output. NULL on failure: `why` then holds a sentence,
    and the output is still the caller's. */
zample_player_t *zample_player_new (zample_stage_t *stage, zample_output_t *output, zample_recorder_t *recorder,
                                    char *why, size_t why_size);

/*  Starts the audio thread, with SCHED_FIFO if that is granted. False if there is none to be had. */
bool zample_player_start (zample_player_t *self);

bool zample_player_is_realtime (const zample_player_t *self);

/*  After the stage has told DEVICE_LOST, and once only: closes the dead device, which may block. */
void zample_player_close_device (zample_player_t *self);

/*  Ends the thread, after what was rendered has been heard. Blocks, for less than 0.3 s. */
void zample_player_stop (zample_player_t *self);

/*  Offline: renders on the calling thread, into `out` unless it is NULL; 0 frames obey the commands that wait and render
    nothing. One thread at a time. False if the recording lacks frames of these. */
bool zample_player_render (zample_player_t *self, int64_t frames, float *out);

void zample_player_destroy (zample_player_t **self);

#endif
