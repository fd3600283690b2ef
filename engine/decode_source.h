/*  The file that is being decoded: read with pread, and watched, so that the worker hears at each chunk how
    far it is and can give up. It also keeps what went wrong first. */
#ifndef ZAMPLE_DECODE_SOURCE_H
#define ZAMPLE_DECODE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libavformat/avio.h>

#include "engine/decode.h"

#define ZAMPLE_DECODE_HIDDEN_MAX 4
#define ZAMPLE_DECODE_CANCELLED "its loading was cancelled"

typedef struct {
    AVIOContext *io;
    const zample_file_t *file;
    zample_failure_t *failure;
    int64_t start; /* of what is shown: behind the ID3v2 tags */
    int64_t size;  /* of what is shown */
    int64_t place;
    bool size_is_secret; /* FFmpeg prints when a packet reaches past the end, if it knows where that is */
    int64_t hidden[ZAMPLE_DECODE_HIDDEN_MAX]; /* where names of chunks read JUNK */
    int hidden_count;

    const zample_decode_watch_t *watch;
    double fraction;
    int64_t told_ns;
    int64_t begun_ns;
    int64_t milliseconds; /* that decoding may take */
} zample_decode_source_t;

/*  Borrows all of these until it is closed. False if there is no memory. */
bool zample_decode_source_open (zample_decode_source_t *self, const zample_file_t *file,
                                const zample_decode_limits_t *limits, const zample_decode_watch_t *watch,
                                zample_failure_t *failure);

/*  Forgives a source that is all zeros or did not open. */
void zample_decode_source_close (zample_decode_source_t *self);

/*  Keeps what is wrong, unless something was before, and returns false. */
bool zample_decode_source_fail (zample_decode_source_t *self, zample_failed_tag_t code, const char *reason);

/*  The same for what the operating system says. */
bool zample_decode_source_fail_errno (zample_decode_source_t *self, int error);

/*  Bytes at an offset of what is shown, fewer only at its end or on an error. */
size_t zample_decode_source_peek (zample_decode_source_t *self, int64_t offset, void *bytes, size_t size);

/*  Lets the name of a chunk read JUNK, so that FFmpeg passes it over. */
void zample_decode_source_hide (zample_decode_source_t *self, int64_t offset);

/*  How far the decoder is, in bytes. */
void zample_decode_source_reach (zample_decode_source_t *self, int64_t offset);

/*  Looks at the clock, and tells the watch, if it has not been told for a while. False once anything has gone
    wrong: the watch gave up, the time is over, the disk failed. */
bool zample_decode_source_go_on (zample_decode_source_t *self);

#endif
