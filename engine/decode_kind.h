/*  What kind of sound file a file is, by its own bytes.

    FFmpeg's probing is never asked: it knows hundreds of kinds, among them playlists that open other files,
    and it prints. */
#ifndef ZAMPLE_DECODE_KIND_H
#define ZAMPLE_DECODE_KIND_H

#include "engine/decode_source.h"

/*  The name of FFmpeg's demuxer, NULL if zample knows no such kind. */
const char *zample_decode_kind (zample_decode_source_t *source);

/*  False for a CAF file without a rate, of which FFmpeg would print something. */
bool zample_decode_kind_has_rate (zample_decode_source_t *source, const char *demuxer);

#endif
