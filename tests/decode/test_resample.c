/*  The change of rate, at every quality: length, place, and how far a tone is from the ideal one. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/resample.h"
#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

#define FRAMES 20000

static const struct {
    zample_resample_quality_t quality;
    double error_db;
} s_engines[] = { { ZAMPLE_RESAMPLE_GOOD, -110 },
                  { ZAMPLE_RESAMPLE_FAST, -80 },
                  { ZAMPLE_RESAMPLE_BEST, -120 } };
#define ENGINES ((int) (sizeof (s_engines) / sizeof (s_engines[0])))

static const uint32_t s_rates[][2] = { { 44100, 48000 }, { 48000, 44100 }, { 96000, 48000 }, { 22050, 48000 },
                                       { 8000, 192000 }, { 192000, 8000 }, { 44100, 44101 } };
#define RATES ((int) (sizeof (s_rates) / sizeof (s_rates[0])))

/*  Pushes all, a feed at a time, and lets it end. The result is to be freed. */
static float *
s_resample (const float *in, int64_t count, const uint32_t rates[2], zample_resample_quality_t quality,
            int64_t *given)
{
    int64_t capacity = count * rates[1] / rates[0] + 100000;
    float *out = malloc ((size_t) capacity * 2 * sizeof (float));
    zample_resample_t *resample = zample_resample_new (rates[0], rates[1], quality, 2);
    ck_assert_ptr_nonnull (resample);
    static float left[FRAMES], right[FRAMES];
    for (int64_t i = 0; i < count; i++) {
        left[i] = in[2 * i];
        right[i] = in[2 * i + 1];
    }
    *given = 0;
    for (int64_t at = 0; at <= count; at += ZAMPLE_RESAMPLE_FEED_FRAMES) {
        int64_t feed = count - at < ZAMPLE_RESAMPLE_FEED_FRAMES ? count - at : ZAMPLE_RESAMPLE_FEED_FRAMES;
        int64_t room = zample_resample_room (resample, feed);
        ck_assert_int_le (*given + room, capacity);
        *given += zample_resample_push (resample, left + at, right + at, feed, out + 2 * *given, room);
    }
    for (;;) {
        int64_t room = zample_resample_room (resample, 0);
        int64_t rest = zample_resample_push (resample, NULL, NULL, 0, out + 2 * *given, room);
        ck_assert_int_ge (rest, 0);
        if (rest == 0)
            break;
        *given += rest;
    }
    zample_resample_destroy (&resample);
    ck_assert_ptr_null (resample);
    return out;
}

START_TEST (all_frames_come_out)
{
    static const float silence[2 * FRAMES];
    for (int i = 0; i < RATES; i++) {
        int64_t given;
        free (s_resample (silence, FRAMES, s_rates[i], s_engines[_i].quality, &given));
        double expected = (double) FRAMES * s_rates[i][1] / s_rates[i][0];
        ck_assert_double_le (fabs ((double) given - expected), 2.0 + 40.0 * s_rates[i][1] / s_rates[i][0]);
    }
}
END_TEST

/*  Energy of what is not the tone against that of the tone. */
static double
s_error_db (double hz, const uint32_t rates[2], zample_resample_quality_t quality)
{
    static float in[2 * FRAMES];
    double from = rates[0], to = rates[1];
    for (int64_t f = 0; f < FRAMES; f++) {
        in[2 * f] = files_tone (f, FRAMES, hz, from);
        in[2 * f + 1] = -in[2 * f];
    }
    int64_t given;
    float *out = s_resample (in, FRAMES, rates, quality, &given);
    double errors = 0, power = 0;
    for (int64_t f = 0; f < (int64_t) (FRAMES * to / from); f++) {
        double at = (double) f * from / to;
        double window = 0.5 - 0.5 * cos (2 * 3.14159265358979323846 * at / (FRAMES - 1));
        double ideal = 0.5 * window * window * sin (2 * 3.14159265358979323846 * hz * at / from);
        double error = (double) out[2 * f] - ideal;
        double other = (double) out[2 * f + 1] + ideal;
        errors += error * error + other * other;
        power += 2 * ideal * ideal;
    }
    free (out);
    return 10 * log10 (errors / power);
}

START_TEST (a_tone_is_as_near_to_the_ideal_one_as_is_said)
{
    for (int i = 0; i < 2; i++)
        ck_assert_double_le (s_error_db (1000, s_rates[i], s_engines[_i].quality), s_engines[_i].error_db);
}
END_TEST

/*  A tone of 30 kHz on its way from 96 to 48 kHz. */
START_TEST (what_the_new_rate_cannot_hold_is_gone)
{
    static float in[2 * FRAMES];
    for (int64_t f = 0; f < FRAMES; f++)
        in[2 * f] = in[2 * f + 1] = files_tone (f, FRAMES, 30000, 96000);
    int64_t given;
    float *out = s_resample (in, FRAMES, s_rates[2], s_engines[_i].quality, &given);
    double peak = 0;
    for (int64_t f = 0; f < 2 * given; f++)
        peak = fmax (peak, fabs ((double) out[f]));
    ck_assert_double_le (20 * log10 (peak / 0.5), s_engines[_i].error_db);
    free (out);
}
END_TEST

START_TEST (an_impulse_stays_in_its_place)
{
    static float in[2 * FRAMES];
    memset (in, 0, sizeof (in));
    in[2 * 9000] = 1.0f;
    for (int i = 0; i < RATES; i++) {
        int64_t given, highest = 0;
        float *out = s_resample (in, FRAMES, s_rates[i], s_engines[_i].quality, &given);
        for (int64_t f = 0; f < given; f++) {
            if (fabsf (out[2 * f]) > fabsf (out[2 * highest]))
                highest = f;
            files_same (out[2 * f + 1], 0.0f);
        }
        double expected = 9000.0 * s_rates[i][1] / s_rates[i][0];
        ck_assert_double_le (fabs ((double) highest - expected), 0.51);
        free (out);
    }
}
END_TEST

START_TEST (one_channel_alone_is_what_it_is_beside_another)
{
    static float in[2 * FRAMES], left[FRAMES];
    for (int64_t f = 0; f < FRAMES; f++) {
        left[f] = in[2 * f] = files_tone (f, FRAMES, 1000, s_rates[0][0]);
        in[2 * f + 1] = -0.7f * left[f];
    }
    int64_t given;
    float *both = s_resample (in, FRAMES, s_rates[0], s_engines[_i].quality, &given);
    zample_resample_t *resample =
        zample_resample_new (s_rates[0][0], s_rates[0][1], s_engines[_i].quality, 1);
    float one[16384];
    int64_t count = zample_resample_push (resample, left, NULL, ZAMPLE_RESAMPLE_FEED_FRAMES, one, 8192);
    ck_assert_int_ge (count, 1000);
    for (int64_t i = 0; i < count; i++)
        files_must (fabsf (one[i] - both[2 * i]) < 1e-6f);
    zample_resample_destroy (&resample);
    free (both);
}
END_TEST

START_TEST (destroying_nothing_is_forgiven)
{
    zample_resample_t *none = NULL;
    zample_resample_destroy (&none);
    ck_assert_ptr_null (none);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("resample");
    TCase *tests = tcase_create ("resample");
    tcase_set_timeout (tests, 120);
    tcase_add_loop_test (tests, all_frames_come_out, 0, ENGINES);
    tcase_add_loop_test (tests, a_tone_is_as_near_to_the_ideal_one_as_is_said, 0, ENGINES);
    tcase_add_loop_test (tests, what_the_new_rate_cannot_hold_is_gone, 0, ENGINES);
    tcase_add_loop_test (tests, an_impulse_stays_in_its_place, 0, ENGINES);
    tcase_add_loop_test (tests, one_channel_alone_is_what_it_is_beside_another, 0, ENGINES);
    tcase_add_test (tests, destroying_nothing_is_forgiven);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
