/*  Loading when memory gives out: the n-th allocation of our own fails, for every n, also of those that we
    ask FFmpeg for. The calls that this program makes are fakes that fail on demand (the linker's --wrap);
    those that FFmpeg makes inside are real. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswresample/swresample.h>

#include "tests/decode/files.h"
#include "tests/support/failing.h"
#include "tests/support/run_suite.h"

#define S_FAKE(type, name, parameters, arguments, failure)                                                   \
    type __real_##name parameters;                                                                           \
    type __wrap_##name parameters;                                                                           \
    type __wrap_##name parameters                                                                            \
    {                                                                                                        \
        return failing_now () ? failure : __real_##name arguments;                                           \
    }

S_FAKE (void *, av_malloc, (size_t size), (size), NULL)
S_FAKE (char *, av_strdup, (const char *string), (string), NULL)
S_FAKE (AVPacket *, av_packet_alloc, (void), (), NULL)
S_FAKE (int, av_new_packet, (AVPacket * packet, int size), (packet, size), AVERROR (ENOMEM))
S_FAKE (AVFrame *, av_frame_alloc, (void), (), NULL)
S_FAKE (AVFormatContext *, avformat_alloc_context, (void), (), NULL)
S_FAKE (AVCodecContext *, avcodec_alloc_context3, (const AVCodec *codec), (codec), NULL)
S_FAKE (AVCodecParserContext *, av_parser_init, (int id), (id), NULL)
S_FAKE (int, swr_init, (struct SwrContext * swr), (swr), AVERROR (ENOMEM))

/*  A WAV file that does not know its length, so that its sound has to grow. */
static void
s_write_endless (int64_t frames)
{
    double *values = calloc ((size_t) frames * 2, sizeof (double));
    for (int64_t i = 0; i < 2 * frames; i++)
        values[i] = (double) (i % 30000);
    files_wav_t wav = { FILES_S16, 44100, 2, frames, 0xffffffff / 4, values };
    files_write_wav ("endless.wav", &wav);
    free (values);
}

/*  Loads again and again, until nothing fails any more. Returns how often it was refused. */
static int
s_let_each_fail (const char *name, uint32_t rate_hz)
{
    char path[600];
    snprintf (path, sizeof (path), "%s", files_path (name));
    zample_sound_t *whole = files_load (path, rate_hz);
    int refusals = 0;
    for (int n = 0;; n++) {
        zample_failure_t failure;
        failing_after (n);
        files_listen ();
        zample_sound_t *sound = files_try (path, rate_hz, &failure);
        bool failed = failing_stop ();
        ck_assert_int_eq (files_heard (), 0);
        ck_assert ((sound == NULL) == (failure.code != FAILED_NOT));
        if (sound)
            ck_assert_int_eq (sound->frames, whole->frames);
        else {
            ck_assert_int_eq (failure.code, FAILED_NO_MEMORY);
            ck_assert_str_eq (strstr (failure.sentence, ": "), ": there is not enough memory");
            refusals++;
        }
        zample_sound_release (&sound);
        if (!failed)
            break;
    }
    zample_sound_release (&whole);
    return refusals;
}

/*  With and without a resampler. */
START_TEST (each_allocation_may_fail)
{
    s_write_endless (900000);
    ck_assert_int_ge (s_let_each_fail ("endless.wav", _i == 0 ? 44100 : 48000), 10);
}
END_TEST

START_TEST (each_allocation_for_a_parser_or_many_channels_may_fail)
{
    files_ffmpeg ("-f lavfi -i sine=500:r=44100:d=0.5 -ac 1 @x.flac -ac 6 @six.wav");
    ck_assert_int_ge (s_let_each_fail ("x.flac", 48000), 10);
    ck_assert_int_ge (s_let_each_fail ("six.wav", 48000), 10);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("decode_memory");
    TCase *tests = tcase_create ("decode_memory");
    tcase_set_timeout (tests, 120);
    tcase_add_loop_test (tests, each_allocation_may_fail, 0, 2);
    if (files_have_ffmpeg ())
        tcase_add_test (tests, each_allocation_for_a_parser_or_many_channels_may_fail);
    suite_add_tcase (suite, tests);
    files_begin ();
    int status = run_suite (suite);
    files_end ();
    return status;
}
