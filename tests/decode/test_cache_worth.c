/*  Which files gain by the cache. What is written here are headers, byte by byte, as the formats' own descriptions
    lay them out. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/cache.h"
#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

static bool
s_is_worth (const char *path, uint32_t rate_hz)
{
    zample_file_t file;
    zample_failure_t failure;
    ck_assert_msg (zample_file_open (&file, path, false, INT64_C (1) << 30, &failure), "%s",
                   failure.sentence);
    bool worth = zample_cache_is_worth (&file, rate_hz);
    zample_file_close (&file);
    return worth;
}

static const char *
s_wav (files_format_t format, uint32_t rate_hz)
{
    static const double values[20];
    files_wav_t wav = { format, rate_hz, 2, 10, 10, values };
    return files_write_wav ("plain.wav", &wav);
}

START_TEST (a_wav_file_of_the_same_rate_is_not_worth_it)
{
    static const files_format_t formats[] = { FILES_U8,  FILES_S16,   FILES_S24,
                                              FILES_S32, FILES_FLOAT, FILES_DOUBLE };
    for (int i = 0; i < 6; i++) {
        ck_assert (!s_is_worth (s_wav (formats[i], 48000), 48000));
        ck_assert (s_is_worth (s_wav (formats[i], 48000), 44100));
        ck_assert (s_is_worth (s_wav (formats[i], 44100), 48000));
        ck_assert (!s_is_worth (s_wav (formats[i], 192000), 192000));
    }
}
END_TEST

START_TEST (a_wav_file_that_has_to_be_decoded_is_worth_it)
{
    size_t size;
    unsigned char *bytes = files_read (s_wav (FILES_S16, 48000), &size);
    bytes[20] = 0x02; /* ADPCM */
    ck_assert (s_is_worth (files_write ("adpcm.wav", bytes, size), 48000));
    bytes[20] = 0xFE;
    bytes[21] = 0xFF; /* said in an extension, and in practice PCM */
    ck_assert (!s_is_worth (files_write ("extensible.wav", bytes, size), 48000));
    free (bytes);
}
END_TEST

START_TEST (chunks_before_the_format_are_passed_over)
{
    size_t size;
    unsigned char *bytes = files_read (s_wav (FILES_S16, 48000), &size), longer[500] = { 0 };
    memcpy (longer, bytes, 12);
    memcpy (longer + 12, "LIST\x05\0\0\0hello\0JUNK\0\0\0\0", 22);
    memcpy (longer + 34, bytes + 12, size - 12);
    memcpy (longer, "RF64", 4);
    ck_assert (!s_is_worth (files_write ("chunks.wav", longer, size + 22), 48000));
    ck_assert (s_is_worth (files_write ("chunks.wav", longer, size + 22), 44100));
    free (bytes);
}
END_TEST

#define AIFF(rate)                                                                                           \
    "FORM\0\0\0\x26"                                                                                         \
    "AIFF"                                                                                                   \
    "COMM\0\0\0\x12"                                                                                         \
    "\0\x02"                                                                                                 \
    "\0\0\0\x0a"                                                                                             \
    "\0\x10" rate "SSND\0\0\0\0"
#define AIFF_SIZE (sizeof (AIFF ("0123456789")) - 1)

START_TEST (an_aiff_file_of_the_same_rate_is_not_worth_it)
{
    const char *at_48000 = AIFF ("\x40\x0e\xbb\x80\0\0\0\0\0\0"),
               *at_44100 = AIFF ("\x40\x0e\xac\x44\0\0\0\0\0\0");
    ck_assert (!s_is_worth (files_write ("a.aiff", at_48000, AIFF_SIZE), 48000));
    ck_assert (s_is_worth (files_write ("a.aiff", at_44100, AIFF_SIZE), 48000));
    ck_assert (!s_is_worth (files_write ("a.aiff", at_44100, AIFF_SIZE), 44100));
    /* No number; and 48,000 divided by 2^64. */
    const char *none = AIFF ("\xff\xff\xbb\x80\0\0\0\0\0\0"), *tiny = AIFF ("\x3f\xce\xbb\x80\0\0\0\0\0\0");
    ck_assert (s_is_worth (files_write ("a.aiff", none, AIFF_SIZE), 48000));
    ck_assert (s_is_worth (files_write ("a.aiff", tiny, AIFF_SIZE), 48000));
}
END_TEST

START_TEST (all_other_files_are_worth_it)
{
    size_t size;
    unsigned char *bytes = files_read (s_wav (FILES_S16, 48000), &size);
    for (size_t cut = 1; cut < 36; cut++) /* before the end of what the format tells */
        ck_assert (s_is_worth (files_write ("cut.wav", bytes, cut), 48000) == (cut < 28));
    ck_assert (
        s_is_worth (files_write_text ("a.flac", "fLaC and what follows, which is not looked at"), 48000));
    ck_assert (s_is_worth (files_write_text ("a.wav", "RIFF....WAVEdata\xff\xff\xff\xff...."), 48000));
    free (bytes);
}
END_TEST

START_TEST (a_chain_of_chunks_without_an_end_is_left)
{
    unsigned char bytes[12 + 8 * 1000] = "RIFF....WAVE";
    ck_assert (s_is_worth (files_write ("chain.wav", bytes, sizeof bytes), 48000));
}
END_TEST

int
main (void)
{
    files_begin ();
    Suite *suite = suite_create ("cache_worth");
    TCase *tests = tcase_create ("cache_worth");
    tcase_set_timeout (tests, 120);
    tcase_add_test (tests, a_wav_file_of_the_same_rate_is_not_worth_it);
    tcase_add_test (tests, a_wav_file_that_has_to_be_decoded_is_worth_it);
    tcase_add_test (tests, chunks_before_the_format_are_passed_over);
    tcase_add_test (tests, an_aiff_file_of_the_same_rate_is_not_worth_it);
    tcase_add_test (tests, all_other_files_are_worth_it);
    tcase_add_test (tests, a_chain_of_chunks_without_an_end_is_left);
    suite_add_tcase (suite, tests);
    int status = run_suite (suite);
    files_end ();
    return status;
}
