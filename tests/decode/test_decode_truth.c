/*  What is not as it should be in a file is told, and how much of it; and of what is as it should be,
    nothing. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

#define FRAMES 30011
#define RATE_HZ 44100

/*  Of 16 bits and two channels: a header of 44 bytes and 4 for each frame. */
static const char *
s_write_wav (const char *name, int64_t declared)
{
    static double values[2 * FRAMES];
    for (int i = 0; i < 2 * FRAMES; i++)
        values[i] = round (9000 * sin (i * 0.03) + 3000 * sin (i * 0.7));
    files_wav_t wav = { FILES_S16, RATE_HZ, 2, FRAMES, declared, values };
    return files_write_wav (name, &wav);
}

static unsigned char *s_bytes;
static size_t s_size;

/*  What ffmpeg makes of the sound, to be changed. */
static void
s_read_coded (const char *name, const char *coding)
{
    char line[300];
    s_write_wav ("sound.wav", FRAMES);
    snprintf (line, sizeof (line), "-i @sound.wav %s @%s", coding, name);
    files_ffmpeg (line);
    free (s_bytes);
    s_bytes = files_read (files_path (name), &s_size);
}

static zample_sound_notes_t
s_notes_of (const char *path, int64_t *frames)
{
    zample_sound_t *sound = files_load (path, RATE_HZ);
    zample_sound_notes_t notes = sound->notes;
    if (frames)
        *frames = sound->frames;
    zample_sound_release (&sound);
    return notes;
}

static void
s_must_note (const zample_sound_notes_t *is, const zample_sound_notes_t *expected)
{
    ck_assert_uint_eq (is->warnings, expected->warnings);
    ck_assert_uint_eq (is->damaged, expected->damaged);
    ck_assert_int_eq (is->missing_frames, expected->missing_frames);
    ck_assert_int_eq (is->silent_frames, expected->silent_frames);
    ck_assert_int_eq (is->nan_values, expected->nan_values);
}

START_TEST (a_wav_file_that_says_more_than_it_has_is_truncated)
{
    int64_t frames;
    zample_sound_notes_t notes = s_notes_of (s_write_wav ("x.wav", FRAMES + 2000), &frames);
    ck_assert_int_eq (frames, FRAMES);
    s_must_note (&notes, &(zample_sound_notes_t) { .warnings = WARNED_TRUNCATED, .missing_frames = 2000 });
}
END_TEST

START_TEST (a_wav_file_that_says_less_than_it_has_is_longer)
{
    int64_t frames;
    zample_sound_notes_t notes = s_notes_of (s_write_wav ("x.wav", 10000), &frames);
    ck_assert_int_eq (frames, 10000);
    s_must_note (&notes, &(zample_sound_notes_t) { .warnings = WARNED_LENGTH });
}
END_TEST

/*  The rate, the bytes a second and the bytes a frame each say the same. */
START_TEST (a_wav_file_whose_header_contradicts_itself_is_corrupt)
{
    static const size_t places[] = { 22, 24, 28, 32 };
    for (int i = 0; i < 4; i++) {
        size_t size;
        unsigned char *bytes = files_read (s_write_wav ("x.wav", FRAMES), &size);
        bytes[places[i]] ^= 1;
        zample_failure_t failure;
        zample_sound_t *sound = files_try (files_write ("x.wav", bytes, size), RATE_HZ, &failure);
        if (sound)
            ck_assert_uint_eq (sound->notes.warnings & WARNED_CORRUPT, WARNED_CORRUPT);
        zample_sound_release (&sound);
        free (bytes);
    }
}
END_TEST

START_TEST (values_that_are_no_numbers_are_counted)
{
    for (uint32_t channels = 1; channels <= 2; channels++) {
        float frames[2 * 5000] = { 0 };
        frames[7] = NAN;
        frames[100] = INFINITY;
        frames[4999] = -INFINITY;
        const char *path = files_write_floats ("n.wav", RATE_HZ, channels, frames, 5000);
        zample_sound_notes_t notes = s_notes_of (path, NULL);
        s_must_note (&notes, &(zample_sound_notes_t) { .warnings = WARNED_NAN, .nan_values = 3 });
        zample_sound_t *sound = files_load (path, 48000);
        s_must_note (&sound->notes, &notes);
        zample_sound_release (&sound);
    }
}
END_TEST

START_TEST (below_the_share_that_is_asked_for_it_is_an_error)
{
    zample_decode_spec_t spec = { .rate_hz = RATE_HZ, .limits = files_limits };
    zample_failure_t failure;
    const char *path = s_write_wav ("x.wav", FRAMES * 10 / 7);
    spec.limits.least_share = 0.69;
    zample_sound_t *sound = files_decode (path, &spec, NULL, &failure);
    ck_assert_ptr_nonnull (sound);
    zample_sound_release (&sound);
    spec.limits.least_share = 0.71;
    ck_assert_ptr_null (files_decode (path, &spec, NULL, &failure));
    ck_assert_int_eq (failure.code, FAILED_DAMAGED);
}
END_TEST

/*  `first`: the first frames of the file, which leave no time stamp before them. */
static void
s_damage_flac (bool first)
{
    s_read_coded ("x.flac", "-c:a flac -sample_fmt s16 -frame_size 4096");
    zample_sound_t *was = files_load_intact (files_path ("x.flac"), RATE_HZ);
    size_t at = s_size / 2;
    for (size_t i = 0; first && i + 4 < s_size; i++) {
        if (s_bytes[i] == 0xFF && (s_bytes[i + 1] & 0xFC) == 0xF8) {
            at = i + 100;
            break;
        }
    }
    s_bytes[at] ^= 0x10;
    zample_sound_t *is = files_load (files_write ("hurt.flac", s_bytes, s_size), RATE_HZ);
    s_must_note (&is->notes,
                 &(zample_sound_notes_t) { .warnings = WARNED_CORRUPT, .damaged = 1, .silent_frames = 4096 });
    ck_assert_int_eq (is->frames, FRAMES);
    int silent = 0;
    for (int i = 0; i < FRAMES; i++) {
        bool same = fabsf (is->data[2 * i] - was->data[2 * i]) <= 0.0f;
        files_must (same || fabsf (is->data[2 * i]) <= 0.0f);
        silent += !same;
    }
    ck_assert_int_ge (silent, 4000);
    zample_sound_release (&is);
    zample_sound_release (&was);
}

START_TEST (a_damaged_frame_is_one_of_silence)
{
    s_damage_flac (false);
}
END_TEST

START_TEST (a_damaged_first_frame_moves_nothing)
{
    s_damage_flac (true);
}
END_TEST

/*  How much is missing is told if the file says how long it is. */
static const struct {
    const char *name;
    const char *coding;
    bool says_length;
} s_cut[] = {
    { "c.wav", "-c:a pcm_s16le", true },
    { "c.w64", "-c:a pcm_s16le", true },
    { "c.aiff", "-c:a pcm_s16be", true },
    { "c.au", "-c:a pcm_s16be", true },
    { "c.caf", "-c:a pcm_s16le", true },
    { "c.flac", "-c:a flac -sample_fmt s16", true },
    { "c.wv", "-c:a wavpack", true },
    { "c.mp3", "-c:a libmp3lame", true },
    { "plain.mp3", "-c:a libmp3lame -write_xing 0", false },
    { "c.mp2", "-c:a mp2", false },
    { "c.aac", "-c:a aac", false },
    { "c.ogg", "-c:a libvorbis -page_duration 20000", false },
    { "c.opus", "-c:a libopus -page_duration 20000", false },
    { "fast.m4a", "-c:a aac -movflags +faststart", true },
};
#define CUT ((int) (sizeof (s_cut) / sizeof (s_cut[0])))

START_TEST (a_file_that_was_cut_off_is_truncated)
{
    s_read_coded (s_cut[_i].name, s_cut[_i].coding);
    int64_t whole, frames;
    s_notes_of (files_path (s_cut[_i].name), &whole);
    zample_sound_notes_t notes = s_notes_of (files_write ("cut", s_bytes, s_size * 5 / 6 + 1), &frames);
    ck_assert_uint_eq (notes.warnings & WARNED_TRUNCATED, WARNED_TRUNCATED);
    ck_assert_int_lt (frames, whole - 1000);
    if (s_cut[_i].says_length) {
        ck_assert_int_ge (notes.missing_frames, whole - frames - 2 * 1152);
        ck_assert_int_le (notes.missing_frames, whole - frames + 2 * 1152);
    }
}
END_TEST

/*  The frames of an MP3 file are found again behind one whose header is damaged. */
START_TEST (a_frame_that_is_passed_over_is_told)
{
    s_read_coded ("x.mp3", "-c:a libmp3lame -b:a 128k");
    size_t at = s_size / 2;
    while (s_bytes[at] != 0xFF || s_bytes[at + 1] != 0xFB)
        at++;
    s_bytes[at] = 0;
    zample_sound_notes_t notes = s_notes_of (files_write ("hurt.mp3", s_bytes, s_size), NULL);
    ck_assert_uint_eq (notes.warnings & WARNED_CORRUPT, WARNED_CORRUPT);
    ck_assert_uint_ge (notes.damaged, 1);
}
END_TEST

/*  Half a second of sound, of which the tag says that it is a third as long. */
START_TEST (an_mp3_file_with_more_frames_than_its_tag_says_is_longer)
{
    s_read_coded ("x.mp3", "-c:a libmp3lame -b:a 128k");
    size_t at = 0;
    while (memcmp (s_bytes + at, "Info", 4) != 0 && memcmp (s_bytes + at, "Xing", 4) != 0)
        at++;
    s_bytes[at + 11] = (unsigned char) (s_bytes[at + 11] / 3);
    zample_sound_notes_t notes = s_notes_of (files_write ("less.mp3", s_bytes, s_size), NULL);
    ck_assert_uint_eq (notes.warnings & WARNED_LENGTH, WARNED_LENGTH);
}
END_TEST

START_TEST (an_mp4_file_whose_table_names_few_of_its_packets_is_longer)
{
    s_read_coded ("x.m4a", "-c:a aac");
    for (size_t at = 0; at + 12 < s_size; at++) {
        if (memcmp (s_bytes + at, "stts", 4) == 0) { /* so many packets are of that length */
            s_bytes[at + 11] = 1;
            s_bytes[at + 15] = 4;
        }
    }
    zample_failure_t failure;
    zample_sound_t *sound = files_try (files_write ("less.m4a", s_bytes, s_size), RATE_HZ, &failure);
    if (sound)
        ck_assert_uint_ne (sound->notes.warnings, 0);
    zample_sound_release (&sound);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("decode_truth");
    TCase *tests = tcase_create ("decode_truth");
    tcase_set_timeout (tests, 60);
    tcase_add_test (tests, a_wav_file_that_says_more_than_it_has_is_truncated);
    tcase_add_test (tests, a_wav_file_that_says_less_than_it_has_is_longer);
    tcase_add_test (tests, a_wav_file_whose_header_contradicts_itself_is_corrupt);
    tcase_add_test (tests, values_that_are_no_numbers_are_counted);
    tcase_add_test (tests, below_the_share_that_is_asked_for_it_is_an_error);
    if (files_have_ffmpeg ()) {
        tcase_add_test (tests, a_damaged_frame_is_one_of_silence);
        tcase_add_test (tests, a_damaged_first_frame_moves_nothing);
        tcase_add_loop_test (tests, a_file_that_was_cut_off_is_truncated, 0, CUT);
        tcase_add_test (tests, a_frame_that_is_passed_over_is_told);
        tcase_add_test (tests, an_mp3_file_with_more_frames_than_its_tag_says_is_longer);
        tcase_add_test (tests, an_mp4_file_whose_table_names_few_of_its_packets_is_longer);
    }
    suite_add_tcase (suite, tests);
    files_begin ();
    int status = run_suite (suite);
    files_end ();
    return status;
}
