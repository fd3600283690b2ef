/*  The frames of raw MPEG audio and of AAC in ADTS, each of which begins by saying how long it is. Any
    thread. */
#ifndef ZAMPLE_DECODE_FRAMES_H
#define ZAMPLE_DECODE_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZAMPLE_DECODE_HEADER_SIZE 8

typedef struct {
    size_t size;     /* in bytes, the header included */
    uint32_t frames; /* in the meaning of sound: one value of each channel */
    uint32_t rate_hz;
} zample_decode_header_t;

/*  Reads the ZAMPLE_DECODE_HEADER_SIZE bytes at `at`. False if no frame begins there. */
typedef bool (zample_decode_header_fn) (const unsigned char *at, zample_decode_header_t *header);

/*  Layers II and III, without the free format. */
zample_decode_header_fn zample_decode_mpeg_header;
zample_decode_header_fn zample_decode_adts_header;

#endif
