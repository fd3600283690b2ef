/*  What the ffmpeg command makes of one sound, in every format that zample knows: lossless ones come back to
    the bit, the others at their place and length. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

#define FRAMES 30011

static float s_sound[2 * FRAMES];

/*  Tones, so that a shift by one frame is a large error; multiples of 1/32768, so that 16 bits hold them. */
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
    const char *coding;
} s_lossless[] = {
    { "s16.wav", "-c:a pcm_s16le" },
    { "s24.wav", "-c:a pcm_s24le" },
    { "s32.wav", "-c:a pcm_s32le" },
    { "float.wav", "-c:a pcm_f32le" },
    { "double.wav", "-c:a pcm_f64le" },
    { "tagged.wav", "-c:a pcm_s16le -metadata title=x -metadata comment=y -write_bext 1" },
    { "rf64.wav", "-c:a pcm_s16le -rf64 always" },
    { "x.w64", "-c:a pcm_f32le" },
    { "x.aiff", "-c:a pcm_s24be" },
    { "tagged.aiff", "-c:a pcm_s16be -write_id3v2 1 -metadata title=x" },
    { "sowt.aifc", "-c:a pcm_s16le -f aiff" },
    { "x.au", "-c:a pcm_s16be" },
    { "float.au", "-c:a pcm_f32be" },
    { "x.caf", "-c:a pcm_s24le" },
    { "alac.caf", "-c:a alac" },
    { "16.flac", "-c:a flac -sample_fmt s16" },
    { "24.flac", "-c:a flac -sample_fmt s32" },
    { "8.flac", "-c:a flac -sample_fmt s16 -compression_level 8 -frame_size 1000" },
    { "flac.ogg", "-c:a flac -sample_fmt s16" },
    { "alac.m4a", "-c:a alac" },
    { "pcm.mov", "-c:a pcm_s16le" },
    { "16.wv", "-c:a wavpack -sample_fmt s16p" },
    { "float.wv", "-c:a wavpack -sample_fmt fltp" },
};
#define LOSSLESS ((int) (sizeof (s_lossless) / sizeof (s_lossless[0])))

START_TEST (lossless_formats_come_back_to_the_bit)
{
    const char *path = files_path (s_lossless[_i].name);
    files_listen ();
    zample_sound_t *sound = files_load_intact (path, 44100);
    ck_assert_int_eq (files_heard (), 0);
    ck_assert_int_eq (sound->frames, FRAMES);
    for (int i = 0; i < 2 * FRAMES; i++)
        files_same (sound->data[i], s_sound[i]);
    zample_sound_release (&sound);
}
END_TEST

/* `surplus`: what the format cannot but add behind the sound, having no place to say how long it is. */
static const struct {
    const char *name;
    const char *coding;
    double error_db;
    int start;
    int surplus;
} s_lossy[] = {
    { "u8.wav", "-c:a pcm_u8", -35, 0, 0 },
    { "alaw.wav", "-c:a pcm_alaw", -35, 0, 0 },
    { "mulaw.au", "-c:a pcm_mulaw", -35, 0, 0 },
    { "ima.wav", "-c:a adpcm_ima_wav", -20, 0, 1016 },
    { "cbr.mp3", "-c:a libmp3lame -b:a 256k", -20, 0, 0 },
    { "vbr.mp3", "-c:a libmp3lame -q:a 2 -metadata title=x", -20, 0, 0 },
    { "plain.mp3", "-c:a libmp3lame -b:a 256k -write_xing 0 -id3v2_version 0", -20, 1105, 3000 },
    { "x.ogg", "-c:a libvorbis -q:a 8", -20, 0, 0 },
    { "x.m4a", "-c:a aac -b:a 256k", -20, 0, 45 },
    { "x.mov", "-c:a aac -b:a 256k", -20, 0, 45 },
    { "x.aac", "-c:a aac -b:a 256k", -20, 1024, 2048 },
    { "x.mp2", "-c:a mp2 -b:a 384k", -20, 481, 3000 },
};
#define LOSSY ((int) (sizeof (s_lossy) / sizeof (s_lossy[0])))

/*  Energy of the difference against that of the sound, the sound being read from `start` on. */
static double
s_error_db (const zample_sound_t *sound, int start)
{
    double errors = 0, power = 0;
    for (int64_t i = 0; i < 2 * (int64_t) FRAMES && i + 2 * start < 2 * sound->frames; i++) {
        double error = (double) sound->data[i + 2 * start] - (double) s_sound[i];
        errors += error * error;
        power += (double) s_sound[i] * (double) s_sound[i];
    }
    return 10 * log10 (errors / power);
}

START_TEST (lossy_formats_keep_place_and_length)
{
    const char *path = files_path (s_lossy[_i].name);
    files_listen ();
    zample_sound_t *sound = files_load_intact (path, 44100);
    ck_assert_int_eq (files_heard (), 0);
    ck_assert_int_ge (sound->frames, FRAMES);
    ck_assert_int_le (sound->frames, FRAMES + s_lossy[_i].surplus);
    double db = s_error_db (sound, s_lossy[_i].start);
    ck_assert_msg (db < s_lossy[_i].error_db, "%s: the error is %.1f dB", path, db);
    zample_sound_release (&sound);
}
END_TEST

/* Opus is always at 48 kHz: at 44.1 kHz its length is that of the sound again. */
START_TEST (opus_keeps_place_and_length)
{
    files_ffmpeg ("-i @sound.wav -c:a libopus -b:a 256k @x.opus -c:a libopus -b:a 256k @opus.mp4");
    static const char *const names[] = { "x.opus", "opus.mp4" };
    for (int i = 0; i < 2; i++) {
        zample_sound_t *sound = files_load_intact (files_path (names[i]), 44100);
        ck_assert_int_ge (sound->frames, FRAMES - 1);
        ck_assert_int_le (sound->frames, FRAMES + (i == 0 ? 1 : 100));
        ck_assert_double_le (s_error_db (sound, 0), -20);
        zample_sound_release (&sound);
    }
}
END_TEST

START_TEST (short_sounds_are_as_long_as_they_were)
{
    static const int lengths[] = { 100, 128, 500, 1000, 5000, 12345 };
    for (int i = 0; i < 6; i++) {
        char line[300];
        snprintf (line, sizeof (line),
                  "-i @sound.wav -af atrim=end_sample=%d -c:a libvorbis @s.ogg "
                  "-af atrim=end_sample=%d @s.mp3 -af atrim=end_sample=%d -c:a libopus @s.opus",
                  lengths[i], lengths[i], lengths[i]);
        files_ffmpeg (line);
        static const char *const names[] = { "s.ogg", "s.mp3", "s.opus" };
        for (int n = 0; n < 3; n++) {
            zample_sound_t *sound = files_load_intact (files_path (names[n]), 44100);
            ck_assert_int_ge (sound->frames, lengths[i] - n / 2);
            ck_assert_int_le (sound->frames, lengths[i] + n / 2);
            zample_sound_release (&sound);
        }
    }
}
END_TEST

START_TEST (every_channel_count_and_rate_is_loaded)
{
    static const int rates[] = { 8000, 11025, 22050, 44100, 48000, 96000, 192000 };
    static const char *const endings[] = { "wav", "flac", "wv" };
    char names[8][20], line[1000] = "-f lavfi -i sine=500:r=48000:d=0.1";
    for (int c = 1; c <= 8; c++) {
        size_t used = strlen (line);
        snprintf (names[c - 1], sizeof (names[0]), "c%d.%s", c, endings[c % 3]);
        snprintf (line + used, sizeof (line) - used, " -ac %d -ar %d @%s", c, rates[c % 7], names[c - 1]);
    }
    files_ffmpeg (line);
    for (int c = 1; c <= 8; c++) {
        zample_sound_t *sound = files_load_intact (files_path (names[c - 1]), 48000);
        ck_assert_int_ge (sound->frames, 4800 - 8);
        ck_assert_int_le (sound->frames, 4800 + 8);
        float peak = 0;
        for (int64_t i = 0; i < 2 * sound->frames; i++)
            peak = fmaxf (peak, fabsf (sound->data[i]));
        ck_assert_double_ge ((double) peak, 0.05);
        zample_sound_release (&sound);
    }
}
END_TEST

START_TEST (one_channel_is_as_loud_as_two)
{
    files_ffmpeg ("-f lavfi -i aevalsrc=0.5*sin(2*PI*441*t):s=44100:d=0.5 "
                  "@m.flac @m.mp3 @m.ogg @m.m4a @m.wv @m.aiff");
    static const char *const names[] = { "m.flac", "m.mp3", "m.ogg", "m.m4a", "m.wv", "m.aiff" };
    for (int i = 0; i < 6; i++) {
        zample_sound_t *sound = files_load_intact (files_path (names[i]), 44100);
        double power = 0;
        for (int64_t f = 4000; f < 14000; f++) {
            files_same (sound->data[2 * f], sound->data[2 * f + 1]);
            power += (double) sound->data[2 * f] * (double) sound->data[2 * f];
        }
        ck_assert_double_eq_tol (sqrt (power / 10000), 0.5 * M_SQRT1_2, 0.03);
        zample_sound_release (&sound);
    }
}
END_TEST

START_TEST (pictures_are_passed_over)
{
#define COVERED "-map 0:a -map 1:v -c:v png -frames:v 1 -disposition:v attached_pic "
    files_ffmpeg ("-i @sound.wav -f lavfi -i testsrc=s=600x600:r=10:d=0.1 " COVERED "@cover.mp3 " COVERED
                  "@cover.flac " COVERED "@cover.m4a");
    static const char *const names[] = { "cover.mp3", "cover.flac", "cover.m4a" };
    for (int i = 0; i < 3; i++) {
        files_listen ();
        zample_sound_t *sound = files_load_intact (files_path (names[i]), 44100);
        ck_assert_int_eq (files_heard (), 0);
        ck_assert_int_ge (sound->frames, FRAMES);
        ck_assert_int_le (sound->frames, FRAMES + (i == 2 ? 45 : 0));
        zample_sound_release (&sound);
    }
}
END_TEST

START_TEST (the_sound_of_a_film_is_loaded_and_a_silent_film_is_refused)
{
    files_ffmpeg ("-i @sound.wav -f lavfi -i testsrc=s=64x64:d=0.5 "
                  "-c:v mpeg4 @film.mp4 -an -c:v mpeg4 @silent.mp4");
    zample_sound_t *sound = files_load_intact (files_path ("film.mp4"), 44100);
    ck_assert_int_ge (sound->frames, 20000);
    zample_sound_release (&sound);
    const zample_failure_t *failure = files_load_fails (files_path ("silent.mp4"), 44100);
    ck_assert_int_eq (failure->code, FAILED_UNKNOWN_FORMAT);
    ck_assert_str_eq (strstr (failure->sentence, ": "), ": there is no sound in it");
}
END_TEST

START_TEST (codings_that_are_not_known_are_told)
{
    files_ffmpeg ("-i @sound.wav -c:a adpcm_ms @adpcm.wav");
    files_listen ();
    const zample_failure_t *failure = files_load_fails (files_path ("adpcm.wav"), 44100);
    ck_assert_int_eq (files_heard (), 0);
    ck_assert_int_eq (failure->code, FAILED_UNSUPPORTED);
    ck_assert_str_eq (strstr (failure->sentence, ": "),
                      ": its sound is coded in a way that zample does not know");
}
END_TEST

/*  Damage in the middle leaves what follows where it was. */
START_TEST (missing_parts_become_silence)
{
    files_ffmpeg ("-i @sound.wav -c:a flac -sample_fmt s16 -frame_size 4096 @whole.flac");
    size_t size;
    unsigned char *bytes = files_read (files_path ("whole.flac"), &size);
    memset (bytes + size / 2, 0, 100);
    zample_sound_t *sound = files_load (files_write ("hurt.flac", bytes, size), 44100);
    ck_assert_int_eq (sound->frames, FRAMES);
    int64_t silent = 0;
    for (int64_t i = 0; i < FRAMES; i++) {
        const float *is = sound->data + 2 * i, *was = s_sound + 2 * i;
        bool same = fabsf (is[0] - was[0]) + fabsf (is[1] - was[1]) <= 0.0f;
        bool none = fabsf (is[0]) + fabsf (is[1]) <= 0.0f;
        files_must (same || none);
        silent += !same;
    }
    ck_assert_int_ge (silent, 4000);
    ck_assert_int_le (silent, 2 * 4096);
    zample_sound_release (&sound);
    free (bytes);
}
END_TEST

static void
s_make_files (void)
{
    char line[6000] = "-i @sound.wav";
    s_write_sound ();
    for (int i = 0; i < LOSSLESS + LOSSY; i++) {
        size_t used = strlen (line);
        snprintf (line + used, sizeof (line) - used, " -map_metadata -1 %s @%s",
                  i < LOSSLESS ? s_lossless[i].coding : s_lossy[i - LOSSLESS].coding,
                  i < LOSSLESS ? s_lossless[i].name : s_lossy[i - LOSSLESS].name);
    }
    files_ffmpeg (line);
}

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
    tcase_add_unchecked_fixture (tests, s_make_files, NULL);
    tcase_add_loop_test (tests, lossless_formats_come_back_to_the_bit, 0, LOSSLESS);
    tcase_add_loop_test (tests, lossy_formats_keep_place_and_length, 0, LOSSY);
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
