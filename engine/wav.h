/*  Writes a WAV file: stereo, 32-bit float or 16-bit integers with triangular dither.

    May block on the disk; one thread at a time. A file that outgrows WAV's 4 GiB becomes an RF64 file (EBU
    Tech 3306), for which room is kept in its header.
 */
#ifndef ZAMPLE_WAV_H
#define ZAMPLE_WAV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct zample_wav zample_wav_t;

/*  Makes the file anew. NULL on failure: `why` then names the path and what is wrong. */
zample_wav_t *zample_wav_new (const char *path, uint32_t rate_hz, bool s16, char *why, size_t why_size);

/*  Interleaved stereo. False from the first frame on that did not reach the file: zample_wav_why says why. */
bool zample_wav_write (zample_wav_t *self, const float *frames, int64_t count);

/*  What went wrong, as a sentence; "" if nothing did. */
const char *zample_wav_why (const zample_wav_t *self);

/*  Writes the lengths into the header and closes. True if the whole file was written. Sets *self to NULL and
    forgives NULL, which counts as written. */
bool zample_wav_destroy (zample_wav_t **self);

#endif
