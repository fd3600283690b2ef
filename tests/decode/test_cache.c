/*  The cache: what was kept comes back as it was, for the same file and the same wishes only, and nobody waits for
    it. */
#include "config.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/decode/cache_rig.h"
#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

/* Around the pieces in which it is read and written. */
static const int64_t s_lengths[] = { 0, 1, 63, 64, 1000, 8191, 8192, 8193, 16384, 300001 };
#define LENGTHS ((int) (sizeof s_lengths / sizeof s_lengths[0]))

#define PIECE_SIZE 65536

typedef struct {
    int calls_left; /* before it gives up */
    double fraction;
    bool refuses;
    size_t bytes; /* that room was asked for */
} s_watcher_t;

static bool
s_at_chunk (void *context, double fraction)
{
    s_watcher_t *self = context;
    self->fraction = fraction;
    return self->calls_left-- > 0;
}

static bool
s_make_room (void *context, size_t bytes)
{
    s_watcher_t *self = context;
    self->bytes = bytes;
    return !self->refuses;
}

static zample_decode_watch_t
s_watch (s_watcher_t *watcher)
{
    return (zample_decode_watch_t) { s_at_chunk, s_make_room, watcher };
}

static bool
s_are_same (const zample_cache_key_t *a, const zample_cache_key_t *b)
{
    return memcmp (a, b, sizeof *a) == 0;
}

/* ----------------------------------------------------------------- sounds */

START_TEST (what_was_kept_comes_back_to_the_bit)
{
    zample_cache_t *cache = rig_cache ("trip");
    zample_sound_t *sound = rig_sound (s_lengths[_i], 1);
    zample_cache_key_t key = rig_keep (cache, sound, 1);
    for (int i = 0; i < 2; i++) {
        zample_sound_t *found = zample_cache_find (cache, &key, NULL);
        rig_must_be_same (found, sound);
        zample_sound_release (&found);
    }
    zample_sound_release (&sound);
    zample_cache_destroy (&cache);
    ck_assert_ptr_null (cache);
}
END_TEST

START_TEST (another_cache_in_the_same_folder_finds_it)
{
    zample_cache_t *cache = rig_cache ("shared"), *other = rig_cache ("shared");
    zample_sound_t *sound = rig_sound (1000, 2);
    zample_cache_key_t key = rig_keep (cache, sound, 2);
    zample_sound_t *found = zample_cache_find (other, &key, NULL);
    rig_must_be_same (found, sound);
    zample_sound_release (&found);
    zample_sound_release (&sound);
    zample_cache_destroy (&cache);
    zample_cache_destroy (&other);
}
END_TEST

START_TEST (each_key_has_a_sound_of_its_own)
{
    zample_cache_t *cache = rig_cache ("keys");
    zample_sound_t *sounds[2] = { rig_sound (100, 3), rig_sound (200, 4) };
    zample_cache_key_t keys[3] = { rig_keep (cache, sounds[0], 3),
                                   rig_keep (cache, sounds[1], 4),
                                   { { 7 } } };
    for (int i = 0; i < 2; i++) {
        zample_sound_t *found = zample_cache_find (cache, &keys[i], NULL);
        rig_must_be_same (found, sounds[i]);
        zample_sound_release (&found);
        zample_sound_release (&sounds[i]);
    }
    ck_assert_ptr_null (zample_cache_find (cache, &keys[2], NULL));
    ck_assert_int_eq (rig_count ("keys"), 2);
    zample_cache_destroy (&cache);
}
END_TEST

START_TEST (what_is_kept_again_replaces_what_was)
{
    zample_cache_t *cache = rig_cache ("again");
    zample_sound_t *before = rig_sound (1000, 5), *after = rig_sound (50, 6);
    rig_keep (cache, before, 5);
    zample_cache_key_t key = rig_keep (cache, after, 5);
    zample_sound_t *found = zample_cache_find (cache, &key, NULL);
    rig_must_be_same (found, after);
    ck_assert_int_eq (rig_count ("again"), 1);
    zample_sound_release (&found);
    zample_sound_release (&before);
    zample_sound_release (&after);
    zample_cache_destroy (&cache);
}
END_TEST

START_TEST (nobody_else_can_read_it)
{
    umask (0);
    zample_cache_t *cache = rig_cache ("mode");
    zample_sound_t *sound = rig_sound (10, 7);
    rig_keep (cache, sound, 7);
    struct stat status;
    ck_assert_int_eq (stat (files_path ("mode"), &status), 0);
    ck_assert_uint_eq (status.st_mode & 07777, 0700);
    ck_assert_int_eq (stat (rig_only_file ("mode"), &status), 0);
    ck_assert_uint_eq (status.st_mode & 07777, 0600);
    zample_sound_release (&sound);
    zample_cache_destroy (&cache);
}
END_TEST

/* ------------------------------------------------------------------- keys */

START_TEST (the_same_bytes_have_the_same_key_whatever_they_are_called)
{
    zample_file_t file = rig_file ("here", 3 * PIECE_SIZE + 17, 8),
                  other = rig_file ("there", 3 * PIECE_SIZE + 17, 8);
    zample_cache_key_t key = rig_key (&file), same = rig_key (&other);
    ck_assert (s_are_same (&key, &same));
    zample_file_close (&file);
    zample_file_close (&other);
}
END_TEST

START_TEST (another_byte_anywhere_is_another_key)
{
    size_t size;
    zample_file_t file = rig_file ("bytes", 2 * PIECE_SIZE + 3, 9);
    zample_cache_key_t key = rig_key (&file);
    unsigned char *bytes = files_read (file.path, &size);
    const size_t places[] = { 0, 1, PIECE_SIZE - 1, PIECE_SIZE, PIECE_SIZE + 1, size - 1 };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        bytes[places[i]] ^= 0x10;
        files_write ("bytes", bytes, size);
        zample_cache_key_t other = rig_key (&file);
        ck_assert (!s_are_same (&key, &other));
        bytes[places[i]] ^= 0x10;
    }
    free (bytes);
    zample_file_close (&file);
}
END_TEST

START_TEST (other_wishes_are_another_key)
{
    zample_file_t file = rig_file ("wishes", 100, 10);
    zample_decode_spec_t specs[7] = { rig_spec, rig_spec, rig_spec, rig_spec, rig_spec, rig_spec, rig_spec };
    specs[1].rate_hz = 44100;
    specs[2].quality = ZAMPLE_RESAMPLE_BEST;
    specs[3].limits.frames--;
    specs[4].limits.channels--;
    specs[5].limits.streams--;
    specs[6].limits.least_share = 0.75;
    zample_cache_key_t keys[7];
    for (int i = 0; i < 7; i++) {
        ck_assert (zample_cache_key (&file, &specs[i], NULL, &keys[i]));
        for (int j = 0; j < i; j++)
            ck_assert (!s_are_same (&keys[i], &keys[j]));
    }
    zample_decode_spec_t patient = rig_spec;
    patient.limits.milliseconds *= 2;
    ck_assert (zample_cache_key (&file, &patient, NULL, &keys[1]));
    ck_assert (s_are_same (&keys[0], &keys[1]));
    zample_file_close (&file);
}
END_TEST

START_TEST (a_file_that_became_shorter_or_cannot_be_read_has_no_key)
{
    zample_file_t file = rig_file ("shorter", 2 * PIECE_SIZE, 11);
    zample_cache_key_t key;
    ck_assert_int_eq (truncate (file.path, PIECE_SIZE), 0);
    ck_assert (!zample_cache_key (&file, &rig_spec, NULL, &key));
    int fd = file.fd;
    file.fd = -1;
    ck_assert (!zample_cache_key (&file, &rig_spec, NULL, &key));
    file.fd = fd;
    zample_file_close (&file);
}
END_TEST

START_TEST (a_file_that_was_changed_while_it_was_decoded_is_not_kept)
{
    zample_cache_t *cache = rig_cache ("changed");
    zample_sound_t *sound = rig_sound (100, 12);
    zample_file_t file = rig_file ("changing", 100, 12);
    zample_cache_key_t key = rig_key (&file);
    const struct timespec times[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
    ck_assert_int_eq (utimensat (AT_FDCWD, file.path, times, 0), 0);
    ck_assert (!zample_cache_keep (cache, &key, &file, sound, NULL));
    ck_assert_int_eq (rig_count ("changed"), 0);
    zample_file_close (&file);
    zample_sound_release (&sound);
    zample_cache_destroy (&cache);
}
END_TEST

/* ------------------------------------------------------------------ watch */

START_TEST (naming_finding_and_keeping_can_be_given_up_at_any_piece)
{
    zample_cache_t *cache = rig_cache ("watched");
    zample_sound_t *sound = rig_sound (3 * 8192, 13);
    zample_file_t file = rig_file ("watching", 3 * PIECE_SIZE, 13);
    zample_cache_key_t key = rig_key (&file);
    for (int i = 0; i < 3; i++) {
        s_watcher_t watcher = { .calls_left = i };
        zample_decode_watch_t watch = s_watch (&watcher);
        ck_assert (!zample_cache_key (&file, &rig_spec, &watch, &key));
        files_same (watcher.fraction, 0.0);
        watcher.calls_left = i;
        ck_assert (!zample_cache_keep (cache, &key, &file, sound, &watch));
        files_same (watcher.fraction, 1.0);
        ck_assert_int_eq (rig_count ("watched"), 0);
        key = rig_key (&file);
        ck_assert (zample_cache_keep (cache, &key, &file, sound, NULL));
        watcher.calls_left = i;
        ck_assert_ptr_null (zample_cache_find (cache, &key, &watch));
        files_same (watcher.fraction, 0.0);
        ck_assert_int_eq (unlink (rig_only_file ("watched")), 0);
    }
    zample_file_close (&file);
    zample_sound_release (&sound);
    zample_cache_destroy (&cache);
}
END_TEST

START_TEST (room_is_asked_for_before_memory_is_taken)
{
    zample_cache_t *cache = rig_cache ("room");
    zample_sound_t *sound = rig_sound (20000, 14);
    zample_cache_key_t key = rig_keep (cache, sound, 14);
    s_watcher_t watcher = { .calls_left = 1000, .refuses = true };
    zample_decode_watch_t watch = s_watch (&watcher);
    ck_assert_ptr_null (zample_cache_find (cache, &key, &watch));
    ck_assert_uint_eq (watcher.bytes, zample_sound_bytes (sound));
    ck_assert_int_eq (watcher.calls_left, 1000);
    watcher.refuses = false;
    zample_sound_t *found = zample_cache_find (cache, &key, &watch);
    rig_must_be_same (found, sound);
    zample_sound_release (&found);
    zample_sound_release (&sound);
    zample_cache_destroy (&cache);
}
END_TEST

/* ---------------------------------------------------------------- threads */

#define ROUNDS 100

typedef struct {
    const zample_cache_t *cache;
    const zample_file_t *file;
    const zample_sound_t *sound;
    zample_cache_key_t key;
} s_shared_t;

/*  Checks nothing by itself, for Check is not made for threads: returns NULL when all went well. */
static void *
s_keep_and_find (void *context)
{
    const s_shared_t *shared = context;
    void *failed = NULL;
    for (int i = 0; i < ROUNDS && !failed; i++) {
        if (!zample_cache_keep (shared->cache, &shared->key, shared->file, shared->sound, NULL))
            failed = context;
        zample_sound_t *found = zample_cache_find (shared->cache, &shared->key, NULL);
        if (!found || found->frames != shared->sound->frames
            || memcmp (found->data, shared->sound->data, (size_t) found->frames * 2 * sizeof (float)) != 0)
            failed = context;
        zample_sound_release (&found);
    }
    return failed;
}

START_TEST (two_threads_can_keep_the_same)
{
    zample_cache_t *cache = rig_cache ("threads");
    zample_sound_t *sound = rig_sound (20000, 15);
    zample_file_t file = rig_file ("both", 100, 15);
    s_shared_t shared = { cache, &file, sound, rig_key (&file) };
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, s_keep_and_find, &shared), 0);
    for (int i = 0; i < 2; i++) {
        void *failed;
        ck_assert_int_eq (pthread_join (threads[i], &failed), 0);
        ck_assert_ptr_null (failed);
    }
    ck_assert_int_eq (rig_count ("threads"), 1);
    zample_file_close (&file);
    zample_sound_release (&sound);
    zample_cache_destroy (&cache);
}
END_TEST

int
main (void)
{
    files_begin ();
    Suite *suite = suite_create ("cache");
    TCase *tests = tcase_create ("cache");
    tcase_set_timeout (tests, 120);
    tcase_add_loop_test (tests, what_was_kept_comes_back_to_the_bit, 0, LENGTHS);
    tcase_add_test (tests, another_cache_in_the_same_folder_finds_it);
    tcase_add_test (tests, each_key_has_a_sound_of_its_own);
    tcase_add_test (tests, what_is_kept_again_replaces_what_was);
    tcase_add_test (tests, nobody_else_can_read_it);
    tcase_add_test (tests, the_same_bytes_have_the_same_key_whatever_they_are_called);
    tcase_add_test (tests, another_byte_anywhere_is_another_key);
    tcase_add_test (tests, other_wishes_are_another_key);
    tcase_add_test (tests, a_file_that_became_shorter_or_cannot_be_read_has_no_key);
    tcase_add_test (tests, a_file_that_was_changed_while_it_was_decoded_is_not_kept);
    tcase_add_test (tests, naming_finding_and_keeping_can_be_given_up_at_any_piece);
    tcase_add_test (tests, room_is_asked_for_before_memory_is_taken);
    tcase_add_test (tests, two_threads_can_keep_the_same);
    suite_add_tcase (suite, tests);
    int status = run_suite (suite);
    files_end ();
    return status;
}
