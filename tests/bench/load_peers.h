/*  Ways to have a sound file in memory as interleaved stereo floats at 48,000 Hz, each with its price. */
#ifndef ZAMPLE_BENCH_LOAD_PEERS_H
#define ZAMPLE_BENCH_LOAD_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOAD_RATE_HZ 48000

/*  What one load took. */
typedef struct {
    double cpu_sec; /* of all threads and processes that worked on it */
    int64_t frames;
} load_price_t;

/*  Memory for the longest of the files, in huge pages. */
typedef struct {
    float *frames;
    size_t size; /* bytes */
} load_block_t;

load_block_t load_block_new (void);
void load_block_free (load_block_t *self);

/*  The processor time of this process so far. */
double load_cpu_sec (void);

/*  Each returns false if it cannot load this kind of file. Not for two threads at a time, but for the floor. */

/*  zample, by its public interface, with one worker. */
bool load_by_zample (const char *path, load_price_t *price);

/*  The floor: libavcodec and libswresample's soxr, with nothing around them, into a block. */
bool load_by_libavcodec (const char *path, load_block_t *block, int64_t *frames);

/*  The same, and the sums that some kinds of files keep of their parts are compared, as zample does. */
bool load_by_libavcodec_checked (const char *path, load_block_t *block, int64_t *frames);

/*  libsndfile and libsoxr, as their manuals have it. */
bool load_by_libsndfile (const char *path, load_block_t *block, int64_t *frames);

/*  The ffmpeg command. */
bool load_by_ffmpeg (const char *path, load_price_t *price);

#endif
