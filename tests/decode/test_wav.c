/*  The WAV writer: literal bytes, what other decoders read back, and disks that are full. write and pwrite
    are fakes in this program (the linker's --wrap) that can give out, be interrupted or write little at a
    time. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>
#ifdef HAVE_SNDFILE
#include <sndfile.h>
#endif

#include "engine/wav.h"
#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

#define FLOAT_HEADER 94
#define S16_HEADER 80

static int64_t s_room = INT64_MAX; /* bytes until the disk is full */
static size_t s_at_a_time = SIZE_MAX;
static int s_interrupts;
static int s_writes;
static bool s_pretending; /* that it was written, so that a file can be huge */

ssize_t __real_write (int file, const void *bytes, size_t size);
ssize_t __wrap_write (int file, const void *bytes, size_t size);
ssize_t __real_pwrite (int file, const void *bytes, size_t size, off_t offset);
ssize_t __wrap_pwrite (int file, const void *bytes, size_t size, off_t offset);

ssize_t
__wrap_write (int file, const void *bytes, size_t size)
{
    s_writes++;
    if (s_interrupts > 0 && s_interrupts--) {
        errno = EINTR;
        return -1;
    }
    size = size < s_at_a_time ? size : s_at_a_time;
    size = (int64_t) size < s_room ? size : (size_t) s_room;
    if (size == 0) {
        errno = ENOSPC;
        return -1;
    }
    s_room -= (int64_t) size;
    return s_pretending ? (ssize_t) size : __real_write (file, bytes, size);
}

ssize_t
__wrap_pwrite (int file, const void *bytes, size_t size, off_t offset)
{
    return __real_pwrite (file, bytes, size < s_at_a_time ? size : s_at_a_time, offset);
}

static char s_why[256];

static zample_wav_t *
s_new (const char *name, bool s16)
{
    zample_wav_t *wav = zample_wav_new (files_path (name), 48000, s16, s_why, sizeof (s_why));
    ck_assert_msg (wav != NULL, "%s", s_why);
    ck_assert_str_eq (zample_wav_why (wav), "");
    return wav;
}

static uint64_t
s_number (const unsigned char *at, int bytes)
{
    uint64_t value = 0;
    for (int i = bytes; i > 0; i--)
        value = value << 8 | at[i - 1];
    return value;
}

START_TEST (a_float_file_is_so_and_no_other)
{
    static const float frames[4] = { 0.25f, -1.5f, 0.0f, 3e38f };
    zample_wav_t *wav = s_new ("float.wav", false);
    ck_assert (zample_wav_write (wav, frames, 2));
    ck_assert (zample_wav_destroy (&wav));
    ck_assert_ptr_null (wav);

    size_t size;
    unsigned char *bytes = files_read (files_path ("float.wav"), &size);
    ck_assert_uint_eq (size, FLOAT_HEADER + 16);
    ck_assert_mem_eq (bytes, "RIFF", 4);
    ck_assert_uint_eq (s_number (bytes + 4, 4), size - 8);
    ck_assert_mem_eq (bytes + 8, "WAVEJUNK", 8);
    ck_assert_uint_eq (s_number (bytes + 16, 4), 28);
    ck_assert_mem_eq (bytes + 48, "fmt ", 4);
    ck_assert_uint_eq (s_number (bytes + 52, 4), 18);
    ck_assert_uint_eq (s_number (bytes + 56, 2), 3);
    ck_assert_uint_eq (s_number (bytes + 58, 2), 2);
    ck_assert_uint_eq (s_number (bytes + 60, 4), 48000);
    ck_assert_uint_eq (s_number (bytes + 64, 4), 48000 * 8);
    ck_assert_uint_eq (s_number (bytes + 68, 2), 8);
    ck_assert_uint_eq (s_number (bytes + 70, 2), 32);
    ck_assert_mem_eq (bytes + 74, "fact\4\0\0\0\2\0\0\0data\20\0\0\0", 20);
    ck_assert_mem_eq (bytes + FLOAT_HEADER, frames, 16);
    free (bytes);
}
END_TEST

START_TEST (a_16_bit_file_is_within_the_dither_of_the_frames)
{
    enum { FRAMES = 50000 };
    float *frames = malloc (2 * FRAMES * sizeof (float));
    for (int i = 0; i < 2 * FRAMES; i++)
        frames[i] = (float) (i % 2000 - 1000) / 1001.0f;
    zample_wav_t *wav = s_new ("s16.wav", true);
    ck_assert (zample_wav_write (wav, frames, FRAMES));
    ck_assert (zample_wav_destroy (&wav));

    size_t size;
    unsigned char *bytes = files_read (files_path ("s16.wav"), &size);
    ck_assert_uint_eq (size, S16_HEADER + 4 * FRAMES);
    ck_assert_uint_eq (s_number (bytes + 56, 2), 1);
    ck_assert_uint_eq (s_number (bytes + 70, 2), 16);
    ck_assert_uint_eq (s_number (bytes + 76, 4), 4 * FRAMES);
    double sum = 0, squares = 0;
    for (int i = 0; i < 2 * FRAMES; i++) {
        double error = (int16_t) s_number (bytes + S16_HEADER + 2 * i, 2) - 32768.0 * (double) frames[i];
        files_must (fabs (error) <= 1.5001);
        sum += error;
        squares += error * error;
    }
    /* Rounding and two uniform noises: three times 1/12, whatever the signal is. */
    ck_assert_double_le (fabs (sum / (2 * FRAMES)), 0.01);
    ck_assert_double_eq_tol (squares / (2 * FRAMES), 0.25, 0.01);
    free (bytes);
    free (frames);
}
END_TEST

START_TEST (sixteen_bits_clip_and_know_no_nan)
{
    static const float frames[8] = { 5.0f, -5.0f, NAN, INFINITY, -INFINITY, 1.0f, -1.0f, 0.0f };
    zample_wav_t *wav = s_new ("clip.wav", true);
    ck_assert (zample_wav_write (wav, frames, 4));
    ck_assert (zample_wav_destroy (&wav));
    size_t size;
    unsigned char *bytes = files_read (files_path ("clip.wav"), &size);
    static const int expected[8] = { 32767, -32768, 0, 32767, -32768, 32767, -32768, 0 };
    for (int i = 0; i < 8; i++)
        ck_assert_int_le (abs ((int16_t) s_number (bytes + S16_HEADER + 2 * i, 2) - expected[i]), 1);
    free (bytes);
}
END_TEST

START_TEST (the_same_frames_give_the_same_bytes)
{
    static const float frames[2000];
    size_t sizes[2];
    unsigned char *bytes[2];
    for (int i = 0; i < 2; i++) {
        zample_wav_t *wav = s_new ("same.wav", true);
        ck_assert (zample_wav_write (wav, frames, 1000));
        ck_assert (zample_wav_destroy (&wav));
        bytes[i] = files_read (files_path ("same.wav"), &sizes[i]);
    }
    ck_assert_uint_eq (sizes[0], sizes[1]);
    ck_assert_mem_eq (bytes[0], bytes[1], sizes[0]);
    free (bytes[0]);
    free (bytes[1]);
}
END_TEST

/*  Pieces of all lengths, so that the buffer's end falls everywhere. */
static void
s_write_in_pieces (const char *name, int64_t frames)
{
    float piece[2 * 10007];
    zample_wav_t *wav = s_new (name, false);
    int64_t length = 1;
    for (int64_t at = 0; at < frames; at += length) {
        length = length * 3 % 10007;
        length = length < frames - at ? length : frames - at;
        for (int64_t i = 0; i < 2 * length; i++)
            piece[i] = (float) (2 * at + i);
        ck_assert (zample_wav_write (wav, piece, length));
    }
    ck_assert (zample_wav_destroy (&wav));
    size_t size;
    unsigned char *bytes = files_read (files_path (name), &size);
    ck_assert_uint_eq (size, FLOAT_HEADER + 8 * (size_t) frames);
    for (int64_t i = 0; i < 2 * frames; i++) {
        float value;
        memcpy (&value, bytes + FLOAT_HEADER + 4 * i, 4);
        files_same (value, (float) i);
    }
    free (bytes);
}

START_TEST (frames_arrive_in_order_however_they_are_handed_over)
{
    s_write_in_pieces ("pieces.wav", 100003);
    ck_assert_int_lt (s_writes, 100003 * 8 / 60000 + 3);
}
END_TEST

START_TEST (interrupted_and_short_writes_lose_nothing)
{
    s_interrupts = 3;
    s_at_a_time = 1000;
    s_write_in_pieces ("short.wav", 20011);
}
END_TEST

START_TEST (a_full_disk_is_told_and_what_is_there_can_be_read)
{
    static const float frames[2 * 30000];
    s_room = 100000;
    zample_wav_t *wav = s_new ("full.wav", false);
    bool written = true;
    for (int i = 0; i < 4; i++)
        written = zample_wav_write (wav, frames, 30000);
    ck_assert (!written);
    ck_assert_str_eq (strstr (zample_wav_why (wav), ": "), ": the disk is full");
    ck_assert_ptr_nonnull (strstr (zample_wav_why (wav), "full.wav"));
    ck_assert (!zample_wav_destroy (&wav));
    zample_sound_t *sound = files_load (files_path ("full.wav"), 48000);
    ck_assert_int_eq (sound->frames, (100000 - FLOAT_HEADER) / 8);
    zample_sound_release (&sound);
}
END_TEST

START_TEST (a_disk_that_is_full_at_the_end_is_told_at_the_end)
{
    static const float frames[2 * 100];
    s_room = 200;
    zample_wav_t *wav = s_new ("end.wav", false);
    ck_assert (zample_wav_write (wav, frames, 100));
    ck_assert (!zample_wav_destroy (&wav));
    ck_assert_ptr_null (wav);
}
END_TEST

START_TEST (a_file_over_4_gib_becomes_rf64)
{
    static float frames[2 * 65536];
    s_pretending = true;
    zample_wav_t *wav = s_new ("big.wav", false);
    int64_t pieces = 0;
    for (; pieces * 65536 * 8 < INT64_C (0x100000000); pieces++)
        ck_assert (zample_wav_write (wav, frames, 65536));
    ck_assert (zample_wav_destroy (&wav));
    size_t size;
    unsigned char *bytes = files_read (files_path ("big.wav"), &size);
    uint64_t data_size = (uint64_t) pieces * 65536 * 8;
    ck_assert_mem_eq (bytes, "RF64\xff\xff\xff\xffWAVEds64", 16);
    ck_assert_uint_eq (s_number (bytes + 16, 4), 28);
    ck_assert_uint_eq (s_number (bytes + 20, 8), FLOAT_HEADER - 8 + data_size);
    ck_assert_uint_eq (s_number (bytes + 28, 8), data_size);
    ck_assert_uint_eq (s_number (bytes + 36, 8), (uint64_t) pieces * 65536);
    ck_assert_uint_eq (s_number (bytes + 44, 4), 0);
    ck_assert_mem_eq (bytes + 86, "data\xff\xff\xff\xff", 8);
    free (bytes);
}
END_TEST

START_TEST (a_file_that_was_never_finished_can_be_read)
{
    static const float frames[2 * 20000] = { 0.5f };
    zample_wav_t *wav = s_new ("crash.wav", false);
    ck_assert (zample_wav_write (wav, frames, 20000));
    zample_sound_t *sound = files_load (files_path ("crash.wav"), 48000);
    ck_assert_int_eq (sound->frames, 2 * 65536 / 8);
    files_same (sound->data[0], 0.5f);
    zample_sound_release (&sound);
    ck_assert (zample_wav_destroy (&wav));
}
END_TEST

static void
s_must_not_open (const char *path, const char *reason)
{
    zample_wav_t *wav = zample_wav_new (path, 48000, false, s_why, sizeof (s_why));
    ck_assert_ptr_null (wav);
    ck_assert_msg (strstr (s_why, path) && strstr (s_why, reason), "%s", s_why);
}

START_TEST (what_cannot_be_written_is_told)
{
    s_must_not_open (files_path ("no/such/folder.wav"), "there is no such file");
    s_must_not_open (files_path (""), "this is a directory");
    s_must_not_open ("/dev/null", "this is not a regular file");
    const char *pipe = files_path ("pipe");
    ck_assert_int_eq (mkfifo (pipe, 0600), 0);
    s_must_not_open (pipe, "this is not a regular file");
    int reader = open (pipe, O_RDONLY | O_NONBLOCK);
    s_must_not_open (pipe, "this is not a regular file");
    close (reader);
    s_room = 0;
    s_must_not_open (files_path ("none.wav"), "the disk is full");
}
END_TEST

START_TEST (an_older_file_is_made_anew)
{
    files_write_text ("old.wav", "something that is longer than the header that is to take its place, "
                                 "and then more of it");
    zample_wav_t *wav = s_new ("old.wav", true);
    ck_assert (zample_wav_destroy (&wav));
    size_t size;
    free (files_read (files_path ("old.wav"), &size));
    ck_assert_uint_eq (size, S16_HEADER);
}
END_TEST

START_TEST (destroying_nothing_is_forgiven)
{
    zample_wav_t *none = NULL;
    ck_assert (zample_wav_destroy (&none));
}
END_TEST

#ifdef HAVE_SNDFILE
START_TEST (libsndfile_reads_what_was_written)
{
    float frames[2 * 5000], read[2 * 5000];
    for (int i = 0; i < 2 * 5000; i++)
        frames[i] = sinf ((float) i);
    for (int s16 = 0; s16 < 2; s16++) {
        zample_wav_t *wav = s_new ("sndfile.wav", s16);
        ck_assert (zample_wav_write (wav, frames, 5000));
        ck_assert (zample_wav_destroy (&wav));
        SF_INFO info = { 0 };
        SNDFILE *file = sf_open (files_path ("sndfile.wav"), SFM_READ, &info);
        ck_assert_msg (file != NULL, "%s", sf_strerror (NULL));
        ck_assert_int_eq (info.frames, 5000);
        ck_assert_int_eq (info.channels, 2);
        ck_assert_int_eq (info.samplerate, 48000);
        ck_assert_int_eq (info.format, SF_FORMAT_WAV | (s16 ? SF_FORMAT_PCM_16 : SF_FORMAT_FLOAT));
        ck_assert_int_eq (sf_readf_float (file, read, 5000), 5000);
        sf_close (file);
        for (int i = 0; i < 2 * 5000; i++)
            files_must (fabsf (read[i] - frames[i]) <= (s16 ? 1.51f / 32768.0f : 0.0f));
    }
}
END_TEST
#endif

static void
s_mend_the_disk (void)
{
    s_room = INT64_MAX;
    s_at_a_time = SIZE_MAX;
    s_interrupts = 0;
    s_writes = 0;
    s_pretending = false;
}

int
main (void)
{
    Suite *suite = suite_create ("wav");
    TCase *tests = tcase_create ("wav");
    tcase_set_timeout (tests, 120);
    tcase_add_checked_fixture (tests, s_mend_the_disk, NULL);
    tcase_add_test (tests, a_float_file_is_so_and_no_other);
    tcase_add_test (tests, a_16_bit_file_is_within_the_dither_of_the_frames);
    tcase_add_test (tests, sixteen_bits_clip_and_know_no_nan);
    tcase_add_test (tests, the_same_frames_give_the_same_bytes);
    tcase_add_test (tests, frames_arrive_in_order_however_they_are_handed_over);
    tcase_add_test (tests, interrupted_and_short_writes_lose_nothing);
    tcase_add_test (tests, a_full_disk_is_told_and_what_is_there_can_be_read);
    tcase_add_test (tests, a_disk_that_is_full_at_the_end_is_told_at_the_end);
    tcase_add_test (tests, a_file_over_4_gib_becomes_rf64);
    tcase_add_test (tests, a_file_that_was_never_finished_can_be_read);
    tcase_add_test (tests, what_cannot_be_written_is_told);
    tcase_add_test (tests, an_older_file_is_made_anew);
    tcase_add_test (tests, destroying_nothing_is_forgiven);
#ifdef HAVE_SNDFILE
    tcase_add_test (tests, libsndfile_reads_what_was_written);
#endif
    suite_add_tcase (suite, tests);
    files_begin ();
    int status = run_suite (suite);
    files_end ();
    return status;
}
