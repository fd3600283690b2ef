/*  libsndfile and libsoxr: read as floats, resample, 4,096 frames at a time. */
#include "config.h"

#include <sndfile.h>
#include <soxr.h>

#include "tests/bench/load_peers.h"

enum { FEED_FRAMES = 4096, CHANNELS_MAX = 2 };

typedef struct {
    SNDFILE *file;
    soxr_t resampler; /* NULL where the rates are equal */
    load_block_t *block;
    int64_t written;
} s_load_t;

static float *
s_place (const s_load_t *self, size_t *room)
{
    *room = self->block->size / (2 * sizeof (float)) - (size_t) self->written;
    *room = *room < 2 * FEED_FRAMES ? *room : 2 * FEED_FRAMES;
    return self->block->frames + 2 * self->written;
}

/*  No `in` lets the resampler end. Returns how many frames came out. */
static size_t
s_resample (s_load_t *self, const float *in, size_t count)
{
    size_t given = 0, room;
    float *out = s_place (self, &room);
    soxr_process (self->resampler, in, count, NULL, out, room, &given);
    self->written += (int64_t) given;
    return given;
}

static void
s_read (s_load_t *self)
{
    static float stage[CHANNELS_MAX * FEED_FRAMES];
    size_t room;
    sf_count_t count;
    while ((count = sf_readf_float (self->file, self->resampler ? stage : s_place (self, &room), FEED_FRAMES))
           > 0)
        if (self->resampler)
            s_resample (self, stage, (size_t) count);
        else
            self->written += count;
    while (self->resampler && s_resample (self, NULL, 0) > 0)
        ;
}

bool
load_by_libsndfile (const char *path, load_block_t *block, int64_t *frames)
{
    SF_INFO info = { 0 };
    s_load_t load = { .file = sf_open (path, SFM_READ, &info), .block = block };
    if (!load.file)
        return false;
    bool is_stereo = info.channels == CHANNELS_MAX;
    if (is_stereo && info.samplerate != LOAD_RATE_HZ) {
        soxr_io_spec_t interleaved = soxr_io_spec (SOXR_FLOAT32_I, SOXR_FLOAT32_I);
        soxr_quality_spec_t twenty_bits = soxr_quality_spec (SOXR_HQ, 0);
        soxr_runtime_spec_t one_thread = soxr_runtime_spec (1);
        load.resampler = soxr_create (info.samplerate, LOAD_RATE_HZ, CHANNELS_MAX, NULL, &interleaved,
                                      &twenty_bits, &one_thread);
    }
    if (is_stereo)
        s_read (&load);
    *frames = load.written;
    if (load.resampler)
        soxr_delete (load.resampler);
    sf_close (load.file);
    return is_stereo;
}
