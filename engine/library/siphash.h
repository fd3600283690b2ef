/*  SipHash-2-4 (Aumasson and Bernstein, 2012): a hash with a secret key, so that nobody can make up file names that all fall
    into one place. Any thread; allocates nothing. */
#ifndef ZAMPLE_LIBRARY_SIPHASH_H
#define ZAMPLE_LIBRARY_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t words[2];
} zample_siphash_key_t;

/*  A key that nobody knows, from the system; blocks for nothing. */
zample_siphash_key_t zample_siphash_key (void);

uint64_t zample_siphash (const zample_siphash_key_t *key, const void *bytes, size_t size);

#endif
