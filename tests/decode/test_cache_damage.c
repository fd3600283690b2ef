/*  The cache when something is wrong: with a file in it, with its folder, with the disk, with memory. What is not whole is
    as if it were not there, and nothing is left behind. The allocations, writes and reads of this program are fakes that fail
    on demand (the linker's --wrap). */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/decode/cache_rig.h"
#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

static int s_calls_until_failure = -1; /* of allocations */
static int s_writes_until_full = -1;
static bool s_in_bits; /* reads and writes are short, and interrupted now and then */

static bool
s_fails (void)
{
    return s_calls_until_failure >= 0 && s_calls_until_failure-- == 0;
}

void *__real_calloc (size_t count, size_t size);
void *__wrap_calloc (size_t count, size_t size);
void *__real_realloc (void *old, size_t size);
void *__wrap_realloc (void *old, size_t size);
void *__real_aligned_alloc (size_t alignment, size_t size);
void *__wrap_aligned_alloc (size_t alignment, size_t size);
void *__real_mmap (void *at, size_t size, int access, int flags, int file, off_t offset);
void *__wrap_mmap (void *at, size_t size, int access, int flags, int file, off_t offset);
void *__real_mremap (void *old, size_t old_size, size_t size, int flags, void *place);
void *__wrap_mremap (void *old, size_t old_size, size_t size, int flags, void *place);
struct AVSHA *__real_av_sha_alloc (void);
struct AVSHA *__wrap_av_sha_alloc (void);
struct AVMurMur3 *__real_av_murmur3_alloc (void);
struct AVMurMur3 *__wrap_av_murmur3_alloc (void);
ssize_t __real_write (int fd, const void *bytes, size_t size);
ssize_t __wrap_write (int fd, const void *bytes, size_t size);
ssize_t __real_read (int fd, void *bytes, size_t size);
ssize_t __wrap_read (int fd, void *bytes, size_t size);
ssize_t __real_pread (int fd, void *bytes, size_t size, off_t place);
ssize_t __wrap_pread (int fd, void *bytes, size_t size, off_t place);

void *
__wrap_calloc (size_t count, size_t size)
{
    return s_fails () ? NULL : __real_calloc (count, size);
}

void *
__wrap_realloc (void *old, size_t size)
{
    return s_fails () ? NULL : __real_realloc (old, size);
}

void *
__wrap_aligned_alloc (size_t alignment, size_t size)
{
    return s_fails () ? NULL : __real_aligned_alloc (alignment, size);
}

void *
__wrap_mmap (void *at, size_t size, int access, int flags, int file, off_t offset)
{
    errno = ENOMEM;
    return s_fails () ? MAP_FAILED : __real_mmap (at, size, access, flags, file, offset);
}

void *
__wrap_mremap (void *old, size_t old_size, size_t size, int flags, void *place)
{
    errno = ENOMEM;
    return s_fails () ? MAP_FAILED : __real_mremap (old, old_size, size, flags, place);
}

struct AVSHA *
__wrap_av_sha_alloc (void)
{
    return s_fails () ? NULL : __real_av_sha_alloc ();
}

struct AVMurMur3 *
__wrap_av_murmur3_alloc (void)
{
    return s_fails () ? NULL : __real_av_murmur3_alloc ();
}

/*  Whether this call is interrupted; if not, how much of `size` it does. */
static bool
s_is_interrupted (size_t *size)
{
    static unsigned calls;
    if (!s_in_bits)
        return false;
    calls++;
    if (*size > 1 + calls % 5000)
        *size = 1 + calls % 5000;
    errno = EINTR;
    return calls % 3 == 0;
}

ssize_t
__wrap_write (int fd, const void *bytes, size_t size)
{
    if (s_writes_until_full >= 0 && s_writes_until_full-- == 0) {
        errno = ENOSPC;
        return -1;
    }
    return s_is_interrupted (&size) ? -1 : __real_write (fd, bytes, size);
}

ssize_t
__wrap_read (int fd, void *bytes, size_t size)
{
    return s_is_interrupted (&size) ? -1 : __real_read (fd, bytes, size);
}

ssize_t
__wrap_pread (int fd, void *bytes, size_t size, off_t place)
{
    return s_is_interrupted (&size) ? -1 : __real_pread (fd, bytes, size, place);
}

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

/* ---------------------------------------------------------- disk and memory */

START_TEST (a_full_disk_keeps_nothing_and_leaves_nothing)
{
    s_kept_t kept = s_keep_one ("full", 20000);
    for (int i = 0; i < 5; i++) { /* the header, three pieces, the checksum */
        zample_file_t file = rig_file ("source", 100, 3);
        zample_cache_key_t key = rig_key (&file);
        s_writes_until_full = i;
        ck_assert (!zample_cache_keep (kept.cache, &key, &file, kept.sound, NULL));
        ck_assert_int_eq (s_writes_until_full, -1);
        ck_assert_int_eq (rig_count ("full"), 1);
        zample_file_close (&file);
    }
    s_done (&kept);
}
END_TEST

START_TEST (short_and_interrupted_reads_and_writes_are_gone_on_with)
{
    s_kept_t kept = s_keep_one ("short", 20000);
    zample_file_t file = rig_file ("long", 200000, 4);
    zample_cache_key_t key = rig_key (&file);
    s_in_bits = true;
    zample_cache_key_t same = rig_key (&file);
    bool done = zample_cache_keep (kept.cache, &key, &file, kept.sound, NULL);
    zample_sound_t *found = zample_cache_find (kept.cache, &key, NULL);
    s_in_bits = false;
    ck_assert (memcmp (&key, &same, sizeof key) == 0);
    ck_assert (done);
    rig_must_be_same (found, kept.sound);
    zample_sound_release (&found);
    zample_file_close (&file);
    s_done (&kept);
}
END_TEST

/*  Returns whether no allocation failed. If one did, the sound may still be found: peaks need not give back what they
    have too much. */
static bool
s_use (const zample_sound_t *sound, const zample_file_t *file)
{
    char why[ZAMPLE_SENTENCE_SIZE];
    zample_cache_key_t key;
    zample_cache_t *cache = zample_cache_new (files_path ("memory"), why, sizeof why);
    bool kept = cache && zample_cache_key (file, &rig_spec, NULL, &key)
                && zample_cache_keep (cache, &key, file, sound, NULL);
    zample_sound_t *found = kept ? zample_cache_find (cache, &key, NULL) : NULL;
    bool failed = s_calls_until_failure < 0;
    s_calls_until_failure = -1;
    if (!failed)
        rig_must_be_same (found, sound);
    else if (found)
        files_must (memcmp (found->data, sound->data, (size_t) sound->frames * 2 * sizeof (float)) == 0);
    zample_sound_release (&found);
    zample_cache_destroy (&cache);
    return !failed;
}

START_TEST (each_allocation_may_fail)
{
    zample_sound_t *sound = rig_sound (_i == 0 ? 2000 : 300000, 5);
    zample_file_t file = rig_file ("source", 100, 5);
    int failing = 0;
    for (;; failing++) {
        s_calls_until_failure = failing;
        if (s_use (sound, &file))
            break;
        ck_assert_int_lt (failing, 1000);
    }
    ck_assert_int_eq (rig_count ("memory"), 1);
    /* The cache, the key, the sum, again the sum, the sound, its block, its peaks. */
    ck_assert_int_ge (failing, 7);
    zample_file_close (&file);
    zample_sound_release (&sound);
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
    tcase_add_test (tests, a_full_disk_keeps_nothing_and_leaves_nothing);
    tcase_add_test (tests, short_and_interrupted_reads_and_writes_are_gone_on_with);
    tcase_add_loop_test (tests, each_allocation_may_fail, 0, 2);
    suite_add_tcase (suite, tests);
    int status = run_suite (suite);
    files_end ();
    return status;
}
