/*  The meter: one record for each window of 2,048 frames, whatever the blocks. */
#include "config.h"

#include <math.h>

#include "tests/support/run_suite.h"
#include "tests/support/stage_fixture.h"

static zample_doorway_t s_doorway;
static zample_meter_state_t s_meter;
static float s_frames[3 * ZAMPLE_METER_FRAMES * ZAMPLE_CHANNELS];

static void
s_open (void)
{
    zample_latest_init (&s_doorway.meter);
    zample_meter_init (&s_meter, &s_doorway.meter);
    memset (s_frames, 0, sizeof s_frames);
}

static void
s_need (int64_t frame, float left, float right, uint32_t voices)
{
    zample_meter_record_t meter = zample_doorway_meter (&s_doorway);
    ck_assert_int_eq (meter.frame, frame);
    NEED_EQUAL (meter.peak[0], left);
    NEED_EQUAL (meter.peak[1], right);
    ck_assert_uint_eq (meter.voices, voices);
}

START_TEST (nothing_is_told_before_the_first_window_ends)
{
    zample_meter_watch (&s_meter, s_frames, ZAMPLE_METER_FRAMES - 1, 0, 3);
    s_need (0, 0.0f, 0.0f, 0);
    zample_meter_watch (&s_meter, s_frames, 1, ZAMPLE_METER_FRAMES - 1, 3);
    s_need (ZAMPLE_METER_FRAMES, 0.0f, 0.0f, 3);
}
END_TEST

START_TEST (the_peak_is_the_largest_absolute_value_of_each_channel_even_beyond_1)
{
    s_frames[2 * 5] = 0.25f;
    s_frames[2 * 2047] = -0.5f;
    s_frames[2 * 100 + 1] = 1.75f;
    s_frames[2 * 101 + 1] = -1.5f;
    zample_meter_watch (&s_meter, s_frames, ZAMPLE_METER_FRAMES, 0, 1);
    s_need (ZAMPLE_METER_FRAMES, 0.5f, 1.75f, 1);
}
END_TEST

START_TEST (a_window_forgets_the_one_before_it)
{
    s_frames[0] = 0.5f;
    s_frames[2 * ZAMPLE_METER_FRAMES + 1] = 0.125f;
    zample_meter_watch (&s_meter, s_frames, 2 * ZAMPLE_METER_FRAMES, 0, 1);
    s_need (2 * ZAMPLE_METER_FRAMES, 0.0f, 0.125f, 1);
}
END_TEST

START_TEST (blocks_that_do_not_fit_the_window_are_cut)
{
    for (int64_t frame = 0; frame + 100 <= 3 * ZAMPLE_METER_FRAMES; frame += 100) {
        s_frames[2 * (frame + 99)] = (float) frame / 1000.0f;
        zample_meter_watch (&s_meter, s_frames + 2 * frame, 100, frame, 2);
    }
    s_need (2 * ZAMPLE_METER_FRAMES, 3.9f, 0.0f, 2);
}
END_TEST

START_TEST (the_stage_s_meter_shows_what_was_rendered)
{
    stage_fixture_t stage;
    fixture_open (&stage, 1, 4);
    fixture_load (&stage, 0, 0, fixture_constant (64, 0.5f));
    fixture_play (&stage, 0, 0, (fixture_play_t) { .gain = 1.0f, .pan = -1.0f, .speed = 1.0f, .loop = true });
    fixture_render (&stage, NULL, 2 * ZAMPLE_METER_FRAMES);
    zample_meter_record_t meter = zample_doorway_meter (stage.doorway);
    ck_assert_int_eq (meter.frame, 2 * ZAMPLE_METER_FRAMES);
    NEED_EQUAL (meter.peak[0], 0.5f * sqrtf (2.0f));
    NEED_EQUAL (meter.peak[1], 0.0f);
    ck_assert_uint_eq (meter.voices, 1);
    fixture_close (&stage);
}
END_TEST

int
main (void)
{
    TCase *tcase = tcase_create ("meter");
    tcase_add_checked_fixture (tcase, s_open, NULL);
    tcase_add_test (tcase, nothing_is_told_before_the_first_window_ends);
    tcase_add_test (tcase, the_peak_is_the_largest_absolute_value_of_each_channel_even_beyond_1);
    tcase_add_test (tcase, a_window_forgets_the_one_before_it);
    tcase_add_test (tcase, blocks_that_do_not_fit_the_window_are_cut);
    tcase_add_test (tcase, the_stage_s_meter_shows_what_was_rendered);
    Suite *suite = suite_create ("meter");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
