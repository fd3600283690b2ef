/*  The library of a whole engine: folders are added, found, loaded and called off, and each job ends once. Real files, an engine
    without a device. */
#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/library/kit.h"
#include "tests/support/run_suite.h"

static uint64_t
s_sounds_in_memory (void)
{
    zample_memory_t memory;
    ck_assert_int_eq (zample_memory (kit_engine, &memory), ZAMPLE_OK);
    return memory.slots;
}

START_TEST (an_added_folder_is_found_and_its_sounds_have_slots_behind_the_others)
{
    uint32_t slot;
    zample_library_entry_t entry;
    kit_make ();
    kit_open ((zample_config_t) { 0 });
    ck_assert_int_eq (zample_library_find (kit_engine, "kit:0", &slot), ZAMPLE_NO_SOUND);
    kit_must_add ("kit", 3);
    ck_assert_uint_ge (kit_find ("kit:0"), KIT_OWN_SLOTS);
    ck_assert_uint_lt (kit_find ("kit:0"), KIT_OWN_SLOTS + 3);
    ck_assert_uint_eq (kit_find ("kit:0"), kit_find ("kick 9"));
    ck_assert_uint_eq (kit_find ("kit:3"), kit_find ("kit/kick 10.wav"));
    ck_assert_uint_eq (kit_find ("snare"), kit_find ("tight.wav"));
    ck_assert_int_eq (zample_library_entry (kit_engine, 1, &entry), ZAMPLE_OK);
    ck_assert_str_eq (entry.folder, "kit");
    ck_assert_str_eq (entry.path, follow_path ("kit/kick 10.wav"));
    ck_assert_uint_eq (entry.slot, kit_find ("kick 10"));
    ck_assert_uint_eq (entry.index, 1);
    ck_assert_uint_eq (entry.count, 2);
    ck_assert_int_eq (zample_library_entry (kit_engine, 3, &entry), ZAMPLE_NO_SOUND);
}
END_TEST

START_TEST (a_folder_that_cannot_be_added_is_an_error)
{
    follow_make_ramp ("kit/a.wav", 10);
    kit_open ((zample_config_t) { 0 });
    kit_must_fail (kit_add ("nothing"), ZAMPLE_CODE_NOT_FOUND, "no such folder");
    kit_must_fail (kit_add ("kit/a.wav"), ZAMPLE_CODE_NOT_A_FOLDER, "not a folder");
    ck_assert_int_eq (symlink ("kit", follow_path ("linked")), 0);
    kit_must_fail (kit_add ("linked"), ZAMPLE_CODE_SYMLINK, "symbolic link");
}
END_TEST

START_TEST (a_library_that_is_full_keeps_what_fits_and_says_so)
{
    kit_make_many ("many", 12);
    kit_open ((zample_config_t) { .library_sounds = 10 });
    kit_must_fail (kit_add ("many"), ZAMPLE_CODE_LIBRARY_FULL, "2 of its sounds did not fit");
    zample_library_entry_t entry;
    ck_assert_int_eq (zample_library_entry (kit_engine, 9, &entry), ZAMPLE_OK);
    ck_assert_int_eq (zample_library_entry (kit_engine, 10, &entry), ZAMPLE_NO_SOUND);
}
END_TEST

START_TEST (one_sound_a_folder_or_all_can_be_preloaded)
{
    uint64_t voice;
    kit_make ();
    kit_open ((zample_config_t) { 0 });
    kit_must_add ("kit", 3);
    zample_event_t end = kit_end_of (kit_preload ("kit:1"));
    ck_assert_int_eq (end.kind, ZAMPLE_EVENT_SUCCESS);
    ck_assert_uint_eq (end.u.success.sounds, 1);
    ck_assert_uint_eq (s_sounds_in_memory (), 1);
    ck_assert (kit_play (kit_find ("kick 10"), &voice) > 0.0f);
    end = kit_end_of (kit_preload ("kit"));
    ck_assert_uint_eq (end.u.success.sounds, 2);
    ck_assert_uint_eq (s_sounds_in_memory (), 2);
    end = kit_end_of (kit_preload (NULL));
    ck_assert_uint_eq (end.u.success.sounds, 3);
    ck_assert_uint_eq (s_sounds_in_memory (), 3);
}
END_TEST

START_TEST (what_is_in_two_folders_is_loaded_once)
{
    zample_library_entry_t entry;
    ck_assert_int_eq (mkdir (follow_path ("kit/snare/deep"), 0700), 0);
    follow_make_ramp ("kit/snare/deep/a.wav", 100);
    kit_open ((zample_config_t) { 0 });
    kit_must_add ("kit", 1);
    kit_must_add ("kit/snare", 1);
    ck_assert_uint_eq (kit_find ("deep:0"), kit_find ("snare/deep:0"));
    ck_assert_int_eq (zample_library_entry (kit_engine, 1, &entry), ZAMPLE_OK);
    zample_event_t end = kit_end_of (kit_preload (NULL));
    ck_assert_int_eq (end.kind, ZAMPLE_EVENT_SUCCESS);
    ck_assert_uint_eq (end.u.success.sounds, 1);
    ck_assert_uint_eq (end.u.success.failed, 0);
}
END_TEST

START_TEST (a_preload_tells_how_many_could_not_be_loaded)
{
    kit_make ();
    kit_make_many ("kit/bad", 2);
    kit_open ((zample_config_t) { 0 });
    kit_must_add ("kit", 5);
    zample_event_t end = kit_end_of (kit_preload (NULL));
    ck_assert_int_eq (end.kind, ZAMPLE_EVENT_SUCCESS);
    ck_assert_uint_eq (end.u.success.sounds, 3);
    ck_assert_uint_eq (end.u.success.failed, 2);
}
END_TEST

START_TEST (a_preload_of_nothing_is_refused_or_over_at_once)
{
    uint64_t job;
    kit_open ((zample_config_t) { 0 });
    ck_assert_int_eq (zample_library_preload (kit_engine, "kit", NULL, &job), ZAMPLE_NO_SOUND);
    zample_event_t end = kit_end_of (kit_preload (NULL));
    ck_assert_int_eq (end.kind, ZAMPLE_EVENT_SUCCESS);
    ck_assert_uint_eq (end.u.success.sounds, 0);
}
END_TEST

START_TEST (a_sound_that_a_play_misses_is_loaded_from_the_library)
{
    uint64_t voice;
    zample_play_t how = ZAMPLE_PLAY_DEFAULT;
    how.missing = ZAMPLE_MISSING_SKIP;
    kit_make ();
    kit_open ((zample_config_t) { 0 });
    kit_must_add ("kit", 3);
    uint32_t slot = kit_find ("kit:1");
    ck_assert_int_eq (zample_play (kit_engine, slot, &how, &voice), ZAMPLE_OK);
    ck_assert_int_eq (zample_render (kit_engine, 8, NULL), ZAMPLE_OK);
    ck_assert_uint_eq (follow_until (kit_engine, ZAMPLE_EVENT_VOICE_SKIPPED).voice, voice);
    zample_event_t loaded = follow_until (kit_engine, ZAMPLE_EVENT_SUCCESS);
    ck_assert_uint_eq (loaded.slot, slot);
    ck_assert_int_eq (loaded.u.success.frames, 1000);
    ck_assert (kit_play (slot, &voice) > 0.0f);
}
END_TEST

/*  Takes events until all of these jobs have ended, and counts how. */
static void
s_await_all (uint64_t first, uint64_t last, int ends[ZAMPLE_EVENT_CANCELLED + 1])
{
    for (uint64_t ended = 0; ended <= last - first;) {
        zample_event_t event = follow_next (kit_engine);
        ck_assert_int_ne (event.kind, ZAMPLE_EVENT_LOST);
        if (event.job < first || event.job > last || !kit_is_end (event.kind))
            continue;
        ends[event.kind]++;
        ended++;
    }
}

START_TEST (scans_that_wait_or_go_on_can_be_called_off)
{
    enum { SCANS = 300 };
    int ends[ZAMPLE_EVENT_CANCELLED + 1] = { 0 };
    kit_make_many ("many", 1000);
    kit_open ((zample_config_t) { 0 });
    uint64_t first = kit_add ("many"), last = first;
    for (int i = 1; i < SCANS; i++)
        last = kit_add ("many");
    ck_assert_uint_eq (last, first + SCANS - 1);
    for (uint64_t job = last; job >= first; job--)
        zample_cancel (kit_engine, job);
    s_await_all (first, last, ends);
    ck_assert_int_gt (ends[ZAMPLE_EVENT_CANCELLED], SCANS / 2);
    ck_assert_int_eq (ends[ZAMPLE_EVENT_ERROR], 0);
    kit_must_add ("many", 1000);
}
END_TEST

START_TEST (a_scan_that_waits_is_called_off_while_others_go_on)
{
    enum { SCANS = 200 };
    kit_make_many ("many", 1000);
    kit_open ((zample_config_t) { 0 });
    uint64_t last = 0;
    for (int i = 0; i < SCANS; i++)
        last = kit_add ("many");
    uint64_t job = kit_add ("kit");
    ck_assert_int_eq (zample_cancel (kit_engine, job), ZAMPLE_OK);
    zample_event_t event;
    do {
        event = follow_next (kit_engine);
        ck_assert_msg (event.job != last, "all others came first");
    } while (event.job != job);
    ck_assert_int_eq (event.kind, ZAMPLE_EVENT_CANCELLED);
}
END_TEST

START_TEST (a_preload_can_be_called_off)
{
    int ends[ZAMPLE_EVENT_CANCELLED + 1] = { 0 };
    kit_make_many ("many", 1000);
    kit_open ((zample_config_t) { .workers = 1 });
    kit_must_add ("many", 1000);
    uint64_t job = kit_preload (NULL);
    ck_assert_int_eq (zample_cancel (kit_engine, job), ZAMPLE_OK);
    s_await_all (job, job, ends);
    ck_assert_int_eq (ends[ZAMPLE_EVENT_CANCELLED], 1);
    ck_assert_int_eq (zample_cancel (kit_engine, job), ZAMPLE_NO_JOB);
}
END_TEST

START_TEST (an_engine_can_end_in_the_middle_of_a_scan)
{
    kit_make_many ("many", 1000);
    kit_open ((zample_config_t) { .library_watch = true });
    for (int i = 0; i < 50; i++)
        kit_add ("many");
    kit_preload (NULL);
    zample_destroy (&kit_engine);
    ck_assert_ptr_null (kit_engine);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("library");
    TCase *tests = tcase_create ("library");
    tcase_add_checked_fixture (tests, kit_begin, kit_end);
    tcase_add_test (tests, an_added_folder_is_found_and_its_sounds_have_slots_behind_the_others);
    tcase_add_test (tests, a_folder_that_cannot_be_added_is_an_error);
    tcase_add_test (tests, a_library_that_is_full_keeps_what_fits_and_says_so);
    tcase_add_test (tests, one_sound_a_folder_or_all_can_be_preloaded);
    tcase_add_test (tests, what_is_in_two_folders_is_loaded_once);
    tcase_add_test (tests, a_preload_tells_how_many_could_not_be_loaded);
    tcase_add_test (tests, a_preload_of_nothing_is_refused_or_over_at_once);
    tcase_add_test (tests, a_sound_that_a_play_misses_is_loaded_from_the_library);
    tcase_add_test (tests, scans_that_wait_or_go_on_can_be_called_off);
    tcase_add_test (tests, a_scan_that_waits_is_called_off_while_others_go_on);
    tcase_add_test (tests, a_preload_can_be_called_off);
    tcase_add_test (tests, an_engine_can_end_in_the_middle_of_a_scan);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
