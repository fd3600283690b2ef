/*  Writes all that is played into a WAV file, without a file ever being touched on the audio thread: blocks go
    onto a ring of 5 seconds, and whoever drains it writes them. Blocks that find the ring full, or
    the disk full, are counted, and are silence in the file.
 */
#ifndef ZAMPLE_RECORDER_H
#define ZAMPLE_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZAMPLE_BLOCK_FRAMES 64

typedef struct zample_recorder zample_recorder_t;

/*  NULL on failure: `why` then holds a sentence. */
zample_recorder_t *zample_recorder_new (const char *path, uint32_t rate_hz, bool s16, char *why, size_t why_size);

/*  Audio thread: up to ZAMPLE_BLOCK_FRAMES frames that begin at engine frame `frame`. */
void zample_recorder_push (zample_recorder_t *self, int64_t frame, const float *frames, int64_t count);

/*  Writes what waits. One thread, not the audio thread; may block on the disk. */
void zample_recorder_drain (zample_recorder_t *self);

/*  How many frames are missing so far. Any thread. */
int64_t zample_recorder_missing (const zample_recorder_t *self);

/*  Drains, writes silence up to engine frame `end_frame`, and closes the file. */
void zample_recorder_destroy (zample_recorder_t **self, int64_t end_frame);

#endif
