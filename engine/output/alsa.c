/*  Frames to an ALSA device. The audio thread runs all of this, so nothing here allocates, logs or touches a
    file:

        wait     poll on all of its descriptors and wake_fd -> look where it is -> mend what is broken
        write    stereo floats -> the device's format -> writei, as much as it takes

    An error is mended in `wait` only: `write` keeps it for then, takes nothing, and is offered the same
    frames again.
 */
#include "config.h"

#include <errno.h>

#include "engine/output/alsa.h"
#include "engine/output/alsa_hush.h"

bool
zample_alsa_sleep (zample_alsa_t *self, int wake_fd, int milliseconds)
{
    self->polled[0] = (struct pollfd) { .fd = wake_fd, .events = POLLIN };
    return poll (self->polled, 1, milliseconds) > 0;
}

/*  True if a descriptor of the device is ready; *error gets what they say of it, a negative errno or 0. */
static bool
s_poll (zample_alsa_t *self, int wake_fd, int *error)
{
    struct pollfd *polled = self->polled;
    polled[0] = (struct pollfd) { .fd = wake_fd, .events = POLLIN };
    int count = snd_pcm_poll_descriptors (self->pcm, polled + 1, self->polled_count);
    if (count < 0) {
        *error = count;
        return false;
    }
    int64_t until_ns = zample_alsa_now_ns () + ZAMPLE_ALSA_WAIT_NS;
    int64_t left_ns = ZAMPLE_ALSA_WAIT_NS;
    int ready;
    do {
        ready = poll (polled, (nfds_t) count + 1, (int) ((left_ns + 999999) / 1000000));
        left_ns = until_ns - zample_alsa_now_ns ();
    } while (ready < 0 && errno == EINTR && left_ns > 0);
    if (ready <= (polled[0].revents ? 1 : 0))
        return false;

    unsigned short revents = 0;
    *error = snd_pcm_poll_descriptors_revents (self->pcm, polled + 1, (unsigned) count, &revents);
    if (*error == 0 && (revents & (POLLHUP | POLLNVAL)))
        *error = -ENODEV;
    return true;
}

static int64_t
s_wait (zample_output_t *output, int wake_fd)
{
    zample_alsa_t *self = (zample_alsa_t *) output;
    if (!self->hushed) {
        self->hushed = true;
        zample_alsa_hush ();
    }
    int error = self->error;
    self->error = 0;
    bool ready = false;
    /*  Before it runs, a device has nothing to wait for: it wants to be filled. */
    if (!error && (self->refused || snd_pcm_state (self->pcm) != SND_PCM_STATE_PREPARED))
        ready = s_poll (self, wake_fd, &error);
    int64_t avail = error ? error : zample_alsa_look (self);
    if (avail < 0) {
        error = zample_alsa_mend (self, (int) avail, wake_fd);
        if (error)
            return error < 0 ? error : 0;
        avail = zample_alsa_look (self);
        if (avail < 0) {
            self->error = (int) avail;
            return 0;
        }
    }
    /*  Some plugins are always ready and never take a frame: this thread must not spin meanwhile. */
    if (ready && (avail == 0 || self->refused))
        zample_alsa_sleep (self, wake_fd, 1);
    return avail;
}

static int64_t
s_write (zample_output_t *output, const float *frames, int64_t count)
{
    zample_alsa_t *self = (zample_alsa_t *) output;
    /*  Of more than it takes, ALSA may refuse all. */
    if (count > self->avail_frames)
        count = self->avail_frames;
    if (self->error || count <= 0)
        return 0;
    zample_format_write (self->format, self->channels, frames, (size_t) count, self->converted,
                         &self->dither);
    snd_pcm_sframes_t taken = snd_pcm_writei (self->pcm, self->converted, (snd_pcm_uframes_t) count);
    if (taken == -EAGAIN || taken == -EINTR)
        taken = 0;
    if (taken == -EPIPE || taken == -ESTRPIPE) {
        self->error = (int) taken;
        return 0;
    }
    if (taken >= 0)
        zample_alsa_note_written (self, taken);
    return taken;
}

static int64_t
s_delay (zample_output_t *output)
{
    zample_alsa_t *self = (zample_alsa_t *) output;
    snd_pcm_sframes_t delay = 0;
    if (snd_pcm_delay (self->pcm, &delay) == 0)
        self->last_delay_frames = delay > 0 ? delay : 0;
    return self->last_delay_frames;
}

void
zample_alsa_bind (zample_alsa_t *self)
{
    self->output.wait = s_wait;
    self->output.write = s_write;
    self->output.delay = s_delay;
    self->output.destroy = zample_alsa_destroy;
}
