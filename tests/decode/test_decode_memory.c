/*  Loading when memory gives out: the n-th allocation of our own fails, for every n. The allocations of this
    program are fakes that fail on demand (the linker's --wrap); those of FFmpeg are real. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

static int s_calls_until_failure = -1;

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

/*  A WAV file that does not know its length, so that its sound has to grow. */
static const char *
s_write_endless (int64_t frames)
{
    double *values = __real_calloc ((size_t) frames * 2, sizeof (double));
    for (int64_t i = 0; i < 2 * frames; i++)
        values[i] = (double) (i % 30000);
    files_wav_t wav = { FILES_S16, 44100, 2, frames, 0xffffffff / 4, values };
    const char *path = files_write_wav ("endless.wav", &wav);
    free (values);
    return path;
}

/*  With and without a resampler. */
START_TEST (each_allocation_may_fail)
{
    enum { FRAMES = 900000 };
    char path[600];
    snprintf (path, sizeof path, "%s", s_write_endless (FRAMES));
    uint32_t rate_hz = _i == 0 ? 44100 : 48000;
    int refusals = 0;
    for (int n = 0;; n++) {
        zample_failure_t failure;
        s_calls_until_failure = n;
        files_listen ();
        zample_sound_t *sound = files_try (path, rate_hz, &failure);
        bool failed = s_calls_until_failure < 0;
        s_calls_until_failure = -1;
        ck_assert_int_eq (files_heard (), 0);
        if (sound) {
            ck_assert_int_eq (sound->frames, (int64_t) FRAMES * rate_hz / 44100 + (_i == 1 ? 1 : 0));
            zample_sound_release (&sound);
        }
        else {
            ck_assert_int_eq (failure.code, FAILED_NO_MEMORY);
            ck_assert_str_eq (strstr (failure.sentence, ": "), ": there is not enough memory");
            refusals++;
        }
        if (!failed)
            break;
    }
    /* The load, the sound, its block, the block as it grows, and many times the peaks. */
    ck_assert_int_ge (refusals, 30);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("decode_memory");
    TCase *tests = tcase_create ("decode_memory");
    tcase_set_timeout (tests, 120);
    tcase_add_loop_test (tests, each_allocation_may_fail, 0, 2);
    suite_add_tcase (suite, tests);
    files_begin ();
    int status = run_suite (suite);
    files_end ();
    return status;
}
