/*  Samples: silent, aligned, guarded on both sides, and as they were whenever there is no memory. The
    allocations of this program are fakes that fail on demand (the linker's --wrap); nothing else is. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "engine/sound.h"
#include "tests/support/failing.h"
#include "tests/support/run_suite.h"

#define HUGE_FRAMES ((int64_t) (2 << 20) / 8)

/* Around each place where memory is got in another way, and where that begins or ends. */
static const int64_t s_lengths[] = { 0,
                                     1,
                                     3,
                                     4,
                                     5,
                                     100,
                                     4096,
                                     100000,
                                     HUGE_FRAMES - 13,
                                     HUGE_FRAMES - 12,
                                     HUGE_FRAMES - 11,
                                     HUGE_FRAMES,
                                     HUGE_FRAMES + 1,
                                     2 * HUGE_FRAMES,
                                     5 * HUGE_FRAMES + 77 };
#define LENGTHS ((int) (sizeof (s_lengths) / sizeof (s_lengths[0])))

static float
s_value (int64_t index)
{
    return (float) (index % 1000 + 1);
}

static void
s_fill (zample_sound_t *sound)
{
    float *data = zample_sound_writable (sound);
    ck_assert_ptr_eq (data, sound->data);
    for (int64_t i = 0; i < ZAMPLE_CHANNELS * sound->frames; i++)
        data[i] = s_value (i);
}

/*  The first `filled` frames are as s_fill made them, all others are silent, the guards too. */
static void
s_must_hold (const zample_sound_t *sound, int64_t filled)
{
    int64_t guard = ZAMPLE_CHANNELS * ZAMPLE_GUARD_FRAMES;
    ck_assert_uint_eq ((uintptr_t) sound->data % 64, 0);
    for (int64_t i = -guard; i < ZAMPLE_CHANNELS * sound->frames + guard; i++) {
        float expected = i >= 0 && i < ZAMPLE_CHANNELS * filled ? s_value (i) : 0.0f;
        if (sound->data[i] < expected || sound->data[i] > expected)
            ck_abort_msg ("value %lld of %lld frames is %g", (long long) i, (long long) sound->frames,
                          (double) sound->data[i]);
    }
}

START_TEST (a_new_sample_is_silent_and_guarded)
{
    zample_sound_t *sound = zample_sound_new (s_lengths[_i]);
    ck_assert_ptr_nonnull (sound);
    ck_assert_int_eq (sound->frames, s_lengths[_i]);
    s_must_hold (sound, 0);
    s_fill (sound);
    s_must_hold (sound, sound->frames);
    zample_sound_release (&sound);
    ck_assert_ptr_null (sound);
}
END_TEST

START_TEST (a_long_sample_lies_on_huge_pages)
{
    zample_sound_t *sound = zample_sound_new (HUGE_FRAMES);
    ck_assert_uint_lt ((uintptr_t) sound->data % (2 << 20), 4096);
    zample_sound_release (&sound);
}
END_TEST

START_TEST (resizing_keeps_the_frames_and_adds_silence)
{
    for (int to = 0; to < LENGTHS; to++) {
        zample_sound_t *sound = zample_sound_new (s_lengths[_i]);
        s_fill (sound);
        int64_t kept = s_lengths[_i] < s_lengths[to] ? s_lengths[_i] : s_lengths[to];
        ck_assert (zample_sound_resize (sound, s_lengths[to]));
        ck_assert_int_eq (sound->frames, s_lengths[to]);
        s_must_hold (sound, kept);
        ck_assert (zample_sound_resize (sound, s_lengths[to] + 9));
        s_must_hold (sound, kept);
        zample_sound_release (&sound);
    }
}
END_TEST

START_TEST (without_memory_there_is_no_sample)
{
    for (int failing = 0; failing < 2; failing++) {
        failing_after (failing);
        zample_sound_t *sound = zample_sound_new (s_lengths[_i]);
        failing_stop ();
        ck_assert_ptr_null (sound);
    }
}
END_TEST

START_TEST (without_memory_a_sample_stays_as_it_was)
{
    for (int to = 0; to < LENGTHS; to++) {
        for (int failing = 0; failing < 3; failing++) {
            zample_sound_t *sound = zample_sound_new (s_lengths[_i]);
            s_fill (sound);
            failing_after (failing);
            bool resized = zample_sound_resize (sound, s_lengths[to]);
            failing_stop ();
            ck_assert_int_eq (sound->frames, resized ? s_lengths[to] : s_lengths[_i]);
            s_must_hold (sound, s_lengths[_i] < sound->frames ? s_lengths[_i] : sound->frames);
            zample_sound_release (&sound);
        }
    }
}
END_TEST

START_TEST (lengths_that_cannot_be_are_refused)
{
    ck_assert_ptr_null (zample_sound_new (-1));
    ck_assert_ptr_null (zample_sound_new (ZAMPLE_SOUND_FRAMES_MAX + 1));
    ck_assert_ptr_null (zample_sound_new (INT64_MAX));
    zample_sound_t *sound = zample_sound_new (10);
    ck_assert (!zample_sound_resize (sound, -1));
    ck_assert (!zample_sound_resize (sound, ZAMPLE_SOUND_FRAMES_MAX + 1));
    ck_assert_int_eq (sound->frames, 10);
    zample_sound_release (&sound);
}
END_TEST

START_TEST (destroying_nothing_is_forgiven)
{
    zample_sound_t *none = NULL;
    zample_sound_release (&none);
    ck_assert_ptr_null (none);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("sound");
    TCase *tests = tcase_create ("sound");
    tcase_set_timeout (tests, 120);
    tcase_add_loop_test (tests, a_new_sample_is_silent_and_guarded, 0, LENGTHS);
    tcase_add_test (tests, a_long_sample_lies_on_huge_pages);
    tcase_add_loop_test (tests, resizing_keeps_the_frames_and_adds_silence, 0, LENGTHS);
    tcase_add_loop_test (tests, without_memory_there_is_no_sample, 0, LENGTHS);
    tcase_add_loop_test (tests, without_memory_a_sample_stays_as_it_was, 0, LENGTHS);
    tcase_add_test (tests, lengths_that_cannot_be_are_refused);
    tcase_add_test (tests, destroying_nothing_is_forgiven);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
