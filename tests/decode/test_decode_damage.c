/*  Files that are cut off or have wrong bits: nothing crashes, hangs or prints, whoever asks for a sound gets
    one or a sentence, and a sound of which much is lost never comes without a warning. What is planted here
    is seeded, and a failure names its seed; ZAMPLE_SEED=<number> plants other things. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

/* Of each file so many are cut off, and as many have wrong bits. */
#define SEEDS 100
#define SEEDS_INSTRUMENTED 8
#define SLOW_MS 10000
#define RATE_HZ 44100

#define SOUND "-f lavfi -i aevalsrc=0.4*sin(2*PI*441*t)+0.2*random(0)|0.3*sin(2*PI*99*t):s=44100:d=0.4"

/* The first is made here, so that there is something to do without the ffmpeg command. `solid`: bytes at the
   beginning in which no bit is wrong, since they say once and for all what the rate is or how many channels
   there are, and nothing tells that it was something else. */
static const struct {
    const char *name;
    const char *coding;
    size_t solid;
} s_files[] = {
    { "float.wav", "", 0 },
    { "s24.wav", "-c:a pcm_s24le", 0 },
    { "ima.wav", "-c:a adpcm_ima_wav", 40 },
    { "mp3.wav", "-c:a libmp3lame", 0 },
    { "rf64.wav", "-c:a pcm_s16le -rf64 always -write_bext 1", 0 },
    { "x.w64", "-c:a pcm_s16le", 0 },
    { "x.aiff", "-c:a pcm_s16be -write_id3v2 1", 38 },
    { "x.au", "-c:a pcm_s16be", 24 },
    { "x.caf", "-c:a pcm_s16le", 52 },
    { "alac.caf", "-c:a alac", 52 },
    { "x.flac", "-c:a flac", 0 },
    { "flac.ogg", "-c:a flac", 0 },
    { "x.ogg", "-c:a libvorbis", 0 },
    { "x.opus", "-c:a libopus", 0 },
    { "x.mp3", "-c:a libmp3lame", 0 },
    { "x.mp2", "-c:a mp2", 0 },
    { "x.m4a", "-c:a aac", 0 },
    { "alac.m4a", "-c:a alac", 0 },
    { "x.aac", "-c:a aac", 0 },
    { "x.wv", "-c:a wavpack", 0 },
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

static zample_sound_t *
s_try (const char *path)
{
    zample_decode_spec_t spec = { .rate_hz = RATE_HZ, .limits = files_limits };
    zample_failure_t failure;
    spec.limits.milliseconds = SLOW_MS;
    zample_sound_t *sound = files_decode (path, &spec, NULL, &failure);
    files_must ((sound == NULL) == (*failure.sentence != '\0'));
    files_must ((sound == NULL) == (failure.code != FAILED_NOT));
    files_must (failure.code != FAILED_TOO_SLOW);
    for (int64_t i = 0; sound && i < 2 * sound->frames; i++)
        files_must (isfinite (sound->data[i]));
    files_must (!sound || sound->frames > 0);
    return sound;
}

/*  How much of what is heard in the one is missing or silent in the other. */
static double
s_lost (const zample_sound_t *was, const zample_sound_t *is)
{
    int64_t heard = 0, lost = 0;
    for (int64_t i = 0; i < 2 * was->frames; i++) {
        if (fabsf (was->data[i]) < 1e-3f)
            continue;
        heard++;
        lost += i >= 2 * is->frames || fabsf (is->data[i]) < 1e-6f;
    }
    return (double) lost / (double) heard;
}

static int
s_seeds (void)
{
    const char *tool = getenv ("ZAMPLE_INSTRUMENT");
    return tool && strcmp (tool, "none") != 0 ? SEEDS_INSTRUMENTED : SEEDS;
}

/*  From `seed` on all is the same again. */
static void
s_begin (int file, int seed)
{
    const char *base = getenv ("ZAMPLE_SEED");
    s_state = (uint64_t) (base ? atoll (base) : 0) * 1000003 + (uint64_t) (file * 1000 + seed);
    s_random (2);
}

/*  Bytes that were cut or changed, to be decoded; `was` is what they should be. */
static void
s_must_be_honest (int file, int seed, const zample_sound_t *was, const void *bytes, size_t size)
{
    zample_sound_t *is = s_try (files_write ("hurt", bytes, size));
    if (is && is->notes.warnings == 0 && s_lost (was, is) > 1 - files_limits.least_share)
        ck_abort_msg ("%s, seed %d: %.0f %% are lost, and nothing is told", s_files[file].name, seed,
                      100 * s_lost (was, is));
    zample_sound_release (&is);
}

START_TEST (a_file_that_is_cut_off_ends_somehow_and_in_silence)
{
    size_t size;
    const char *path = files_path (s_files[_i].name);
    unsigned char *bytes = files_read (path, &size);
    zample_sound_t *was = files_load_intact (path, RATE_HZ);
    files_listen ();
    for (int seed = 0; seed < s_seeds (); seed++) {
        s_begin (_i, seed);
        /* Every end of the head, then ends all over the file. */
        size_t length = seed < s_seeds () / 3 ? (size_t) seed * 5 % size : s_random (size);
        s_must_be_honest (_i, seed, was, bytes, length);
    }
    ck_assert_int_eq (files_heard (), 0);
    zample_sound_release (&was);
    free (bytes);
}
END_TEST

START_TEST (a_file_with_wrong_bits_ends_somehow_and_in_silence)
{
    size_t size;
    const char *path = files_path (s_files[_i].name);
    unsigned char *bytes = files_read (path, &size);
    unsigned char *wrong = malloc (size);
    zample_sound_t *was = files_load_intact (path, RATE_HZ);
    files_listen ();
    for (int seed = 0; seed < s_seeds (); seed++) {
        s_begin (_i, seed);
        memcpy (wrong, bytes, size);
        /* Half of them in the head, where formats are fragile. */
        size_t first = s_files[_i].solid;
        size_t reach = seed % 2 && size > first + 400 ? 400 : size - first;
        for (size_t flips = 1 + s_random (20); flips > 0; flips--)
            wrong[first + s_random (reach)] ^= (unsigned char) (1u << s_random (8));
        s_must_be_honest (_i, seed, was, wrong, size);
    }
    ck_assert_int_eq (files_heard (), 0);
    zample_sound_release (&was);
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
    zample_sound_t *sound = s_try (files_write ("norate.caf", bytes, size));
    zample_sound_release (&sound);
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
