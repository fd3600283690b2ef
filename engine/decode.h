/*  Decodes a whole sound file into a sound: FFmpeg reads and converts, soxr resamples.

    Runs on a loader's worker; blocks on the disk. Reads nothing but the named file, which must be a regular
    one, whatever the file's contents ask for.
 */
#ifndef ZAMPLE_DECODE_H
#define ZAMPLE_DECODE_H

#include "engine/sound.h"

/*  Called at each chunk, so that a worker can listen and tell. */
typedef struct {
    /*  fraction: of the file's bytes, 0.0 to 1.0, never falling. Returns false to give up. */
    bool (*at_chunk) (void *context, double fraction);
    void *context;
} zample_decode_watch_t;

/*  NULL on failure: `why` then holds a sentence that names the path and what is wrong, or "" if at_chunk gave
    up. The length is exact: a file of n frames at rate r gives round (n * rate_hz / r). */
zample_sound_t *zample_decode_file (const char *path, uint32_t rate_hz, const zample_decode_watch_t *watch,
                                    char *why, size_t why_size);

#endif
