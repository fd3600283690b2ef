/*  Allocations that fail on demand: fakes that the linker puts in the place of calloc, realloc, aligned_alloc, mmap and
    mremap in a program that is linked with $(failing_ldflags). They stand for a machine without memory. */
#ifndef ZAMPLE_TEST_FAILING_H
#define ZAMPLE_TEST_FAILING_H

#include <stdbool.h>

/*  From now on the allocation after `calls` others fails, and it alone. */
void failing_after (int calls);

/*  No more. Returns whether one has failed. */
bool failing_stop (void);

/*  For further fakes of a program's own: whether this call is to fail. */
bool failing_now (void);

#endif
