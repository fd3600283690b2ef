/*  The library of a whole engine that takes notice when files change: what is found, what is loaded anew, and what plays on. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/library/kit.h"
#include "tests/support/run_suite.h"

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

/*  Waits for a scan that the engine began itself to find so many. */
static void
s_await_sounds (uint32_t sounds)
{
    for (;;) {
        zample_event_t event = follow_until (kit_engine, ZAMPLE_EVENT_SUCCESS);
        if (event.slot == ZAMPLE_NO_SLOT && event.u.success.sounds == sounds)
            return;
    }
}

static zample_event_t
s_await_load (uint32_t slot)
{
    for (;;) {
        zample_event_t event = follow_until (kit_engine, ZAMPLE_EVENT_SUCCESS);
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
    kit_make ();
    kit_open ((zample_config_t) { .library_watch = true });
    kit_must_add ("kit", 3);
    uint32_t tight = kit_find ("tight");
    follow_make_ramp ("kit/new.wav", 10);
    s_await_sounds (4);
    kit_find ("new");
    ck_assert_int_eq (unlink (follow_path ("kit/snare/tight.wav")), 0);
    s_await_sounds (3);
    ck_assert_int_eq (zample_library_find (kit_engine, "tight", &slot), ZAMPLE_NO_SOUND);
    follow_make_ramp ("kit/snare/tight.wav", 10);
    s_await_sounds (4);
    ck_assert_uint_eq (kit_find ("tight"), tight);
}
END_TEST

START_TEST (folders_that_come_move_and_go_are_noticed)
{
    kit_make ();
    kit_open ((zample_config_t) { .library_watch = true });
    kit_must_add ("kit", 3);
    ck_assert_int_eq (mkdir (follow_path ("kit/new"), 0700), 0);
    follow_make_ramp ("kit/new/one.wav", 10);
    s_await_sounds (4);
    kit_find ("new:0");
    follow_make_ramp ("kit/new/two.wav", 10);
    s_await_sounds (5);
    s_rename ("kit/new", "kit/renamed");
    s_await_sounds (5);
    kit_find ("renamed:1");
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
    kit_open ((zample_config_t) { .library_watch = true });
    kit_must_add ("kit", 1);
    uint32_t slot = kit_find ("a");
    kit_end_of (kit_preload ("a"));
    float before = kit_play (slot, &old_voice);
    follow_make_ramp ("changed", 4);
    s_rename ("changed", "kit/a.wav");
    zample_event_t loaded = s_await_load (slot);
    ck_assert_int_eq (loaded.u.success.frames, 4);
    ck_assert_int_eq (zample_render (kit_engine, 1, frame), ZAMPLE_OK);
    ck_assert (frame[0] > before);
    ck_assert_int_eq (zample_play (kit_engine, slot, NULL, &new_voice), ZAMPLE_OK);
    ck_assert_int_eq (zample_render (kit_engine, 100, NULL), ZAMPLE_OK);
    zample_event_t ended = follow_until (kit_engine, ZAMPLE_EVENT_VOICE_ENDED);
    ck_assert_uint_eq (ended.voice, new_voice);
    ck_assert_int_eq (ended.u.voice_ended.reason, ZAMPLE_ENDED_FINISHED);
    ck_assert_int_eq (zample_render (kit_engine, 1, frame), ZAMPLE_OK);
    ck_assert (frame[0] > before);
}
END_TEST

START_TEST (a_sound_that_is_written_in_place_is_loaded_anew)
{
    follow_make_ramp ("kit/a.wav", 300);
    kit_open ((zample_config_t) { .library_watch = true });
    kit_must_add ("kit", 1);
    kit_end_of (kit_preload ("a"));
    follow_make_ramp ("kit/a.wav", 200);
    ck_assert_int_eq (s_await_load (kit_find ("a")).u.success.frames, 200);
}
END_TEST

START_TEST (a_sound_that_is_loaded_anew_keeps_its_quality)
{
    zample_load_t best = { .quality = ZAMPLE_QUALITY_BEST };
    zample_memory_t memory;
    uint64_t job;
    follow_make_ramp ("kit/a.wav", 300);
    kit_open ((zample_config_t) { .library_watch = true });
    kit_must_add ("kit", 1);
    ck_assert_int_eq (zample_library_preload (kit_engine, "a", &best, &job), ZAMPLE_OK);
    kit_end_of (job);
    follow_make_ramp ("kit/a.wav", 200);
    s_await_load (kit_find ("a"));
    ck_assert_int_eq (zample_load (kit_engine, 0, follow_path ("kit/a.wav"), &best, &job), ZAMPLE_OK);
    ck_assert_int_eq (s_await_load (0).u.success.frames, 200);
    ck_assert_int_eq (zample_memory (kit_engine, &memory), ZAMPLE_OK);
    ck_assert_uint_eq (memory.shared, 1);
}
END_TEST

START_TEST (a_root_that_goes_takes_its_sounds_along_and_is_told)
{
    uint32_t slot;
    kit_make ();
    kit_open ((zample_config_t) { .library_watch = true });
    kit_must_add ("kit", 3);
    s_rename ("kit", "away");
    zample_event_t event;
    do
        event = follow_next (kit_engine);
    while (event.kind != ZAMPLE_EVENT_ERROR);
    ck_assert_int_eq (event.u.error.code, ZAMPLE_CODE_NOT_FOUND);
    ck_assert_int_eq (zample_library_find (kit_engine, "kit", &slot), ZAMPLE_NO_SOUND);
    s_rename ("away", "kit");
    kit_must_add ("kit", 3);
    follow_make_ramp ("kit/new.wav", 10);
    s_await_sounds (4);
}
END_TEST

START_TEST (folders_that_cannot_be_watched_are_an_error_and_their_sounds_are_there)
{
    kit_make ();
    s_watches_left = 1;
    kit_open ((zample_config_t) { .library_watch = true });
    kit_must_fail (kit_add ("kit"), ZAMPLE_CODE_IO, "1 of its folders cannot be watched");
    kit_find ("tight");
    follow_make_ramp ("kit/new.wav", 10); /* the one that is watched */
    s_await_sounds (4);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("library watch");
    TCase *tests = tcase_create ("library watch");
    tcase_add_checked_fixture (tests, kit_begin, kit_end);
    tcase_add_test (tests, names_that_come_and_go_are_noticed);
    tcase_add_test (tests, folders_that_come_move_and_go_are_noticed);
    tcase_add_test (tests, a_changed_sound_is_loaded_anew_and_what_plays_of_it_plays_on);
    tcase_add_test (tests, a_sound_that_is_written_in_place_is_loaded_anew);
    tcase_add_test (tests, a_sound_that_is_loaded_anew_keeps_its_quality);
    tcase_add_test (tests, a_root_that_goes_takes_its_sounds_along_and_is_told);
    tcase_add_test (tests, folders_that_cannot_be_watched_are_an_error_and_their_sounds_are_there);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
