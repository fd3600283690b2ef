/*  The index: what each sound can be called, and in which order they stand. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "engine/library/index.h"
#include "tests/support/run_suite.h"

enum { ITEMS = 4096 };

static zample_names_t *s_folders, *s_paths;
static zample_index_item_t s_items[ITEMS];
static uint32_t s_count;
static int s_steps_left; /* until it is not to go on; -1: never */

static bool
s_goes_on (void *context)
{
    (void) context;
    return s_steps_left < 0 || s_steps_left-- > 0;
}

static void
s_begin (void)
{
    s_folders = zample_names_new ();
    s_paths = zample_names_new ();
    s_count = 0;
    s_steps_left = -1;
}

static void
s_end (void)
{
    zample_names_destroy (&s_folders);
    zample_names_destroy (&s_paths);
}

static void
s_put (const char *folder, const char *path)
{
    s_items[s_count++] =
        (zample_index_item_t) { zample_names_take (s_folders, folder), zample_names_take (s_paths, path) };
}

static zample_index_t *
s_try_index (void)
{
    zample_index_content_t content = {
        .items = s_items, .count = s_count, .folders = s_folders, .paths = s_paths, .goes_on = s_goes_on
    };
    return zample_index_new (&content);
}

static zample_index_t *
s_index (void)
{
    zample_index_t *index = s_try_index ();
    ck_assert_ptr_nonnull (index);
    return index;
}

/*  NULL: nothing is called so. */
static void
s_must_be (const zample_index_t *index, const char *name, const char *path)
{
    uint32_t sound;
    const char *found = zample_index_find (index, name, &sound) ? zample_index_path (index, sound) : NULL;
    if ((found == NULL) != (path == NULL) || (path && strcmp (found, path) != 0))
        ck_abort_msg ("'%s' is %s, not %s", name, found ? found : "nothing", path ? path : "nothing");
}

static void
s_put_kit (void)
{
    s_put ("kit", "/x/kit/kick 10.wav");
    s_put ("snare", "/x/kit/snare/tight.flac");
    s_put ("kit", "/x/kit/kick 9.wav");
    s_put ("snare/old", "/x/kit/snare/old/kick 9.aiff");
    s_put ("kit", "/x/kit/Kick 1.wav");
}

START_TEST (a_folder_and_an_index_are_a_sound)
{
    s_put_kit ();
    zample_index_t *index = s_index ();
    s_must_be (index, "kit:0", "/x/kit/Kick 1.wav");
    s_must_be (index, "kit:1", "/x/kit/kick 9.wav");
    s_must_be (index, "kit:2", "/x/kit/kick 10.wav");
    s_must_be (index, "kit:3", "/x/kit/Kick 1.wav");
    s_must_be (index, "kit:007", "/x/kit/kick 9.wav");
    s_must_be (index, "snare/old:17", "/x/kit/snare/old/kick 9.aiff");
    /* 10^40 + 1 = 2 modulo 3 */
    s_must_be (index, "kit:10000000000000000000000000000000000000001", "/x/kit/kick 10.wav");
    s_must_be (index, "old:0", NULL);
    s_must_be (index, "kit:", NULL);
    s_must_be (index, "kit:-1", NULL);
    s_must_be (index, "kit:1 ", NULL);
    s_must_be (index, "kit:0x1", NULL);
    s_must_be (index, ":1", NULL);
    s_must_be (index, "", NULL);
    zample_index_destroy (&index);
}
END_TEST

START_TEST (a_folder_alone_is_its_first_sound)
{
    s_put_kit ();
    zample_index_t *index = s_index ();
    s_must_be (index, "kit", "/x/kit/Kick 1.wav");
    s_must_be (index, "snare", "/x/kit/snare/tight.flac");
    s_must_be (index, "snare/old", "/x/kit/snare/old/kick 9.aiff");
    s_must_be (index, "Kit", NULL);
    s_must_be (index, "kit/", NULL);
    zample_index_destroy (&index);
}
END_TEST

START_TEST (a_file_is_found_by_its_name)
{
    s_put_kit ();
    zample_index_t *index = s_index ();
    s_must_be (index, "kick 10.wav", "/x/kit/kick 10.wav");
    s_must_be (index, "kick 10", "/x/kit/kick 10.wav");
    s_must_be (index, "kit/kick 10.wav", "/x/kit/kick 10.wav");
    s_must_be (index, "kit/kick 10", "/x/kit/kick 10.wav");
    s_must_be (index, "tight", "/x/kit/snare/tight.flac");
    s_must_be (index, "snare/tight.flac", "/x/kit/snare/tight.flac");
    s_must_be (index, "kick 9.aiff", "/x/kit/snare/old/kick 9.aiff");
    s_must_be (index, "snare/old/kick 9", "/x/kit/snare/old/kick 9.aiff");
    s_must_be (index, "old/kick 9", NULL);
    s_must_be (index, "/kick 9", NULL);
    s_must_be (index, "kick", NULL);
    s_must_be (index, "kick 10.", NULL);
    zample_index_destroy (&index);
}
END_TEST

START_TEST (of_several_the_first_in_order_is_meant)
{
    s_put ("b", "/x/b/hit.wav");
    s_put ("a 10", "/x/a 10/hit.wav");
    s_put ("a 9", "/x/a 9/hit.wav");
    s_put ("a 9", "/x/a 9/hit.flac");
    zample_index_t *index = s_index ();
    s_must_be (index, "hit.wav", "/x/a 9/hit.wav");
    s_must_be (index, "hit", "/x/a 9/hit.flac");
    s_must_be (index, "a 9/hit", "/x/a 9/hit.flac");
    zample_index_destroy (&index);
}
END_TEST

START_TEST (a_whole_name_goes_before_one_that_is_cut)
{
    s_put ("a", "/x/a/hit.wav.flac");
    s_put ("b", "/x/b/hit.wav");
    s_put ("hit", "/x/hit/zero.wav");
    zample_index_t *index = s_index ();
    s_must_be (index, "hit.wav", "/x/b/hit.wav");
    s_must_be (index, "hit", "/x/hit/zero.wav");
    s_must_be (index, "a/hit.wav", "/x/a/hit.wav.flac");
    zample_index_destroy (&index);
}
END_TEST

START_TEST (a_name_with_a_colon_of_its_own_is_found)
{
    s_put ("kit", "/x/kit/a:1.wav");
    s_put ("kit", "/x/kit/kit:0.wav");
    s_put ("odd:3", "/x/odd:3/b.wav");
    zample_index_t *index = s_index ();
    s_must_be (index, "a:1", "/x/kit/a:1.wav");
    s_must_be (index, "a:1.wav", "/x/kit/a:1.wav");
    s_must_be (index, "kit:0", "/x/kit/a:1.wav");
    s_must_be (index, "kit:0.wav", "/x/kit/kit:0.wav");
    s_must_be (index, "odd:3", "/x/odd:3/b.wav");
    s_must_be (index, "odd:3:5", "/x/odd:3/b.wav");
    s_must_be (index, "odd:4", NULL);
    zample_index_destroy (&index);
}
END_TEST

START_TEST (sounds_stand_in_natural_order_of_folders_and_names)
{
    static const char *const expected[] = { "/x/kit/Kick 1.wav", "/x/kit/kick 9.wav", "/x/kit/kick 10.wav",
                                            "/x/kit/snare/tight.flac", "/x/kit/snare/old/kick 9.aiff" };
    s_put_kit ();
    zample_index_t *index = s_index ();
    zample_index_entry_t entry;
    ck_assert_uint_eq (zample_index_count (index), 5);
    for (uint32_t i = 0; i < 5; i++) {
        ck_assert (zample_index_at (index, i, &entry));
        ck_assert_str_eq (entry.path, expected[i]);
        ck_assert_uint_eq (entry.sound, zample_names_find (s_paths, expected[i]));
        ck_assert_str_eq (entry.folder, i < 3 ? "kit" : i == 3 ? "snare" : "snare/old");
        ck_assert_uint_eq (entry.index, i < 3 ? i : 0);
        ck_assert_uint_eq (entry.count, i < 3 ? 3 : 1);
    }
    ck_assert (!zample_index_at (index, 5, &entry));
    ck_assert (!zample_index_at (index, UINT32_MAX, &entry));
    zample_index_destroy (&index);
}
END_TEST

START_TEST (folders_of_the_same_name_are_one)
{
    s_put ("drums", "/x/drums/b.wav");
    s_put ("drums", "/y/drums/a.wav");
    s_put ("drums", "/y/drums/b.wav");
    zample_index_t *index = s_index ();
    s_must_be (index, "drums:0", "/y/drums/a.wav");
    s_must_be (index, "drums:1", "/x/drums/b.wav");
    s_must_be (index, "drums:2", "/y/drums/b.wav");
    s_must_be (index, "drums:3", "/y/drums/a.wav");
    zample_index_destroy (&index);
}
END_TEST

START_TEST (a_sound_may_stand_in_several_folders_but_once_in_each)
{
    s_put ("a/b", "/x/a/b/hit.wav");
    s_put ("b", "/x/a/b/hit.wav");
    s_put ("b", "/x/a/b/hit.wav");
    zample_index_t *index = s_index ();
    ck_assert_uint_eq (zample_index_count (index), 2);
    s_must_be (index, "a/b:0", "/x/a/b/hit.wav");
    s_must_be (index, "b:1", "/x/a/b/hit.wav");
    zample_index_destroy (&index);
}
END_TEST

START_TEST (a_range_is_a_folder_or_a_sound)
{
    uint32_t first, count;
    s_put_kit ();
    zample_index_t *index = s_index ();
    ck_assert (zample_index_range (index, "kit", &first, &count));
    ck_assert_uint_eq (first, 0);
    ck_assert_uint_eq (count, 3);
    ck_assert (zample_index_range (index, "kit:4", &first, &count));
    ck_assert_uint_eq (first, 1);
    ck_assert_uint_eq (count, 1);
    ck_assert (zample_index_range (index, "tight", &first, &count));
    ck_assert_uint_eq (first, 3);
    ck_assert_uint_eq (count, 1);
    ck_assert (!zample_index_range (index, "nothing", &first, &count));
    zample_index_destroy (&index);
}
END_TEST

START_TEST (a_number_keeps_its_path_without_a_place)
{
    s_put_kit ();
    s_count = 1;
    zample_index_t *index = s_index ();
    ck_assert_uint_eq (zample_index_count (index), 1);
    ck_assert_str_eq (zample_index_path (index, 4), "/x/kit/Kick 1.wav");
    ck_assert_ptr_null (zample_index_path (index, 5));
    ck_assert_ptr_null (zample_index_path (index, UINT32_MAX));
    s_must_be (index, "Kick 1", NULL);
    zample_index_destroy (&index);
}
END_TEST

START_TEST (an_empty_one_has_nothing)
{
    zample_index_entry_t entry;
    zample_index_t *index = s_index ();
    ck_assert_uint_eq (zample_index_count (index), 0);
    ck_assert (!zample_index_at (index, 0, &entry));
    s_must_be (index, "", NULL);
    s_must_be (index, "a:0", NULL);
    zample_index_destroy (&index);
    zample_index_destroy (&index);
}
END_TEST

static void
s_put_many (void)
{
    char folder[32], path[64];
    for (uint32_t i = 0; i < ITEMS; i++) {
        uint32_t shuffled = i * 2654435761u % ITEMS;
        snprintf (folder, sizeof folder, "f%u", shuffled % 7);
        snprintf (path, sizeof path, "/f%u/s %u.wav", shuffled % 7, shuffled);
        s_put (folder, path);
    }
}

START_TEST (each_of_many_is_found_by_each_of_its_names)
{
    s_put_many ();
    zample_index_t *index = s_index ();
    for (uint32_t i = 0; i < ITEMS; i++) {
        char name[64], path[64];
        snprintf (path, sizeof path, "/f%u/s %u.wav", i % 7, i);
        s_must_be (index, path + 1, path);
        s_must_be (index, path + 4, path);
        snprintf (name, sizeof name, "f%u:%u", i % 7, i / 7);
        s_must_be (index, name, path);
        snprintf (name, sizeof name, "s %u", i);
        s_must_be (index, name, path);
        snprintf (name, sizeof name, "f%u/s %u", i % 7, i);
        s_must_be (index, name, path);
    }
    zample_index_destroy (&index);
}
END_TEST

START_TEST (it_can_be_given_up_while_it_is_made)
{
    s_put_many ();
    int steps = 0;
    zample_index_t *index;
    do {
        s_steps_left = steps++;
        index = s_try_index ();
    } while (!index);
    zample_index_destroy (&index);
    ck_assert_int_gt (steps, 10);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("index");
    TCase *tests = tcase_create ("index");
    tcase_add_checked_fixture (tests, s_begin, s_end);
    tcase_add_test (tests, a_folder_and_an_index_are_a_sound);
    tcase_add_test (tests, a_folder_alone_is_its_first_sound);
    tcase_add_test (tests, a_file_is_found_by_its_name);
    tcase_add_test (tests, of_several_the_first_in_order_is_meant);
    tcase_add_test (tests, a_whole_name_goes_before_one_that_is_cut);
    tcase_add_test (tests, a_name_with_a_colon_of_its_own_is_found);
    tcase_add_test (tests, sounds_stand_in_natural_order_of_folders_and_names);
    tcase_add_test (tests, folders_of_the_same_name_are_one);
    tcase_add_test (tests, a_sound_may_stand_in_several_folders_but_once_in_each);
    tcase_add_test (tests, a_range_is_a_folder_or_a_sound);
    tcase_add_test (tests, a_number_keeps_its_path_without_a_place);
    tcase_add_test (tests, an_empty_one_has_nothing);
    tcase_add_test (tests, each_of_many_is_found_by_each_of_its_names);
    tcase_add_test (tests, it_can_be_given_up_while_it_is_made);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
