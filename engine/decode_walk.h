/*  What a file says of itself, where FFmpeg does not tell: it is walked from end to end before FFmpeg sees
    it, by its chunks, frames or pages. */
#ifndef ZAMPLE_DECODE_WALK_H
#define ZAMPLE_DECODE_WALK_H

#include "engine/decode_source.h"

typedef struct {
    int64_t bytes;    /* of plain values in a WAV or W64 file; 0 if it does not say */
    int64_t coded;    /* bytes of coded media in an MP4 file, of all its streams; 0 in other files */
    int64_t frames;   /* in whole frames of MPEG audio or ADTS, at rate_hz; 0 in other files */
    uint32_t rate_hz; /* of these */
    uint32_t breaks;  /* places where something else stands than should */
    bool is_cut;      /* it ends in the middle of something */
    bool is_longer;   /* it goes on where it says that it ends */
} zample_decode_walk_t;

/*  `demuxer` as of zample_decode_kind. Of a WAV file it also keeps FFmpeg from seeing ID3 tags, whose parser
    prints to a context that cannot be hushed; since such tags also come behind the sound, what is shown can
    then no longer be sought in. */
zample_decode_walk_t zample_decode_walk (zample_decode_source_t *source, const char *demuxer);

#endif
