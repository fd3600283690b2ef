/*  Plays whose slot is empty, sounds that come while others play, and sounds that have to go. */
#include "config.h"

#include "engine/rt/waiting.h"
#include "engine/sample.h"
#include "tests/support/run_suite.h"
#include "tests/support/stage_fixture.h"

enum { FRAMES = 1024, VOICES = 4, SLOTS = 4 };

static stage_fixture_t s_stage;
static float s_out[FRAMES * ZAMPLE_CHANNELS];

static void
s_open (void)
{
    fixture_open (&s_stage, SLOTS, VOICES);
}

static void
s_close (void)
{
    fixture_close (&s_stage);
}

static uint64_t
s_play (int64_t frame, uint32_t slot, zample_missing_tag_t missing)
{
    zample_command_t command = {
        .kind = COMMAND_PLAY,
        .slot = slot,
        .frame = frame,
        .u.play = { .gain = 1.0f, .speed = 1.0f, .missing = missing },
    };
    return fixture_push (&s_stage, &command);
}

static void
s_load_keeping (uint32_t slot, zample_sample_t *sample)
{
    zample_command_t command = { .kind = COMMAND_LOAD,
                                 .slot = slot,
                                 .u.load = { .sample = sample, .keep_voices = true } };
    fixture_push (&s_stage, &command);
}

static void
s_evict (uint32_t slot, uint64_t job)
{
    zample_command_t command = { .kind = COMMAND_EVICT, .slot = slot, .u.evict.job = job };
    fixture_push (&s_stage, &command);
}

static void
s_need (zample_report_tag_t kind, uint64_t voice, int64_t frame)
{
    zample_report_t report;
    ck_assert (fixture_next_report (&s_stage, &report));
    ck_assert_uint_eq (report.kind, kind);
    ck_assert_uint_eq (report.voice, voice);
    ck_assert_int_eq (report.frame, frame);
}

static void
s_need_ended (uint64_t voice, zample_ended_tag_t reason)
{
    zample_report_t ended = fixture_find_report (&s_stage, REPORT_VOICE_ENDED);
    ck_assert_uint_eq (ended.voice, voice);
    ck_assert_uint_eq (ended.reason, reason);
}

/* ----------------------------------------------------------------- empty slots */

START_TEST (a_play_that_may_be_skipped_is_told_and_forgotten)
{
    uint64_t voice = s_play (10, 2, MISSING_SKIP);
    fixture_render (&s_stage, s_out, 64);
    s_need (REPORT_SKIPPED, voice, 10);
    fixture_load (&s_stage, 0, 2, fixture_constant (100, 1.0f));
    fixture_render (&s_stage, s_out, 64);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_VOICE_STARTED), 0);
    NEED_EQUAL (s_out[126], 0.0f);
}
END_TEST

START_TEST (a_play_that_waits_starts_when_its_sound_is_there_and_says_how_late)
{
    uint64_t voice = s_play (10, 2, MISSING_WAIT);
    fixture_render (&s_stage, s_out, 64);
    s_need (REPORT_WAITING, voice, 10);
    fixture_load (&s_stage, 200, 2, fixture_count (400));
    fixture_render (&s_stage, s_out, 256);
    s_need (REPORT_READY, 0, 200);
    zample_report_t late = fixture_find_report (&s_stage, REPORT_LATE);
    ck_assert_uint_eq (late.voice, voice);
    ck_assert_uint_eq (late.number, voice);
    ck_assert_int_eq (late.u.frames, 190);
    s_need (REPORT_VOICE_STARTED, voice, 200);
    /* After its fade-in it stands where a voice that started at frame 200 stands. */
    NEED_EQUAL (s_out[2 * (310 - 64)], 111.0f / 65536.0f);
}
END_TEST

START_TEST (a_play_for_at_once_is_late_from_when_it_came)
{
    fixture_render (&s_stage, s_out, 64);
    s_play (0, 2, MISSING_WAIT);
    fixture_render (&s_stage, s_out, 64);
    fixture_load (&s_stage, 200, 2, fixture_constant (100, 1.0f));
    fixture_render (&s_stage, s_out, 128);
    ck_assert_int_eq (fixture_find_report (&s_stage, REPORT_LATE).u.frames, 200 - 64);
}
END_TEST

START_TEST (those_that_wait_start_in_the_order_in_which_they_came)
{
    uint64_t first = s_play (0, 2, MISSING_WAIT), other = s_play (0, 3, MISSING_WAIT);
    uint64_t second = s_play (0, 2, MISSING_WAIT);
    fixture_load (&s_stage, 0, 2, fixture_constant (100, 1.0f));
    fixture_render (&s_stage, s_out, 64);
    ck_assert_uint_eq (fixture_find_report (&s_stage, REPORT_VOICE_STARTED).voice, first);
    ck_assert_uint_eq (fixture_find_report (&s_stage, REPORT_VOICE_STARTED).voice, second);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_VOICE_STARTED), 0);
    fixture_load (&s_stage, 0, 3, fixture_constant (100, 1.0f));
    fixture_render (&s_stage, s_out, 64);
    ck_assert_uint_eq (fixture_find_report (&s_stage, REPORT_VOICE_STARTED).voice, other);
}
END_TEST

START_TEST (one_that_waits_can_be_stopped_in_each_way)
{
    uint64_t voice = s_play (0, 2, MISSING_WAIT), of_slot = s_play (0, 2, MISSING_WAIT);
    uint64_t of_all = s_play (0, 3, MISSING_WAIT);
    fixture_tell_voice (&s_stage, 5, COMMAND_STOP, voice);
    fixture_tell_slot (&s_stage, 6, COMMAND_STOP_SLOT, 2);
    fixture_tell_slot (&s_stage, 7, COMMAND_STOP_ALL, 0);
    fixture_render (&s_stage, s_out, 64);
    s_need_ended (voice, ENDED_STOPPED);
    s_need_ended (of_slot, ENDED_STOPPED);
    s_need_ended (of_all, ENDED_STOPPED);
    fixture_load (&s_stage, 0, 2, fixture_constant (100, 1.0f));
    fixture_render (&s_stage, s_out, 64);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_VOICE_STARTED), 0);
}
END_TEST

START_TEST (one_that_waits_in_vain_ends_failed_and_those_of_other_slots_wait_on)
{
    uint64_t voice = s_play (0, 2, MISSING_WAIT);
    s_play (0, 3, MISSING_WAIT);
    fixture_tell_slot (&s_stage, 0, COMMAND_GIVE_UP, 2);
    fixture_render (&s_stage, s_out, 64);
    s_need_ended (voice, ENDED_FAILED);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_VOICE_ENDED), 0);
    ck_assert_uint_eq (s_stage.stage->waiting.count, 1);
}
END_TEST

START_TEST (more_than_can_wait_are_rejected)
{
    for (int i = 0; i < ZAMPLE_WAITING_CAPACITY; i++) {
        s_play (0, 2, MISSING_WAIT);
        if (i % 64 == 63)
            fixture_render (&s_stage, s_out, 64);
    }
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_WAITING), ZAMPLE_WAITING_CAPACITY);
    uint64_t voice = s_play (0, 2, MISSING_WAIT);
    fixture_render (&s_stage, s_out, 64);
    zample_report_t rejected = fixture_find_report (&s_stage, REPORT_REJECTED);
    ck_assert_uint_eq (rejected.number, voice);
    ck_assert_uint_eq (rejected.reason, REJECTED_TOO_MANY_WAIT);
}
END_TEST

/*  All of them start at once on a report ring of two, steal each other's places, and each is told as started and ended. */
START_TEST (none_is_lost_when_all_start_at_once_and_the_ring_is_full)
{
    stage_fixture_t stage;
    zample_stage_shape_t shape = {
        .slots = SLOTS, .voices = VOICES, .command_capacity = 1024, .event_capacity = 2
    };
    fixture_open_shape (&stage, &shape);
    stage_fixture_t before = s_stage;
    s_stage = stage;
    int waiting = 0, started = 0, late = 0, ended = 0;
    for (int i = 0; i < ZAMPLE_WAITING_CAPACITY; i++)
        s_play (0, 2, MISSING_WAIT);
    fixture_load (&s_stage, 0, 2, fixture_constant (10, 1.0f));
    for (int block = 0; block < 4000; block++) {
        zample_report_t report;
        fixture_render (&s_stage, s_out, 64);
        while (fixture_next_report (&s_stage, &report)) {
            waiting += report.kind == REPORT_WAITING;
            started += report.kind == REPORT_VOICE_STARTED;
            late += report.kind == REPORT_LATE;
            ended += report.kind == REPORT_VOICE_ENDED;
        }
    }
    ck_assert_int_eq (waiting, ZAMPLE_WAITING_CAPACITY);
    ck_assert_int_eq (started, ZAMPLE_WAITING_CAPACITY);
    ck_assert_int_eq (late, ZAMPLE_WAITING_CAPACITY);
    ck_assert_int_eq (ended, ZAMPLE_WAITING_CAPACITY);
    fixture_close (&s_stage);
    s_stage = before;
}
END_TEST

/* -------------------------------------------------------------- replaced unheard */

START_TEST (what_plays_goes_on_when_its_slot_is_loaded_anew_and_the_next_play_has_the_new_sound)
{
    fixture_load (&s_stage, 0, 1, fixture_count (400));
    uint64_t before = fixture_play (&s_stage, 0, 1, FIXTURE_ONCE);
    fixture_render (&s_stage, s_out, 128);
    s_load_keeping (1, fixture_constant (400, 0.0f));
    fixture_render (&s_stage, s_out, 128);
    NEED_EQUAL (s_out[0], 129.0f / 65536.0f);
    NEED_EQUAL (s_out[2 * 127], 256.0f / 65536.0f);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_RETIRED), 0);
    fixture_play (&s_stage, 0, 1, FIXTURE_ONCE); /* silent, as the new sound is */
    fixture_render (&s_stage, s_out, 64);
    NEED_EQUAL (s_out[0], 257.0f / 65536.0f);
    fixture_render (&s_stage, s_out, 128);
    s_need_ended (before, ENDED_FINISHED);
    fixture_find_report (&s_stage, REPORT_RETIRED);
}
END_TEST

/* -------------------------------------------------------------------- eviction */

static zample_sample_t *
s_load_as (uint64_t job, uint32_t slot)
{
    zample_sample_t *sample = fixture_constant (400, 1.0f);
    sample->job = job;
    fixture_load (&s_stage, 0, slot, sample);
    return sample;
}

START_TEST (a_sound_that_nobody_plays_is_evicted)
{
    s_load_as (7, 1);
    s_evict (1, 7);
    fixture_render (&s_stage, s_out, 64);
    zample_report_t retired;
    do
        ck_assert (zample_report_ring_pop (&s_stage.doorway->reports, &retired));
    while (retired.kind != REPORT_RETIRED);
    ck_assert_uint_eq (retired.reason, ENDED_EVICTED);
    ck_assert_uint_eq (retired.slot, 1);
    zample_sample_destroy (&retired.u.sample);
    uint64_t voice = s_play (0, 1, MISSING_SKIP);
    fixture_render (&s_stage, s_out, 64);
    s_need (REPORT_SKIPPED, voice, 64);
}
END_TEST

START_TEST (a_sound_that_plays_is_kept)
{
    zample_sample_t *sample = s_load_as (7, 1);
    fixture_play (&s_stage, 0, 1, FIXTURE_ONCE);
    s_evict (1, 7);
    fixture_render (&s_stage, s_out, 256);
    zample_report_t kept = fixture_find_report (&s_stage, REPORT_KEPT);
    ck_assert_ptr_eq (kept.u.sample, sample);
    ck_assert_uint_eq (kept.slot, 1);
    NEED_EQUAL (s_out[2 * 255], 1.0f);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_RETIRED), 0);
}
END_TEST

START_TEST (another_sound_than_the_one_that_was_meant_stays)
{
    s_load_as (7, 1);
    s_load_as (8, 1);
    s_evict (1, 7);
    s_evict (2, 7);
    fixture_render (&s_stage, s_out, 64);
    ck_assert_int_eq (fixture_count_reports (&s_stage, REPORT_RETIRED), 1);
    ck_assert_uint_eq (s_stage.stage->slots[1]->job, 8);
}
END_TEST

int
main (void)
{
    TCase *tcase = tcase_create ("waiting");
    tcase_add_checked_fixture (tcase, s_open, s_close);
    tcase_add_test (tcase, a_play_that_may_be_skipped_is_told_and_forgotten);
    tcase_add_test (tcase, a_play_that_waits_starts_when_its_sound_is_there_and_says_how_late);
    tcase_add_test (tcase, a_play_for_at_once_is_late_from_when_it_came);
    tcase_add_test (tcase, those_that_wait_start_in_the_order_in_which_they_came);
    tcase_add_test (tcase, one_that_waits_can_be_stopped_in_each_way);
    tcase_add_test (tcase, one_that_waits_in_vain_ends_failed_and_those_of_other_slots_wait_on);
    tcase_add_test (tcase, more_than_can_wait_are_rejected);
    tcase_add_test (tcase, none_is_lost_when_all_start_at_once_and_the_ring_is_full);
    tcase_add_test (tcase,
                    what_plays_goes_on_when_its_slot_is_loaded_anew_and_the_next_play_has_the_new_sound);
    tcase_add_test (tcase, a_sound_that_nobody_plays_is_evicted);
    tcase_add_test (tcase, a_sound_that_plays_is_kept);
    tcase_add_test (tcase, another_sound_than_the_one_that_was_meant_stays);
    Suite *suite = suite_create ("waiting");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
