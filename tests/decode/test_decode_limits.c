/*  What a stranger's file may cost: frames, channels, streams, time and memory, each up to its limit and one
    more. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

#define FRAMES 20000

/*  `declared` frames by its header. */
static const char *
s_write_wav (uint32_t channels, int64_t declared)
{
    double *values = calloc (FRAMES * channels, sizeof (double));
    files_wav_t wav = { FILES_S16, 44100, channels, FRAMES, declared, values };
    const char *path = files_write_wav ("l.wav", &wav);
    free (values);
    return path;
}

static void
s_must_load (const char *path, const zample_decode_spec_t *spec, const zample_decode_watch_t *watch)
{
    zample_failure_t failure;
    zample_sound_t *sound = files_decode (path, spec, watch, &failure);
    ck_assert_msg (sound != NULL, "%s", failure.sentence);
    ck_assert_int_eq (failure.code, FAILED_NOT);
    zample_sound_release (&sound);
}

static void
s_must_fail (const char *path, const zample_decode_spec_t *spec, const zample_decode_watch_t *watch,
             zample_failed_tag_t code, const char *reason)
{
    zample_failure_t failure;
    ck_assert_ptr_null (files_decode (path, spec, watch, &failure));
    ck_assert_int_eq (failure.code, code);
    ck_assert_str_eq (strstr (failure.sentence, ": "), reason);
}

/*  At the engine's rate, and whether or not the header tells the truth. */
START_TEST (frames)
{
    zample_decode_spec_t spec = { .rate_hz = 48000, .limits = files_limits };
    const char *path = s_write_wav (2, _i == 0 ? FRAMES : 0xffffffff / 4);
    spec.limits.frames = 21769; /* round (20000 * 48000 / 44100) */
    s_must_load (path, &spec, NULL);
    spec.limits.frames--;
    s_must_fail (path, &spec, NULL, FAILED_TOO_LONG, ": it is longer than the 21768 frames that are allowed");
}
END_TEST

START_TEST (channels)
{
    zample_decode_spec_t spec = { .rate_hz = 44100, .limits = files_limits };
    spec.limits.channels = 6;
    s_must_load (s_write_wav (6, FRAMES), &spec, NULL);
    s_must_fail (s_write_wav (7, FRAMES), &spec, NULL, FAILED_TOO_MANY_CHANNELS,
                 ": it has 7 channels, and no more than 6 are allowed");
    spec.limits.channels = 64;
    s_must_load (s_write_wav (64, FRAMES), &spec, NULL);
    s_must_fail (s_write_wav (65, FRAMES), &spec, NULL, FAILED_TOO_MANY_CHANNELS,
                 ": it has 65 channels, and no more than 64 are allowed");
}
END_TEST

START_TEST (streams)
{
    if (!files_have_ffmpeg ())
        return;
    zample_decode_spec_t spec = { .rate_hz = 44100, .limits = files_limits };
    s_write_wav (2, FRAMES);
    files_ffmpeg ("-i @l.wav -map 0:a -map 0:a -map 0:a -c:a alac @three.m4a");
    spec.limits.streams = 3;
    s_must_load (files_path ("three.m4a"), &spec, NULL);
    spec.limits.streams = 2;
    s_must_fail (files_path ("three.m4a"), &spec, NULL, FAILED_TOO_MANY_STREAMS,
                 ": it has more than the 2 streams that are allowed");
}
END_TEST

static bool
s_dawdle (void *context, double fraction)
{
    (void) context, (void) fraction;
    nanosleep (&(struct timespec) { .tv_nsec = 30000000 }, NULL);
    return true;
}

START_TEST (time_is_limited)
{
    zample_decode_spec_t spec = { .rate_hz = 48000, .limits = files_limits };
    zample_decode_watch_t watch = { .at_chunk = s_dawdle };
    s_must_load (s_write_wav (2, FRAMES), &spec, &watch);
    spec.limits.milliseconds = 20;
    s_must_fail (files_path ("l.wav"), &spec, &watch, FAILED_TOO_SLOW,
                 ": decoding it takes longer than the 20 ms that are allowed");
}
END_TEST

typedef struct {
    size_t budget;
    size_t asked; /* the most that was */
    int asks;
} s_budget_t;

static bool
s_make_room (void *context, size_t bytes)
{
    s_budget_t *budget = context;
    budget->asks++;
    budget->asked = bytes > budget->asked ? bytes : budget->asked;
    return bytes <= budget->budget;
}

/*  With and without a resampler. */
START_TEST (room_is_asked_for_before_it_is_taken)
{
    s_budget_t budget = { .budget = SIZE_MAX };
    zample_decode_spec_t spec = { .rate_hz = _i == 0 ? 44100 : 48000, .limits = files_limits };
    zample_decode_watch_t watch = { .make_room = s_make_room, .context = &budget };
    zample_failure_t failure;
    zample_sound_t *sound = files_decode (s_write_wav (2, FRAMES), &spec, &watch, &failure);
    ck_assert_int_eq (budget.asks, 1);
    ck_assert_uint_ge (budget.asked, zample_sound_bytes (sound));
    ck_assert_uint_le (budget.asked, zample_sound_bytes (sound) + 65536);
    zample_sound_release (&sound);
    budget = (s_budget_t) { .budget = budget.asked - 1 };
    s_must_fail (files_path ("l.wav"), &spec, &watch, FAILED_OVER_BUDGET,
                 ": there is no room for it in the memory that sounds may take");
    ck_assert_int_eq (budget.asks, 1);
}
END_TEST

START_TEST (room_is_asked_for_again_when_the_file_turns_out_longer)
{
    s_budget_t budget = { .budget = SIZE_MAX };
    zample_decode_spec_t spec = { .rate_hz = _i == 0 ? 44100 : 48000, .limits = files_limits };
    zample_decode_watch_t watch = { .make_room = s_make_room, .context = &budget };
    zample_failure_t failure;
    zample_sound_t *sound = files_decode (s_write_wav (2, 0xffffffff / 4), &spec, &watch, &failure);
    ck_assert_int_ge (budget.asks, 2);
    ck_assert_uint_ge (budget.asked, zample_sound_bytes (sound));
    /* Where there is no room to grow by a good deal, it grows by as much as it needs. */
    budget = (s_budget_t) { .budget = zample_sound_bytes (sound) + 65536 };
    zample_sound_release (&sound);
    s_must_load (files_path ("l.wav"), &spec, &watch);
    ck_assert_uint_gt (budget.asked, budget.budget);
    budget.budget /= 2;
    s_must_fail (files_path ("l.wav"), &spec, &watch, FAILED_OVER_BUDGET,
                 ": there is no room for it in the memory that sounds may take");
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("decode_limits");
    TCase *tests = tcase_create ("decode_limits");
    tcase_set_timeout (tests, 60);
    tcase_add_loop_test (tests, frames, 0, 2);
    tcase_add_test (tests, channels);
    tcase_add_test (tests, streams);
    tcase_add_test (tests, time_is_limited);
    tcase_add_loop_test (tests, room_is_asked_for_before_it_is_taken, 0, 2);
    tcase_add_loop_test (tests, room_is_asked_for_again_when_the_file_turns_out_longer, 0, 2);
    suite_add_tcase (suite, tests);
    files_begin ();
    int status = run_suite (suite);
    files_end ();
    return status;
}
