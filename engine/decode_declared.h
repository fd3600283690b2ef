/*  How long a file says it is, and how far that can be believed. */
#ifndef ZAMPLE_DECODE_DECLARED_H
#define ZAMPLE_DECODE_DECLARED_H

#include "engine/decode_stream.h"

/*  Frames of the file. */
typedef struct {
    int64_t frames; /* 0 if it does not say; not to be trusted */
    int64_t doubt;  /* so many more it may be, or fewer, because it is said in coarse units */
    int64_t uncut;  /* so many fewer, because what the coder put at the ends is counted, and then cut off */
    int64_t filled; /* so many more come where coders fill up their last block: no part of the sound */
} zample_decode_declared_t;

zample_decode_declared_t zample_decode_declared (const zample_decode_stream_t *stream, int rate_hz);

/*  Once the stream has ended, and `taken` frames came: how many never did. */
int64_t zample_decode_declared_missing (const zample_decode_declared_t *self,
                                        const zample_decode_stream_t *stream, int rate_hz, int64_t taken);

/*  Whether there is more in the file than it says, `used` being the frames that are kept. */
bool zample_decode_declared_is_exceeded (const zample_decode_declared_t *self,
                                         const zample_decode_stream_t *stream, int64_t used);

bool zample_decode_is_pcm (enum AVCodecID id);

/*  Plain values included. */
bool zample_decode_is_lossless (enum AVCodecID id);

#endif
