/*  The sound inside a file: FFmpeg's demuxer and decoder, held so that they read nothing else, print nothing
    and start no threads. */
#ifndef ZAMPLE_DECODE_STREAM_H
#define ZAMPLE_DECODE_STREAM_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

#include "engine/decode_source.h"
#include "engine/decode_walk.h"

typedef struct {
    zample_decode_source_t *source;
    zample_decode_walk_t walk;
    AVFormatContext *format;
    AVStream *track;
    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *frame;
    AVClass quiet; /* the format's own class, but for what it prints */

    AVCodecParserContext *parser; /* of raw FLAC only */
    AVPacket *piece;              /* what the parser cuts frames out of */
    int piece_used;

    bool at_end;  /* of the packets */
    int64_t sent; /* how long the packets say they are, those included that could not be decoded */
    int64_t sent_bytes;
    int64_t sent_count;
    uint32_t damaged; /* packets that could not be decoded, or not all of them */
} zample_decode_stream_t;

typedef enum {
    ZAMPLE_DECODE_FRAME, /* the next one is in `frame` */
    ZAMPLE_DECODE_END,
    ZAMPLE_DECODE_FAILED /* the source knows why */
} zample_decode_next_t;

/*  False on failure: the source then knows why. To be closed either way. */
bool zample_decode_stream_open (zample_decode_stream_t *self, zample_decode_source_t *source,
                                uint32_t streams_max);
void zample_decode_stream_close (zample_decode_stream_t *self);

/*  Damaged parts are passed over. */
zample_decode_next_t zample_decode_stream_next (zample_decode_stream_t *self);

#endif
