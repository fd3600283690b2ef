/*  Decodes a whole sound file into a sound: FFmpeg reads and converts, soxr resamples.

    Runs on a loader's worker; blocks on the disk. Reads nothing but the open file, whatever the file's
    contents ask for. */
#ifndef ZAMPLE_DECODE_H
#define ZAMPLE_DECODE_H

#include "engine/file.h"
#include "engine/resample.h"
#include "engine/sound.h"

/*  What a stranger's file may cost. */
typedef struct {
    int64_t bytes;  /* of the file */
    int64_t frames; /* of the sound, at the engine's rate */
    int64_t milliseconds;
    uint32_t channels;
    uint32_t streams;
    /* 0.0 to 1.0: when less of what the file says it has could be decoded, it is an error */
    double least_share;
} zample_decode_limits_t;

typedef struct {
    uint32_t rate_hz;
    zample_resample_quality_t quality;
    zample_decode_limits_t limits;
} zample_decode_spec_t;

/*  Listens and tells while it goes on. Either may be NULL. */
typedef struct {
    /*  Every 5 ms at most. fraction: of the file's bytes, 0.0 to 1.0, never falling. Returns false to give
        up: FAILED_CANCELLED. */
    bool (*at_chunk) (void *context, double fraction);

    /*  Before memory is taken: `bytes` is what the sound is going to take in all, `sound` included. Asked
        again when the file turns out longer. Returns false if there is no room for it: FAILED_OVER_BUDGET.
        May block. */
    bool (*make_room) (void *context, size_t bytes);

    void *context;
} zample_decode_watch_t;

/*  A sound that is held once, with its notes and its peaks. NULL on failure, which `failure` then holds. The
    length is exact: a file of n frames at rate r gives round (n * rate_hz / r). `watch` may be NULL. */
zample_sound_t *zample_decode_file (const zample_file_t *file, const zample_decode_spec_t *spec,
                                    const zample_decode_watch_t *watch, zample_failure_t *failure);

#endif
