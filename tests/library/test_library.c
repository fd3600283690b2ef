/*  The library of a whole engine: folders are added, found, loaded, called off and watched, and each job ends once. Real files, an engine
    without a device. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/follow.h"
#include "tests/support/run_suite.h"

#define OWN_SLOTS 8

/*  Stands before the system's: after so many folders there are no watches left; -1: there are. */
static int s_watches_left = -1;

__attribute__ ((visibility ("default"))) int
inotify_add_watch (int fd, const char *path, uint32_t mask)
{
    if (s_watches_left == 0) {
        errno = ENOSPC;
        return -1;
    }
    s_watches_left -= s_watches_left > 0;
    return (int) syscall (SYS_inotify_add_watch, fd, path, mask);
}

static zample_t *s_engine;

static void
s_begin (void)
{
    follow_private_runtime ();
    ck_assert_int_eq (mkdir (follow_path ("kit"), 0700), 0);
    ck_assert_int_eq (mkdir (follow_path ("kit/snare"), 0700), 0);
}

static void
s_end (void)
{
    zample_destroy (&s_engine);
}

static void
s_open (zample_config_t config)
{
    config.output = ZAMPLE_OUTPUT_OFFLINE;
    config.slots = OWN_SLOTS;
    ck_assert_msg (zample_new (&config, &s_engine) == ZAMPLE_OK, "%s", zample_why ());
}

static void
s_make_kit (void)
{
    follow_make_ramp ("kit/kick 10.wav", 1000);
    follow_make_ramp ("kit/kick 9.wav", 900);
    follow_make_ramp ("kit/snare/tight.wav", 100);
}

/*  Many files that are found and cannot be loaded. */
static void
s_make_many (const char *folder, int count)
{
    ck_assert_int_eq (mkdir (follow_path (folder), 0700), 0);
    for (int i = 0; i < count; i++) {
        char name[64];
        snprintf (name, sizeof name, "%s/%d.wav", folder, i);
        FILE *file = fopen (follow_path (name), "w");
        ck_assert_ptr_nonnull (file);
        fclose (file);
    }
}

static uint64_t
s_add (const char *name)
{
    uint64_t job;
    ck_assert_msg (zample_library_add (s_engine, follow_path (name), &job) == ZAMPLE_OK, "%s", zample_why ());
    ck_assert_uint_gt (job, 0);
    return job;
}

static bool
s_is_end (zample_event_kind_t kind)
{
    return kind == ZAMPLE_EVENT_SUCCESS || kind == ZAMPLE_EVENT_ERROR || kind == ZAMPLE_EVENT_CANCELLED;
}

/*  The end of a job. Its progress must have gone from 0 to 1 before a success, and never fallen. */
static zample_event_t
s_end_of (uint64_t job)
{
    double percent = -1.0;
    for (;;) {
        zample_event_t event = follow_next (s_engine);
        if (event.job != job)
            continue;
        if (event.kind == ZAMPLE_EVENT_PROGRESS) {
            ck_assert_double_ge (event.u.progress.percent, percent);
            percent = event.u.progress.percent;
        }
        if (!s_is_end (event.kind))
            continue;
        ck_assert_uint_eq (event.slot, ZAMPLE_NO_SLOT);
        ck_assert (event.kind != ZAMPLE_EVENT_SUCCESS || (percent >= 1.0 && percent <= 1.0));
        return event;
    }
}

static void
s_must_add (const char *name, uint32_t sounds)
{
    zample_event_t end = s_end_of (s_add (name));
    ck_assert_msg (end.kind == ZAMPLE_EVENT_SUCCESS, "%s", end.u.error.msg);
    ck_assert_uint_eq (end.u.success.sounds, sounds);
    ck_assert_uint_eq (end.u.success.failed, 0);
}

static void
s_must_fail (uint64_t job, zample_code_t code, const char *reason)
{
    zample_event_t end = s_end_of (job);
    ck_assert_int_eq (end.kind, ZAMPLE_EVENT_ERROR);
    ck_assert_int_eq (end.u.error.code, code);
    ck_assert_msg (strstr (end.u.error.msg, reason) != NULL, "%s", end.u.error.msg);
}

static uint32_t
s_find (const char *name)
{
    uint32_t slot;
    ck_assert_msg (zample_library_find (s_engine, name, &slot) == ZAMPLE_OK, "%s", zample_why ());
    return slot;
}

static uint64_t
s_preload (const char *name)
{
    uint64_t job;
    ck_assert_msg (zample_library_preload (s_engine, name, NULL, &job) == ZAMPLE_OK, "%s", zample_why ());
    return job;
}

static uint64_t
s_sounds_in_memory (void)
{
    zample_memory_t memory;
    ck_assert_int_eq (zample_memory (s_engine, &memory), ZAMPLE_OK);
    return memory.slots;
}

/*  Renders until the voice is started or rejected. Returns the first frame behind its start. */
static float
s_play (uint32_t slot, uint64_t *voice)
{
    float frames[2 * 8];
    ck_assert_msg (zample_play (s_engine, slot, NULL, voice) == ZAMPLE_OK, "%s", zample_why ());
    ck_assert_int_eq (zample_render (s_engine, 8, frames), ZAMPLE_OK);
    follow_until (s_engine, ZAMPLE_EVENT_VOICE_STARTED);
    return frames[2 * 7];
}

START_TEST (an_added_folder_is_found_and_its_sounds_have_slots_behind_the_others)
{
    uint32_t slot;
    zample_library_entry_t entry;
    s_make_kit ();
    s_open ((zample_config_t) { 0 });
    ck_assert_int_eq (zample_library_find (s_engine, "kit:0", &slot), ZAMPLE_NO_SOUND);
    s_must_add ("kit", 3);
    ck_assert_uint_ge (s_find ("kit:0"), OWN_SLOTS);
    ck_assert_uint_lt (s_find ("kit:0"), OWN_SLOTS + 3);
    ck_assert_uint_eq (s_find ("kit:0"), s_find ("kick 9"));
    ck_assert_uint_eq (s_find ("kit:3"), s_find ("kit/kick 10.wav"));
    ck_assert_uint_eq (s_find ("snare"), s_find ("tight.wav"));
    ck_assert_int_eq (zample_library_entry (s_engine, 1, &entry), ZAMPLE_OK);
    ck_assert_str_eq (entry.folder, "kit");
    ck_assert_str_eq (entry.path, follow_path ("kit/kick 10.wav"));
    ck_assert_uint_eq (entry.slot, s_find ("kick 10"));
    ck_assert_uint_eq (entry.index, 1);
    ck_assert_uint_eq (entry.count, 2);
    ck_assert_int_eq (zample_library_entry (s_engine, 3, &entry), ZAMPLE_NO_SOUND);
}
END_TEST

START_TEST (a_folder_that_cannot_be_added_is_an_error)
{
    follow_make_ramp ("kit/a.wav", 10);
    s_open ((zample_config_t) { 0 });
    s_must_fail (s_add ("nothing"), ZAMPLE_CODE_NOT_FOUND, "no such folder");
    s_must_fail (s_add ("kit/a.wav"), ZAMPLE_CODE_NOT_A_FOLDER, "not a folder");
    ck_assert_int_eq (symlink ("kit", follow_path ("linked")), 0);
    s_must_fail (s_add ("linked"), ZAMPLE_CODE_SYMLINK, "symbolic link");
}
END_TEST

START_TEST (a_library_that_is_full_keeps_what_fits_and_says_so)
{
    s_make_many ("many", 12);
    s_open ((zample_config_t) { .library_sounds = 10 });
    s_must_fail (s_add ("many"), ZAMPLE_CODE_LIBRARY_FULL, "2 of its sounds did not fit");
    zample_library_entry_t entry;
    ck_assert_int_eq (zample_library_entry (s_engine, 9, &entry), ZAMPLE_OK);
    ck_assert_int_eq (zample_library_entry (s_engine, 10, &entry), ZAMPLE_NO_SOUND);
}
END_TEST

START_TEST (one_sound_a_folder_or_all_can_be_preloaded)
{
    uint64_t voice;
    s_make_kit ();
    s_open ((zample_config_t) { 0 });
    s_must_add ("kit", 3);
    zample_event_t end = s_end_of (s_preload ("kit:1"));
    ck_assert_int_eq (end.kind, ZAMPLE_EVENT_SUCCESS);
    ck_assert_uint_eq (end.u.success.sounds, 1);
    ck_assert_uint_eq (s_sounds_in_memory (), 1);
    ck_assert (s_play (s_find ("kick 10"), &voice) > 0.0f);
    end = s_end_of (s_preload ("kit"));
    ck_assert_uint_eq (end.u.success.sounds, 2);
    ck_assert_uint_eq (s_sounds_in_memory (), 2);
    end = s_end_of (s_preload (NULL));
    ck_assert_uint_eq (end.u.success.sounds, 3);
    ck_assert_uint_eq (s_sounds_in_memory (), 3);
}
END_TEST

START_TEST (what_is_in_two_folders_is_loaded_once)
{
    zample_library_entry_t entry;
    ck_assert_int_eq (mkdir (follow_path ("kit/snare/deep"), 0700), 0);
    follow_make_ramp ("kit/snare/deep/a.wav", 100);
    s_open ((zample_config_t) { 0 });
    s_must_add ("kit", 1);
    s_must_add ("kit/snare", 1);
    ck_assert_uint_eq (s_find ("deep:0"), s_find ("snare/deep:0"));
    ck_assert_int_eq (zample_library_entry (s_engine, 1, &entry), ZAMPLE_OK);
    zample_event_t end = s_end_of (s_preload (NULL));
    ck_assert_int_eq (end.kind, ZAMPLE_EVENT_SUCCESS);
    ck_assert_uint_eq (end.u.success.sounds, 1);
    ck_assert_uint_eq (end.u.success.failed, 0);
}
END_TEST

START_TEST (a_preload_tells_how_many_could_not_be_loaded)
{
    s_make_kit ();
    s_make_many ("kit/bad", 2);
    s_open ((zample_config_t) { 0 });
    s_must_add ("kit", 5);
    zample_event_t end = s_end_of (s_preload (NULL));
    ck_assert_int_eq (end.kind, ZAMPLE_EVENT_SUCCESS);
    ck_assert_uint_eq (end.u.success.sounds, 3);
    ck_assert_uint_eq (end.u.success.failed, 2);
}
END_TEST

START_TEST (a_preload_of_nothing_is_refused_or_over_at_once)
{
    uint64_t job;
    s_open ((zample_config_t) { 0 });
    ck_assert_int_eq (zample_library_preload (s_engine, "kit", NULL, &job), ZAMPLE_NO_SOUND);
    zample_event_t end = s_end_of (s_preload (NULL));
    ck_assert_int_eq (end.kind, ZAMPLE_EVENT_SUCCESS);
    ck_assert_uint_eq (end.u.success.sounds, 0);
}
END_TEST

/*  Takes events until all of these jobs have ended, and counts how. */
static void
s_await_all (uint64_t first, uint64_t last, int ends[ZAMPLE_EVENT_CANCELLED + 1])
{
    for (uint64_t ended = 0; ended <= last - first;) {
        zample_event_t event = follow_next (s_engine);
        ck_assert_int_ne (event.kind, ZAMPLE_EVENT_LOST);
        if (event.job < first || event.job > last || !s_is_end (event.kind))
            continue;
        ends[event.kind]++;
        ended++;
    }
}

START_TEST (scans_that_wait_or_go_on_can_be_called_off)
{
    enum { SCANS = 300 };
    int ends[ZAMPLE_EVENT_CANCELLED + 1] = { 0 };
    s_make_many ("many", 3000);
    s_open ((zample_config_t) { 0 });
    uint64_t first = s_add ("many"), last = first;
    for (int i = 1; i < SCANS; i++)
        last = s_add ("many");
    ck_assert_uint_eq (last, first + SCANS - 1);
    for (uint64_t job = last; job >= first; job--)
        zample_cancel (s_engine, job);
    s_await_all (first, last, ends);
    ck_assert_int_gt (ends[ZAMPLE_EVENT_CANCELLED], SCANS / 2);
    ck_assert_int_eq (ends[ZAMPLE_EVENT_ERROR], 0);
    s_must_add ("many", 3000);
}
END_TEST

START_TEST (a_scan_that_waits_is_called_off_while_others_go_on)
{
    enum { SCANS = 200 };
    s_make_many ("many", 3000);
    s_open ((zample_config_t) { 0 });
    uint64_t last = 0;
    for (int i = 0; i < SCANS; i++)
        last = s_add ("many");
    uint64_t job = s_add ("kit");
    ck_assert_int_eq (zample_cancel (s_engine, job), ZAMPLE_OK);
    zample_event_t event;
    do {
        event = follow_next (s_engine);
        ck_assert_msg (event.job != last, "all others came first");
    } while (event.job != job);
    ck_assert_int_eq (event.kind, ZAMPLE_EVENT_CANCELLED);
}
END_TEST

START_TEST (a_preload_can_be_called_off)
{
    int ends[ZAMPLE_EVENT_CANCELLED + 1] = { 0 };
    s_make_many ("many", 2000);
    s_open ((zample_config_t) { .workers = 1 });
    s_must_add ("many", 2000);
    uint64_t job = s_preload (NULL);
    ck_assert_int_eq (zample_cancel (s_engine, job), ZAMPLE_OK);
    s_await_all (job, job, ends);
    ck_assert_int_eq (ends[ZAMPLE_EVENT_CANCELLED], 1);
    ck_assert_int_eq (zample_cancel (s_engine, job), ZAMPLE_NO_JOB);
}
END_TEST

START_TEST (an_engine_can_end_in_the_middle_of_a_scan)
{
    s_make_many ("many", 3000);
    s_open ((zample_config_t) { .library_watch = true });
    for (int i = 0; i < 50; i++)
        s_add ("many");
    s_preload (NULL);
    zample_destroy (&s_engine);
    ck_assert_ptr_null (s_engine);
}
END_TEST

/* ------------------------------------------------------------------------ watching */

/*  Waits for a scan that the engine began itself to find so many. */
static void
s_await_sounds (uint32_t sounds)
{
    for (;;) {
        zample_event_t event = follow_until (s_engine, ZAMPLE_EVENT_SUCCESS);
        if (event.slot == ZAMPLE_NO_SLOT && event.u.success.sounds == sounds)
            return;
    }
}

static zample_event_t
s_await_load (uint32_t slot)
{
    for (;;) {
        zample_event_t event = follow_until (s_engine, ZAMPLE_EVENT_SUCCESS);
        if (event.slot == slot)
            return event;
    }
}

static void
s_rename (const char *from, const char *to)
{
    char path[256];
    snprintf (path, sizeof path, "%s", follow_path (from));
    ck_assert_int_eq (rename (path, follow_path (to)), 0);
}

START_TEST (names_that_come_and_go_are_noticed)
{
    uint32_t slot;
    s_make_kit ();
    s_open ((zample_config_t) { .library_watch = true });
    s_must_add ("kit", 3);
    uint32_t tight = s_find ("tight");
    follow_make_ramp ("kit/new.wav", 10);
    s_await_sounds (4);
    s_find ("new");
    ck_assert_int_eq (unlink (follow_path ("kit/snare/tight.wav")), 0);
    s_await_sounds (3);
    ck_assert_int_eq (zample_library_find (s_engine, "tight", &slot), ZAMPLE_NO_SOUND);
    follow_make_ramp ("kit/snare/tight.wav", 10);
    s_await_sounds (4);
    ck_assert_uint_eq (s_find ("tight"), tight);
}
END_TEST

START_TEST (folders_that_come_move_and_go_are_noticed)
{
    s_make_kit ();
    s_open ((zample_config_t) { .library_watch = true });
    s_must_add ("kit", 3);
    ck_assert_int_eq (mkdir (follow_path ("kit/new"), 0700), 0);
    follow_make_ramp ("kit/new/one.wav", 10);
    s_await_sounds (4);
    s_find ("new:0");
    follow_make_ramp ("kit/new/two.wav", 10);
    s_await_sounds (5);
    s_rename ("kit/new", "kit/renamed");
    s_await_sounds (5);
    s_find ("renamed:1");
    follow_make_ramp ("kit/renamed/three.wav", 10);
    s_await_sounds (6);
    s_rename ("kit/renamed", "away");
    s_await_sounds (3);
}
END_TEST

START_TEST (a_changed_sound_is_loaded_anew_and_what_plays_of_it_plays_on)
{
    uint64_t old_voice, new_voice;
    float frame[2];
    follow_make_ramp ("kit/a.wav", 30000);
    s_open ((zample_config_t) { .library_watch = true });
    s_must_add ("kit", 1);
    uint32_t slot = s_find ("a");
    s_end_of (s_preload ("a"));
    float before = s_play (slot, &old_voice);
    follow_make_ramp ("changed", 4);
    s_rename ("changed", "kit/a.wav");
    zample_event_t loaded = s_await_load (slot);
    ck_assert_int_eq (loaded.u.success.frames, 4);
    ck_assert_int_eq (zample_render (s_engine, 1, frame), ZAMPLE_OK);
    ck_assert (frame[0] > before);
    ck_assert_int_eq (zample_play (s_engine, slot, NULL, &new_voice), ZAMPLE_OK);
    ck_assert_int_eq (zample_render (s_engine, 100, NULL), ZAMPLE_OK);
    zample_event_t ended = follow_until (s_engine, ZAMPLE_EVENT_VOICE_ENDED);
    ck_assert_uint_eq (ended.voice, new_voice);
    ck_assert_int_eq (ended.u.voice_ended.reason, ZAMPLE_ENDED_FINISHED);
    ck_assert_int_eq (zample_render (s_engine, 1, frame), ZAMPLE_OK);
    ck_assert (frame[0] > before);
}
END_TEST

START_TEST (a_sound_that_is_written_in_place_is_loaded_anew)
{
    follow_make_ramp ("kit/a.wav", 300);
    s_open ((zample_config_t) { .library_watch = true });
    s_must_add ("kit", 1);
    s_end_of (s_preload ("a"));
    follow_make_ramp ("kit/a.wav", 200);
    ck_assert_int_eq (s_await_load (s_find ("a")).u.success.frames, 200);
}
END_TEST

START_TEST (a_root_that_goes_takes_its_sounds_along_and_is_told)
{
    uint32_t slot;
    s_make_kit ();
    s_open ((zample_config_t) { .library_watch = true });
    s_must_add ("kit", 3);
    s_rename ("kit", "away");
    zample_event_t event;
    do
        event = follow_next (s_engine);
    while (event.kind != ZAMPLE_EVENT_ERROR);
    ck_assert_int_eq (event.u.error.code, ZAMPLE_CODE_NOT_FOUND);
    ck_assert_int_eq (zample_library_find (s_engine, "kit", &slot), ZAMPLE_NO_SOUND);
    s_rename ("away", "kit");
    s_must_add ("kit", 3);
    follow_make_ramp ("kit/new.wav", 10);
    s_await_sounds (4);
}
END_TEST

START_TEST (folders_that_cannot_be_watched_are_an_error_and_their_sounds_are_there)
{
    s_make_kit ();
    s_watches_left = 1;
    s_open ((zample_config_t) { .library_watch = true });
    s_must_fail (s_add ("kit"), ZAMPLE_CODE_IO, "1 of its folders cannot be watched");
    s_find ("tight");
    follow_make_ramp ("kit/new.wav", 10); /* the one that is watched */
    s_await_sounds (4);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("library");
    TCase *tests = tcase_create ("library");
    tcase_add_checked_fixture (tests, s_begin, s_end);
    tcase_add_test (tests, an_added_folder_is_found_and_its_sounds_have_slots_behind_the_others);
    tcase_add_test (tests, a_folder_that_cannot_be_added_is_an_error);
    tcase_add_test (tests, a_library_that_is_full_keeps_what_fits_and_says_so);
    tcase_add_test (tests, one_sound_a_folder_or_all_can_be_preloaded);
    tcase_add_test (tests, what_is_in_two_folders_is_loaded_once);
    tcase_add_test (tests, a_preload_tells_how_many_could_not_be_loaded);
    tcase_add_test (tests, a_preload_of_nothing_is_refused_or_over_at_once);
    tcase_add_test (tests, scans_that_wait_or_go_on_can_be_called_off);
    tcase_add_test (tests, a_scan_that_waits_is_called_off_while_others_go_on);
    tcase_add_test (tests, a_preload_can_be_called_off);
    tcase_add_test (tests, an_engine_can_end_in_the_middle_of_a_scan);
    tcase_add_test (tests, names_that_come_and_go_are_noticed);
    tcase_add_test (tests, folders_that_come_move_and_go_are_noticed);
    tcase_add_test (tests, a_changed_sound_is_loaded_anew_and_what_plays_of_it_plays_on);
    tcase_add_test (tests, a_sound_that_is_written_in_place_is_loaded_anew);
    tcase_add_test (tests, a_root_that_goes_takes_its_sounds_along_and_is_told);
    tcase_add_test (tests, folders_that_cannot_be_watched_are_an_error_and_their_sounds_are_there);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
