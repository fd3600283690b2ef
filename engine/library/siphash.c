/*  SipHash-2-4, as its authors describe it. */
#include "config.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "engine/library/siphash.h"

static uint64_t
s_rotated (uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static void
s_round (uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = s_rotated (v[1], 13) ^ v[0];
    v[3] = s_rotated (v[3], 16) ^ v[2];
    v[0] = s_rotated (v[0], 32) + v[3];
    v[2] += v[1];
    v[1] = s_rotated (v[1], 17) ^ v[2];
    v[3] = s_rotated (v[3], 21) ^ v[0];
    v[2] = s_rotated (v[2], 32);
}

static void
s_take (uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    s_round (v);
    s_round (v);
    v[0] ^= word;
}

/*  The system may have no random bytes yet: then the time is better than nothing. */
zample_siphash_key_t
zample_siphash_key (void)
{
    zample_siphash_key_t key;
    if (getrandom (&key, sizeof key, GRND_NONBLOCK) != sizeof key) {
        struct timespec now;
        clock_gettime (CLOCK_MONOTONIC, &now);
        key = (zample_siphash_key_t) { { (uint64_t) now.tv_nsec, (uint64_t) now.tv_sec } };
    }
    return key;
}

uint64_t
zample_siphash (const zample_siphash_key_t *key, const void *bytes, size_t size)
{
    uint64_t v[4] = { key->words[0] ^ UINT64_C (0x736f6d6570736575),
                      key->words[1] ^ UINT64_C (0x646f72616e646f6d),
                      key->words[0] ^ UINT64_C (0x6c7967656e657261),
                      key->words[1] ^ UINT64_C (0x7465646279746573) };
    const unsigned char *byte = bytes;
    uint64_t word, last = (uint64_t) size << 56;
    size_t whole = size - size % 8;
    for (size_t i = 0; i < whole; i += 8) {
        memcpy (&word, byte + i, 8);
        s_take (v, word);
    }
    for (size_t i = whole; i < size; i++)
        last |= (uint64_t) byte[i] << (8 * (i - whole));
    s_take (v, last);
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++)
        s_round (v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
