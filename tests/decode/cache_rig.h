/*  A cache in the tests' folder, sounds to keep in it, and what is in its folder. */
#ifndef ZAMPLE_TEST_CACHE_RIG_H
#define ZAMPLE_TEST_CACHE_RIG_H

#include "engine/cache.h"

/*  What the tests decode to. */
extern const zample_decode_spec_t rig_spec;

/*  A new folder with a cache in it; fails the test if that fails. */
zample_cache_t *rig_cache (const char *name);

/*  A sound of noise, with peaks and notes. */
zample_sound_t *rig_sound (int64_t frames, uint32_t seed);

/*  Fails the test unless both are the same to the bit: frames, guards, notes, peaks. */
void rig_must_be_same (const zample_sound_t *sound, const zample_sound_t *expected);

/*  A file of `size` bytes, which differ from those of another seed, as it is when it is open. To be closed. */
zample_file_t rig_file (const char *name, size_t size, uint32_t seed);

/*  The key of such a file. */
zample_cache_key_t rig_key (const zample_file_t *file);

/*  How many files there are in a folder of the tests. */
int rig_count (const char *name);

/*  The path of the one file that there is; good until the next call. */
const char *rig_only_file (const char *name);

/*  Keeps a sound under the key of a file of its own, and returns that. */
zample_cache_key_t rig_keep (const zample_cache_t *cache, const zample_sound_t *sound, uint32_t seed);

#endif
