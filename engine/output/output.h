/*  Where frames go: one struct of functions per backend, ALSA's and the paced null one.

    `_new` and `destroy` are called off the audio thread and may block; the others are called on it alone.
 */
#ifndef ZAMPLE_OUTPUT_H
#define ZAMPLE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct zample_output zample_output_t;

/*  What is asked for. */
typedef struct {
    const char *device;
    uint32_t rate_hz;
    bool rate_is_wish; /* another rate will do */
    uint32_t period_frames;
    uint32_t periods;
} zample_output_spec_t;

struct zample_output {
    /*  What was got. */
    char device[128];
    char format[16];
    uint32_t rate_hz;
    uint32_t period_frames;
    uint32_t buffer_frames;

    /*  Interruptions that were mended, counted since it was opened. */
    uint64_t xruns;
    uint64_t suspends;

    /*  Waits until frames can be written, wake_fd is readable, or 100 ms have passed. Returns how many
        frames can be written, 0 for none yet, or a negative errno: the device is lost. */
    int64_t (*wait) (zample_output_t *self, int wake_fd);

    /*  Takes up to `count` interleaved stereo frames and never blocks. Returns how many it took (those that it
        did not take are to be offered again), or a negative errno: the device is lost. */
    int64_t (*write) (zample_output_t *self, const float *frames, int64_t count);

    /*  Frames between the last one written and the ear; never negative. */
    int64_t (*delay) (zample_output_t *self);

    void (*destroy) (zample_output_t *self);
};

/*  NULL on failure: `why` then holds a sentence that names the device and what is wrong. */
zample_output_t *zample_output_alsa_new (const zample_output_spec_t *spec, char *why, size_t why_size);
zample_output_t *zample_output_null_new (const zample_output_spec_t *spec, char *why, size_t why_size);

#endif
