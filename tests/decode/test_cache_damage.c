/*  The cache when something is wrong with a file in it or with its folder: what is not whole is as if it were not
    there. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/decode/cache_rig.h"
#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

static void
s_write_file (const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen (path, "wb");
    ck_assert_ptr_nonnull (file);
    ck_assert_uint_eq (fwrite (bytes, 1, size, file), size);
    ck_assert_int_eq (fclose (file), 0);
}

/* ------------------------------------------------------------------- a file */

typedef struct {
    zample_cache_t *cache;
    zample_cache_key_t key;
    zample_sound_t *sound;
    char path[1000];
    unsigned char *bytes; /* of the file as it is when it is whole */
    size_t size;
} s_kept_t;

static s_kept_t
s_keep_one (const char *name, int64_t frames)
{
    s_kept_t self = { .cache = rig_cache (name), .sound = rig_sound (frames, 1) };
    self.key = rig_keep (self.cache, self.sound, 1);
    snprintf (self.path, sizeof self.path, "%s", rig_only_file (name));
    self.bytes = files_read (self.path, &self.size);
    return self;
}

static void
s_done (s_kept_t *self)
{
    free (self->bytes);
    zample_sound_release (&self->sound);
    zample_cache_destroy (&self->cache);
}

static void
s_must_be_removed (const s_kept_t *self, const char *what, size_t place)
{
    zample_sound_t *found = zample_cache_find (self->cache, &self->key, NULL);
    if (found || access (self->path, F_OK) == 0)
        ck_abort_msg ("%s %zu: it was %s", what, place, found ? "believed" : "left there");
}

START_TEST (a_bit_that_flipped_anywhere_is_seen)
{
    s_kept_t kept = s_keep_one ("bits", 30);
    for (size_t i = 0; i < kept.size; i++) {
        kept.bytes[i] ^= (unsigned char) (1 << i % 8);
        s_write_file (kept.path, kept.bytes, kept.size);
        s_must_be_removed (&kept, "byte", i);
        kept.bytes[i] ^= (unsigned char) (1 << i % 8);
    }
    s_write_file (kept.path, kept.bytes, kept.size);
    zample_sound_t *found = zample_cache_find (kept.cache, &kept.key, NULL);
    rig_must_be_same (found, kept.sound);
    zample_sound_release (&found);
    s_done (&kept);
}
END_TEST

START_TEST (a_file_that_ends_anywhere_else_is_seen)
{
    s_kept_t kept = s_keep_one ("ends", 30);
    for (size_t size = 0; size < kept.size; size++) {
        s_write_file (kept.path, kept.bytes, size);
        s_must_be_removed (&kept, "size", size);
    }
    kept.bytes = realloc (kept.bytes, kept.size + 1);
    kept.bytes[kept.size] = 0;
    s_write_file (kept.path, kept.bytes, kept.size + 1);
    s_must_be_removed (&kept, "size", kept.size + 1);
    s_done (&kept);
}
END_TEST

START_TEST (the_file_of_another_key_is_seen)
{
    s_kept_t kept = s_keep_one ("other", 30);
    zample_cache_key_t key = kept.key, other = rig_keep (kept.cache, kept.sound, 2);
    ck_assert_int_eq (unlink (kept.path), 0);
    ck_assert_int_eq (rename (rig_only_file ("other"), kept.path), 0);
    ck_assert_ptr_null (zample_cache_find (kept.cache, &other, NULL));
    ck_assert_int_eq (rig_count ("other"), 1);
    ck_assert_ptr_null (zample_cache_find (kept.cache, &key, NULL));
    ck_assert_int_eq (rig_count ("other"), 0);
    s_done (&kept);
}
END_TEST

START_TEST (what_is_no_file_of_ours_is_neither_followed_nor_waited_for)
{
    s_kept_t kept = s_keep_one ("kinds", 30);
    const char *elsewhere = files_path ("elsewhere");
    ck_assert_int_eq (rename (kept.path, elsewhere), 0);
    ck_assert_int_eq (symlink (elsewhere, kept.path), 0);
    ck_assert_ptr_null (zample_cache_find (kept.cache, &kept.key, NULL));
    ck_assert_int_eq (unlink (kept.path), 0);
    ck_assert_int_eq (mkfifo (kept.path, 0600), 0);
    ck_assert_ptr_null (zample_cache_find (kept.cache, &kept.key, NULL));
    ck_assert_int_eq (unlink (kept.path), 0);
    ck_assert_int_eq (rename (elsewhere, kept.path), 0);
    zample_sound_t *found = zample_cache_find (kept.cache, &kept.key, NULL);
    rig_must_be_same (found, kept.sound);
    zample_sound_release (&found);
    s_done (&kept);
}
END_TEST

START_TEST (a_file_of_another_user_is_not_believed)
{
    s_kept_t kept = s_keep_one ("users", 30);
    if (chown (kept.path, geteuid () + 1, (gid_t) -1) == 0) { /* only root can */
        ck_assert_ptr_null (zample_cache_find (kept.cache, &kept.key, NULL));
        ck_assert_int_eq (rig_count ("users"), 1);
    }
    s_done (&kept);
}
END_TEST

START_TEST (a_link_in_the_place_of_a_file_is_replaced_and_not_written_through)
{
    s_kept_t kept = s_keep_one ("through", 30);
    const char *victim = files_write_text ("victim", "precious");
    ck_assert_int_eq (unlink (kept.path), 0);
    ck_assert_int_eq (symlink (victim, kept.path), 0);
    rig_keep (kept.cache, kept.sound, 1);
    size_t size;
    unsigned char *bytes = files_read (victim, &size);
    ck_assert_uint_eq (size, strlen ("precious"));
    free (bytes);
    zample_sound_t *found = zample_cache_find (kept.cache, &kept.key, NULL);
    rig_must_be_same (found, kept.sound);
    zample_sound_release (&found);
    s_done (&kept);
}
END_TEST

/* --------------------------------------------------------------- the folder */

START_TEST (a_folder_that_was_deleted_is_made_again)
{
    s_kept_t kept = s_keep_one ("gone", 30);
    ck_assert_int_eq (unlink (kept.path), 0);
    ck_assert_int_eq (rmdir (files_path ("gone")), 0);
    ck_assert_ptr_null (zample_cache_find (kept.cache, &kept.key, NULL));
    rig_keep (kept.cache, kept.sound, 1);
    zample_sound_t *found = zample_cache_find (kept.cache, &kept.key, NULL);
    rig_must_be_same (found, kept.sound);
    zample_sound_release (&found);
    s_done (&kept);
}
END_TEST

START_TEST (a_folder_in_the_place_of_a_file_is_left_alone)
{
    s_kept_t kept = s_keep_one ("place", 30);
    ck_assert_int_eq (unlink (kept.path), 0);
    ck_assert_int_eq (mkdir (kept.path, 0700), 0);
    zample_file_t file = rig_file ("kept", 1000, 1);
    ck_assert (!zample_cache_keep (kept.cache, &kept.key, &file, kept.sound, NULL));
    zample_file_close (&file);
    ck_assert_ptr_null (zample_cache_find (kept.cache, &kept.key, NULL));
    ck_assert_int_eq (rig_count ("place"), 1);
    s_done (&kept);
}
END_TEST

static void
s_must_be_refused (const char *folder, const char *named)
{
    char why[ZAMPLE_SENTENCE_SIZE] = "";
    ck_assert_ptr_null (zample_cache_new (folder, why, sizeof why));
    ck_assert_msg (strstr (why, named) != NULL, "\"%s\" does not name %s", why, named);
}

START_TEST (a_folder_that_cannot_be_is_told)
{
    char path[2 * 4096];
    s_must_be_refused (files_write_text ("a-file", "text"), "a-file: the cache cannot be here");
    s_must_be_refused (files_path ("absent/folder"), "absent/folder");
    ck_assert_int_ne (access (files_path ("absent"), F_OK), 0);
    memset (path, 'x', sizeof path);
    path[sizeof path - 1] = '\0';
    s_must_be_refused (path, "xxx");
    s_must_be_refused ("", ":");
}
END_TEST

START_TEST (a_folder_that_nothing_can_be_written_to_is_told)
{
    const char *path = files_path ("closed");
    s_kept_t kept = s_keep_one ("closed", 30);
    ck_assert_int_eq (chmod (files_path (""), 0755), 0);
    ck_assert_int_eq (chmod (path, 0555), 0);
    bool is_root = geteuid () == 0; /* who may do anything */
    ck_assert (!is_root || setresuid (65534, 65534, 0) == 0);
    s_must_be_refused (path, "closed");
    ck_assert (!is_root || setresuid (0, 0, 0) == 0); /* or leaks could not be looked for */
    s_done (&kept);
}
END_TEST

static void
s_make_old (const char *path, int64_t age_sec)
{
    struct timespec now;
    ck_assert_int_eq (clock_gettime (CLOCK_REALTIME, &now), 0);
    now.tv_sec -= age_sec;
    const struct timespec times[2] = { now, now };
    ck_assert_int_eq (utimensat (AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), 0);
}

START_TEST (only_what_was_left_unfinished_is_swept_away)
{
    zample_cache_t *cache = rig_cache ("sweep");
    zample_cache_destroy (&cache);
    s_make_old (files_write_text ("sweep/zample-unfinished-Ab3456", "text"), 3600);
    s_make_old (files_write_text ("sweep/zample-unfinished-Ab3457", "text"), 5);
    s_make_old (files_write_text ("sweep/zample-unfinished-notes.txt", "text"), 3600);
    s_make_old (files_write_text ("sweep/unfinished-symphony", "text"), 3600);
    const char *link = files_path ("sweep/zample-unfinished-alink1");
    ck_assert_int_eq (symlink (files_path ("sweep/unfinished-symphony"), link), 0);
    s_make_old (link, 3600);
    cache = rig_cache ("sweep");
    ck_assert_int_eq (rig_count ("sweep"), 4);
    ck_assert_int_ne (access (files_path ("sweep/zample-unfinished-Ab3456"), F_OK), 0);
    zample_cache_destroy (&cache);
}
END_TEST

int
main (void)
{
    files_begin ();
    Suite *suite = suite_create ("cache_damage");
    TCase *tests = tcase_create ("cache_damage");
    tcase_set_timeout (tests, 120);
    tcase_add_test (tests, a_bit_that_flipped_anywhere_is_seen);
    tcase_add_test (tests, a_file_that_ends_anywhere_else_is_seen);
    tcase_add_test (tests, the_file_of_another_key_is_seen);
    tcase_add_test (tests, what_is_no_file_of_ours_is_neither_followed_nor_waited_for);
    tcase_add_test (tests, a_file_of_another_user_is_not_believed);
    tcase_add_test (tests, a_link_in_the_place_of_a_file_is_replaced_and_not_written_through);
    tcase_add_test (tests, a_folder_that_was_deleted_is_made_again);
    tcase_add_test (tests, a_folder_in_the_place_of_a_file_is_left_alone);
    tcase_add_test (tests, a_folder_that_cannot_be_is_told);
    tcase_add_test (tests, a_folder_that_nothing_can_be_written_to_is_told);
    tcase_add_test (tests, only_what_was_left_unfinished_is_swept_away);
    suite_add_tcase (suite, tests);
    int status = run_suite (suite);
    files_end ();
    return status;
}
