/*  Loading, as an application sees it: order, calling off, sharing, room, pictures, and plays that come too early. */
#include "config.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/follow.h"
#include "tests/support/run_suite.h"

enum { RAMP_FRAMES = 4800, LONG_FRAMES = 60 * 48000 };

static char s_ramp[256], s_long[256];

static void
s_open (void)
{
    follow_private_runtime ();
    snprintf (s_ramp, sizeof s_ramp, "%s", follow_make_ramp ("ramp.wav", RAMP_FRAMES));
    snprintf (s_long, sizeof s_long, "%s", follow_make_ramp ("long.wav", LONG_FRAMES));
}

static zample_t *
s_engine (const zample_config_t *config)
{
    zample_t *engine;
    ck_assert_msg (zample_new (config, &engine) == ZAMPLE_OK, "%s", zample_why ());
    return engine;
}

static uint64_t
s_load (zample_t *engine, uint32_t slot, const char *path, zample_load_t how)
{
    uint64_t job;
    ck_assert_msg (zample_load (engine, slot, path, &how, &job) == ZAMPLE_OK, "%s", zample_why ());
    return job;
}

/*  Goes on until a job's terminal event, which is the only one that it has. */
static zample_event_t
s_end_of (zample_t *engine, uint64_t job)
{
    for (;;) {
        zample_event_t event = follow_next (engine);
        bool ends = event.kind == ZAMPLE_EVENT_SUCCESS || event.kind == ZAMPLE_EVENT_ERROR
                    || event.kind == ZAMPLE_EVENT_CANCELLED;
        if (ends && event.job == job)
            return event;
    }
}

static void
s_need_kind (zample_event_t event, zample_event_kind_t kind)
{
    ck_assert_str_eq (zample_event_name (event.kind), zample_event_name (kind));
}

static zample_event_t
s_until (zample_t *engine, zample_event_kind_t kind)
{
    zample_event_t event;
    do
        event = follow_next (engine);
    while (event.kind != kind);
    return event;
}

static zample_memory_t
s_memory (zample_t *engine)
{
    zample_memory_t memory;
    ck_assert_int_eq (zample_memory (engine, &memory), ZAMPLE_OK);
    return memory;
}

/* ---------------------------------------------------------------------- order */

/*  One worker, which is busy while the others queue up behind. */
START_TEST (the_most_urgent_is_loaded_first)
{
    zample_t *engine = s_engine (&(zample_config_t) { .output = ZAMPLE_OUTPUT_OFFLINE, .workers = 1 });
    s_load (engine, 0, s_long, (zample_load_t) { 0 });
    s_until (engine, ZAMPLE_EVENT_STARTED);
    uint64_t idle = s_load (engine, 1, s_ramp, (zample_load_t) { .priority = ZAMPLE_PRIORITY_IDLE });
    uint64_t late = s_load (engine, 2, s_ramp, (zample_load_t) { .deadline = 2000 });
    uint64_t early = s_load (engine, 3, s_ramp, (zample_load_t) { .deadline = 1000 });
    uint64_t now = s_load (engine, 4, s_ramp, (zample_load_t) { .priority = ZAMPLE_PRIORITY_NOW });
    uint64_t hurried = s_load (engine, 5, s_ramp, (zample_load_t) { .priority = ZAMPLE_PRIORITY_IDLE });
    ck_assert_int_eq (zample_prioritise (engine, hurried, ZAMPLE_PRIORITY_NOW, 500), ZAMPLE_OK);
    uint64_t order[] = { hurried, now, early, late, idle };
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        ck_assert_uint_eq (s_until (engine, ZAMPLE_EVENT_STARTED).job, order[i]);
    ck_assert_int_eq (zample_prioritise (engine, 99, ZAMPLE_PRIORITY_NOW, 0), ZAMPLE_NO_JOB);
    zample_destroy (&engine);
}
END_TEST

static int
s_count_end (const zample_event_t *event, uint8_t *ends)
{
    ck_assert_int_ne (event->kind, ZAMPLE_EVENT_LOST);
    if (event->kind != ZAMPLE_EVENT_SUCCESS && event->kind != ZAMPLE_EVENT_ERROR
        && event->kind != ZAMPLE_EVENT_CANCELLED)
        return 0;
    ck_assert_uint_eq (ends[event->job]++, 0);
    return 1;
}

START_TEST (many_loads_on_many_workers_all_end_once)
{
    enum {
        LOADS = 5000,
        SLOTS = 300,
        ON_THEIR_WAY = 400
    }; /* whose events find room in the inbox, whoever sleeps */
    zample_t *engine =
        s_engine (&(zample_config_t) { .output = ZAMPLE_OUTPUT_OFFLINE, .workers = 4, .slots = SLOTS });
    static uint8_t ends[LOADS + 1];
    int ended = 0;
    for (int asked = 0; ended < LOADS;) {
        if (asked < LOADS && asked - ended < ON_THEIR_WAY) {
            s_load (engine, (uint32_t) asked % SLOTS, asked % 7 ? s_ramp : "/no/such/file",
                    (zample_load_t) { 0 });
            asked++;
            continue;
        }
        zample_event_t event = follow_next (engine);
        ended += s_count_end (&event, ends);
    }
    ck_assert_uint_eq (s_memory (engine).sounds, 1);
    zample_destroy (&engine);
}
END_TEST

/*  Two loads of one slot on two workers: a long file first, a short one behind it. */
START_TEST (what_was_asked_for_last_is_what_the_slot_has)
{
    zample_t *engine = s_engine (&(zample_config_t) { .output = ZAMPLE_OUTPUT_OFFLINE, .workers = 2 });
    for (int i = 0; i < 20; i++) {
        uint64_t first = s_load (engine, 0, s_long, (zample_load_t) { 0 });
        uint64_t second = s_load (engine, 0, s_ramp, (zample_load_t) { 0 });
        zample_event_t end = s_end_of (engine, first);
        ck_assert_int_ne (end.kind, ZAMPLE_EVENT_ERROR);
        s_need_kind (s_end_of (engine, second), ZAMPLE_EVENT_SUCCESS);
        float frame[2];
        ck_assert_int_eq (zample_frames (engine, 0, RAMP_FRAMES - 1, 1, frame), ZAMPLE_OK);
        ck_assert_int_eq (zample_frames (engine, 0, RAMP_FRAMES, 1, frame), ZAMPLE_RANGE);
    }
    zample_destroy (&engine);
}
END_TEST

/* ---------------------------------------------------------------- calling off */

START_TEST (a_load_is_called_off_while_it_waits_and_while_it_decodes)
{
    zample_t *engine =
        s_engine (&(zample_config_t) { .output = ZAMPLE_OUTPUT_OFFLINE, .workers = 1, .rate_hz = 44100 });
    uint64_t decoding = s_load (engine, 0, s_long, (zample_load_t) { .quality = ZAMPLE_QUALITY_BEST });
    uint64_t waiting = s_load (engine, 1, s_ramp, (zample_load_t) { 0 });
    while (s_until (engine, ZAMPLE_EVENT_PROGRESS).u.progress.percent <= 0.0)
        ;
    ck_assert_int_eq (zample_cancel (engine, waiting), ZAMPLE_OK);
    ck_assert_int_eq (zample_cancel (engine, decoding), ZAMPLE_OK);
    s_need_kind (s_end_of (engine, waiting), ZAMPLE_EVENT_CANCELLED);
    s_need_kind (s_end_of (engine, decoding), ZAMPLE_EVENT_CANCELLED);
    ck_assert_int_eq (zample_cancel (engine, waiting), ZAMPLE_NO_JOB);
    ck_assert_int_eq (zample_cancel (engine, decoding), ZAMPLE_NO_JOB);
    ck_assert_uint_eq (s_memory (engine).used_bytes, 0);
    follow_load (engine, 0, s_ramp);
    zample_destroy (&engine);
}
END_TEST

/*  Returns how far it was told to be when it ended. */
static double
s_call_off_while_it_decodes (zample_t *engine)
{
    uint64_t job = s_load (engine, 0, s_long, (zample_load_t) { .quality = ZAMPLE_QUALITY_BEST });
    zample_event_t event = { .kind = ZAMPLE_EVENT_LOST };
    double percent = 0.0;
    while (percent <= 0.0)
        percent = s_until (engine, ZAMPLE_EVENT_PROGRESS).u.progress.percent;
    ck_assert_int_eq (zample_cancel (engine, job), ZAMPLE_OK);
    while (event.kind != ZAMPLE_EVENT_CANCELLED) {
        event = follow_next (engine);
        ck_assert_uint_eq (event.job, job);
        if (event.kind == ZAMPLE_EVENT_PROGRESS)
            percent = event.u.progress.percent;
    }
    return percent;
}

/*  A worker that looks up only at the end of its file is there each time; one that is in time may be too late once, on a
    machine that sleeps. */
START_TEST (a_load_that_decodes_is_called_off_in_the_middle_of_its_file)
{
    enum { TRIES = 20 };
    zample_t *engine =
        s_engine (&(zample_config_t) { .output = ZAMPLE_OUTPUT_OFFLINE, .workers = 1, .rate_hz = 44100 });
    int in_the_middle = 0;
    for (int i = 0; i < TRIES; i++)
        in_the_middle += s_call_off_while_it_decodes (engine) < 1.0;
    ck_assert_int_gt (in_the_middle, 0);
    zample_destroy (&engine);
}
END_TEST

/* -------------------------------------------------------------------- sharing */

START_TEST (slots_share_one_sound)
{
    zample_t *engine = s_engine (&(zample_config_t) { .output = ZAMPLE_OUTPUT_OFFLINE, .workers = 4 });
    uint64_t jobs[8];
    for (uint32_t slot = 0; slot < 8; slot++)
        jobs[slot] = s_load (engine, slot, s_long, (zample_load_t) { 0 });
    for (int i = 0; i < 8;) {
        zample_event_t event = follow_next (engine);
        ck_assert_int_ne (event.kind, ZAMPLE_EVENT_ERROR);
        i += event.kind == ZAMPLE_EVENT_SUCCESS;
    }
    ck_assert_uint_eq (jobs[7], jobs[0] + 7);
    zample_memory_t memory = s_memory (engine);
    ck_assert_uint_eq (memory.sounds, 1);
    ck_assert_uint_eq (memory.slots, 8);
    ck_assert_uint_eq (memory.shared, 7);
    for (uint32_t slot = 0; slot < 8; slot++)
        zample_unload (engine, slot, 0);
    for (int i = 0; i < 8; i++)
        s_until (engine, ZAMPLE_EVENT_RETIRED);
    ck_assert_uint_eq (s_memory (engine).used_bytes, 0);
    zample_destroy (&engine);
}
END_TEST

START_TEST (a_file_that_has_changed_is_loaded_anew)
{
    zample_t *engine = follow_engine (ZAMPLE_OUTPUT_OFFLINE);
    const char *path = follow_make_ramp ("changing.wav", 100);
    ck_assert_int_eq (follow_load (engine, 0, path).u.success.frames, 100);
    path = follow_make_ramp ("changing.wav", 200);
    ck_assert_int_eq (follow_load (engine, 1, path).u.success.frames, 200);
    ck_assert_uint_eq (s_memory (engine).sounds, 2);
    zample_destroy (&engine);
}
END_TEST

/* ---------------------------------------------------------------------- cache */

/*  An engine of another rate than the file's, so that there is something to keep. Returns 16 frames of the sound. */
static zample_memory_t
s_load_cached (const char *folder, float frames[32])
{
    zample_t *engine = s_engine (&(zample_config_t) {
        .output = ZAMPLE_OUTPUT_OFFLINE, .rate_hz = 44100, .workers = 1, .cache = folder });
    follow_load (engine, 0, s_ramp);
    ck_assert_int_eq (zample_frames (engine, 0, 2000, 16, frames), ZAMPLE_OK);
    follow_load (engine, 1, s_long); /* by the same worker: what came before has been kept */
    zample_memory_t memory = s_memory (engine);
    zample_destroy (&engine);
    return memory;
}

START_TEST (a_sound_is_decoded_once_and_kept_on_disk)
{
    float decoded[32], cached[32];
    char folder[256];
    snprintf (folder, sizeof folder, "%s", follow_path ("cache"));
    ck_assert_uint_eq (s_load_cached (folder, decoded).cached, 0);
    ck_assert_uint_ge (s_load_cached (folder, cached).cached, 1);
    ck_assert_mem_eq (decoded, cached, sizeof decoded);
}
END_TEST

START_TEST (a_cache_that_cannot_be_made_is_said_at_once)
{
    zample_t *engine;
    zample_config_t config = { .output = ZAMPLE_OUTPUT_OFFLINE, .cache = "/no/such/folder/cache" };
    ck_assert_int_eq (zample_new (&config, &engine), ZAMPLE_NO_FILE);
    ck_assert_ptr_nonnull (strstr (zample_why (), "/no/such/folder/cache"));
}
END_TEST

/* ----------------------------------------------------------------------- room */

/*  Room for one long sound and a half. */
static zample_t *
s_cramped_engine (void)
{
    uint64_t bytes = (uint64_t) LONG_FRAMES * 8;
    return s_engine (
        &(zample_config_t) { .output = ZAMPLE_OUTPUT_OFFLINE, .memory_bytes = bytes + bytes / 2 });
}

START_TEST (what_was_not_played_makes_room_and_is_told)
{
    zample_t *engine = s_cramped_engine ();
    uint64_t first = follow_load (engine, 0, s_long).job;
    char other[256];
    snprintf (other, sizeof other, "%s", follow_make_ramp ("other.wav", LONG_FRAMES));
    uint64_t second = s_load (engine, 1, other, (zample_load_t) { 0 });
    zample_event_t evicted = s_until (engine, ZAMPLE_EVENT_EVICTED);
    ck_assert_uint_eq (evicted.job, first);
    ck_assert_uint_eq (evicted.slot, 0);
    ck_assert_uint_gt (evicted.u.evicted.bytes, (uint64_t) LONG_FRAMES * 8);
    ck_assert_uint_eq (s_until (engine, ZAMPLE_EVENT_RETIRED).job, first);
    ck_assert_uint_eq (s_until (engine, ZAMPLE_EVENT_SUCCESS).job, second);
    ck_assert_uint_eq (s_memory (engine).evictions, 1);
    ck_assert_uint_le (s_memory (engine).used_bytes, s_memory (engine).budget_bytes);
    zample_destroy (&engine);
}
END_TEST

/*  Far more than fits, by several workers at once: each finds its room in the end, and what is taken is never too much. */
START_TEST (many_sounds_pass_through_a_small_budget)
{
    enum { FILES = 60, FRAMES = 48000 };
    uint64_t bytes = (uint64_t) FRAMES * 8;
    zample_t *engine = s_engine (&(zample_config_t) {
        .output = ZAMPLE_OUTPUT_OFFLINE, .workers = 4, .memory_bytes = 3 * bytes + bytes / 2 });
    char paths[FILES][256], name[32];
    for (uint32_t i = 0; i < FILES; i++) {
        snprintf (name, sizeof name, "%u.wav", i);
        snprintf (paths[i], sizeof paths[i], "%s", follow_make_ramp (name, FRAMES));
    }
    for (uint32_t i = 0; i < FILES; i++)
        s_load (engine, i, paths[i], (zample_load_t) { 0 });
    for (int loaded = 0; loaded < FILES;) {
        zample_event_t event = follow_next (engine);
        ck_assert_msg (event.kind != ZAMPLE_EVENT_ERROR, "%s", event.u.error.msg);
        ck_assert_uint_le (s_memory (engine).used_bytes, s_memory (engine).budget_bytes);
        loaded += event.kind == ZAMPLE_EVENT_SUCCESS;
    }
    ck_assert_uint_ge (s_memory (engine).evictions, FILES - 3);
    zample_destroy (&engine);
}
END_TEST

START_TEST (what_is_pinned_or_plays_stays_and_the_load_is_an_error)
{
    zample_t *engine = s_cramped_engine ();
    follow_load (engine, 0, s_long);
    char other[256];
    snprintf (other, sizeof other, "%s", follow_make_ramp ("other.wav", LONG_FRAMES));
    ck_assert_int_eq (zample_pin (engine, 0, true), ZAMPLE_OK);
    zample_event_t end = s_end_of (engine, s_load (engine, 1, other, (zample_load_t) { 0 }));
    s_need_kind (end, ZAMPLE_EVENT_ERROR);
    ck_assert_int_eq (end.u.error.code, ZAMPLE_CODE_OVER_BUDGET);
    ck_assert_ptr_nonnull (strstr (end.u.error.msg, "other.wav"));
    ck_assert_int_eq (zample_pin (engine, 0, false), ZAMPLE_OK);
    zample_play (engine, 0, NULL, NULL);
    s_until (engine, ZAMPLE_EVENT_VOICE_STARTED);
    end = s_end_of (engine, s_load (engine, 1, other, (zample_load_t) { 0 }));
    s_need_kind (end, ZAMPLE_EVENT_ERROR);
    ck_assert_int_eq (end.u.error.code, ZAMPLE_CODE_OVER_BUDGET);
    zample_destroy (&engine);
}
END_TEST

START_TEST (a_load_that_cannot_fit_fails_before_it_decodes)
{
    zample_t *engine =
        s_engine (&(zample_config_t) { .output = ZAMPLE_OUTPUT_OFFLINE, .memory_bytes = 1 << 20 });
    follow_load (engine, 0, s_ramp);
    uint64_t job = s_load (engine, 1, s_long, (zample_load_t) { 0 });
    for (;;) {
        zample_event_t event = follow_next (engine);
        ck_assert_int_ne (event.kind, ZAMPLE_EVENT_EVICTED);
        if (event.kind == ZAMPLE_EVENT_PROGRESS)
            ck_assert_double_le (event.u.progress.percent, 0.0);
        if (event.kind != ZAMPLE_EVENT_ERROR)
            continue;
        ck_assert_uint_eq (event.job, job);
        ck_assert_int_eq (event.u.error.code, ZAMPLE_CODE_OVER_BUDGET);
        break;
    }
    zample_destroy (&engine);
}
END_TEST

/* ------------------------------------------------------------- plays too early */

static uint64_t
s_play (zample_t *engine, uint32_t slot, zample_missing_t missing)
{
    zample_play_t how = ZAMPLE_PLAY_DEFAULT;
    uint64_t voice;
    how.missing = missing;
    ck_assert_int_eq (zample_play (engine, slot, &how, &voice), ZAMPLE_OK);
    return voice;
}

/*  The slot's sound is evicted by loading another. */
static void
s_evict (zample_t *engine)
{
    char other[256];
    follow_load (engine, 0, s_long);
    snprintf (other, sizeof other, "%s", follow_make_ramp ("other.wav", LONG_FRAMES));
    follow_load (engine, 1, other);
    ck_assert_uint_eq (s_memory (engine).evictions, 1);
}

START_TEST (a_play_waits_for_a_sound_that_was_evicted)
{
    zample_t *engine = s_cramped_engine ();
    s_evict (engine);
    uint64_t voice = s_play (engine, 0, ZAMPLE_MISSING_WAIT);
    ck_assert_uint_eq (s_until (engine, ZAMPLE_EVENT_VOICE_WAITING).voice, voice);
    s_need_kind (s_until (engine, ZAMPLE_EVENT_SUCCESS), ZAMPLE_EVENT_SUCCESS);
    zample_event_t late = s_until (engine, ZAMPLE_EVENT_LATE);
    ck_assert_uint_eq (late.voice, voice);
    ck_assert_uint_eq (s_until (engine, ZAMPLE_EVENT_VOICE_STARTED).voice, voice);
    zample_destroy (&engine);
}
END_TEST

START_TEST (a_play_is_skipped_and_the_next_one_finds_its_sound)
{
    zample_t *engine = s_cramped_engine ();
    s_evict (engine);
    uint64_t skipped = s_play (engine, 0, ZAMPLE_MISSING_SKIP);
    ck_assert_uint_eq (s_until (engine, ZAMPLE_EVENT_VOICE_SKIPPED).voice, skipped);
    ck_assert_uint_eq (s_until (engine, ZAMPLE_EVENT_SUCCESS).slot, 0);
    uint64_t voice = s_play (engine, 0, ZAMPLE_MISSING_SKIP);
    ck_assert_uint_eq (s_until (engine, ZAMPLE_EVENT_VOICE_STARTED).voice, voice);
    zample_destroy (&engine);
}
END_TEST

START_TEST (a_play_waits_for_a_load_that_is_under_way)
{
    zample_t *engine = follow_engine (ZAMPLE_OUTPUT_OFFLINE);
    s_load (engine, 0, s_long, (zample_load_t) { 0 });
    uint64_t voice = s_play (engine, 0, ZAMPLE_MISSING_WAIT);
    ck_assert_uint_eq (s_until (engine, ZAMPLE_EVENT_VOICE_STARTED).voice, voice);
    zample_destroy (&engine);
}
END_TEST

START_TEST (nobody_waits_for_what_cannot_be_loaded)
{
    zample_t *engine = follow_engine (ZAMPLE_OUTPUT_OFFLINE);
    uint64_t voice = s_play (engine, 0, ZAMPLE_MISSING_WAIT);
    zample_event_t ended = s_until (engine, ZAMPLE_EVENT_VOICE_ENDED);
    ck_assert_uint_eq (ended.voice, voice);
    ck_assert_int_eq (ended.u.voice_ended.reason, ZAMPLE_ENDED_FAILED);
    voice = s_play (engine, 0, ZAMPLE_MISSING_SKIP);
    zample_event_t rejected = s_until (engine, ZAMPLE_EVENT_REJECTED);
    ck_assert_uint_eq (rejected.u.rejected.number, voice);
    ck_assert_str_eq (rejected.u.rejected.msg, "the slot is empty");
    s_load (engine, 0, "/no/such/file", (zample_load_t) { 0 });
    voice = s_play (engine, 0, ZAMPLE_MISSING_WAIT);
    ended = s_until (engine, ZAMPLE_EVENT_VOICE_ENDED);
    ck_assert_uint_eq (ended.voice, voice);
    ck_assert_int_eq (ended.u.voice_ended.reason, ZAMPLE_ENDED_FAILED);
    zample_destroy (&engine);
}
END_TEST

/* -------------------------------------------------------------------- pictures */

START_TEST (a_slot_is_drawn_and_its_frames_are_copied)
{
    zample_t *engine = follow_engine (ZAMPLE_OUTPUT_OFFLINE);
    zample_peak_t peaks[48];
    float frames[2 * 3];
    ck_assert_int_eq (zample_peaks (engine, 0, 0, 1, 1, peaks), ZAMPLE_NO_SOUND);
    follow_load (engine, 0, s_ramp);
    ck_assert_int_eq (zample_peaks (engine, 0, 0, RAMP_FRAMES, 48, peaks), ZAMPLE_OK);
    for (int column = 0; column < 48; column++) {
        ck_assert_double_eq ((double) peaks[column].min[0], 100 * column / 32768.0);
        ck_assert_double_eq ((double) peaks[column].max[1], (100 * column + 99) / 32768.0);
    }
    ck_assert_int_eq (zample_frames (engine, 0, 100, 3, frames), ZAMPLE_OK);
    for (int i = 0; i < 6; i++)
        ck_assert_double_eq ((double) frames[i], (100 + i / 2) / 32768.0);
    ck_assert_int_eq (zample_peaks (engine, 0, 0, RAMP_FRAMES + 1, 48, peaks), ZAMPLE_RANGE);
    ck_assert_int_eq (zample_peaks (engine, 0, 7, 7, 48, peaks), ZAMPLE_RANGE);
    ck_assert_int_eq (zample_peaks (engine, 0, -1, 7, 48, peaks), ZAMPLE_RANGE);
    ck_assert_int_eq (zample_peaks (engine, 0, 0, 7, 0, peaks), ZAMPLE_RANGE);
    ck_assert_int_eq (zample_frames (engine, 0, RAMP_FRAMES - 2, 3, frames), ZAMPLE_RANGE);
    ck_assert_int_eq (zample_frames (engine, 0, 0, 0, frames), ZAMPLE_RANGE);
    ck_assert_int_eq (zample_frames (engine, 0, INT64_MAX, INT64_MAX, frames), ZAMPLE_RANGE);
    zample_destroy (&engine);
}
END_TEST

int
main (void)
{
    TCase *tcase = tcase_create ("loading");
    tcase_add_unchecked_fixture (tcase, s_open, NULL);
    tcase_add_test (tcase, the_most_urgent_is_loaded_first);
    tcase_add_test (tcase, many_loads_on_many_workers_all_end_once);
    tcase_add_test (tcase, what_was_asked_for_last_is_what_the_slot_has);
    tcase_add_test (tcase, a_load_is_called_off_while_it_waits_and_while_it_decodes);
    tcase_add_test (tcase, a_load_that_decodes_is_called_off_in_the_middle_of_its_file);
    tcase_add_test (tcase, slots_share_one_sound);
    tcase_add_test (tcase, a_file_that_has_changed_is_loaded_anew);
    tcase_add_test (tcase, a_sound_is_decoded_once_and_kept_on_disk);
    tcase_add_test (tcase, a_cache_that_cannot_be_made_is_said_at_once);
    tcase_add_test (tcase, what_was_not_played_makes_room_and_is_told);
    tcase_add_test (tcase, many_sounds_pass_through_a_small_budget);
    tcase_add_test (tcase, what_is_pinned_or_plays_stays_and_the_load_is_an_error);
    tcase_add_test (tcase, a_load_that_cannot_fit_fails_before_it_decodes);
    tcase_add_test (tcase, a_play_waits_for_a_sound_that_was_evicted);
    tcase_add_test (tcase, a_play_is_skipped_and_the_next_one_finds_its_sound);
    tcase_add_test (tcase, a_play_waits_for_a_load_that_is_under_way);
    tcase_add_test (tcase, nobody_waits_for_what_cannot_be_loaded);
    tcase_add_test (tcase, a_slot_is_drawn_and_its_frames_are_copied);
    Suite *suite = suite_create ("loading");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
