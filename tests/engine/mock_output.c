/*  Runs on the audio thread, but for mock_output_init. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "tests/engine/mock_output.h"

static int64_t
s_wait (zample_output_t *output, int wake_fd)
{
    mock_output_t *self = (mock_output_t *) output;
    output->xruns = atomic_load (&self->interrupt);
    output->suspends = atomic_load (&self->suspend);
    if (!self->lose_in_write && self->lose_at >= 0 && self->count >= self->lose_at)
        return -ENODEV;
    bool ending = wake_fd < 0;
    int64_t room = ending && !self->stalls ? MOCK_FRAMES_MAX : atomic_load (&self->granted) - self->count;
    if (room > 0)
        return room;
    struct pollfd polled = { .fd = wake_fd, .events = POLLIN };
    poll (&polled, 1, 5);
    return 0;
}

static int64_t
s_write (zample_output_t *output, const float *frames, int64_t count)
{
    mock_output_t *self = (mock_output_t *) output;
    if (self->lose_in_write && self->lose_at >= 0 && self->count >= self->lose_at)
        return -EIO;
    int64_t room = MOCK_FRAMES_MAX - self->count;
    count = count < self->most ? count : self->most;
    count = count < room ? count : room;
    memcpy (self->frames + 2 * self->count, frames, (size_t) count * 2 * sizeof *frames);
    self->count += count;
    return count;
}

static int64_t
s_delay (zample_output_t *output)
{
    return output->buffer_frames;
}

static void
s_destroy (zample_output_t *output)
{
    atomic_fetch_add (&((mock_output_t *) output)->destroyed, 1);
}

void
mock_output_init (mock_output_t *self)
{
    memset (self, 0, sizeof *self);
    self->most = MOCK_FRAMES_MAX;
    self->lose_at = -1;
    self->output.rate_hz = 48000;
    self->output.period_frames = 64;
    self->output.buffer_frames = 256;
    self->output.wait = s_wait;
    self->output.write = s_write;
    self->output.delay = s_delay;
    self->output.destroy = s_destroy;
    snprintf (self->output.device, sizeof self->output.device, "mock");
}
