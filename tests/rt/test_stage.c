/*  The block: when commands are taken and obeyed, and what is told of it. */
#include "config.h"

#include <math.h>

#include "engine/sample.h"
#include "tests/support/run_suite.h"
#include "tests/support/stage_fixture.h"

enum { FRAMES = 512 };

static stage_fixture_t s_stage;
static float s_out[FRAMES * ZAMPLE_CHANNELS];

static void
s_open (void)
{
    fixture_open (&s_stage, 4, 16);
}

static void
s_close (void)
{
    fixture_close (&s_stage);
}

/*  The first frame at which something sounds; FRAMES if nothing does. */
static int64_t
s_first_sound (void)
{
    for (int64_t i = 0; i < FRAMES; i++)
        if (s_out[2 * i] != 0.0f)
            return i;
    return FRAMES;
}

START_TEST (a_stage_without_commands_is_silent_and_counts_frames)
{
    zample_report_t report;
    fixture_render (&s_stage, s_out, 100);
    ck_assert_int_eq (s_stage.stage->frame, 100);
    ck_assert (!fixture_next_report (&s_stage, &report));
    ck_assert_int_eq (s_first_sound (), FRAMES);
}
END_TEST

START_TEST (what_was_in_the_block_is_overwritten)
{
    s_out[7] = 5.0f;
    fixture_render (&s_stage, s_out, 64);
    NEED_EQUAL (s_out[7], 0.0f);
}
END_TEST

START_TEST (a_voice_starts_at_its_very_frame)
{
    fixture_load (&s_stage, 0, 0, fixture_constant (FRAMES, 1.0f));
    for (int64_t frame = 0; frame < 130; frame++) {
        int64_t now = s_stage.stage->frame;
        uint64_t voice = fixture_play (&s_stage, now + frame, 0, FIXTURE_ONCE);
        fixture_render (&s_stage, s_out, FRAMES);
        ck_assert_int_eq (s_first_sound (), frame);
        NEED_EQUAL (s_out[2 * frame], 1.0f / ZAMPLE_RAMP_FRAMES);
        zample_report_t started = fixture_find_report (&s_stage, REPORT_VOICE_STARTED);
        ck_assert_int_eq (started.frame, now + frame);
        ck_assert_uint_eq (started.voice, voice);
        fixture_render (&s_stage, NULL, FRAMES);
        fixture_count_reports (&s_stage, REPORT_VOICE_ENDED);
    }
}
END_TEST

START_TEST (a_command_for_now_is_obeyed_at_the_start_of_the_next_block)
{
    fixture_render (&s_stage, s_out, 70);
    fixture_load (&s_stage, 0, 2, fixture_constant (FRAMES, 1.0f));
    fixture_play (&s_stage, 0, 2, FIXTURE_ONCE);
    fixture_render (&s_stage, s_out, FRAMES);
    ck_assert_int_eq (s_first_sound (), 0);
    zample_report_t ready = fixture_find_report (&s_stage, REPORT_READY);
    ck_assert_int_eq (ready.frame, 70);
    ck_assert_uint_eq (ready.slot, 2);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_LATE), 0);
}
END_TEST

START_TEST (a_render_of_no_frames_obeys_what_is_due)
{
    fixture_load (&s_stage, 0, 0, fixture_constant (FRAMES, 1.0f));
    fixture_play (&s_stage, 0, 0, FIXTURE_ONCE);
    fixture_play (&s_stage, 1, 0, FIXTURE_ONCE);
    zample_stage_render (s_stage.stage, s_out, 0);
    ck_assert_int_eq (s_stage.stage->frame, 0);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_VOICE_STARTED), 1);
    fixture_render (&s_stage, s_out, 1);
    zample_stage_render (s_stage.stage, s_out, 0);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_VOICE_STARTED), 1);
}
END_TEST

START_TEST (a_frame_that_has_passed_is_obeyed_at_once_and_told)
{
    fixture_load (&s_stage, 0, 0, fixture_constant (FRAMES, 1.0f));
    fixture_render (&s_stage, s_out, 300);
    uint64_t voice = fixture_play (&s_stage, 180, 0, FIXTURE_ONCE);
    fixture_render (&s_stage, s_out, FRAMES);
    ck_assert_int_eq (s_first_sound (), 0);
    zample_report_t late = fixture_find_report (&s_stage, REPORT_LATE);
    ck_assert_int_eq (late.u.frames, 120);
    ck_assert_int_eq (late.frame, 300);
    ck_assert_uint_eq (late.number, voice);
    ck_assert_uint_eq (late.voice, voice);
    ck_assert_uint_eq (late.command, COMMAND_PLAY);
    ck_assert_uint_eq (late.slot, 0);
    ck_assert_int_eq (fixture_find_report (&s_stage, REPORT_VOICE_STARTED).frame, 300);
}
END_TEST

START_TEST (the_frame_that_is_rendered_next_is_not_late)
{
    fixture_load (&s_stage, 0, 0, fixture_constant (FRAMES, 1.0f));
    fixture_render (&s_stage, s_out, 300);
    fixture_play (&s_stage, 300, 0, FIXTURE_ONCE);
    fixture_render (&s_stage, s_out, FRAMES);
    ck_assert_int_eq (s_first_sound (), 0);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_LATE), 0);
}
END_TEST

START_TEST (commands_for_one_frame_are_obeyed_in_the_order_in_which_they_came)
{
    fixture_load (&s_stage, 0, 0, fixture_constant (FRAMES, 1.0f));
    for (int i = 0; i < 8; i++) {
        uint64_t voice = fixture_play (&s_stage, 100, 0, FIXTURE_ONCE);
        fixture_tell_voice (&s_stage, 100, COMMAND_PAUSE, voice);
        fixture_tell_voice (&s_stage, 100, COMMAND_RESUME, voice);
    }
    fixture_render (&s_stage, s_out, 128);
    fixture_find_report (&s_stage, REPORT_READY);
    for (uint64_t i = 0; i < 24; i++) {
        zample_report_t report;
        ck_assert (fixture_next_report (&s_stage, &report));
        ck_assert_uint_eq (report.kind, REPORT_VOICE_STARTED + i % 3);
        ck_assert_uint_eq (report.voice, 2 + 3 * (i / 3));
        ck_assert_int_eq (report.frame, 100);
    }
}
END_TEST

START_TEST (what_was_scheduled_for_a_frame_goes_before_what_comes_at_that_frame)
{
    fixture_load (&s_stage, 0, 0, fixture_constant (FRAMES, 1.0f));
    uint64_t first = fixture_play (&s_stage, 128, 0, FIXTURE_ONCE);
    fixture_render (&s_stage, s_out, 128);
    uint64_t second = fixture_play (&s_stage, 0, 0, FIXTURE_ONCE);
    fixture_render (&s_stage, s_out, 64);
    ck_assert_uint_eq (fixture_find_report (&s_stage, REPORT_VOICE_STARTED).voice, first);
    ck_assert_uint_eq (fixture_find_report (&s_stage, REPORT_VOICE_STARTED).voice, second);
}
END_TEST

START_TEST (frames_come_in_order_even_if_commands_do_not)
{
    static const int64_t frames[] = { 200, 30, 90, 31, 199, 29, 90 };
    fixture_load (&s_stage, 0, 0, fixture_constant (FRAMES, 1.0f));
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
        fixture_play (&s_stage, frames[i], 0, FIXTURE_ONCE);
    fixture_render (&s_stage, s_out, 256);
    static const uint64_t voices[] = { 7, 3, 5, 4, 8, 6, 2 };
    for (size_t i = 0; i < sizeof voices / sizeof *voices; i++)
        ck_assert_uint_eq (fixture_find_report (&s_stage, REPORT_VOICE_STARTED).voice, voices[i]);
}
END_TEST

START_TEST (a_command_that_the_schedule_has_no_room_for_is_rejected)
{
    fixture_load (&s_stage, 0, 0, fixture_constant (64, 1.0f));
    for (int i = 0; i < ZAMPLE_SCHEDULE_CAPACITY; i++) {
        fixture_tell_slot (&s_stage, 100000, COMMAND_STOP_SLOT, 0);
        if (i % 128 == 0)
            fixture_render (&s_stage, s_out, 64);
    }
    fixture_render (&s_stage, s_out, FRAMES);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_REJECTED), 0);
    uint64_t number = fixture_play (&s_stage, 100000, 0, FIXTURE_ONCE);
    fixture_render (&s_stage, s_out, 64);
    zample_report_t rejected = fixture_find_report (&s_stage, REPORT_REJECTED);
    ck_assert_uint_eq (rejected.reason, REJECTED_SCHEDULE_FULL);
    ck_assert_uint_eq (rejected.number, number);
    ck_assert_uint_eq (rejected.voice, number);
    ck_assert_uint_eq (rejected.command, COMMAND_PLAY);
}
END_TEST

START_TEST (a_sound_that_the_schedule_has_no_room_for_is_told_and_comes_back)
{
    for (int i = 0; i < ZAMPLE_SCHEDULE_CAPACITY; i++) {
        fixture_tell_slot (&s_stage, 100000, COMMAND_STOP_SLOT, 0);
        if (i % 128 == 0)
            fixture_render (&s_stage, s_out, 64);
    }
    fixture_render (&s_stage, s_out, FRAMES);
    zample_sample_t *sample = fixture_constant (64, 1.0f);
    fixture_load (&s_stage, 100000, 0, sample);
    fixture_render (&s_stage, s_out, 64);
    zample_report_t rejected = fixture_find_report (&s_stage, REPORT_REJECTED);
    ck_assert_uint_eq (rejected.command, COMMAND_LOAD);
    ck_assert_ptr_eq (rejected.u.sample, sample);
    zample_sample_destroy (&rejected.u.sample);
}
END_TEST

START_TEST (a_block_takes_no_more_commands_than_its_budget)
{
    for (int i = 0; i < ZAMPLE_COMMANDS_A_BLOCK + 10; i++)
        fixture_tell_voice (&s_stage, 0, COMMAND_STOP, 99);
    fixture_render (&s_stage, s_out, 64);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_REJECTED), ZAMPLE_COMMANDS_A_BLOCK);
    fixture_render (&s_stage, s_out, 64);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_REJECTED), 10);
}
END_TEST

START_TEST (cells_are_read_once_a_block_and_the_level_ramps)
{
    fixture_load (&s_stage, 0, 0, fixture_constant (FRAMES, 1.0f));
    fixture_play (&s_stage, 0, 0, FIXTURE_ONCE);
    fixture_render (&s_stage, s_out, 128);
    zample_cell_set (&s_stage.doorway->slots[0].gain, 0.5f);
    fixture_render (&s_stage, s_out, 192);
    for (int i = 0; i < 192; i++) {
        float level = i < ZAMPLE_RAMP_FRAMES ? 1.0f - 0.5f * (float) (i + 1) / ZAMPLE_RAMP_FRAMES : 0.5f;
        NEED_NEAR (s_out[2 * i], level, 1e-5);
    }
}
END_TEST

START_TEST (the_speed_of_a_slot_multiplies_the_speed_of_a_voice)
{
    fixture_load (&s_stage, 0, 0, fixture_count (4096));
    zample_cell_set (&s_stage.doorway->slots[0].speed, 4.0f);
    fixture_play (&s_stage, 0, 0, (fixture_play_t) { .gain = 1.0f, .speed = 0.5f });
    fixture_render (&s_stage, s_out, 256);
    for (int i = ZAMPLE_RAMP_FRAMES; i < 256; i++)
        NEED_EQUAL (s_out[2 * i] * 65536.0f, (float) (2 * i + 1));
}
END_TEST

START_TEST (a_slot_s_cells_do_not_move_another_slot)
{
    fixture_load (&s_stage, 0, 0, fixture_constant (FRAMES, 1.0f));
    zample_cell_set (&s_stage.doorway->slots[1].gain, 0.0f);
    fixture_play (&s_stage, 0, 0, FIXTURE_ONCE);
    fixture_render (&s_stage, s_out, 128);
    NEED_EQUAL (s_out[2 * 127], 1.0f);
}
END_TEST

START_TEST (a_voice_ends_at_the_frame_behind_its_last)
{
    fixture_load (&s_stage, 0, 0, fixture_constant (50, 1.0f));
    uint64_t voice = fixture_play (&s_stage, 14, 0, FIXTURE_ONCE);
    fixture_render (&s_stage, s_out, 256);
    zample_report_t ended = fixture_find_report (&s_stage, REPORT_VOICE_ENDED);
    ck_assert_int_eq (ended.frame, 64);
    ck_assert_uint_eq (ended.voice, voice);
    ck_assert_uint_eq (ended.reason, ENDED_FINISHED);
    NEED_OTHER (s_out[2 * 63], 0.0f);
    NEED_EQUAL (s_out[2 * 64], 0.0f);
    ck_assert_uint_eq (s_stage.stage->active_count, 0);
}
END_TEST

START_TEST (word_of_the_device_waits_for_room_behind_all_else)
{
    fixture_close (&s_stage);
    fixture_open_shape (&s_stage, &(zample_stage_shape_t) {
                                      .slots = 1, .voices = 1, .command_capacity = 8, .event_capacity = 2 });
    zample_report_t xrun = { .kind = REPORT_DEVICE, .reason = DEVICE_XRUN }, report;
    for (int i = 0; i < 3; i++)
        fixture_tell_voice (&s_stage, 100, COMMAND_STOP, 9);
    fixture_render (&s_stage, s_out, 128);
    ck_assert (!zample_stage_tell (s_stage.stage, &xrun));
    for (int i = 0; i < 2; i++) {
        ck_assert (fixture_next_report (&s_stage, &report));
        ck_assert_uint_eq (report.kind, REPORT_REJECTED);
    }
    ck_assert (zample_stage_tell (s_stage.stage, &xrun));
    ck_assert (fixture_next_report (&s_stage, &report) && report.kind == REPORT_REJECTED);
    ck_assert (fixture_next_report (&s_stage, &report) && report.kind == REPORT_DEVICE);
}
END_TEST

START_TEST (while_something_waits_to_be_told_no_command_is_taken)
{
    fixture_close (&s_stage);
    fixture_open_shape (&s_stage, &(zample_stage_shape_t) {
                                      .slots = 1, .voices = 4, .command_capacity = 4, .event_capacity = 2 });
    zample_command_t stop = { .kind = COMMAND_STOP, .voice = 9 };
    uint64_t ticket = 0;
    for (int blocks = 0; blocks < 10; blocks++) {
        while (zample_command_ring_push (&s_stage.doorway->commands, &stop, &ticket))
            ;
        fixture_render (&s_stage, s_out, 64);
    }
    ck_assert_msg (ticket + 1 == 2 + 1 + 4, "two told, one waiting, four on the ring");
    int told = 0;
    for (int blocks = 0; blocks < 10; blocks++) {
        told += fixture_count_reports (&s_stage, REPORT_REJECTED);
        fixture_render (&s_stage, s_out, 64);
    }
    ck_assert_int_eq (told, 7);
}
END_TEST

int
main (void)
{
    TCase *tcase = tcase_create ("stage");
    tcase_add_checked_fixture (tcase, s_open, s_close);
    tcase_add_test (tcase, a_stage_without_commands_is_silent_and_counts_frames);
    tcase_add_test (tcase, what_was_in_the_block_is_overwritten);
    tcase_add_test (tcase, a_voice_starts_at_its_very_frame);
    tcase_add_test (tcase, a_command_for_now_is_obeyed_at_the_start_of_the_next_block);
    tcase_add_test (tcase, a_render_of_no_frames_obeys_what_is_due);
    tcase_add_test (tcase, a_frame_that_has_passed_is_obeyed_at_once_and_told);
    tcase_add_test (tcase, the_frame_that_is_rendered_next_is_not_late);
    tcase_add_test (tcase, commands_for_one_frame_are_obeyed_in_the_order_in_which_they_came);
    tcase_add_test (tcase, what_was_scheduled_for_a_frame_goes_before_what_comes_at_that_frame);
    tcase_add_test (tcase, frames_come_in_order_even_if_commands_do_not);
    tcase_add_test (tcase, a_command_that_the_schedule_has_no_room_for_is_rejected);
    tcase_add_test (tcase, a_sound_that_the_schedule_has_no_room_for_is_told_and_comes_back);
    tcase_add_test (tcase, a_block_takes_no_more_commands_than_its_budget);
    tcase_add_test (tcase, cells_are_read_once_a_block_and_the_level_ramps);
    tcase_add_test (tcase, the_speed_of_a_slot_multiplies_the_speed_of_a_voice);
    tcase_add_test (tcase, a_slot_s_cells_do_not_move_another_slot);
    tcase_add_test (tcase, a_voice_ends_at_the_frame_behind_its_last);
    tcase_add_test (tcase, word_of_the_device_waits_for_room_behind_all_else);
    tcase_add_test (tcase, while_something_waits_to_be_told_no_command_is_taken);
    Suite *suite = suite_create ("stage");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
