/*  What the ffmpeg command makes of one sound, in every format that zample knows: lossless ones come back to the
    bit, the others at their place and length. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

#define FRAMES 30011
#define SOUND "-i @sound.wav -map_metadata -1 "

static float s_sound[2 * FRAMES];

/*  Two tones and clicks, so that a shift by one frame is a large error; multiples of 1/32768, so that 16 bits hold it. */
static void
s_write_sound (void)
{
    for (int i = 0; i < 2 * FRAMES; i++) {
        double at = i / 2;
        double value = 0.3 * sin (at * (i % 2 ? 0.05 : 0.11)) * (1 - at / FRAMES) + 0.2 * sin (at * 0.31);
        s_sound[i] = (float) (round (value * 32768) / 32768);
    }
    files_write_floats ("sound.wav", 44100, 2, s_sound, FRAMES);
}

static const struct {
    const char *name;
    const char *arguments;
} s_lossless[] = {
    { "s16.wav", SOUND "-c:a pcm_s16le" },
    { "s24.wav", SOUND "-c:a pcm_s24le" },
    { "s32.wav", SOUND "-c:a pcm_s32le" },
    { "float.wav", SOUND "-c:a pcm_f32le" },
    { "double.wav", SOUND "-c:a pcm_f64le" },
    { "tagged.wav", SOUND "-c:a pcm_s16le -metadata title=x -metadata comment=y -write_bext 1" },
    { "rf64.wav", SOUND "-c:a pcm_s16le -rf64 always" },
    { "x.w64", SOUND "-c:a pcm_f32le" },
    { "x.aiff", SOUND "-c:a pcm_s24be" },
    { "tagged.aiff", SOUND "-c:a pcm_s16be -write_id3v2 1 -metadata title=x" },
    { "sowt.aifc", SOUND "-c:a pcm_s16le -f aiff" },
    { "x.au", SOUND "-c:a pcm_s16be" },
    { "float.au", SOUND "-c:a pcm_f32be" },
    { "x.caf", SOUND "-c:a pcm_s24le" },
    { "alac.caf", SOUND "-c:a alac" },
    { "16.flac", SOUND "-c:a flac -sample_fmt s16" },
    { "24.flac", SOUND "-c:a flac -sample_fmt s32" },
    { "8.flac", SOUND "-c:a flac -sample_fmt s16 -compression_level 8 -frame_size 1000" },
    { "flac.ogg", SOUND "-c:a flac -sample_fmt s16" },
    { "alac.m4a", SOUND "-c:a alac" },
    { "pcm.mov", SOUND "-c:a pcm_s16le" },
    { "16.wv", SOUND "-c:a wavpack -sample_fmt s16p" },
    { "float.wv", SOUND "-c:a wavpack -sample_fmt fltp" },
};

START_TEST (lossless_formats_come_back_to_the_bit)
{
    const char *path = files_ffmpeg (s_lossless[_i].name, s_lossless[_i].arguments);
    ck_assert_msg (path != NULL, "ffmpeg does not make %s", s_lossless[_i].name);
    files_listen ();
    zample_sample_t *sample = files_load (path, 44100);
    ck_assert_int_eq (files_heard (), 0);
    ck_assert_int_eq (sample->frames, FRAMES);
    for (int i = 0; i < 2 * FRAMES; i++)
        ck_assert_msg (fabsf (sample->data[i] - s_sound[i]) <= 0.0f, "%s differs at frame %d", path, i / 2);
    zample_sample_destroy (&sample);
}
END_TEST

/* `surplus`: what the format cannot but add behind the sound, having no place to say how long it is. */
static const struct {
    const char *name;
    const char *arguments;
    double error_db;
    int start;
    int surplus;
} s_lossy[] = {
    { "u8.wav", SOUND "-c:a pcm_u8", -35, 0, 0 },
    { "alaw.wav", SOUND "-c:a pcm_alaw", -35, 0, 0 },
    { "mulaw.au", SOUND "-c:a pcm_mulaw", -35, 0, 0 },
    { "ima.wav", SOUND "-c:a adpcm_ima_wav", -20, 0, 1016 },
    { "cbr.mp3", SOUND "-c:a libmp3lame -b:a 256k", -20, 0, 0 },
    { "vbr.mp3", SOUND "-c:a libmp3lame -q:a 2 -metadata title=x", -20, 0, 0 },
    { "plain.mp3", SOUND "-c:a libmp3lame -b:a 256k -write_xing 0 -id3v2_version 0", -20, 1105, 3000 },
    { "x.ogg", SOUND "-c:a libvorbis -q:a 8", -20, 0, 0 },
    { "x.m4a", SOUND "-c:a aac -b:a 256k", -20, 0, 45 },
    { "x.mov", SOUND "-c:a aac -b:a 256k", -20, 0, 45 },
    { "x.aac", SOUND "-c:a aac -b:a 256k", -20, 1024, 2048 },
    { "x.mp2", SOUND "-c:a mp2 -b:a 384k", -20, 481, 3000 },
};

/*  Energy of the difference against that of the sound, the sample being read from `start` on. */
static double
s_error_db (const zample_sample_t *sample, int start)
{
    double errors = 0, power = 0;
    for (int64_t i = 0; i < 2 * (int64_t) FRAMES && i + 2 * start < 2 * sample->frames; i++) {
        double error = (double) sample->data[i + 2 * start] - (double) s_sound[i];
        errors += error * error;
        power += (double) s_sound[i] * (double) s_sound[i];
    }
    return 10 * log10 (errors / power);
}

START_TEST (lossy_formats_keep_place_and_length)
{
    const char *path = files_ffmpeg (s_lossy[_i].name, s_lossy[_i].arguments);
    ck_assert_msg (path != NULL, "ffmpeg does not make %s", s_lossy[_i].name);
    files_listen ();
    zample_sample_t *sample = files_load (path, 44100);
    ck_assert_int_eq (files_heard (), 0);
    ck_assert_int_ge (sample->frames, FRAMES);
    ck_assert_int_le (sample->frames, FRAMES + s_lossy[_i].surplus);
    double db = s_error_db (sample, s_lossy[_i].start);
    ck_assert_msg (db < s_lossy[_i].error_db, "%s: the error is %.1f dB", path, db);
    zample_sample_destroy (&sample);
}
END_TEST

/* Opus is always at 48 kHz: at 44.1 kHz its length is that of the sound again. */
START_TEST (opus_keeps_place_and_length)
{
    static const char *const names[] = { "x.opus", "opus.mp4" };
    for (int i = 0; i < 2; i++) {
        const char *path = files_ffmpeg (names[i], SOUND "-c:a libopus -b:a 256k");
        ck_assert_ptr_nonnull (path);
        zample_sample_t *sample = files_load (path, 44100);
        ck_assert_int_ge (sample->frames, FRAMES - 1);
        ck_assert_int_le (sample->frames, FRAMES + (i == 0 ? 1 : 100));
        ck_assert_double_le (s_error_db (sample, 0), -20);
        zample_sample_destroy (&sample);
    }
}
END_TEST

START_TEST (short_sounds_are_as_long_as_they_were)
{
    static const int lengths[] = { 100, 128, 500, 1000, 5000, 12345 };
    for (int i = 0; i < 6; i++) {
        char arguments[200];
        snprintf (arguments, sizeof (arguments), "-i @sound.wav -af atrim=end_sample=%d -c:a libvorbis", lengths[i]);
        zample_sample_t *sample = files_load (files_ffmpeg ("short.ogg", arguments), 44100);
        ck_assert_int_eq (sample->frames, lengths[i]);
        zample_sample_destroy (&sample);
        snprintf (arguments, sizeof (arguments), "-i @sound.wav -af atrim=end_sample=%d -c:a libopus", lengths[i]);
        sample = files_load (files_ffmpeg ("short.opus", arguments), 44100);
        ck_assert_int_ge (sample->frames, lengths[i] - 1);
        ck_assert_int_le (sample->frames, lengths[i] + 1);
        zample_sample_destroy (&sample);
        snprintf (arguments, sizeof (arguments), "-i @sound.wav -af atrim=end_sample=%d -c:a libmp3lame", lengths[i]);
        sample = files_load (files_ffmpeg ("short.mp3", arguments), 44100);
        ck_assert_int_eq (sample->frames, lengths[i]);
        zample_sample_destroy (&sample);
    }
}
END_TEST

START_TEST (every_channel_count_and_rate_is_loaded)
{
    static const int rates[] = { 8000, 11025, 22050, 44100, 48000, 96000, 192000 };
    static const char *const endings[] = { "wav", "flac", "wv" };
    for (int channels = 1; channels <= 8; channels++) {
        char name[40], arguments[200];
        int rate_hz = rates[channels % 7];
        snprintf (name, sizeof (name), "c%d.%s", channels, endings[channels % 3]);
        snprintf (arguments, sizeof (arguments), "-f lavfi -i sine=500:r=%d:d=0.1 -ac %d", rate_hz, channels);
        const char *path = files_ffmpeg (name, arguments);
        ck_assert_msg (path != NULL, "ffmpeg does not make %s", name);
        zample_sample_t *sample = files_load (path, 48000);
        ck_assert_int_eq (sample->frames, llround (round (0.1 * rate_hz) * 48000 / rate_hz));
        float peak = 0;
        for (int64_t i = 0; i < 2 * sample->frames; i++)
            peak = fmaxf (peak, fabsf (sample->data[i]));
        ck_assert_double_ge ((double) peak, 0.05);
        zample_sample_destroy (&sample);
    }
}
END_TEST

START_TEST (one_channel_is_as_loud_as_two)
{
    static const char *const names[] = { "m.flac", "m.mp3", "m.ogg", "m.m4a", "m.wv", "m.aiff" };
    for (int i = 0; i < 6; i++) {
        const char *path = files_ffmpeg (names[i], "-f lavfi -i aevalsrc=0.5*sin(2*PI*441*t):s=44100:d=0.5");
        ck_assert_ptr_nonnull (path);
        zample_sample_t *sample = files_load (path, 44100);
        double power = 0;
        for (int64_t f = 4000; f < 14000; f++) {
            files_same (sample->data[2 * f], sample->data[2 * f + 1]);
            power += (double) sample->data[2 * f] * (double) sample->data[2 * f];
        }
        ck_assert_double_eq_tol (sqrt (power / 10000), 0.5 * M_SQRT1_2, 0.03);
        zample_sample_destroy (&sample);
    }
}
END_TEST

START_TEST (pictures_are_passed_over)
{
    ck_assert_ptr_nonnull (files_ffmpeg ("cover.png", "-f lavfi -i testsrc=s=600x600 -frames:v 1"));
    static const char *const names[] = { "cover.mp3", "cover.flac", "cover.m4a" };
    for (int i = 0; i < 3; i++) {
        const char *path = files_ffmpeg (names[i], "-i @sound.wav -i @cover.png -map 0:a -map 1:v -c:v copy -disposition:v attached_pic");
        ck_assert_ptr_nonnull (path);
        files_listen ();
        zample_sample_t *sample = files_load (path, 44100);
        ck_assert_int_eq (files_heard (), 0);
        ck_assert_int_ge (sample->frames, FRAMES);
        ck_assert_int_le (sample->frames, FRAMES + (i == 2 ? 45 : 0));
        zample_sample_destroy (&sample);
    }
}
END_TEST

START_TEST (the_sound_of_a_film_is_loaded_and_a_silent_film_is_refused)
{
    const char *path = files_ffmpeg ("film.mp4", "-i @sound.wav -f lavfi -i testsrc=s=64x64:d=0.5 -c:v mpeg4 -c:a aac");
    ck_assert_ptr_nonnull (path);
    zample_sample_t *sample = files_load (path, 44100);
    ck_assert_int_ge (sample->frames, 20000);
    zample_sample_destroy (&sample);
    path = files_ffmpeg ("silent.mp4", "-f lavfi -i testsrc=s=64x64:d=0.5 -c:v mpeg4");
    ck_assert_ptr_nonnull (path);
    ck_assert_str_eq (strstr (files_load_fails (path, 44100), ": "), ": there is no sound in it");
}
END_TEST

START_TEST (codings_that_are_not_known_are_told)
{
    const char *path = files_ffmpeg ("adpcm.wav", SOUND "-c:a adpcm_ms");
    ck_assert_ptr_nonnull (path);
    files_listen ();
    const char *why = files_load_fails (path, 44100);
    ck_assert_int_eq (files_heard (), 0);
    ck_assert_str_eq (strstr (why, ": "), ": its sound is coded in a way that zample does not know");
}
END_TEST

/*  A page torn out of the middle leaves what follows where it was. */
START_TEST (missing_parts_become_silence)
{
    const char *path = files_ffmpeg ("whole.flac", SOUND "-c:a flac -sample_fmt s16 -frame_size 4096");
    ck_assert_ptr_nonnull (path);
    size_t size;
    unsigned char *bytes = files_read (path, &size);
    memset (bytes + size / 2, 0, 100);
    zample_sample_t *sample = files_load (files_write ("hurt.flac", bytes, size), 44100);
    ck_assert_int_eq (sample->frames, FRAMES);
    int64_t silent = 0;
    for (int64_t i = 0; i < FRAMES; i++) {
        bool same = fabsf (sample->data[2 * i] - s_sound[2 * i]) + fabsf (sample->data[2 * i + 1] - s_sound[2 * i + 1]) <= 0.0f;
        bool none = fabsf (sample->data[2 * i]) + fabsf (sample->data[2 * i + 1]) <= 0.0f;
        ck_assert_msg (same || none, "frame %lld", (long long) i);
        silent += !same;
    }
    ck_assert_int_ge (silent, 4000);
    ck_assert_int_le (silent, 2 * 4096);
    zample_sample_destroy (&sample);
    free (bytes);
}
END_TEST

int
main (void)
{
    if (!files_have_ffmpeg ()) {
        puts ("skipped: it needs the package ffmpeg");
        return 77;
    }
    Suite *suite = suite_create ("decode_formats");
    TCase *tests = tcase_create ("decode_formats");
    tcase_set_timeout (tests, 300);
    tcase_add_unchecked_fixture (tests, s_write_sound, NULL);
    tcase_add_loop_test (tests, lossless_formats_come_back_to_the_bit, 0, sizeof (s_lossless) / sizeof (s_lossless[0]));
    tcase_add_loop_test (tests, lossy_formats_keep_place_and_length, 0, sizeof (s_lossy) / sizeof (s_lossy[0]));
    tcase_add_test (tests, opus_keeps_place_and_length);
    tcase_add_test (tests, short_sounds_are_as_long_as_they_were);
    tcase_add_test (tests, every_channel_count_and_rate_is_loaded);
    tcase_add_test (tests, one_channel_is_as_loud_as_two);
    tcase_add_test (tests, pictures_are_passed_over);
    tcase_add_test (tests, the_sound_of_a_film_is_loaded_and_a_silent_film_is_refused);
    tcase_add_test (tests, codings_that_are_not_known_are_told);
    tcase_add_test (tests, missing_parts_become_silence);
    suite_add_tcase (suite, tests);
    files_begin ();
    int status = run_suite (suite);
    files_end ();
    return status;
}
