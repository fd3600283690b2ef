/*  The recorder: pushed to by the audio thread, drained by the audio actor (offline, both by the caller). */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/recorder.h"
#include "engine/wav.h"
#include "engine/wire/sample.h"

#define RING_BLOCKS 4096

typedef struct {
    int64_t frame;
    int64_t count;
    float frames[ZAMPLE_BLOCK_FRAMES * ZAMPLE_CHANNELS];
} zample_take_t;

#define RING zample_take_ring
#define RING_ITEM zample_take_t
#include "engine/wire/spsc_ring.h"

struct zample_recorder {
    zample_take_ring_t ring;
    zample_take_t filling; /* audio thread */
    zample_wav_t *wav;
    int64_t written; /* engine frames that are in the file */
    _Atomic int64_t missing;
};

zample_recorder_t *
zample_recorder_new (const char *path, uint32_t rate_hz, bool s16, char *why, size_t why_size)
{
    zample_recorder_t *self = calloc (1, sizeof *self);
    zample_take_ring_cell_t *cells = malloc (RING_BLOCKS * sizeof *cells);
    if (self && cells)
        self->wav = zample_wav_new (path, rate_hz, s16, why, why_size);
    else
        snprintf (why, why_size, "there is no memory for recording to %s", path);
    if (!self || !cells || !self->wav) {
        free (self);
        free (cells);
        return NULL;
    }
    memset (cells, 0, RING_BLOCKS * sizeof *cells);
    zample_take_ring_init (&self->ring, cells, RING_BLOCKS);
    return self;
}

void
zample_recorder_push (zample_recorder_t *self, int64_t frame, const float *frames, int64_t count)
{
    self->filling.frame = frame;
    self->filling.count = count;
    memcpy (self->filling.frames, frames, (size_t) count * ZAMPLE_CHANNELS * sizeof *frames);
    zample_take_ring_push (&self->ring, &self->filling);
}

/*  Returns how many frames did not reach the file. */
static int64_t
s_write (zample_recorder_t *self, const float *frames, int64_t count)
{
    self->written += count;
    return zample_wav_write (self->wav, frames, count) ? 0 : count;
}

static void
s_miss (zample_recorder_t *self, int64_t count)
{
    atomic_fetch_add_explicit (&self->missing, count, memory_order_relaxed);
}

static void
s_write_silence (zample_recorder_t *self, int64_t until)
{
    static const float silence[ZAMPLE_BLOCK_FRAMES * ZAMPLE_CHANNELS];
    while (self->written < until) {
        int64_t count = until - self->written;
        count = count < ZAMPLE_BLOCK_FRAMES ? count : ZAMPLE_BLOCK_FRAMES;
        s_write (self, silence, count);
        s_miss (self, count);
    }
}

void
zample_recorder_drain (zample_recorder_t *self)
{
    zample_take_t take;
    while (zample_take_ring_pop (&self->ring, &take)) {
        s_write_silence (self, take.frame);
        s_miss (self, s_write (self, take.frames, take.count));
    }
}

int64_t
zample_recorder_missing (const zample_recorder_t *self)
{
    return atomic_load_explicit (&self->missing, memory_order_relaxed);
}

void
zample_recorder_destroy (zample_recorder_t **self_p, int64_t end_frame)
{
    zample_recorder_t *self = *self_p;
    if (!self)
        return;
    zample_recorder_drain (self);
    s_write_silence (self, end_frame);
    zample_wav_destroy (&self->wav);
    free (self->ring.cells);
    free (self);
    *self_p = NULL;
}
