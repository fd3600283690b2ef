/*  Files that are cut off or have wrong bits: nothing crashes, hangs or prints, and whoever asks for a sound
    gets one or a sentence. What is planted here is seeded, so that a failure can be had again. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

#define SEEDS 60
#define SOUND "-f lavfi -i aevalsrc=0.4*sin(2*PI*441*t)+0.2*random(0)|0.3*sin(2*PI*99*t):s=44100:d=0.4"

/* The first is made here, so that there is something to do without the ffmpeg command. */
static const struct {
    const char *name;
    const char *coding;
} s_files[] = {
    { "float.wav", "" },
    { "s24.wav", "-c:a pcm_s24le" },
    { "ima.wav", "-c:a adpcm_ima_wav" },
    { "mp3.wav", "-c:a libmp3lame" },
    { "rf64.wav", "-c:a pcm_s16le -rf64 always -write_bext 1" },
    { "x.w64", "-c:a pcm_s16le" },
    { "x.aiff", "-c:a pcm_s16be -write_id3v2 1" },
    { "x.au", "-c:a pcm_s16be" },
    { "x.caf", "-c:a pcm_s16le" },
    { "alac.caf", "-c:a alac" },
    { "x.flac", "-c:a flac" },
    { "flac.ogg", "-c:a flac" },
    { "x.ogg", "-c:a libvorbis" },
    { "x.opus", "-c:a libopus" },
    { "x.mp3", "-c:a libmp3lame" },
    { "x.mp2", "-c:a mp2" },
    { "x.m4a", "-c:a aac" },
    { "alac.m4a", "-c:a alac" },
    { "x.aac", "-c:a aac" },
    { "x.wv", "-c:a wavpack" },
};
#define FILES ((int) (sizeof (s_files) / sizeof (s_files[0])))

static uint64_t s_state;

static size_t
s_random (size_t below)
{
    s_state = s_state * 6364136223846793005u + 1442695040888963407u;
    return (size_t) (s_state >> 33) % below;
}

static int s_count = 1; /* of the files that there are */

static void
s_make_files (void)
{
    static float noise[2 * 9000];
    for (int i = 0; i < 2 * 9000; i++)
        noise[i] = sinf ((float) (i * i % 1000));
    files_write_floats (s_files[0].name, 44100, 2, noise, 9000);
    if (s_count == 1)
        return;
    char arguments[4000] = SOUND;
    for (int i = 1; i < FILES; i++) {
        size_t used = strlen (arguments);
        snprintf (arguments + used, sizeof (arguments) - used, " %s -metadata title=x @%s", s_files[i].coding,
                  s_files[i].name);
    }
    files_ffmpeg (arguments);
}

static void
s_must_end_somehow (const char *path)
{
    zample_failure_t failure;
    zample_sound_t *sound = files_try (path, 48000, &failure);
    ck_assert ((sound == NULL) == (*failure.sentence != '\0'));
    ck_assert ((sound == NULL) == (failure.code != FAILED_NOT));
    if (!sound)
        return;
    ck_assert_int_gt (sound->frames, 0);
    for (int64_t i = 0; i < 2 * sound->frames; i++)
        files_must (isfinite (sound->data[i]));
    zample_sound_release (&sound);
}

START_TEST (a_file_that_is_cut_off_ends_somehow_and_in_silence)
{
    size_t size;
    unsigned char *bytes = files_read (files_path (s_files[_i].name), &size);
    files_listen ();
    s_state = (uint64_t) _i;
    for (int seed = 0; seed < SEEDS; seed++) {
        /* Every end of the head, then ends all over the file. */
        size_t length = seed < SEEDS / 3 ? (size_t) seed * 5 % size : s_random (size);
        s_must_end_somehow (files_write ("cut", bytes, length));
    }
    ck_assert_int_eq (files_heard (), 0);
    free (bytes);
}
END_TEST

START_TEST (a_file_with_wrong_bits_ends_somehow_and_in_silence)
{
    size_t size;
    unsigned char *bytes = files_read (files_path (s_files[_i].name), &size);
    unsigned char *wrong = malloc (size);
    files_listen ();
    for (int seed = 0; seed < SEEDS; seed++) {
        s_state = (uint64_t) (1000 * _i + seed);
        memcpy (wrong, bytes, size);
        /* Half of them in the head, where formats are fragile. */
        size_t reach = seed % 2 && size > 400 ? 400 : size;
        for (size_t flips = 1 + s_random (20); flips > 0; flips--)
            wrong[s_random (reach)] ^= (unsigned char) (1u << s_random (8));
        s_must_end_somehow (files_write ("wrong", wrong, size));
    }
    ck_assert_int_eq (files_heard (), 0);
    free (wrong);
    free (bytes);
}
END_TEST

/*  A tag in a text coding that does not say which, before and behind the sound: FFmpeg's parser would print.
    */
START_TEST (broken_tags_in_wav_files_print_nothing)
{
    static const char tag[] = "id3 \x1c\0\0\0ID3\3\0\0\0\0\0\x12TIT2\0\0\0\x08\0\0\1\x12\x34"
                              "abcde";
    size_t size, tag_size = 8 + 28;
    unsigned char *bytes = files_read (files_path (s_files[0].name), &size);
    unsigned char *tagged = calloc (1, size + tag_size);
    for (int behind = 0; behind < 2; behind++) {
        size_t at = behind ? size : 12;
        memcpy (tagged, bytes, at);
        memcpy (tagged + at, tag, tag_size);
        memcpy (tagged + at + tag_size, bytes + at, size - at);
        files_listen ();
        zample_sound_t *sound = files_load (files_write ("tag.wav", tagged, size + tag_size), 44100);
        ck_assert_int_eq (files_heard (), 0);
        ck_assert_int_eq (sound->frames, 9000);
        zample_sound_release (&sound);
    }
    free (tagged);
    free (bytes);
}
END_TEST

START_TEST (a_rate_of_nothing_prints_nothing)
{
    if (s_count == 1)
        return;
    size_t size;
    unsigned char *bytes = files_read (files_path ("x.caf"), &size);
    memset (bytes + 20, 0, 8);
    files_listen ();
    s_must_end_somehow (files_write ("norate.caf", bytes, size));
    ck_assert_int_eq (files_heard (), 0);
    free (bytes);
}
END_TEST

int
main (void)
{
    s_count = files_have_ffmpeg () ? FILES : 1;
    Suite *suite = suite_create ("decode_damage");
    TCase *tests = tcase_create ("decode_damage");
    tcase_set_timeout (tests, 300);
    tcase_add_unchecked_fixture (tests, s_make_files, NULL);
    tcase_add_loop_test (tests, a_file_that_is_cut_off_ends_somehow_and_in_silence, 0, s_count);
    tcase_add_loop_test (tests, a_file_with_wrong_bits_ends_somehow_and_in_silence, 0, s_count);
    tcase_add_test (tests, broken_tags_in_wav_files_print_nothing);
    tcase_add_test (tests, a_rate_of_nothing_prints_nothing);
    suite_add_tcase (suite, tests);
    files_begin ();
    int status = run_suite (suite);
    files_end ();
    return status;
}
