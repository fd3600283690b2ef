/*  Failing allocations: any thread of a test. */
#include "config.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>

#include "tests/support/failing.h"

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

static atomic_int s_left = -1; /* calls before the one that fails; below 0 none does */

void
failing_after (int calls)
{
    atomic_store (&s_left, calls);
}

bool
failing_stop (void)
{
    return atomic_exchange (&s_left, -1) < 0;
}

bool
failing_now (void)
{
    return atomic_load (&s_left) >= 0 && atomic_fetch_sub (&s_left, 1) == 0;
}

void *
__wrap_calloc (size_t count, size_t size)
{
    return failing_now () ? NULL : __real_calloc (count, size);
}

void *
__wrap_realloc (void *old, size_t size)
{
    return failing_now () ? NULL : __real_realloc (old, size);
}

void *
__wrap_aligned_alloc (size_t alignment, size_t size)
{
    return failing_now () ? NULL : __real_aligned_alloc (alignment, size);
}

void *
__wrap_mmap (void *at, size_t size, int access, int flags, int file, off_t offset)
{
    errno = ENOMEM;
    return failing_now () ? MAP_FAILED : __real_mmap (at, size, access, flags, file, offset);
}

void *
__wrap_mremap (void *old, size_t old_size, size_t size, int flags, void *place)
{
    errno = ENOMEM;
    return failing_now () ? MAP_FAILED : __real_mremap (old, old_size, size, flags, place);
}
