/*  Tells the kinds of sound files apart. Runs on a loader's worker, before FFmpeg sees the file.

    Most kinds begin with a word of their own. MPEG audio and ADTS begin with any of their frames, each of
    which says how long it is: a few in a row, or as many as the file has, are no accident. */
#include "config.h"

#include <string.h>

#include "engine/decode_frames.h"
#include "engine/decode_kind.h"

#define HEAD_SIZE 16
#define SEARCHED_SIZE 65536
#define FRAMES_IN_A_ROW 4
#define CAF_RATE_AT 20

typedef struct {
    const char *demuxer;
    const char *word;
    size_t word_at, word_size;
    const char *second; /* of four bytes, NULL if there is none */
    size_t second_at;
} s_kind_t;

static const s_kind_t s_kinds[] = {
    { "wav", "RIFF", 0, 4, "WAVE", 8 },
    { "wav", "RF64", 0, 4, "WAVE", 8 },
    { "wav", "BW64", 0, 4, "WAVE", 8 },
    { "w64", "riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00", 0, 16, NULL, 0 },
    { "aiff", "FORM", 0, 4, "AIFF", 8 },
    { "aiff", "FORM", 0, 4, "AIFC", 8 },
    { "au", ".snd", 0, 4, NULL, 0 },
    { "caf", "caff", 0, 4, NULL, 0 },
    { "flac", "fLaC", 0, 4, NULL, 0 },
    { "ogg", "OggS", 0, 4, NULL, 0 },
    { "wv", "wvpk", 0, 4, NULL, 0 },
    { "mov", "ftyp", 4, 4, NULL, 0 },
    { "mov", "moov", 4, 4, NULL, 0 },
    { "mov", "mdat", 4, 4, NULL, 0 },
    { "mov", "wide", 4, 4, NULL, 0 },
};

static bool
s_has_frames (zample_decode_source_t *source, int64_t offset, zample_decode_header_fn *read)
{
    unsigned char bytes[ZAMPLE_DECODE_HEADER_SIZE];
    zample_decode_header_t header;
    for (int i = 0; i < FRAMES_IN_A_ROW; i++) {
        if (zample_decode_source_peek (source, offset, bytes, sizeof (bytes)) < sizeof (bytes))
            return i > 0 && offset == source->size;
        if (!read (bytes, &header)) /* another tag may follow the last frame */
            return i > 0 && (memcmp (bytes, "TAG", 3) == 0 || memcmp (bytes, "APETAGEX", 8) == 0);
        offset += (int64_t) header.size;
    }
    return true;
}

/*  Frames need not begin at once: padding and broken tags come before some. */
static const char *
s_find_frames (zample_decode_source_t *source)
{
    unsigned char bytes[4096 + ZAMPLE_DECODE_HEADER_SIZE];
    zample_decode_header_t header;
    for (int64_t offset = 0; offset < SEARCHED_SIZE; offset += 4096) {
        size_t got = zample_decode_source_peek (source, offset, bytes, sizeof (bytes));
        for (size_t i = 0; i < 4096 && i + ZAMPLE_DECODE_HEADER_SIZE <= got; i++) {
            int64_t at = offset + (int64_t) i;
            if (zample_decode_mpeg_header (bytes + i, &header)
                && s_has_frames (source, at, zample_decode_mpeg_header))
                return "mp3";
            if (zample_decode_adts_header (bytes + i, &header)
                && s_has_frames (source, at, zample_decode_adts_header))
                return "aac";
        }
        if (got < sizeof (bytes))
            break;
    }
    return NULL;
}

const char *
zample_decode_kind (zample_decode_source_t *source)
{
    unsigned char head[HEAD_SIZE] = { 0 };
    zample_decode_source_peek (source, 0, head, sizeof (head));
    for (size_t i = 0; i < sizeof (s_kinds) / sizeof (s_kinds[0]); i++) {
        const s_kind_t *kind = &s_kinds[i];
        if (memcmp (head + kind->word_at, kind->word, kind->word_size) == 0
            && (!kind->second || memcmp (head + kind->second_at, kind->second, 4) == 0))
            return kind->demuxer;
    }
    return s_find_frames (source);
}

bool
zample_decode_kind_has_rate (zample_decode_source_t *source, const char *demuxer)
{
    unsigned char bytes[8];
    if (strcmp (demuxer, "caf") != 0)
        return true;
    if (zample_decode_source_peek (source, CAF_RATE_AT, bytes, sizeof (bytes)) < sizeof (bytes))
        return false;
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++)
        bits = bits << 8 | bytes[i];
    double rate_hz;
    memcpy (&rate_hz, &bits, sizeof (rate_hz));
    return rate_hz >= 1.0;
}
