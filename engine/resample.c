/*  The change of rate. Runs on a loader's worker, between the decoder and the sample. */
#include "config.h"

#include <stdlib.h>

#include <libavutil/opt.h>
#include <libswresample/swresample.h>

#include "engine/resample.h"
#include "engine/hush.h"

/* Bits of precision asked of soxr. Measured between 44.1 and 48 kHz, all that is not the tone lies below -130
   dB with 20, at 10 ns a frame, and below -150 dB with 28, at 12: as low as floats go. */
#define GOOD_BITS 20
#define BEST_BITS 28

struct zample_resample {
    SwrContext *swr;
};

static void
s_choose_good (SwrContext *swr)
{
    av_opt_set_int (swr, "resampler", SWR_ENGINE_SOXR, 0);
    av_opt_set_double (swr, "precision", GOOD_BITS, 0);
}

static void
s_choose_best (SwrContext *swr)
{
    av_opt_set_int (swr, "resampler", SWR_ENGINE_SOXR, 0);
    av_opt_set_double (swr, "precision", BEST_BITS, 0);
}

static void
s_choose_own (SwrContext *swr, int filter_size, double kaiser_beta, double cutoff)
{
    av_opt_set_int (swr, "resampler", SWR_ENGINE_SWR, 0);
    av_opt_set_int (swr, "filter_size", filter_size, 0);
    av_opt_set_int (swr, "phase_shift", 10, 0);
    av_opt_set_int (swr, "linear_interp", 1, 0);
    av_opt_set_int (swr, "filter_type", SWR_FILTER_TYPE_KAISER, 0);
    av_opt_set_double (swr, "kaiser_beta", kaiser_beta, 0);
    av_opt_set_double (swr, "cutoff", cutoff, 0);
}

/*  Measured: below -90 dB up to 17 kHz at 4 ns a frame. Above that images of what is near half the rate come
    through, at -8 dB in the end, and 20 kHz is down by 0.6 dB, by 6 on the way from 48 to 44.1 kHz. */
static void
s_choose_fast (SwrContext *swr)
{
    s_choose_own (swr, 32, 9, 0.91);
}

/*  Measured: below -125 dB up to 17 kHz at 7 ns a frame. */
static void
s_choose_strong (SwrContext *swr)
{
    s_choose_own (swr, 64, 12, 0.95);
}

static SwrContext *
s_open (uint32_t from_hz, uint32_t to_hz, int channels, void (*choose) (SwrContext *))
{
    AVChannelLayout layout =
        channels == 1 ? (AVChannelLayout) AV_CHANNEL_LAYOUT_MONO : (AVChannelLayout) AV_CHANNEL_LAYOUT_STEREO;
    SwrContext *swr = NULL;
    if (swr_alloc_set_opts2 (&swr, &layout, AV_SAMPLE_FMT_FLT, (int) to_hz, &layout, AV_SAMPLE_FMT_FLTP,
                             (int) from_hz, ZAMPLE_HUSH, NULL)
        < 0)
        return NULL;
    choose (swr);
    if (swr_init (swr) < 0)
        swr_free (&swr);
    return swr;
}

zample_resample_t *
zample_resample_new (uint32_t from_hz, uint32_t to_hz, zample_resample_quality_t quality, int channels)
{
    zample_resample_t *self = calloc (1, sizeof (zample_resample_t));
    if (!self)
        return NULL;
    switch (quality) {
    case ZAMPLE_RESAMPLE_GOOD: self->swr = s_open (from_hz, to_hz, channels, s_choose_good); break;
    case ZAMPLE_RESAMPLE_FAST: self->swr = s_open (from_hz, to_hz, channels, s_choose_fast); break;
    case ZAMPLE_RESAMPLE_BEST: self->swr = s_open (from_hz, to_hz, channels, s_choose_best); break;
    }
    if (!self->swr)
        self->swr = s_open (from_hz, to_hz, channels, s_choose_strong);
    if (!self->swr)
        zample_resample_destroy (&self);
    return self;
}

void
zample_resample_destroy (zample_resample_t **self)
{
    if (!*self)
        return;
    swr_free (&(*self)->swr);
    free (*self);
    *self = NULL;
}

int64_t
zample_resample_room (zample_resample_t *self, int64_t count)
{
    return swr_get_out_samples (self->swr, (int) count);
}

int64_t
zample_resample_push (zample_resample_t *self, const float *left, const float *right, int64_t count,
                      float *out, int64_t room)
{
    const uint8_t *from[2] = { (const uint8_t *) left, (const uint8_t *) right };
    uint8_t *to = (uint8_t *) out;
    int given = swr_convert (self->swr, &to, (int) room, left ? from : NULL, left ? (int) count : 0);
    return given < 0 ? -1 : given;
}
