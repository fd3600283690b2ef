/*  What each command does to voices and slots. */
#include "config.h"

#include <math.h>

#include "tests/support/run_suite.h"
#include "tests/support/stage_fixture.h"

enum { FRAMES = 1024, VOICES = 3 };

#define STEP (1.0f / ZAMPLE_RAMP_FRAMES)

static stage_fixture_t s_stage;
static float s_out[FRAMES * ZAMPLE_CHANNELS];

/*  Slot 0 holds a constant of 1, slot 1 counts. */
static void
s_open (void)
{
    fixture_open (&s_stage, 4, VOICES);
    fixture_load (&s_stage, 0, 0, fixture_constant (600, 1.0f));
    fixture_load (&s_stage, 0, 1, fixture_count (600));
}

static void
s_close (void)
{
    fixture_close (&s_stage);
}

static float
s_left (int64_t frame)
{
    return s_out[2 * frame];
}

static void
s_need_rejected (zample_rejected_tag_t reason, zample_command_tag_t command, uint64_t number)
{
    zample_report_t rejected = fixture_find_report (&s_stage, REPORT_REJECTED);
    ck_assert_uint_eq (rejected.reason, reason);
    ck_assert_uint_eq (rejected.command, command);
    ck_assert_uint_eq (rejected.number, number);
}

static void
s_need_ended (uint64_t voice, zample_ended_tag_t reason, int64_t frame)
{
    zample_report_t ended = fixture_find_report (&s_stage, REPORT_VOICE_ENDED);
    ck_assert_uint_eq (ended.voice, voice);
    ck_assert_uint_eq (ended.reason, reason);
    ck_assert_int_eq (ended.frame, frame);
}

/* --------------------------------------------------------------------- stops */

START_TEST (a_stopped_voice_fades_out_and_ends_when_it_is_silent)
{
    uint64_t voice = fixture_play (&s_stage, 0, 0, FIXTURE_LOOP);
    fixture_tell_voice (&s_stage, 201, COMMAND_STOP, voice);
    fixture_render (&s_stage, s_out, FRAMES);
    NEED_EQUAL (s_left (200), 1.0f);
    NEED_NEAR (s_left (201), 1.0f - STEP, 1e-6);
    NEED_NEAR (s_left (295), STEP, 1e-4);
    NEED_EQUAL (s_left (297), 0.0f);
    s_need_ended (voice, ENDED_STOPPED, 201 + ZAMPLE_RAMP_FRAMES);
}
END_TEST

START_TEST (a_voice_that_is_stopped_as_it_starts_is_never_heard)
{
    uint64_t voice = fixture_play (&s_stage, 10, 0, FIXTURE_LOOP);
    fixture_tell_voice (&s_stage, 10, COMMAND_STOP, voice);
    fixture_render (&s_stage, s_out, 128);
    for (int i = 0; i < 256; i++)
        NEED_EQUAL (s_out[i], 0.0f);
    s_need_ended (voice, ENDED_STOPPED, 10 + ZAMPLE_RAMP_FRAMES);
}
END_TEST

START_TEST (a_voice_that_never_was_is_rejected)
{
    static const zample_command_tag_t kinds[] = { COMMAND_STOP, COMMAND_PAUSE, COMMAND_RESUME, COMMAND_SEEK };
    uint64_t number = fixture_tell_voice (&s_stage, 0, kinds[_i], 77);
    fixture_render (&s_stage, s_out, 64);
    s_need_rejected (REJECTED_NO_VOICE, kinds[_i], number);
}
END_TEST

START_TEST (a_voice_that_is_fading_out_to_its_end_takes_no_more_commands)
{
    uint64_t voice = fixture_play (&s_stage, 0, 0, FIXTURE_LOOP);
    fixture_tell_voice (&s_stage, 100, COMMAND_STOP, voice);
    uint64_t number = fixture_tell_voice (&s_stage, 101, COMMAND_RESUME, voice);
    fixture_render (&s_stage, s_out, 256);
    s_need_rejected (REJECTED_NO_VOICE, COMMAND_RESUME, number);
}
END_TEST

START_TEST (stopping_a_slot_stops_its_voices_alone)
{
    uint64_t here = fixture_play (&s_stage, 0, 0, FIXTURE_LOOP);
    uint64_t there = fixture_play (&s_stage, 0, 1, FIXTURE_LOOP);
    fixture_tell_slot (&s_stage, 100, COMMAND_STOP_SLOT, 0);
    fixture_tell_slot (&s_stage, 100, COMMAND_STOP_SLOT, 3);
    fixture_render (&s_stage, s_out, 256);
    s_need_ended (here, ENDED_STOPPED, 196);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_REJECTED), 0);
    ck_assert_uint_eq (s_stage.stage->active_count, 1);
    ck_assert_uint_eq (s_stage.stage->active[0]->number, there);
}
END_TEST

START_TEST (stopping_all_stops_what_sounds_and_what_pauses)
{
    fixture_play (&s_stage, 0, 0, FIXTURE_LOOP);
    uint64_t paused = fixture_play (&s_stage, 0, 1, FIXTURE_LOOP);
    fixture_tell_voice (&s_stage, 10, COMMAND_PAUSE, paused);
    fixture_tell_slot (&s_stage, 200, COMMAND_STOP_ALL, ZAMPLE_WIRE_NO_SLOT);
    fixture_render (&s_stage, s_out, 512);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_VOICE_ENDED), 2);
    ck_assert_uint_eq (s_stage.stage->active_count, 0);
}
END_TEST

/* ---------------------------------------------------------- pause, resume, seek */

START_TEST (a_paused_voice_holds_where_it_fell_silent)
{
    uint64_t voice = fixture_play (&s_stage, 0, 1, FIXTURE_ONCE);
    fixture_tell_voice (&s_stage, 100, COMMAND_PAUSE, voice);
    fixture_tell_voice (&s_stage, 300, COMMAND_RESUME, voice);
    fixture_render (&s_stage, s_out, 512);
    NEED_EQUAL (s_left (196), 0.0f);
    NEED_EQUAL (s_left (299), 0.0f);
    NEED_EQUAL (s_left (300), 197.0f / 65536.0f * STEP);
    NEED_EQUAL (s_left (400), 297.0f / 65536.0f);
    ck_assert_int_eq (fixture_find_report (&s_stage, REPORT_VOICE_PAUSED).frame, 100);
    ck_assert_int_eq (fixture_find_report (&s_stage, REPORT_VOICE_RESUMED).frame, 300);
}
END_TEST

START_TEST (a_voice_that_already_is_as_asked_stays_so_without_a_word)
{
    uint64_t voice = fixture_play (&s_stage, 0, 0, FIXTURE_LOOP);
    fixture_tell_voice (&s_stage, 5, COMMAND_RESUME, voice);
    fixture_tell_voice (&s_stage, 100, COMMAND_PAUSE, voice);
    fixture_tell_voice (&s_stage, 110, COMMAND_PAUSE, voice);
    fixture_tell_voice (&s_stage, 250, COMMAND_PAUSE, voice);
    fixture_tell_voice (&s_stage, 300, COMMAND_RESUME, voice);
    fixture_tell_voice (&s_stage, 310, COMMAND_RESUME, voice);
    fixture_render (&s_stage, s_out, 512);
    NEED_NEAR (s_left (309), 10.0f * STEP, 1e-6);
    NEED_NEAR (s_left (320), 21.0f * STEP, 1e-6);
    zample_report_t report;
    int paused = 0, resumed = 0, rejected = 0;
    while (fixture_next_report (&s_stage, &report)) {
        paused += report.kind == REPORT_VOICE_PAUSED;
        resumed += report.kind == REPORT_VOICE_RESUMED;
        rejected += report.kind == REPORT_REJECTED;
    }
    ck_assert_int_eq (paused, 1);
    ck_assert_int_eq (resumed, 1);
    ck_assert_int_eq (rejected, 0);
}
END_TEST

START_TEST (resuming_in_the_middle_of_the_fade_goes_on_from_the_level_that_is)
{
    uint64_t voice = fixture_play (&s_stage, 0, 0, FIXTURE_LOOP);
    fixture_tell_voice (&s_stage, 100, COMMAND_PAUSE, voice);
    fixture_tell_voice (&s_stage, 148, COMMAND_RESUME, voice);
    fixture_render (&s_stage, s_out, 512);
    NEED_NEAR (s_left (147), 0.5f, 1e-5);
    NEED_NEAR (s_left (148), 0.5f + 0.5f * STEP, 1e-5);
    NEED_EQUAL (s_left (300), 1.0f);
}
END_TEST

START_TEST (a_seek_crosses_over_to_the_other_place)
{
    uint64_t voice = fixture_play (&s_stage, 0, 1, FIXTURE_ONCE);
    fixture_seek (&s_stage, 100, voice, 400);
    fixture_render (&s_stage, s_out, 256);
    NEED_NEAR (s_left (147) * 65536.0f, 0.5f * 148.0f + 0.5f * 448.0f, 1e-2);
    NEED_EQUAL (s_left (200) * 65536.0f, 501.0f);
    fixture_render (&s_stage, s_out, 256);
    s_need_ended (voice, ENDED_FINISHED, 300);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_VOICE_ENDED), 0);
}
END_TEST

START_TEST (a_paused_voice_that_is_moved_stays_silent_and_goes_on_from_there)
{
    uint64_t voice = fixture_play (&s_stage, 0, 1, FIXTURE_ONCE);
    fixture_tell_voice (&s_stage, 50, COMMAND_PAUSE, voice);
    fixture_seek (&s_stage, 200, voice, 30);
    fixture_tell_voice (&s_stage, 300, COMMAND_RESUME, voice);
    fixture_render (&s_stage, s_out, 512);
    for (int64_t i = 146; i < 300; i++)
        NEED_EQUAL (s_left (i), 0.0f);
    NEED_EQUAL (s_left (400) * 65536.0f, 131.0f);
}
END_TEST

START_TEST (a_paused_voice_that_is_moved_leaves_nothing_behind)
{
    uint64_t voice = fixture_play (&s_stage, 0, 1, FIXTURE_ONCE);
    fixture_tell_voice (&s_stage, 50, COMMAND_PAUSE, voice);
    fixture_seek (&s_stage, 200, voice, 30);
    fixture_render (&s_stage, s_out, 256);
    ck_assert_uint_eq (s_stage.stage->active_count, 1);
}
END_TEST

START_TEST (a_seek_to_the_last_frame_is_obeyed_and_behind_it_rejected)
{
    uint64_t voice = fixture_play (&s_stage, 0, 0, FIXTURE_ONCE);
    uint64_t number = fixture_seek (&s_stage, 50, voice, 600);
    fixture_seek (&s_stage, 100, voice, 599);
    fixture_render (&s_stage, s_out, 256);
    s_need_rejected (REJECTED_BEHIND_END, COMMAND_SEEK, number);
    s_need_ended (voice, ENDED_FINISHED, 101);
}
END_TEST

/* ---------------------------------------------------------------------- slots */

START_TEST (playing_an_empty_slot_is_rejected)
{
    uint64_t number = fixture_play (&s_stage, 20, 3, FIXTURE_ONCE);
    fixture_render (&s_stage, s_out, 64);
    s_need_rejected (REJECTED_EMPTY_SLOT, COMMAND_PLAY, number);
}
END_TEST

START_TEST (emptying_an_empty_slot_is_rejected)
{
    uint64_t number = fixture_tell_slot (&s_stage, 20, COMMAND_UNLOAD, 3);
    fixture_render (&s_stage, s_out, 64);
    s_need_rejected (REJECTED_EMPTY_SLOT, COMMAND_UNLOAD, number);
}
END_TEST

START_TEST (a_sound_that_nobody_plays_is_retired_in_the_block_that_unloads_it)
{
    fixture_tell_slot (&s_stage, 20, COMMAND_UNLOAD, 0);
    fixture_render (&s_stage, s_out, 64);
    zample_report_t retired = fixture_find_report (&s_stage, REPORT_RETIRED);
    ck_assert_uint_eq (retired.slot, 0);
    ck_assert_int_eq (retired.frame, 64);
}
END_TEST

START_TEST (an_unloaded_sound_is_retired_when_its_last_voice_has_faded)
{
    uint64_t voice = fixture_play (&s_stage, 0, 0, FIXTURE_LOOP);
    fixture_tell_slot (&s_stage, 100, COMMAND_UNLOAD, 0);
    fixture_render (&s_stage, s_out, 192);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_RETIRED), 0);
    fixture_render (&s_stage, s_out, 64);
    s_need_ended (voice, ENDED_UNLOADED, 196);
    fixture_find_report (&s_stage, REPORT_RETIRED);
}
END_TEST

START_TEST (a_new_sound_is_ready_at_once_while_the_old_one_fades)
{
    uint64_t before = fixture_play (&s_stage, 0, 0, FIXTURE_LOOP);
    zample_sample_t *sample = fixture_constant (600, 0.5f);
    fixture_load (&s_stage, 100, 0, sample);
    fixture_play (&s_stage, 100, 0, FIXTURE_LOOP);
    fixture_render (&s_stage, s_out, 256);
    NEED_NEAR (s_left (147), 0.75f, 1e-4);
    NEED_EQUAL (s_left (200), 0.5f);
    zample_report_t ready;
    do
        ready = fixture_find_report (&s_stage, REPORT_READY);
    while (ready.u.sample != sample);
    ck_assert_int_eq (ready.frame, 100);
    s_need_ended (before, ENDED_REPLACED, 196);
    fixture_find_report (&s_stage, REPORT_RETIRED);
}
END_TEST

START_TEST (what_the_loader_left_in_the_stage_s_own_members_does_not_matter)
{
    zample_sample_t *sample = fixture_constant (64, 1.0f);
    sample->users = 7;
    sample->leaving = ENDED_REPLACED;
    fixture_load (&s_stage, 0, 3, sample);
    fixture_play (&s_stage, 0, 3, FIXTURE_ONCE);
    fixture_render (&s_stage, s_out, 128);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_RETIRED), 0);
    fixture_tell_slot (&s_stage, 0, COMMAND_UNLOAD, 3);
    fixture_render (&s_stage, s_out, 64);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_RETIRED), 1);
}
END_TEST

START_TEST (a_voice_that_was_stopped_before_its_slot_was_emptied_ends_stopped)
{
    uint64_t voice = fixture_play (&s_stage, 0, 0, FIXTURE_LOOP);
    fixture_tell_voice (&s_stage, 100, COMMAND_STOP, voice);
    fixture_tell_slot (&s_stage, 110, COMMAND_UNLOAD, 0);
    fixture_render (&s_stage, s_out, 256);
    s_need_ended (voice, ENDED_STOPPED, 196);
    fixture_find_report (&s_stage, REPORT_RETIRED);
}
END_TEST

/* ------------------------------------------------------------- when voices run out */

START_TEST (the_voice_that_started_first_is_stolen)
{
    uint64_t first = fixture_play (&s_stage, 0, 0, FIXTURE_LOOP);
    fixture_play (&s_stage, 1, 0, FIXTURE_LOOP);
    fixture_play (&s_stage, 2, 0, FIXTURE_LOOP);
    fixture_seek (&s_stage, 50, first, 3);
    fixture_play (&s_stage, 200, 0, FIXTURE_LOOP);
    fixture_render (&s_stage, s_out, 512);
    s_need_ended (first, ENDED_STOLEN, 200);
    NEED_NEAR (s_left (199), 3.0f, 1e-4);
    NEED_NEAR (s_left (240), 3.0f, 1e-4);
}
END_TEST

START_TEST (a_voice_that_fades_out_anyway_goes_before_the_oldest)
{
    fixture_play (&s_stage, 0, 0, FIXTURE_LOOP);
    uint64_t second = fixture_play (&s_stage, 1, 0, FIXTURE_LOOP);
    fixture_play (&s_stage, 2, 0, FIXTURE_LOOP);
    fixture_tell_voice (&s_stage, 180, COMMAND_STOP, second);
    fixture_play (&s_stage, 200, 0, FIXTURE_LOOP);
    fixture_render (&s_stage, s_out, 512);
    s_need_ended (second, ENDED_STOPPED, 200);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_VOICE_ENDED), 0);
    ck_assert_uint_eq (s_stage.stage->voice_count, VOICES);
}
END_TEST

START_TEST (a_sound_is_not_retired_while_a_stolen_voice_still_fades)
{
    for (int i = 0; i < VOICES; i++)
        fixture_play (&s_stage, 0, 0, FIXTURE_LOOP);
    for (int i = 0; i < VOICES; i++)
        fixture_play (&s_stage, 200, 1, FIXTURE_LOOP);
    fixture_tell_slot (&s_stage, 200, COMMAND_UNLOAD, 0);
    fixture_render (&s_stage, s_out, 256);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_RETIRED), 0);
    fixture_render (&s_stage, s_out, 64);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_RETIRED), 1);
}
END_TEST

/*  As many ghosts as voices have a place: of four times as many starts at once, none cuts off what was heard. */
START_TEST (of_more_rests_than_have_a_place_the_quietest_goes)
{
    for (int i = 0; i < VOICES; i++)
        fixture_play (&s_stage, 0, 0, FIXTURE_LOOP);
    for (int i = 0; i < 4 * VOICES; i++)
        fixture_play (&s_stage, 200, 0, (fixture_play_t) { .gain = 0.25f, .speed = 1.0f, .loop = true });
    fixture_render (&s_stage, s_out, 512);
    NEED_NEAR (s_left (200), VOICES * (1.0f - STEP + 0.25f * STEP), 1e-4);
    NEED_NEAR (s_left (300), VOICES * 0.25f, 1e-4);
    ck_assert_uint_eq (s_stage.stage->active_count, VOICES);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_VOICE_ENDED), 4 * VOICES);
}
END_TEST

static void
s_add_commands (TCase *tcase)
{
    tcase_add_test (tcase, a_stopped_voice_fades_out_and_ends_when_it_is_silent);
    tcase_add_test (tcase, a_voice_that_is_stopped_as_it_starts_is_never_heard);
    tcase_add_loop_test (tcase, a_voice_that_never_was_is_rejected, 0, 4);
    tcase_add_test (tcase, a_voice_that_is_fading_out_to_its_end_takes_no_more_commands);
    tcase_add_test (tcase, stopping_a_slot_stops_its_voices_alone);
    tcase_add_test (tcase, stopping_all_stops_what_sounds_and_what_pauses);
    tcase_add_test (tcase, a_paused_voice_holds_where_it_fell_silent);
    tcase_add_test (tcase, a_voice_that_already_is_as_asked_stays_so_without_a_word);
    tcase_add_test (tcase, resuming_in_the_middle_of_the_fade_goes_on_from_the_level_that_is);
    tcase_add_test (tcase, a_seek_crosses_over_to_the_other_place);
    tcase_add_test (tcase, a_paused_voice_that_is_moved_stays_silent_and_goes_on_from_there);
    tcase_add_test (tcase, a_paused_voice_that_is_moved_leaves_nothing_behind);
    tcase_add_test (tcase, a_seek_to_the_last_frame_is_obeyed_and_behind_it_rejected);
}

int
main (void)
{
    TCase *tcase = tcase_create ("obey");
    tcase_add_checked_fixture (tcase, s_open, s_close);
    s_add_commands (tcase);
    tcase_add_test (tcase, playing_an_empty_slot_is_rejected);
    tcase_add_test (tcase, emptying_an_empty_slot_is_rejected);
    tcase_add_test (tcase, a_sound_that_nobody_plays_is_retired_in_the_block_that_unloads_it);
    tcase_add_test (tcase, an_unloaded_sound_is_retired_when_its_last_voice_has_faded);
    tcase_add_test (tcase, a_new_sound_is_ready_at_once_while_the_old_one_fades);
    tcase_add_test (tcase, what_the_loader_left_in_the_stage_s_own_members_does_not_matter);
    tcase_add_test (tcase, a_voice_that_was_stopped_before_its_slot_was_emptied_ends_stopped);
    tcase_add_test (tcase, the_voice_that_started_first_is_stolen);
    tcase_add_test (tcase, a_voice_that_fades_out_anyway_goes_before_the_oldest);
    tcase_add_test (tcase, a_sound_is_not_retired_while_a_stolen_voice_still_fades);
    tcase_add_test (tcase, of_more_rests_than_have_a_place_the_quietest_goes);
    Suite *suite = suite_create ("obey");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
