/*  No device, in time: a buffer of the usual size that the clock empties. The audio thread runs it, but for
    making and ending it.

    It starts when it is full, as ALSA's devices do. A caller that comes after it has run dry gets an xrun
    counted and an empty buffer to fill, never the chance to catch up on what it missed.
 */
#include "config.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/output/output.h"

#define NS_IN_SEC INT64_C (1000000000)
#define WAIT_NS INT64_C (100000000)

typedef struct {
    zample_output_t output;
    bool running;
    int64_t start_ns;       /* when it began to run */
    int64_t written_frames; /* since then, with what filled it before */
} s_null_t;

static int64_t
s_now_ns (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return now.tv_sec * NS_IN_SEC + now.tv_nsec;
}

/*  Split at the second: the product of a day in nanoseconds and a rate is beyond 64 bits. */
static int64_t
s_frames (const s_null_t *self, int64_t ns)
{
    int64_t rate_hz = self->output.rate_hz;
    return ns / NS_IN_SEC * rate_hz + ns % NS_IN_SEC * rate_hz / NS_IN_SEC;
}

/*  Rounded up, so that at that time the frames are over. */
static int64_t
s_ns (const s_null_t *self, int64_t frames)
{
    int64_t rate_hz = self->output.rate_hz;
    return frames / rate_hz * NS_IN_SEC + (frames % rate_hz * NS_IN_SEC + rate_hz - 1) / rate_hz;
}

static int64_t
s_queued (const s_null_t *self, int64_t now_ns)
{
    int64_t played = self->running ? s_frames (self, now_ns - self->start_ns) : 0;
    return self->written_frames - played;
}

/*  Frames that it takes now. */
static int64_t
s_free (s_null_t *self, int64_t now_ns)
{
    int64_t queued = s_queued (self, now_ns);
    if (self->running && queued <= 0) {
        self->output.xruns++;
        self->running = false;
        self->written_frames = 0;
        queued = 0;
    }
    return self->output.buffer_frames - queued;
}

static int64_t
s_wait (zample_output_t *output, int wake_fd)
{
    s_null_t *self = (s_null_t *) output;
    int64_t now_ns = s_now_ns ();
    int64_t free_frames = s_free (self, now_ns);
    if (!self->running || free_frames >= output->period_frames)
        return free_frames;

    /*  To the moment at which a period is free, counted from the start, so that no error adds up. */
    int64_t played_frames = self->written_frames - output->buffer_frames + output->period_frames;
    int64_t left_ns = self->start_ns + s_ns (self, played_frames) - now_ns;
    if (left_ns > WAIT_NS)
        left_ns = WAIT_NS;
    struct timespec left = { .tv_sec = left_ns / NS_IN_SEC, .tv_nsec = left_ns % NS_IN_SEC };
    struct pollfd polled = { .fd = wake_fd, .events = POLLIN };
    ppoll (&polled, 1, &left, NULL);
    return s_free (self, s_now_ns ());
}

static int64_t
s_write (zample_output_t *output, const float *frames, int64_t count)
{
    (void) frames;
    s_null_t *self = (s_null_t *) output;
    int64_t now_ns = s_now_ns ();
    int64_t free_frames = s_free (self, now_ns);
    if (count > free_frames)
        count = free_frames;
    if (count <= 0)
        return 0;
    self->written_frames += count;
    if (!self->running && self->written_frames == output->buffer_frames) {
        self->running = true;
        self->start_ns = now_ns;
    }
    return count;
}

static int64_t
s_delay (zample_output_t *output)
{
    int64_t queued = s_queued ((s_null_t *) output, s_now_ns ());
    return queued > 0 ? queued : 0;
}

static void
s_destroy (zample_output_t *output)
{
    free (output);
}

zample_output_t *
zample_output_null_new (const zample_output_spec_t *spec, char *why, size_t why_size)
{
    s_null_t *self = calloc (1, sizeof *self);
    if (!self) {
        snprintf (why, why_size, "the null output does not open: out of memory");
        return NULL;
    }
    self->output = (zample_output_t) {
        .device = "null",
        .rate_hz = spec->rate_hz,
        .period_frames = spec->period_frames,
        .buffer_frames = spec->period_frames * spec->periods,
        .wait = s_wait,
        .write = s_write,
        .delay = s_delay,
        .destroy = s_destroy,
    };
    return &self->output;
}
