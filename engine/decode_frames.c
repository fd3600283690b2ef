/*  Headers of raw frames. Runs on a loader's worker. */
#include "config.h"

#include "engine/decode_frames.h"

/*  ISO/IEC 11172-3, 2.4.1.3. */
bool
zample_decode_mpeg_header (const unsigned char *at, zample_decode_header_t *header)
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
        return false;
    if (rate == 0 || rate == 15 || frequency == 3 || (at[3] & 3) == 2)
        return false;
    unsigned row = version != 3 ? 2 : layer == 1 ? 1 : 0;
    unsigned eighths = layer == 1 && version != 3 ? 72 : 144;
    header->rate_hz = rates_hz[frequency] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
    header->size = eighths * kbps[row][rate] * 1000 / header->rate_hz + ((at[2] >> 1) & 1);
    header->frames = eighths * 8;
    return true;
}

/*  ISO/IEC 13818-7, 6.2. */
bool
zample_decode_adts_header (const unsigned char *at, zample_decode_header_t *header)
{
    static const unsigned rates_hz[13] = { 96000, 88200, 64000, 48000, 44100, 32000, 24000,
                                           22050, 16000, 12000, 11025, 8000,  7350 };
    unsigned frequency = (at[2] >> 2) & 15;
    if (at[0] != 0xFF || (at[1] & 0xF6) != 0xF0 || frequency > 12)
        return false;
    header->rate_hz = rates_hz[frequency];
    header->size = (size_t) ((at[3] & 3) << 11 | at[4] << 3 | at[5] >> 5);
    header->frames = 1024 * (1 + (at[6] & 3u));
    return header->size > 7;
}
