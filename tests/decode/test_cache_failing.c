/*  The cache when the disk or the memory fails: nothing is left behind, and what comes in pieces is put together.
    The allocations, writes and reads of this program are fakes that fail on demand (the linker's --wrap). */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/decode/cache_rig.h"
#include "tests/decode/files.h"
#include "tests/support/failing.h"
#include "tests/support/run_suite.h"

static int s_writes_until_full = -1;
static bool s_in_bits; /* reads and writes are short, and interrupted now and then */

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

struct AVSHA *
__wrap_av_sha_alloc (void)
{
    return failing_now () ? NULL : __real_av_sha_alloc ();
}

struct AVMurMur3 *
__wrap_av_murmur3_alloc (void)
{
    return failing_now () ? NULL : __real_av_murmur3_alloc ();
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

START_TEST (a_full_disk_keeps_nothing_and_leaves_nothing)
{
    zample_cache_t *cache = rig_cache ("full");
    zample_sound_t *sound = rig_sound (20000, 1);
    for (int i = 0; i < 5; i++) { /* the header, three pieces, the checksum */
        zample_file_t file = rig_file ("source", 100, 3);
        zample_cache_key_t key = rig_key (&file);
        s_writes_until_full = i;
        ck_assert (!zample_cache_keep (cache, &key, &file, sound, NULL));
        ck_assert_int_eq (s_writes_until_full, -1);
        ck_assert_int_eq (rig_count ("full"), 0);
        zample_file_close (&file);
    }
    zample_sound_release (&sound);
    zample_cache_destroy (&cache);
}
END_TEST

START_TEST (short_and_interrupted_reads_and_writes_are_gone_on_with)
{
    zample_cache_t *cache = rig_cache ("short");
    zample_sound_t *sound = rig_sound (20000, 1);
    zample_file_t file = rig_file ("long", 200000, 4);
    zample_cache_key_t key = rig_key (&file);
    s_in_bits = true;
    zample_cache_key_t same = rig_key (&file);
    bool done = zample_cache_keep (cache, &key, &file, sound, NULL);
    zample_sound_t *found = zample_cache_find (cache, &key, NULL);
    s_in_bits = false;
    ck_assert (memcmp (&key, &same, sizeof key) == 0);
    ck_assert (done);
    rig_must_be_same (found, sound);
    zample_sound_release (&found);
    zample_file_close (&file);
    zample_sound_release (&sound);
    zample_cache_destroy (&cache);
}
END_TEST

/*  Returns whether no allocation failed. If one did, the sound may still be found: peaks need not give back what
    they have too much. */
static bool
s_use (const zample_sound_t *sound, const zample_file_t *file)
{
    char why[ZAMPLE_SENTENCE_SIZE];
    zample_cache_key_t key;
    zample_cache_t *cache = zample_cache_new (files_path ("memory"), why, sizeof why);
    bool kept = cache && zample_cache_key (file, &rig_spec, NULL, &key)
                && zample_cache_keep (cache, &key, file, sound, NULL);
    zample_sound_t *found = kept ? zample_cache_find (cache, &key, NULL) : NULL;
    bool failed = failing_stop ();
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
        failing_after (failing);
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
    Suite *suite = suite_create ("cache_failing");
    TCase *tests = tcase_create ("cache_failing");
    tcase_set_timeout (tests, 120);
    tcase_add_test (tests, a_full_disk_keeps_nothing_and_leaves_nothing);
    tcase_add_test (tests, short_and_interrupted_reads_and_writes_are_gone_on_with);
    tcase_add_loop_test (tests, each_allocation_may_fail, 0, 2);
    suite_add_tcase (suite, tests);
    int status = run_suite (suite);
    files_end ();
    return status;
}
