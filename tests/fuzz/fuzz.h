/*  What a fuzz target is: one function, which libFuzzer calls with bytes of its own (scripts/fuzz), and
    run_found with those that were once found to do harm (make check). It aborts when what must hold does not. */
#ifndef ZAMPLE_TEST_FUZZ_H
#define ZAMPLE_TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define fuzz_must(what) ((what) ? (void) 0 : fuzz_fail (__FILE__, __LINE__, #what))

static inline void
fuzz_fail (const char *file, int line, const char *what)
{
    fprintf (stderr, "%s:%d: this does not hold: %s\n", file, line, what);
    abort ();
}

/*  The name is libFuzzer's. Returns 0. */
int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size);

#endif
