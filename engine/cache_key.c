/*  What a sound is kept under: a name for all that made it what it is. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <libavcodec/avcodec.h>
#include <libavutil/mem.h>
#include <libavutil/sha.h>

#include "engine/cache.h"

#define BITS 256
#define PIECE_SIZE 65536 /* a few milliseconds of a slow disk */

/* To be raised when decoding comes to give other frames or notes than it did. */
#define DECODE_VERSION 1

static void
s_take_number (struct AVSHA *sha, uint64_t number)
{
    av_sha_update (sha, (const uint8_t *) &number, sizeof number);
}

static void
s_take_spec (struct AVSHA *sha, const zample_decode_spec_t *spec)
{
    uint64_t share;
    memcpy (&share, &spec->limits.least_share, sizeof share);
    s_take_number (sha, DECODE_VERSION);
    s_take_number (sha, avcodec_version ());
    s_take_number (sha, spec->rate_hz);
    s_take_number (sha, spec->quality);
    s_take_number (sha, (uint64_t) spec->limits.frames);
    s_take_number (sha, spec->limits.channels);
    s_take_number (sha, spec->limits.streams);
    s_take_number (sha, share);
}

static bool
s_goes_on (const zample_decode_watch_t *watch)
{
    return !watch || !watch->at_chunk || watch->at_chunk (watch->context, 0.0);
}

/*  All of the file. A file that has become shorter is none that could be named. */
static bool
s_take_file (struct AVSHA *sha, const zample_file_t *file, const zample_decode_watch_t *watch)
{
    unsigned char piece[PIECE_SIZE];
    for (int64_t place = 0; place < file->id.size;) {
        if (!s_goes_on (watch))
            return false;
        ssize_t count = pread (file->fd, piece, sizeof piece, place);
        if (count == 0 || (count < 0 && errno != EINTR))
            return false;
        if (count > 0) {
            av_sha_update (sha, piece, (size_t) count);
            place += count;
        }
    }
    return true;
}

bool
zample_cache_key (const zample_file_t *file, const zample_decode_spec_t *spec,
                  const zample_decode_watch_t *watch, zample_cache_key_t *key)
{
    struct AVSHA *sha = av_sha_alloc ();
    if (!sha)
        return false;
    av_sha_init (sha, BITS);
    s_take_spec (sha, spec);
    bool taken = s_take_file (sha, file, watch);
    av_sha_final (sha, key->bytes);
    av_free (sha);
    return taken;
}
