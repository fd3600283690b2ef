/*  The catalogue over real folders: numbers that stay, folders that change and go, a library that is full, and threads that look
    while all is replaced. */
#include "config.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "engine/library/catalogue.h"
#include "tests/library/tree.h"
#include "tests/support/run_suite.h"

static zample_catalogue_t *s_catalogue;
static zample_catalogue_counts_t s_counts;
static zample_failure_t s_failure;
static int s_calls_left; /* until it is given up; -1: never */

static bool
s_goes_on (void *context)
{
    (void) context;
    return s_calls_left < 0 || s_calls_left-- > 0;
}

static bool
s_at_folder (void *context, const char *path, bool fresh, double fraction)
{
    (void) path, (void) fresh, (void) fraction;
    return s_goes_on (context);
}

static const zample_catalogue_listener_t s_listener = { .at_folder = s_at_folder, .goes_on = s_goes_on };

static void
s_begin (void)
{
    tree_begin ();
    s_calls_left = -1;
    s_catalogue = zample_catalogue_new (1000, false);
    ck_assert_ptr_nonnull (s_catalogue);
}

static void
s_end (void)
{
    zample_catalogue_destroy (&s_catalogue);
    tree_end ();
}

static bool
s_add (const char *directory)
{
    uint32_t root;
    return zample_catalogue_root (s_catalogue, directory, &root, &s_failure)
           && zample_catalogue_scan (s_catalogue, root, &s_listener, &s_counts, &s_failure);
}

static void
s_must_add (const char *name, uint32_t sounds)
{
    ck_assert_msg (s_add (tree_path (name)), "%s", s_failure.sentence);
    ck_assert_uint_eq (s_counts.sounds, sounds);
    ck_assert_uint_eq (s_counts.failed, 0);
}

/*  The number of the sound by that name, which must be that file. */
static uint32_t
s_number (const char *name, const char *file)
{
    uint32_t sound;
    char path[ZAMPLE_SCAN_PATH_SIZE];
    ck_assert_msg (zample_catalogue_find (s_catalogue, name, &sound), "nothing is called '%s'", name);
    ck_assert (zample_catalogue_path (s_catalogue, sound, path));
    ck_assert_str_eq (path, tree_path (file));
    return sound;
}

static void
s_must_lack (const char *name)
{
    uint32_t sound;
    ck_assert_msg (!zample_catalogue_find (s_catalogue, name, &sound), "'%s' is still there", name);
}

START_TEST (an_empty_library_has_nothing)
{
    zample_catalogue_entry_t entry;
    char path[ZAMPLE_SCAN_PATH_SIZE];
    s_must_lack ("kit");
    ck_assert (!zample_catalogue_entry (s_catalogue, 0, &entry));
    ck_assert (!zample_catalogue_path (s_catalogue, 0, path));
}
END_TEST

START_TEST (an_added_folder_is_found)
{
    tree_file ("kit/kick 10.wav");
    tree_file ("kit/kick 9.wav");
    tree_file ("kit/snare/tight.flac");
    s_must_add ("kit", 3);
    s_number ("kit:0", "kit/kick 9.wav");
    s_number ("kit:3", "kit/kick 10.wav");
    s_number ("snare", "kit/snare/tight.flac");
    zample_catalogue_entry_t entry;
    ck_assert (zample_catalogue_entry (s_catalogue, 1, &entry));
    ck_assert_str_eq (entry.folder, "kit");
    ck_assert_str_eq (entry.path, tree_path ("kit/kick 10.wav"));
    ck_assert_uint_eq (entry.index, 1);
    ck_assert_uint_eq (entry.count, 2);
    ck_assert (!zample_catalogue_entry (s_catalogue, 3, &entry));
}
END_TEST

START_TEST (a_file_that_goes_and_comes_back_has_its_old_number)
{
    tree_file ("kit/a.wav");
    tree_file ("kit/b.wav");
    s_must_add ("kit", 2);
    uint32_t a = s_number ("a", "kit/a.wav"), b = s_number ("b", "kit/b.wav");
    tree_rename ("kit/a.wav", "kit/c.wav");
    s_must_add ("kit", 2);
    s_must_lack ("a");
    uint32_t c = s_number ("c", "kit/c.wav");
    ck_assert_uint_ne (c, a);
    ck_assert_uint_ne (c, b);
    char path[ZAMPLE_SCAN_PATH_SIZE];
    ck_assert (zample_catalogue_path (s_catalogue, a, path));
    ck_assert_str_eq (path, tree_path ("kit/a.wav"));
    tree_file ("kit/a.wav");
    s_must_add ("kit", 3);
    ck_assert_uint_eq (s_number ("a", "kit/a.wav"), a);
    ck_assert_uint_eq (s_number ("b", "kit/b.wav"), b);
    ck_assert_uint_eq (s_number ("c", "kit/c.wav"), c);
}
END_TEST

START_TEST (a_folder_that_is_added_again_is_the_same_root)
{
    tree_file ("kit/a.wav");
    s_must_add ("kit", 1);
    s_must_add ("kit/", 1);
    s_must_add ("kit/../kit/.", 1);
    ck_assert_uint_eq (zample_catalogue_roots (s_catalogue), 1);
    ck_assert_str_eq (zample_catalogue_root_path (s_catalogue, 0), tree_path ("kit"));
}
END_TEST

START_TEST (a_sound_below_two_roots_is_one_sound_in_two_folders)
{
    tree_file ("all/drums/old/a.wav");
    s_must_add ("all", 1);
    s_must_add ("all/drums", 1);
    uint32_t number = s_number ("drums/old:0", "all/drums/old/a.wav");
    ck_assert_uint_eq (s_number ("old:0", "all/drums/old/a.wav"), number);
}
END_TEST

START_TEST (folders_of_the_same_name_become_one)
{
    tree_file ("one/drums/b.wav");
    tree_file ("two/drums/a.wav");
    s_must_add ("one", 1);
    s_must_add ("two", 1);
    s_number ("drums:0", "two/drums/a.wav");
    s_number ("drums:1", "one/drums/b.wav");
}
END_TEST

START_TEST (what_is_no_folder_is_refused_and_changes_nothing)
{
    tree_file ("kit/a.wav");
    s_must_add ("kit", 1);
    ck_assert (!s_add (tree_path ("nothing")));
    ck_assert_int_eq (s_failure.code, FAILED_NOT_FOUND);
    ck_assert (!s_add (tree_path ("kit/a.wav")));
    ck_assert_int_eq (s_failure.code, FAILED_NOT_A_FOLDER);
    ck_assert_uint_eq (zample_catalogue_roots (s_catalogue), 1);
    s_number ("kit", "kit/a.wav");
}
END_TEST

START_TEST (a_root_that_is_gone_loses_its_sounds_and_keeps_their_numbers)
{
    tree_file ("kit/a.wav");
    tree_file ("more/b.wav");
    s_must_add ("kit", 1);
    s_must_add ("more", 1);
    uint32_t a = s_number ("a", "kit/a.wav");
    tree_rename ("kit", "away");
    ck_assert (!zample_catalogue_scan (s_catalogue, 0, &s_listener, &s_counts, &s_failure));
    ck_assert_int_eq (s_failure.code, FAILED_NOT_FOUND);
    s_must_lack ("a");
    s_number ("b", "more/b.wav");
    tree_rename ("away", "kit");
    s_must_add ("kit", 1);
    ck_assert_uint_eq (s_number ("a", "kit/a.wav"), a);
}
END_TEST

static void
s_make_many (const char *folder, int count)
{
    for (int i = 0; i < count; i++) {
        char name[64];
        snprintf (name, sizeof name, "%s/%d/%d.wav", folder, i % 3, i);
        tree_file (name);
    }
}

START_TEST (a_full_library_keeps_what_fits_and_says_so)
{
    s_make_many ("kit", 1010);
    ck_assert (!s_add (tree_path ("kit")));
    ck_assert_int_eq (s_failure.code, FAILED_LIBRARY_FULL);
    ck_assert_ptr_nonnull (
        strstr (s_failure.sentence, "10 of its sounds did not fit, as it takes 1000 in all"));
    ck_assert_uint_eq (s_counts.sounds, 1000);
    ck_assert_uint_eq (s_counts.unfit, 10);
    ck_assert_uint_eq (zample_index_count (zample_catalogue_index (s_catalogue)), 1000);
    /* What is known already needs no room. */
    tree_remove ("kit/0");
    ck_assert (s_add (tree_path ("kit")) || s_failure.code == FAILED_LIBRARY_FULL);
    ck_assert_uint_le (s_counts.unfit, 10);
    ck_assert_uint_eq (s_counts.sounds + s_counts.unfit, 1010 - 337);
}
END_TEST

START_TEST (a_scan_that_is_given_up_changes_nothing_and_uses_nothing_up)
{
    tree_file ("kit/a.wav");
    s_must_add ("kit", 1);
    s_make_many ("more", 999);
    int calls = 0;
    for (;;) {
        s_calls_left = calls++;
        if (s_add (tree_path ("more")))
            break;
        ck_assert_int_eq (s_failure.code, FAILED_CANCELLED);
        ck_assert_uint_eq (zample_index_count (zample_catalogue_index (s_catalogue)), 1);
        s_must_lack ("more");
        ck_assert_uint_eq (zample_catalogue_number (s_catalogue, tree_path ("more/0/0.wav")),
                           ZAMPLE_NO_NUMBER);
    }
    ck_assert_int_gt (calls, 5); /* at folders, and while the index is made */
    ck_assert_uint_eq (s_counts.sounds, 999);
    ck_assert_uint_eq (zample_catalogue_number (s_catalogue, tree_path ("kit/a.wav")), 0);
}
END_TEST

/* ---- threads */

static atomic_bool s_over;
static atomic_int s_looks;
static atomic_int s_wrong;

static bool
s_is_at (uint32_t place, const char *end)
{
    zample_catalogue_entry_t entry;
    return zample_catalogue_entry (s_catalogue, place, &entry) && strstr (entry.path, end);
}

/*  The first two sounds are there all the time, the third comes and goes. */
static void *
s_look (void *unused)
{
    (void) unused;
    while (!atomic_load (&s_over)) {
        uint32_t sound;
        char path[ZAMPLE_SCAN_PATH_SIZE];
        bool right = zample_catalogue_find (s_catalogue, "kit:0", &sound)
                     && zample_catalogue_path (s_catalogue, sound, path) && strstr (path, "/kit/a.wav")
                     && s_is_at (1, "/kit/b.wav");
        if (zample_catalogue_find (s_catalogue, "c.wav", &sound))
            right = right && zample_catalogue_path (s_catalogue, sound, path) && strstr (path, "/kit/c.wav");
        atomic_fetch_add (&s_wrong, !right);
        atomic_fetch_add (&s_looks, 1);
    }
    return NULL;
}

START_TEST (threads_look_while_the_index_is_replaced_thousands_of_times)
{
    enum { LOOKERS = 2, SCANS = 3000 };
    pthread_t lookers[LOOKERS];
    tree_file ("kit/a.wav");
    tree_file ("kit/b.wav");
    s_must_add ("kit", 2);
    for (int i = 0; i < LOOKERS; i++)
        pthread_create (&lookers[i], NULL, s_look, NULL);
    for (int i = 0; i < SCANS; i++) {
        if (i % 2 == 0)
            tree_file ("kit/c.wav");
        else
            tree_remove ("kit/c.wav");
        s_must_add ("kit", i % 2 == 0 ? 3 : 2);
    }
    while (atomic_load (&s_looks) < SCANS)
        ;
    atomic_store (&s_over, true);
    for (int i = 0; i < LOOKERS; i++)
        pthread_join (lookers[i], NULL);
    ck_assert_int_eq (atomic_load (&s_wrong), 0);
    ck_assert (zample_catalogue_tidy (s_catalogue));
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("catalogue");
    TCase *tests = tcase_create ("catalogue");
    tcase_add_checked_fixture (tests, s_begin, s_end);
    tcase_add_test (tests, an_empty_library_has_nothing);
    tcase_add_test (tests, an_added_folder_is_found);
    tcase_add_test (tests, a_file_that_goes_and_comes_back_has_its_old_number);
    tcase_add_test (tests, a_folder_that_is_added_again_is_the_same_root);
    tcase_add_test (tests, a_sound_below_two_roots_is_one_sound_in_two_folders);
    tcase_add_test (tests, folders_of_the_same_name_become_one);
    tcase_add_test (tests, what_is_no_folder_is_refused_and_changes_nothing);
    tcase_add_test (tests, a_root_that_is_gone_loses_its_sounds_and_keeps_their_numbers);
    tcase_add_test (tests, a_full_library_keeps_what_fits_and_says_so);
    tcase_add_test (tests, a_scan_that_is_given_up_changes_nothing_and_uses_nothing_up);
    tcase_add_test (tests, threads_look_while_the_index_is_replaced_thousands_of_times);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
