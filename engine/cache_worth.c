/*  Which files gain by the cache: all but those whose frames need only be read. `make bench` has the figures:
    naming such a file takes longer than decoding it. */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "engine/cache.h"

#define CHUNKS_MAX 32
#define CHUNK_HEADER_SIZE 8
#define FORM_HEADER_SIZE 12
#define COMMON_SIZE 18 /* of what an AIFF file tells about itself, up to the end of the rate */

#define TAG_PCM 1
#define TAG_FLOAT 3
#define TAG_EXTENSIBLE 0xFFFE

/* An 80-bit float has a mantissa of 64 bits, of which 63 lie behind the point. */
#define EXTENDED_BIAS (16383 + 63)

static uint64_t
s_little (const unsigned char *at, int bytes)
{
    uint64_t value = 0;
    for (int i = bytes; i-- > 0;)
        value = value << 8 | at[i];
    return value;
}

static uint64_t
s_big (const unsigned char *at, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

static bool
s_read (const zample_file_t *file, int64_t place, unsigned char *bytes, size_t size)
{
    return pread (file->fd, bytes, size, place) == (ssize_t) size;
}

/*  The first `size` bytes inside the first chunk of that name. False if there is none near the beginning. */
static bool
s_read_chunk (const zample_file_t *file, const char *name, bool big, unsigned char *bytes, size_t size)
{
    int64_t place = FORM_HEADER_SIZE;
    for (int i = 0; i < CHUNKS_MAX; i++) {
        unsigned char header[CHUNK_HEADER_SIZE];
        if (!s_read (file, place, header, sizeof header))
            return false;
        place += CHUNK_HEADER_SIZE;
        if (memcmp (header, name, 4) == 0)
            return s_read (file, place, bytes, size);
        int64_t length = (int64_t) (big ? s_big (header + 4, 4) : s_little (header + 4, 4));
        place += length + length % 2;
    }
    return false;
}

static uint64_t
s_extended (const unsigned char *at)
{
    int shift = EXTENDED_BIAS - (int) s_big (at, 2);
    return shift >= 0 && shift < 64 ? s_big (at + 2, 8) >> shift : 0;
}

bool
zample_cache_is_worth (const zample_file_t *file, uint32_t rate_hz)
{
    unsigned char form[FORM_HEADER_SIZE], format[COMMON_SIZE];
    if (!s_read (file, 0, form, sizeof form))
        return true;
    if (memcmp (form + 8, "WAVE", 4) == 0 && s_read_chunk (file, "fmt ", false, format, 8)) {
        uint64_t tag = s_little (format, 2);
        bool plain = tag == TAG_PCM || tag == TAG_FLOAT || tag == TAG_EXTENSIBLE;
        return !plain || s_little (format + 4, 4) != rate_hz;
    }
    if (memcmp (form + 8, "AIFF", 4) == 0 && s_read_chunk (file, "COMM", true, format, COMMON_SIZE))
        return s_extended (format + 8) != rate_hz;
    return true;
}
