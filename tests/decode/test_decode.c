/*  A file becomes a sound: values, lengths and places, from WAV files made here byte by byte. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

#define PI 3.14159265358979323846

START_TEST (floats_pass_to_the_bit)
{
    enum { FRAMES = 10001 };
    static float frames[2 * FRAMES];
    for (int i = 0; i < 2 * FRAMES; i++)
        frames[i] = sinf ((float) i) * powf (10.0f, (float) (i % 70 - 38));
    zample_sound_t *sound = files_load (files_write_floats ("f.wav", 48000, 2, frames, FRAMES), 48000);
    ck_assert_int_eq (sound->frames, FRAMES);
    ck_assert_mem_eq (sound->data, frames, sizeof (frames));
    zample_sound_release (&sound);
}
END_TEST

/*  Values from the least to the greatest of an integer format become value / scale - offset, in all channels.
    */
static void
s_integers_must_be_exact (files_format_t format, uint32_t channels, double lowest, double step, int count,
                          double scale)
{
    double *values = malloc ((size_t) count * channels * sizeof (double));
    for (int64_t i = 0; i < count * (int64_t) channels; i++)
        values[i] = lowest + step * (double) (i / channels);
    files_wav_t wav = { format, 44100, channels, count, count, values };
    zample_sound_t *sound = files_load (files_write_wav ("i.wav", &wav), 44100);
    ck_assert_int_eq (sound->frames, count);
    double middle = format == FILES_U8 ? 128 : 0;
    for (int64_t i = 0; i < 2 * (int64_t) count; i++)
        files_same (sound->data[i], (float) ((lowest + step * (double) (i / 2) - middle) / scale));
    zample_sound_release (&sound);
    free (values);
}

START_TEST (integers_are_exact_fractions)
{
    uint32_t channels = (uint32_t) _i;
    s_integers_must_be_exact (FILES_U8, channels, 0, 1, 256, 128);
    s_integers_must_be_exact (FILES_S16, channels, -32768, 1, 65536, 32768);
    s_integers_must_be_exact (FILES_S24, channels, -8388608, 257, 65281, 8388608);
    s_integers_must_be_exact (FILES_S32, channels, -2147483648.0, 65537 * 256.0, 256, 2147483648.0);
}
END_TEST

START_TEST (doubles_are_rounded_to_floats)
{
    static const double values[4] = { 0.1, -1.0 / 3.0, 1e-50, 2.5 };
    files_wav_t wav = { FILES_DOUBLE, 44100, 2, 2, 2, values };
    zample_sound_t *sound = files_load (files_write_wav ("d.wav", &wav), 44100);
    for (int i = 0; i < 4; i++)
        files_same (sound->data[i], (float) values[i]);
    zample_sound_release (&sound);
}
END_TEST

START_TEST (one_channel_goes_to_both_sides_as_loud_as_it_is)
{
    static const float mono[3] = { 1.0f, -0.25f, 0.5f };
    zample_sound_t *sound = files_load (files_write_floats ("m.wav", 48000, 1, mono, 3), 48000);
    for (int i = 0; i < 6; i++)
        files_same (sound->data[i], mono[i / 2]);
    zample_sound_release (&sound);
}
END_TEST

START_TEST (what_is_no_number_becomes_silence)
{
    static float frames[2 * 9000];
    for (int i = 0; i < 2 * 9000; i++)
        frames[i] = 0.25f;
    frames[0] = NAN;
    frames[9001] = INFINITY;
    frames[9002] = -INFINITY;
    zample_sound_t *sound = files_load (files_write_floats ("n.wav", 48000, 2, frames, 9000), 48000);
    for (int i = 0; i < 2 * 9000; i++)
        files_same (sound->data[i], i == 0 || i == 9001 || i == 9002 ? 0.0f : 0.25f);
    zample_sound_release (&sound);
    sound = files_load (files_path ("n.wav"), 44100);
    for (int64_t i = 0; i < 2 * sound->frames; i++)
        files_must (fabsf (sound->data[i]) <= 0.6f);
    zample_sound_release (&sound);
}
END_TEST

START_TEST (numbers_that_overflow_a_resampler_become_silence)
{
    static float frames[2 * 3000];
    for (int i = 0; i < 2 * 3000; i++)
        frames[i] = i % 4 < 2 ? 3.4e38f : -3.4e38f;
    zample_sound_t *sound = files_load (files_write_floats ("o.wav", 44100, 2, frames, 3000), 48000);
    for (int64_t i = 0; i < 2 * sound->frames; i++)
        files_must (isfinite (sound->data[i]));
    zample_sound_release (&sound);
}
END_TEST

/* The next four: fed to the resampler in pieces of 4,096. */
static const int64_t s_lengths[] = { 1, 2, 3, 441, 997, 4095, 4096, 4097, 8192, 30011 };
static const uint32_t s_rates[] = { 8000, 11025, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 192000 };
#define LENGTHS ((int) (sizeof (s_lengths) / sizeof (s_lengths[0])))
#define RATES ((int) (sizeof (s_rates) / sizeof (s_rates[0])))

START_TEST (lengths_are_exact_at_every_rate)
{
    static float frames[30011];
    for (int i = 0; i < 30011; i++)
        frames[i] = sinf ((float) i / 20);
    uint32_t from = s_rates[_i];
    for (int l = 0; l < LENGTHS; l++) {
        const char *path = files_write_floats ("l.wav", from, 1, frames, s_lengths[l]);
        for (int r = 0; r < RATES; r++) {
            zample_sound_t *sound = files_load (path, s_rates[r]);
            ck_assert_int_eq (sound->frames, llround ((double) s_lengths[l] * s_rates[r] / from));
            zample_sound_release (&sound);
        }
    }
}
END_TEST

START_TEST (an_impulse_stays_in_its_place)
{
    static float frames[20000];
    frames[12000] = 1.0f;
    for (int from = 0; from < RATES; from++) {
        const char *path = files_write_floats ("p.wav", s_rates[from], 1, frames, 20000);
        zample_sound_t *sound = files_load (path, 48000);
        int64_t highest = 0;
        for (int64_t i = 0; i < sound->frames; i++)
            highest = fabsf (sound->data[2 * i]) > fabsf (sound->data[2 * highest]) ? i : highest;
        ck_assert_double_le (fabs ((double) highest - 12000.0 * 48000 / s_rates[from]), 0.51);
        zample_sound_release (&sound);
    }
}
END_TEST

START_TEST (a_resampled_tone_is_within_100_db_of_the_ideal_one)
{
    enum { FRAMES = 30011 };
    static float frames[2 * FRAMES];
    for (int i = 0; i < FRAMES; i++)
        frames[2 * i] = frames[2 * i + 1] = files_tone (i, FRAMES, 1000, 44100);
    zample_sound_t *sound = files_load (files_write_floats ("t.wav", 44100, 2, frames, FRAMES), 48000);
    double errors = 0, power = 0;
    for (int64_t i = 0; i < sound->frames; i++) {
        double at = (double) i * 44100 / 48000;
        double window = 0.5 - 0.5 * cos (2 * PI * at / (FRAMES - 1));
        double ideal = 0.5 * window * window * sin (2 * PI * 1000 * at / 44100);
        for (int side = 0; side < 2; side++) {
            double error = (double) sound->data[2 * i + side] - ideal;
            errors += error * error;
            power += ideal * ideal;
        }
    }
    ck_assert_double_le (10 * log10 (errors / power), -100);
    zample_sound_release (&sound);
}
END_TEST

START_TEST (the_last_frames_come_out_of_the_resampler)
{
    static float frames[10000];
    for (int i = 0; i < 10000; i++)
        frames[i] = 0.5f;
    zample_sound_t *sound = files_load (files_write_floats ("e.wav", 44100, 1, frames, 10000), 48000);
    for (int64_t i = 100; i < sound->frames - 100; i++)
        files_must (fabsf (sound->data[2 * i] - 0.5f) < 1e-3f);
    ck_assert_double_ge ((double) sound->data[2 * (sound->frames - 5)], 0.3);
    zample_sound_release (&sound);
}
END_TEST

/*  A header that claims other than what follows. */
static const char *
s_write_lie (int64_t frames, int64_t declared)
{
    static double values[2 * 5000];
    for (int i = 0; i < 2 * 5000; i++)
        values[i] = i % 100;
    files_wav_t wav = { FILES_S16, 48000, 2, frames, declared, values };
    return files_write_wav ("lie.wav", &wav);
}

START_TEST (a_length_that_nobody_knew_is_found_out)
{
    static const int64_t claims[] = { 0xffffffff / 4, 0x7ffff000 / 4, 0xffffff00 / 4 };
    for (int i = 0; i < 3; i++) {
        zample_sound_t *sound = files_load (s_write_lie (5000, claims[i]), 48000);
        ck_assert_int_eq (sound->frames, 5000);
        zample_sound_release (&sound);
    }
}
END_TEST

START_TEST (what_is_left_of_a_file_is_loaded_if_it_is_more_than_half)
{
    zample_sound_t *sound = files_load (s_write_lie (3000, 5000), 48000);
    ck_assert_int_eq (sound->frames, 3000);
    zample_sound_release (&sound);
    for (int i = 0; i < 2; i++) {
        const zample_failure_t *failure = files_load_fails (s_write_lie (2000 * i, 5000 * i), 48000);
        ck_assert_int_eq (failure->code, FAILED_DAMAGED);
        ck_assert_str_eq (strstr (failure->sentence, ": "),
                          ": the file is damaged: too little of its sound can be decoded");
    }
}
END_TEST

typedef struct {
    int calls;
    int gives_up_at; /* 0: never */
    double last;
    bool fell;
} s_watch_t;

static bool
s_at_chunk (void *context, double fraction)
{
    s_watch_t *watch = context;
    watch->fell |= watch->calls > 0 && fraction < watch->last;
    watch->last = fraction;
    return ++watch->calls != watch->gives_up_at;
}

static const char *
s_write_long (int64_t frames)
{
    float *values = malloc ((size_t) frames * 2 * sizeof (float));
    for (int64_t i = 0; i < 2 * frames; i++)
        values[i] = (float) (i % 1000) / 1000.0f;
    const char *path = files_write_floats ("long.wav", 44100, 2, values, frames);
    free (values);
    return path;
}

static zample_sound_t *
s_load_watched (const char *path, s_watch_t *heard, zample_failure_t *failure)
{
    zample_decode_spec_t spec = { .rate_hz = 48000, .limits = files_limits };
    zample_decode_watch_t watch = { .at_chunk = s_at_chunk, .context = heard };
    return files_decode (path, &spec, &watch, failure);
}

START_TEST (progress_begins_at_0_never_falls_and_ends_at_1)
{
    s_watch_t heard = { .last = -1 };
    zample_sound_t *sound = s_load_watched (s_write_long (400000), &heard, &(zample_failure_t) { 0 });
    ck_assert_ptr_nonnull (sound);
    ck_assert (!heard.fell);
    ck_assert_int_ge (heard.calls, 2);
    ck_assert_double_eq (heard.last, 1.0);
    zample_sound_release (&sound);
}
END_TEST

START_TEST (giving_up_is_obeyed_at_once)
{
    const char *path = s_write_long (400000);
    s_watch_t whole = { 0 };
    zample_failure_t failure;
    zample_sound_t *sound = s_load_watched (path, &whole, &failure);
    zample_sound_release (&sound);
    for (int at = 1; at <= whole.calls && at < 50; at++) {
        s_watch_t heard = { .gives_up_at = at };
        sound = s_load_watched (path, &heard, &failure);
        if (heard.calls < at) { /* this time there were fewer chunks */
            zample_sound_release (&sound);
            break;
        }
        ck_assert_ptr_null (sound);
        ck_assert_int_eq (failure.code, FAILED_CANCELLED);
        ck_assert_int_eq (heard.calls, at);
    }
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("decode");
    TCase *tests = tcase_create ("decode");
    tcase_set_timeout (tests, 120);
    tcase_add_test (tests, floats_pass_to_the_bit);
    tcase_add_loop_test (tests, integers_are_exact_fractions, 1, 3);
    tcase_add_test (tests, doubles_are_rounded_to_floats);
    tcase_add_test (tests, one_channel_goes_to_both_sides_as_loud_as_it_is);
    tcase_add_test (tests, what_is_no_number_becomes_silence);
    tcase_add_test (tests, numbers_that_overflow_a_resampler_become_silence);
    tcase_add_loop_test (tests, lengths_are_exact_at_every_rate, 0, RATES);
    tcase_add_test (tests, an_impulse_stays_in_its_place);
    tcase_add_test (tests, a_resampled_tone_is_within_100_db_of_the_ideal_one);
    tcase_add_test (tests, the_last_frames_come_out_of_the_resampler);
    tcase_add_test (tests, a_length_that_nobody_knew_is_found_out);
    tcase_add_test (tests, what_is_left_of_a_file_is_loaded_if_it_is_more_than_half);
    tcase_add_test (tests, progress_begins_at_0_never_falls_and_ends_at_1);
    tcase_add_test (tests, giving_up_is_obeyed_at_once);
    suite_add_tcase (suite, tests);
    files_begin ();
    int status = run_suite (suite);
    files_end ();
    return status;
}
