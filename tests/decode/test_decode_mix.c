/*  Any format and channel count becomes stereo floats; frames made by hand. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <libavutil/channel_layout.h>

#include "engine/decode_mix.h"
#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

#define FRAMES 100

static AVFrame *
s_frame (enum AVSampleFormat format, const AVChannelLayout *layout)
{
    AVFrame *frame = av_frame_alloc ();
    frame->format = format;
    frame->nb_samples = FRAMES;
    frame->sample_rate = 48000;
    ck_assert_int_eq (av_channel_layout_copy (&frame->ch_layout, layout), 0);
    ck_assert_int_eq (av_frame_get_buffer (frame, 0), 0);
    return frame;
}

static void
s_put (AVFrame *frame, int at, int channel, double value)
{
    enum AVSampleFormat format = (enum AVSampleFormat) frame->format;
    bool planar = av_sample_fmt_is_planar (format);
    uint8_t *plane = frame->extended_data[planar ? channel : 0];
    int index = planar ? at : at * frame->ch_layout.nb_channels + channel;
    switch (av_get_packed_sample_fmt (format)) {
    case AV_SAMPLE_FMT_U8: plane[index] = (uint8_t) (128 + value * 128); break;
    case AV_SAMPLE_FMT_S16: ((int16_t *) (void *) plane)[index] = (int16_t) (value * 32768); break;
    case AV_SAMPLE_FMT_S32: ((int32_t *) (void *) plane)[index] = (int32_t) (value * 2147483648.0); break;
    case AV_SAMPLE_FMT_S64: ((int64_t *) (void *) plane)[index] = (int64_t) (value * 0x1p63); break;
    case AV_SAMPLE_FMT_FLT: ((float *) (void *) plane)[index] = (float) value; break;
    case AV_SAMPLE_FMT_DBL: ((double *) (void *) plane)[index] = value; break;
    default: ck_abort_msg ("format %d", format);
    }
}

/*  In each channel another value at each frame, all of them exact in 8 bits. */
static double
s_value (int at, int channel)
{
    return (double) ((at * 7 + channel * 31) % 200 - 100) / 128;
}

START_TEST (every_format_gives_the_same_floats)
{
    static const enum AVSampleFormat formats[] = {
        AV_SAMPLE_FMT_U8,   AV_SAMPLE_FMT_S16,  AV_SAMPLE_FMT_S32,  AV_SAMPLE_FMT_S64,
        AV_SAMPLE_FMT_FLT,  AV_SAMPLE_FMT_DBL,  AV_SAMPLE_FMT_U8P,  AV_SAMPLE_FMT_S16P,
        AV_SAMPLE_FMT_S32P, AV_SAMPLE_FMT_S64P, AV_SAMPLE_FMT_FLTP, AV_SAMPLE_FMT_DBLP
    };
    for (int channels = 1; channels <= 2; channels++) {
        AVChannelLayout layout;
        av_channel_layout_default (&layout, channels);
        for (size_t f = 0; f < sizeof (formats) / sizeof (formats[0]); f++) {
            AVFrame *frame = s_frame (formats[f], &layout);
            for (int i = 0; i < FRAMES * channels; i++)
                s_put (frame, i / channels, i % channels, s_value (i / channels, i % channels));
            zample_decode_mix_t mix = { 0 };
            float out[2 * FRAMES];
            ck_assert (zample_decode_mix (&mix, frame, 0, 60, out));
            ck_assert (zample_decode_mix (&mix, frame, 60, FRAMES - 60, out + 120));
            for (int i = 0; i < 2 * FRAMES; i++)
                files_same (out[i], s_value (i / 2, channels == 1 ? 0 : i % 2));
            float sides[2][FRAMES];
            ck_assert (zample_decode_mix_apart (&mix, frame, 0, 61, sides[0], sides[1]));
            ck_assert (zample_decode_mix_apart (&mix, frame, 61, FRAMES - 61, sides[0] + 61, sides[1] + 61));
            for (int i = 0; i < 2 * FRAMES; i++)
                files_same (sides[i % 2][i / 2], out[i]);
            ck_assert_int_eq (mix.tidied, 0);
            zample_decode_mix_reset (&mix);
            av_frame_free (&frame);
        }
    }
}
END_TEST

/*  What a 1.0 in one channel alone becomes. */
static void
s_mix_one (zample_decode_mix_t *mix, enum AVSampleFormat format, const AVChannelLayout *layout, int channel,
           float sides[2])
{
    AVFrame *frame = s_frame (format, layout);
    int channels = layout->nb_channels;
    for (int i = 0; i < FRAMES * channels; i++)
        s_put (frame, i / channels, i % channels, i % channels == channel ? 0.5 : 0.0);
    float out[2 * FRAMES];
    ck_assert (zample_decode_mix (mix, frame, 0, 33, out));
    ck_assert (zample_decode_mix (mix, frame, 33, FRAMES - 33, out + 66));
    float planes[2][FRAMES];
    ck_assert (zample_decode_mix_apart (mix, frame, 0, FRAMES, planes[0], planes[1]));
    for (int i = 0; i < 2 * FRAMES; i++) {
        files_same (out[i], out[i % 2]);
        files_same (planes[i % 2][i / 2], out[i % 2]);
    }
    sides[0] = 2 * out[0];
    sides[1] = 2 * out[1];
    av_frame_free (&frame);
}

START_TEST (surround_is_mixed_down_by_where_its_channels_stand)
{
    AVChannelLayout layout = AV_CHANNEL_LAYOUT_5POINT1_BACK;
    static const double expected[6][2] = { { 1, 0 }, { 0, 1 },         { M_SQRT1_2, M_SQRT1_2 },
                                           { 0, 0 }, { M_SQRT1_2, 0 }, { 0, M_SQRT1_2 } };
    static const enum AVSampleFormat formats[3] = { AV_SAMPLE_FMT_FLTP, AV_SAMPLE_FMT_S16,
                                                    AV_SAMPLE_FMT_S32P };
    zample_decode_mix_t mix = { 0 };
    for (int f = 0; f < 3; f++) {
        for (int channel = 0; channel < 6; channel++) {
            float sides[2];
            s_mix_one (&mix, formats[f], &layout, channel, sides);
            ck_assert_double_eq_tol ((double) sides[0], expected[channel][0], 1e-6);
            ck_assert_double_eq_tol ((double) sides[1], expected[channel][1], 1e-6);
        }
    }
    zample_decode_mix_reset (&mix);
}
END_TEST

START_TEST (any_number_of_channels_is_heard)
{
    zample_decode_mix_t mix = { 0 };
    for (int channels = 3; channels <= ZAMPLE_DECODE_CHANNELS_MAX; channels++) {
        for (int unknown = 0; unknown < 2; unknown++) {
            AVChannelLayout layout;
            av_channel_layout_default (&layout, channels);
            if (unknown)
                layout = (AVChannelLayout) { .order = AV_CHANNEL_ORDER_UNSPEC, .nb_channels = channels };
            float sums[2] = { 0, 0 };
            for (int channel = 0; channel < channels; channel++) {
                float sides[2];
                s_mix_one (&mix, AV_SAMPLE_FMT_FLTP, &layout, channel, sides);
                sums[0] += sides[0];
                sums[1] += sides[1];
            }
            ck_assert_double_ge ((double) sums[0], 0.99);
            ck_assert_double_ge ((double) sums[1], 0.99);
        }
    }
    zample_decode_mix_reset (&mix);
}
END_TEST

START_TEST (layouts_may_change_from_frame_to_frame)
{
    zample_decode_mix_t mix = { 0 };
    for (int i = 0; i < 20; i++) {
        AVChannelLayout layout;
        av_channel_layout_default (&layout, 1 + i * 5 % 8);
        float sides[2];
        s_mix_one (&mix, i % 3 ? AV_SAMPLE_FMT_FLTP : AV_SAMPLE_FMT_S16, &layout, 0, sides);
        ck_assert_double_ge ((double) sides[0], 0.7);
    }
    zample_decode_mix_reset (&mix);
}
END_TEST

START_TEST (nothing_but_finite_numbers_comes_out_and_the_others_are_counted)
{
    static const float strange[9] = {
        NAN, INFINITY, -INFINITY, 3.4e38f, -3.4e38f, 0.0f, -0.0f, 1e-45f, 1.0f
    };
    static const float expected[9] = { 0, 0, 0, 3.4e38f, -3.4e38f, 0.0f, -0.0f, 1e-45f, 1.0f };
    for (int at = 0; at <= 91; at++) {
        float values[100];
        for (int i = 0; i < 100; i++)
            values[i] = (float) i;
        memcpy (values + at, strange, sizeof (strange));
        ck_assert_int_eq (zample_decode_mix_tidy (values, 100), 3);
        ck_assert_mem_eq (values + at, expected, sizeof (expected));
        for (int i = 0; i < 100; i++)
            files_must (i >= at && i < at + 9 ? true : fabsf (values[i] - (float) i) <= 0.0f);
    }
}
END_TEST

START_TEST (one_channel_is_doubled_in_place)
{
    for (int count = 0; count < 40; count++) {
        float values[80];
        for (int i = 0; i < count; i++)
            values[i] = (float) i;
        zample_decode_mix_double (values, count);
        for (int i = 0; i < 2 * count; i++)
            files_same (values[i], (float) (i / 2));
    }
}
END_TEST

/*  One channel, which becomes both sides, is counted once. */
START_TEST (a_value_of_the_file_is_counted_once)
{
    for (int channels = 1; channels <= 2; channels++) {
        AVChannelLayout layout;
        av_channel_layout_default (&layout, channels);
        AVFrame *frame = s_frame (AV_SAMPLE_FMT_FLTP, &layout);
        for (int i = 0; i < FRAMES * channels; i++)
            s_put (frame, i / channels, i % channels, i % 10 == 0 ? (double) NAN : 0.5);
        zample_decode_mix_t mix = { 0 };
        float out[2 * FRAMES];
        ck_assert (zample_decode_mix (&mix, frame, 0, FRAMES, out));
        ck_assert_int_eq (mix.tidied, FRAMES * channels / 10);
        ck_assert (zample_decode_mix_apart (&mix, frame, 0, FRAMES, out, out + FRAMES));
        ck_assert_int_eq (mix.tidied, 2 * FRAMES * channels / 10);
        zample_decode_mix_reset (&mix);
        av_frame_free (&frame);
    }
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("decode_mix");
    TCase *tests = tcase_create ("decode_mix");
    tcase_set_timeout (tests, 120);
    tcase_add_test (tests, every_format_gives_the_same_floats);
    tcase_add_test (tests, surround_is_mixed_down_by_where_its_channels_stand);
    tcase_add_test (tests, any_number_of_channels_is_heard);
    tcase_add_test (tests, layouts_may_change_from_frame_to_frame);
    tcase_add_test (tests, nothing_but_finite_numbers_comes_out_and_the_others_are_counted);
    tcase_add_test (tests, one_channel_is_doubled_in_place);
    tcase_add_test (tests, a_value_of_the_file_is_counted_once);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
