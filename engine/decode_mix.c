/*  From what a decoder gives to stereo floats. Runs on a loader's worker.

    One and two channels are converted here, because the result is to be exact: a 16-bit value v becomes
    v / 32768, and a mono sound is as loud as its file. libswresample takes 3 dB off a mono one. */
#include "config.h"

#include <float.h>
#include <math.h>

#include "engine/decode_mix.h"
#include "engine/hush.h"

#define S_CONVERT(name, type, expression)                                                                    \
    static void name (const void *from, int step, int count, float *out)                                     \
    {                                                                                                        \
        const type *values = from;                                                                           \
        for (int i = 0; i < count; i++) {                                                                    \
            type v = values[(ptrdiff_t) i * step];                                                           \
            out[2 * i] = (float) (expression);                                                               \
        }                                                                                                    \
    }

S_CONVERT (s_from_u8, uint8_t, (v - 128) * (1.0f / 128.0f))
S_CONVERT (s_from_s16, int16_t, v * (1.0f / 32768.0f))
S_CONVERT (s_from_s32, int32_t, (float) v * (1.0f / 2147483648.0f))
S_CONVERT (s_from_s64, int64_t, (float) v * 0x1p-63f)
S_CONVERT (s_from_flt, float, v)
S_CONVERT (s_from_dbl, double, v)

typedef void (s_convert_t) (const void *from, int step, int count, float *out);

static s_convert_t *
s_convert_for (int format)
{
    switch (av_get_packed_sample_fmt ((enum AVSampleFormat) format)) {
    case AV_SAMPLE_FMT_U8: return s_from_u8;
    case AV_SAMPLE_FMT_S16: return s_from_s16;
    case AV_SAMPLE_FMT_S32: return s_from_s32;
    case AV_SAMPLE_FMT_S64: return s_from_s64;
    case AV_SAMPLE_FMT_FLT: return s_from_flt;
    case AV_SAMPLE_FMT_DBL: return s_from_dbl;
    default: return NULL;
    }
}

void
zample_decode_mix_tidy (float *values, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        values[i] = fabsf (values[i]) <= FLT_MAX ? values[i] : 0.0f;
}

static bool
s_mix_two (const AVFrame *frame, int first, int count, float *out)
{
    s_convert_t *convert = s_convert_for (frame->format);
    if (!convert)
        return false;
    bool planar = av_sample_fmt_is_planar ((enum AVSampleFormat) frame->format);
    int channels = frame->ch_layout.nb_channels;
    int bytes = av_get_bytes_per_sample ((enum AVSampleFormat) frame->format);
    int step = planar ? 1 : channels;
    for (int side = 0; side < 2; side++) {
        int channel = side < channels ? side : 0;
        ptrdiff_t offset = (ptrdiff_t) first * step * bytes + (planar ? 0 : channel * bytes);
        convert (frame->extended_data[planar ? channel : 0] + offset, step, count, out + side);
    }
    return true;
}

/*  Channels of which nobody says where they stand: every other one goes left, the others right. */
static int
s_set_plain_matrix (SwrContext *swr, int channels)
{
    double matrix[2 * ZAMPLE_DECODE_CHANNELS_MAX] = { 0 };
    for (int channel = 0; channel < channels; channel++)
        matrix[(channel % 2) * channels + channel] = 1.0 / ((channels + 1 - channel % 2) / 2);
    return swr_set_matrix (swr, matrix, channels);
}

static bool
s_prepare (zample_decode_mix_t *self, const AVFrame *frame)
{
    if (self->swr && self->format == frame->format
        && av_channel_layout_compare (&self->layout, &frame->ch_layout) == 0)
        return true;
    zample_decode_mix_reset (self);
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    AVChannelLayout known = { 0 };
    bool ready = av_channel_layout_copy (&self->layout, &frame->ch_layout) == 0
                 && av_channel_layout_copy (&known, &frame->ch_layout) == 0;
    if (ready && known.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default (&known, frame->ch_layout.nb_channels);
    self->format = frame->format;
    for (int plain = known.order != AV_CHANNEL_ORDER_NATIVE; ready && plain < 2; plain++) {
        ready = swr_alloc_set_opts2 (&self->swr, &stereo, AV_SAMPLE_FMT_FLT, 48000, &known,
                                     (enum AVSampleFormat) frame->format, 48000, ZAMPLE_HUSH, NULL)
                == 0;
        if (ready && plain)
            ready = s_set_plain_matrix (self->swr, known.nb_channels) == 0;
        if (ready && swr_init (self->swr) == 0)
            break;
        swr_free (&self->swr);
    }
    av_channel_layout_uninit (&known);
    return self->swr;
}

static bool
s_mix_many (zample_decode_mix_t *self, const AVFrame *frame, int first, int count, float *out)
{
    const uint8_t *in[ZAMPLE_DECODE_CHANNELS_MAX] = { NULL };
    int channels = frame->ch_layout.nb_channels;
    if (channels > ZAMPLE_DECODE_CHANNELS_MAX || !s_prepare (self, frame))
        return false;
    bool planar = av_sample_fmt_is_planar ((enum AVSampleFormat) frame->format);
    int bytes = av_get_bytes_per_sample ((enum AVSampleFormat) frame->format);
    for (int plane = 0; plane < (planar ? channels : 1); plane++)
        in[plane] = frame->extended_data[plane] + (ptrdiff_t) first * bytes * (planar ? 1 : channels);
    uint8_t *to = (uint8_t *) out;
    return swr_convert (self->swr, &to, count, in, count) == count;
}

bool
zample_decode_mix (zample_decode_mix_t *self, const AVFrame *frame, int first, int count, float *out)
{
    bool mixed = frame->ch_layout.nb_channels <= 2 ? s_mix_two (frame, first, count, out)
                                                   : s_mix_many (self, frame, first, count, out);
    if (mixed)
        zample_decode_mix_tidy (out, 2 * (int64_t) count);
    return mixed;
}

void
zample_decode_mix_reset (zample_decode_mix_t *self)
{
    swr_free (&self->swr);
    av_channel_layout_uninit (&self->layout);
}
