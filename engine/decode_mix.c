/*  From what a decoder gives to stereo floats. Runs on a loader's worker.

    One and two channels are converted here, because the result is to be exact: a 16-bit value v becomes
    v / 32768, and a mono sound is as loud as its file. libswresample takes 3 dB off a mono one. */
#include "config.h"

#include <float.h>
#include <math.h>

#include "engine/decode_mix.h"
#include "engine/hush.h"

/* The loops below run in steps of a length that the compiler knows, so that it makes vectors of them at any
   level. */
#define STEP 16

#define S_CONVERT(name, type, expression)                                                                    \
    static inline float name##_one (type v)                                                                  \
    {                                                                                                        \
        return (float) (expression);                                                                         \
    }                                                                                                        \
    static void name##_run (const void *from, int count, float *restrict to)                                 \
    {                                                                                                        \
        const type *restrict in = from;                                                                      \
        int i = 0;                                                                                           \
        for (; i + STEP <= count; i += STEP)                                                                 \
            for (int k = i; k < i + STEP; k++)                                                               \
                to[k] = name##_one (in[k]);                                                                  \
        for (; i < count; i++)                                                                               \
            to[i] = name##_one (in[i]);                                                                      \
    }                                                                                                        \
    static void name##_join (const void *left, const void *right, int count, float *restrict to)             \
    {                                                                                                        \
        const type *l = left, *r = right;                                                                    \
        int i = 0;                                                                                           \
        for (; i + STEP <= count; i += STEP)                                                                 \
            for (int k = i; k < i + STEP; k++) {                                                             \
                to[2 * k] = name##_one (l[k]);                                                               \
                to[2 * k + 1] = name##_one (r[k]);                                                           \
            }                                                                                                \
        for (; i < count; i++) {                                                                             \
            to[2 * i] = name##_one (l[i]);                                                                   \
            to[2 * i + 1] = name##_one (r[i]);                                                               \
        }                                                                                                    \
    }                                                                                                        \
    static void name##_part (const void *from, int count, float *restrict left, float *restrict right)       \
    {                                                                                                        \
        const type *restrict in = from;                                                                      \
        int i = 0;                                                                                           \
        for (; i + STEP <= count; i += STEP)                                                                 \
            for (int k = i; k < i + STEP; k++) {                                                             \
                left[k] = name##_one (in[2 * k]);                                                            \
                right[k] = name##_one (in[2 * k + 1]);                                                       \
            }                                                                                                \
        for (; i < count; i++) {                                                                             \
            left[i] = name##_one (in[2 * i]);                                                                \
            right[i] = name##_one (in[2 * i + 1]);                                                           \
        }                                                                                                    \
    }

S_CONVERT (s_u8, uint8_t, (v - 128) * (1.0f / 128.0f))
S_CONVERT (s_s16, int16_t, v * (1.0f / 32768.0f))
S_CONVERT (s_s32, int32_t, (float) v * (1.0f / 2147483648.0f))
S_CONVERT (s_s64, int64_t, (float) v * 0x1p-63f)
S_CONVERT (s_flt, float, v)
S_CONVERT (s_dbl, double, v)

/*  Values as they lie, two planes into pairs, pairs into two planes. */
typedef struct {
    enum AVSampleFormat format;
    void (*run) (const void *from, int count, float *restrict to);
    void (*join) (const void *left, const void *right, int count, float *restrict to);
    void (*part) (const void *from, int count, float *restrict left, float *restrict right);
} s_converter_t;

static const s_converter_t s_converters[] = {
    { AV_SAMPLE_FMT_U8, s_u8_run, s_u8_join, s_u8_part },
    { AV_SAMPLE_FMT_S16, s_s16_run, s_s16_join, s_s16_part },
    { AV_SAMPLE_FMT_S32, s_s32_run, s_s32_join, s_s32_part },
    { AV_SAMPLE_FMT_S64, s_s64_run, s_s64_join, s_s64_part },
    { AV_SAMPLE_FMT_FLT, s_flt_run, s_flt_join, s_flt_part },
    { AV_SAMPLE_FMT_DBL, s_dbl_run, s_dbl_join, s_dbl_part },
};

static const s_converter_t *
s_converter_for (int format)
{
    enum AVSampleFormat packed = av_get_packed_sample_fmt ((enum AVSampleFormat) format);
    for (size_t i = 0; i < sizeof s_converters / sizeof s_converters[0]; i++) {
        if (s_converters[i].format == packed)
            return &s_converters[i];
    }
    return NULL;
}

static bool
s_is_finite (float value)
{
    return fabsf (value) <= FLT_MAX;
}

int64_t
zample_decode_mix_tidy (float *values, int64_t count)
{
    int64_t tidied = 0;
    for (int64_t i = 0; i < count;) {
        int bad = 0;
        if (i + STEP <= count) {
            for (int k = 0; k < STEP; k++)
                bad |= !s_is_finite (values[i + k]);
            i += bad ? 0 : STEP;
            if (!bad)
                continue;
        }
        for (int64_t end = i + STEP < count ? i + STEP : count; i < end; i++) {
            bool fine = s_is_finite (values[i]);
            values[i] = fine ? values[i] : 0.0f;
            tidied += !fine;
        }
    }
    return tidied;
}

/*  One channel or two. `right` is NULL for pairs. */
static bool
s_mix_two (const AVFrame *frame, int first, int count, float *left, float *right)
{
    const s_converter_t *converter = s_converter_for (frame->format);
    if (!converter)
        return false;
    bool planar = av_sample_fmt_is_planar ((enum AVSampleFormat) frame->format);
    int channels = frame->ch_layout.nb_channels;
    bool pairs = channels == 2 && !planar;
    ptrdiff_t offset =
        (ptrdiff_t) first * (pairs ? 2 : 1) * av_get_bytes_per_sample ((enum AVSampleFormat) frame->format);
    const uint8_t *one = frame->extended_data[0] + offset;
    const uint8_t *other = channels == 2 && planar ? frame->extended_data[1] + offset : one;
    if (pairs && right)
        converter->part (one, count, left, right);
    else if (pairs)
        converter->run (one, 2 * count, left);
    else if (!right)
        converter->join (one, other, count, left);
    else {
        converter->run (one, count, left);
        converter->run (other, count, right);
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
s_prepare (zample_decode_mix_t *self, const AVFrame *frame, bool apart)
{
    if (self->swr && self->format == frame->format && self->apart == apart
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
    self->apart = apart;
    for (int plain = known.order != AV_CHANNEL_ORDER_NATIVE; ready && plain < 2; plain++) {
        ready =
            swr_alloc_set_opts2 (&self->swr, &stereo, apart ? AV_SAMPLE_FMT_FLTP : AV_SAMPLE_FMT_FLT, 48000,
                                 &known, (enum AVSampleFormat) frame->format, 48000, ZAMPLE_HUSH, NULL)
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
s_mix_many (zample_decode_mix_t *self, const AVFrame *frame, int first, int count, float *left, float *right)
{
    const uint8_t *in[ZAMPLE_DECODE_CHANNELS_MAX] = { NULL };
    int channels = frame->ch_layout.nb_channels;
    if (channels > ZAMPLE_DECODE_CHANNELS_MAX || !s_prepare (self, frame, right))
        return false;
    bool planar = av_sample_fmt_is_planar ((enum AVSampleFormat) frame->format);
    int bytes = av_get_bytes_per_sample ((enum AVSampleFormat) frame->format);
    for (int plane = 0; plane < (planar ? channels : 1); plane++)
        in[plane] = frame->extended_data[plane] + (ptrdiff_t) first * bytes * (planar ? 1 : channels);
    uint8_t *to[2] = { (uint8_t *) left, (uint8_t *) right };
    return swr_convert (self->swr, to, count, in, count) == count;
}

static bool
s_mix (zample_decode_mix_t *self, const AVFrame *frame, int first, int count, float *left, float *right)
{
    if (frame->ch_layout.nb_channels <= 2)
        return s_mix_two (frame, first, count, left, right);
    return s_mix_many (self, frame, first, count, left, right);
}

static bool
s_is_of_floats (const AVFrame *frame)
{
    enum AVSampleFormat packed = av_get_packed_sample_fmt ((enum AVSampleFormat) frame->format);
    return packed == AV_SAMPLE_FMT_FLT || packed == AV_SAMPLE_FMT_DBL;
}

bool
zample_decode_mix (zample_decode_mix_t *self, const AVFrame *frame, int first, int count, float *out)
{
    if (!s_mix (self, frame, first, count, out, NULL))
        return false;
    if (s_is_of_floats (frame)) {
        int64_t tidied = zample_decode_mix_tidy (out, 2 * (int64_t) count);
        self->tidied += frame->ch_layout.nb_channels == 1 ? tidied / 2 : tidied;
        self->of_floats = true;
    }
    return true;
}

bool
zample_decode_mix_apart (zample_decode_mix_t *self, const AVFrame *frame, int first, int count, float *left,
                         float *right)
{
    if (!s_mix (self, frame, first, count, left, right))
        return false;
    if (s_is_of_floats (frame)) {
        int64_t tidied = zample_decode_mix_tidy (right, count);
        self->tidied += frame->ch_layout.nb_channels == 1 ? 0 : tidied;
        self->tidied += zample_decode_mix_tidy (left, count);
        self->of_floats = true;
    }
    return true;
}

void
zample_decode_mix_reset (zample_decode_mix_t *self)
{
    swr_free (&self->swr);
    av_channel_layout_uninit (&self->layout);
}

void
zample_decode_mix_double (float *values, int64_t count)
{
    for (int64_t i = count - 1; i >= 0; i--)
        values[2 * i] = values[2 * i + 1] = values[i];
}
