/*  A folder of decoded sounds, by what they were decoded from: a sound that was decoded once need not be again,
    also by another engine. It may be emptied, or taken away, at any time, and may be shared by several processes
    of one user; what does not belong, or is not whole, is not believed.

    Runs on the loader's workers, any number of them at a time; blocks on the disk. Nothing that goes wrong here is
    an error of a load: the sound is decoded instead.

    It grows with what is kept in it: nothing is ever thrown out but what is damaged. */
#ifndef ZAMPLE_CACHE_H
#define ZAMPLE_CACHE_H

#include "engine/decode.h"

typedef struct zample_cache zample_cache_t;

/*  The SHA-256 of all that a sound is decoded from: every byte of the file, the rate, the quality, the limits but
    that of time, the decoder's version and that of the form in which it is kept. */
typedef struct {
    unsigned char bytes[32];
} zample_cache_key_t;

/*  Makes the folder, for this user alone, if it is absent, but no folder above it. Sweeps away what was left
    unfinished more than a minute ago. NULL on failure, which `why` then tells, naming the folder. */
zample_cache_t *zample_cache_new (const char *folder, char *why, size_t why_size);
void zample_cache_destroy (zample_cache_t **self);

/*  Whether to look for a file in the cache at all, and to keep what it becomes: not if it is a WAV or an AIFF file
    of this rate, which is decoded sooner than it is named. Reads a few bytes. */
bool zample_cache_is_worth (const zample_file_t *file, uint32_t rate_hz);

/*  Reads the whole file: 2 s for each GB, or what the disk takes. watch->at_chunk hears 0.0. False if it gave up,
    or if the file could not be read. */
bool zample_cache_key (const zample_file_t *file, const zample_decode_spec_t *spec,
                       const zample_decode_watch_t *watch, zample_cache_key_t *key);

/*  A sound that is held once, as it was decoded, with its notes and its peaks. NULL if there is none, if the watch
    gave up or had no room, or there is no memory. watch->at_chunk hears 0.0, so that decoding may follow. */
zample_sound_t *zample_cache_find (const zample_cache_t *self, const zample_cache_key_t *key,
                                   const zample_decode_watch_t *watch);

/*  Keeps a sound that was decoded from `file`, which is still open. False if it could not, if the file was changed
    meanwhile, or if the watch gave up, whose at_chunk hears 1.0: then it is as before. */
bool zample_cache_keep (const zample_cache_t *self, const zample_cache_key_t *key, const zample_file_t *file,
                        const zample_sound_t *sound, const zample_decode_watch_t *watch);

#endif
