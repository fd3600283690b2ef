/*  Floats into the samples of a device, on literal frames. */
#include "config.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/output/format.h"
#include "tests/support/run_suite.h"

static zample_dither_t s_dither;

static void
s_begin (void)
{
    zample_dither_init (&s_dither);
}

START_TEST (float_is_left_alone)
{
    const float frames[] = { 0.1f, -1.0f, 1.5f, -2.0f };
    float got[4];
    zample_format_write (ZAMPLE_FORMAT_FLOAT, 2, frames, 2, got, &s_dither);
    ck_assert_mem_eq (got, frames, sizeof frames);
}
END_TEST

START_TEST (thirty_two_bits_are_rounded_and_clipped)
{
    const float frames[] = { 0.0f, 1.0f, -1.0f, 2.0f, -2.0f, 0.5f, -0.5f, 0.99999994f, 1e30f, -1e30f };
    const int32_t expected[] = { 0,          INT32_MAX,   INT32_MIN,  INT32_MAX, INT32_MIN,
                                 1073741824, -1073741824, 2147483520, INT32_MAX, INT32_MIN };
    int32_t got[10];
    zample_format_write (ZAMPLE_FORMAT_S32, 2, frames, 5, got, &s_dither);
    for (int i = 0; i < 10; i++)
        ck_assert_int_eq (got[i], expected[i]);
}
END_TEST

#define STEP (1.0f / 8388608.0f)

static const float s_frames_24[] = { 0.0f, 1.0f, -1.0f,       2.0f,         -2.0f,        0.5f,
                                     STEP, -STEP, 1.4f * STEP, -1.4f * STEP, 1.6f * STEP, 0.99999994f };
static const int32_t s_expected_24[] = { 0, 8388607, -8388608, 8388607, -8388608, 4194304,
                                         1, -1,      1,        -1,      2,        8388607 };

START_TEST (twenty_four_bits_are_the_low_three_bytes_of_four)
{
    unsigned char got[12 * 4];
    zample_format_write (ZAMPLE_FORMAT_S24, 2, s_frames_24, 6, got, &s_dither);
    for (int i = 0; i < 12; i++) {
        int32_t value;
        memcpy (&value, got + 4 * i, 4);
        ck_assert_int_eq (value, s_expected_24[i]);
    }
}
END_TEST

START_TEST (twenty_four_bits_are_packed_into_three_bytes)
{
    unsigned char got[12 * 3 + 1];
    memset (got, 0xee, sizeof got);
    zample_format_write (ZAMPLE_FORMAT_S24_PACKED, 2, s_frames_24, 6, got, &s_dither);
    for (int i = 0; i < 12; i++) {
        uint32_t bits = (uint32_t) s_expected_24[i];
        ck_assert_uint_eq (got[3 * i], bits & 0xff);
        ck_assert_uint_eq (got[3 * i + 1], bits >> 8 & 0xff);
        ck_assert_uint_eq (got[3 * i + 2], bits >> 16 & 0xff);
    }
    ck_assert_uint_eq (got[12 * 3], 0xee);
}
END_TEST

START_TEST (sixteen_bits_do_not_wrap)
{
    float frames[2 * 100];
    int16_t got[2 * 100];
    for (int i = 0; i < 200; i++)
        frames[i] = i % 2 ? -1.0f : 1.0f;
    zample_format_write (ZAMPLE_FORMAT_S16, 2, frames, 100, got, &s_dither);
    for (int i = 0; i < 200; i++)
        ck_assert (i % 2 ? got[i] <= -32767 : got[i] >= 32766);
    frames[0] = 7.0f;
    frames[1] = -7.0f;
    zample_format_write (ZAMPLE_FORMAT_S16, 2, frames, 1, got, &s_dither);
    ck_assert_int_eq (got[0], 32767);
    ck_assert_int_eq (got[1], -32768);
}
END_TEST

#define LONG 200000

/*  A third of a step, which rounding alone would lose, is there on average; and the error's power is that of
    triangular dither of one step either way and of rounding, 1/6 + 1/12 of a step squared (Lipshitz,
    Wannamaker, Vanderkooy 1992), whatever the signal. */
START_TEST (sixteen_bits_keep_what_is_below_a_step)
{
    static const float offsets[] = { 0.0f, 1.0f / 3.0f, 0.5f, -0.25f };
    static float frames[2 * LONG];
    static int16_t got[2 * LONG];
    for (int i = 0; i < 2 * LONG; i++)
        frames[i] = offsets[_i] / 32768.0f;
    zample_format_write (ZAMPLE_FORMAT_S16, 2, frames, LONG, got, &s_dither);
    double sum = 0.0, power = 0.0;
    for (int i = 0; i < 2 * LONG; i++) {
        double error = (double) got[i] - (double) offsets[_i];
        sum += error;
        power += error * error;
    }
    ck_assert_double_eq_tol (sum / (2 * LONG), 0.0, 0.005);
    ck_assert_double_eq_tol (power / (2 * LONG), 0.25, 0.005);
}
END_TEST

START_TEST (dither_is_the_same_from_every_start)
{
    const float frames[2 * 64] = { 0 };
    int16_t first[2 * 64], second[2 * 64];
    zample_format_write (ZAMPLE_FORMAT_S16, 2, frames, 64, first, &s_dither);
    zample_dither_init (&s_dither);
    zample_format_write (ZAMPLE_FORMAT_S16, 2, frames, 30, second, &s_dither);
    zample_format_write (ZAMPLE_FORMAT_S16, 2, frames, 34, second + 60, &s_dither);
    ck_assert_mem_eq (first, second, sizeof first);
}
END_TEST

START_TEST (what_is_not_a_number_is_silence)
{
    const float frames[] = { NAN, 0.25f, INFINITY, -INFINITY };
    int32_t got[4];
    zample_format_write (ZAMPLE_FORMAT_S32, 2, frames, 2, got, &s_dither);
    ck_assert_int_eq (got[0], 0);
    ck_assert_int_eq (got[1], 536870912);
    ck_assert_int_eq (got[2], 0);
    ck_assert_int_eq (got[3], 0);

    float floats[4];
    zample_format_write (ZAMPLE_FORMAT_FLOAT, 2, frames, 2, floats, &s_dither);
    ck_assert (floats[0] == 0.0f && floats[1] == 0.25f && floats[2] == 0.0f && floats[3] == 0.0f);

    int16_t words[4];
    zample_format_write (ZAMPLE_FORMAT_S16, 2, frames, 2, words, &s_dither);
    ck_assert_int_le (abs (words[0]), 1);
    ck_assert_int_le (abs (words[2]), 1);
}
END_TEST

START_TEST (one_channel_gets_the_mean)
{
    const float frames[] = { 0.5f, 0.25f, -1.0f, 1.0f, 3e38f, 3e38f };
    float got[3];
    zample_format_write (ZAMPLE_FORMAT_FLOAT, 1, frames, 3, got, &s_dither);
    ck_assert (got[0] == 0.375f && got[1] == 0.0f && got[2] == 3e38f);
}
END_TEST

START_TEST (channels_beyond_two_get_silence)
{
    static const zample_format_t formats[] = { ZAMPLE_FORMAT_FLOAT, ZAMPLE_FORMAT_S32, ZAMPLE_FORMAT_S24,
                                               ZAMPLE_FORMAT_S24_PACKED, ZAMPLE_FORMAT_S16 };
    static const unsigned char tops[] = { 0x30, 0x40, 0x00, 0x40, 0x40 };
    const float frames[] = { 0.6f, 0.6f, 0.6f, 0.6f };
    unsigned char got[2 * 4 * 4];
    memset (got, 0xee, sizeof got);
    zample_format_write (formats[_i], 4, frames, 2, got, &s_dither);
    size_t bytes = zample_format_bytes (formats[_i]);
    for (size_t i = 0; i < 2 * 4 * bytes; i++)
        if (i / bytes % 4 >= 2)
            ck_assert_uint_eq (got[i], 0);
    ck_assert_uint_eq (got[bytes - 1] & 0x70, tops[_i]);
}
END_TEST

static Suite *
s_suite (void)
{
    Suite *suite = suite_create ("format");
    TCase *tcase = tcase_create ("format");
    tcase_add_checked_fixture (tcase, s_begin, NULL);
    tcase_add_test (tcase, float_is_left_alone);
    tcase_add_test (tcase, thirty_two_bits_are_rounded_and_clipped);
    tcase_add_test (tcase, twenty_four_bits_are_the_low_three_bytes_of_four);
    tcase_add_test (tcase, twenty_four_bits_are_packed_into_three_bytes);
    tcase_add_test (tcase, sixteen_bits_do_not_wrap);
    tcase_add_loop_test (tcase, sixteen_bits_keep_what_is_below_a_step, 0, 4);
    tcase_add_test (tcase, dither_is_the_same_from_every_start);
    tcase_add_test (tcase, what_is_not_a_number_is_silence);
    tcase_add_test (tcase, one_channel_gets_the_mean);
    tcase_add_loop_test (tcase, channels_beyond_two_get_silence, 0, 5);
    suite_add_tcase (suite, tcase);
    return suite;
}

int
main (void)
{
    return run_suite (s_suite ());
}
