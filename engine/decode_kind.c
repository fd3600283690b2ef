/*  Tells the kinds of sound files apart. Runs on a loader's worker, before FFmpeg sees the file.

    Most kinds begin with a word of their own. MPEG audio and ADTS begin with any of their frames, each of
    which says how long it is: a few in a row, or as many as the file has, are no accident. */
#include "config.h"

#include <string.h>

#include "engine/decode_kind.h"

#define HEAD_SIZE 16
#define SEARCHED_SIZE 65536
#define FRAMES_IN_A_ROW 4
#define FRAME_HEADER_SIZE 8
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

/*  The length of the MPEG audio frame that begins here, 0 if none does (ISO/IEC 11172-3, 2.4.1.3). Layers II
    and III, without the free format. */
static size_t
s_mpeg_frame_size (const unsigned char *at)
{
    static const unsigned kbps[3][15] = {
        { 0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384 }, /* 1, layer II */
        { 0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320 },  /* 1, layer III */
        { 0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160 },      /* 2 and 2.5 */
    };
    static const unsigned rates_hz[3] = { 44100, 48000, 32000 };
    unsigned version = (at[1] >> 3) & 3; /* 0: 2.5, 2: 2, 3: 1 */
    unsigned layer = (at[1] >> 1) & 3;   /* 1: III, 2: II */
    unsigned rate = at[2] >> 4;
    unsigned frequency = (at[2] >> 2) & 3;
    if (at[0] != 0xFF || (at[1] & 0xE0) != 0xE0 || version == 1 || (layer != 1 && layer != 2))
        return 0;
    if (rate == 0 || rate == 15 || frequency == 3 || (at[3] & 3) == 2)
        return 0;
    unsigned row = version != 3 ? 2 : layer == 1 ? 1 : 0;
    unsigned rate_hz = rates_hz[frequency] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
    unsigned eighths = layer == 1 && version != 3 ? 72 : 144;
    return eighths * kbps[row][rate] * 1000 / rate_hz + ((at[2] >> 1) & 1);
}

/*  The same for AAC in ADTS (ISO/IEC 13818-7, 6.2). */
static size_t
s_adts_frame_size (const unsigned char *at)
{
    if (at[0] != 0xFF || (at[1] & 0xF6) != 0xF0 || ((at[2] >> 2) & 15) > 12)
        return 0;
    size_t size = (size_t) ((at[3] & 3) << 11 | at[4] << 3 | at[5] >> 5);
    return size > 7 ? size : 0;
}

static bool
s_has_frames (zample_decode_source_t *source, int64_t offset, size_t (*frame_size) (const unsigned char *))
{
    unsigned char header[FRAME_HEADER_SIZE];
    for (int i = 0; i < FRAMES_IN_A_ROW; i++) {
        if (zample_decode_source_peek (source, offset, header, sizeof (header)) < sizeof (header))
            return i > 0 && offset == source->size;
        size_t size = frame_size (header);
        if (size == 0) /* another tag may follow the last frame */
            return i > 0 && (memcmp (header, "TAG", 3) == 0 || memcmp (header, "APETAGEX", 8) == 0);
        offset += (int64_t) size;
    }
    return true;
}

/*  Frames need not begin at once: padding and broken tags come before some. */
static const char *
s_find_frames (zample_decode_source_t *source)
{
    unsigned char bytes[4096 + FRAME_HEADER_SIZE];
    for (int64_t offset = 0; offset < SEARCHED_SIZE; offset += 4096) {
        size_t got = zample_decode_source_peek (source, offset, bytes, sizeof (bytes));
        for (size_t i = 0; i < 4096 && i + FRAME_HEADER_SIZE <= got; i++) {
            int64_t at = offset + (int64_t) i;
            if (s_mpeg_frame_size (bytes + i) > 0 && s_has_frames (source, at, s_mpeg_frame_size))
                return "mp3";
            if (s_adts_frame_size (bytes + i) > 0 && s_has_frames (source, at, s_adts_frame_size))
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
