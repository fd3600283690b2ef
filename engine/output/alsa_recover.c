/*  Whether the device still plays, and what brings it back. The audio thread runs it.

    Of ALSA's own snd_pcm_recover nothing is used: it prints, and sleeps for a second. A device can be dead in
    more ways than by saying so: it may be mended without end and never play, or it may stand still. Both are
    counted in frames that the hardware played, and end in a loss.
 */
#include "config.h"

#include <errno.h>

#include "engine/output/alsa.h"

/*  What the state of the device says, a negative errno or 0. */
static int
s_state_error (snd_pcm_state_t state)
{
    switch (state) {
    case SND_PCM_STATE_XRUN: return -EPIPE;
    case SND_PCM_STATE_SUSPENDED: return -ESTRPIPE;
    case SND_PCM_STATE_DISCONNECTED: return -ENODEV;
    case SND_PCM_STATE_OPEN:
    case SND_PCM_STATE_SETUP: return -EBADFD;
    default: return 0;
    }
}

/*  0, or -ETIMEDOUT if it has stood still for too long although it has frames, or although it was offered
    some. */
static int
s_note_avail (zample_alsa_t *self, int64_t avail, bool primed)
{
    int64_t now_ns = zample_alsa_now_ns ();
    int64_t played = self->written_frames - (self->output.buffer_frames - avail);
    if (played > self->played_frames) {
        self->played_frames = played;
        self->progress_ns = now_ns;
        self->errors = 0;
        return 0;
    }
    bool owes = primed || self->refused;
    return owes && now_ns - self->progress_ns > self->stall_ns ? -ETIMEDOUT : 0;
}

int64_t
zample_alsa_look (zample_alsa_t *self)
{
    self->avail_frames = 0;
    snd_pcm_sframes_t avail = snd_pcm_avail_update (self->pcm);
    snd_pcm_state_t state = snd_pcm_state (self->pcm); /* after it, because it may change it */
    int error = s_state_error (state);
    if (error)
        return error;
    if (avail == -EAGAIN || avail == -EINTR)
        avail = 0;
    if (avail < 0)
        return avail;
    bool primed = state != SND_PCM_STATE_PREPARED;
    error = s_note_avail (self, avail, primed);
    if (error)
        return error;
    /*  The threshold starts it when it is full. Where a plugin does not heed that, nobody else would. */
    if (!primed && avail == 0) {
        error = snd_pcm_start (self->pcm);
        self->progress_ns = zample_alsa_now_ns ();
        return error < 0 ? error : 0;
    }
    self->avail_frames = avail < self->output.buffer_frames ? avail : self->output.buffer_frames;
    return self->avail_frames;
}

void
zample_alsa_note_written (zample_alsa_t *self, int64_t frames)
{
    if (frames > 0) {
        self->refused = false;
        self->avail_frames -= frames;
        self->written_frames += frames;
        self->written_ns = self->progress_ns = zample_alsa_now_ns ();
    }
    else if (!self->refused) {
        self->refused = true;
        self->progress_ns = zample_alsa_now_ns ();
    }
}

static void
s_forget (zample_alsa_t *self)
{
    self->refused = false;
    self->written_frames = 0;
    self->played_frames = 0;
    self->progress_ns = zample_alsa_now_ns ();
    self->resume_until_ns = 0;
}

/*  An empty buffer is filled again from avail frames, which is all of it, and starts when it is full. */
static int
s_prepare (zample_alsa_t *self)
{
    int error = snd_pcm_prepare (self->pcm);
    if (error < 0)
        return error;
    s_forget (self);
    return 0;
}

/*  When as much time has passed since the last write as the device had frames to play, then it has played
    them, although nobody was there to see it: a caller that is late again and again is no lost device. */
static bool
s_ran_dry (const zample_alsa_t *self)
{
    int64_t queued = self->written_frames - self->played_frames;
    return queued > 0 && zample_alsa_now_ns () - self->written_ns >= zample_alsa_ns (self, queued);
}

static int
s_mend_xrun (zample_alsa_t *self)
{
    if (s_ran_dry (self))
        self->errors = 0;
    if (++self->errors >= ZAMPLE_ALSA_ERRORS)
        return -EPIPE;
    int error = s_prepare (self);
    if (error < 0)
        return error;
    self->output.xruns++;
    return 0;
}

/*  Asks the device to wake until it is awake, refuses, or the time is over; then it is started anew. Each
    call stays within the time of one wait. */
static int
s_mend_suspend (zample_alsa_t *self, int wake_fd)
{
    int64_t now_ns = zample_alsa_now_ns ();
    if (!self->resume_until_ns) {
        if (++self->errors >= ZAMPLE_ALSA_ERRORS)
            return -ESTRPIPE;
        self->resume_until_ns = now_ns + ZAMPLE_ALSA_RESUME_NS;
    }
    int64_t until_ns = now_ns + ZAMPLE_ALSA_WAIT_NS;
    int error;
    while ((error = snd_pcm_resume (self->pcm)) == -EAGAIN) {
        now_ns = zample_alsa_now_ns ();
        if (now_ns >= self->resume_until_ns)
            break;
        if (now_ns >= until_ns || zample_alsa_sleep (self, wake_fd, 10))
            return 1;
    }
    /*  Some say yes and stay asleep. */
    snd_pcm_state_t state = snd_pcm_state (self->pcm);
    if (error == 0 && state == SND_PCM_STATE_RUNNING) {
        self->resume_until_ns = 0;
        self->progress_ns = zample_alsa_now_ns ();
    }
    else if ((error = s_prepare (self)) < 0)
        return error;
    self->output.suspends++;
    return 0;
}

int
zample_alsa_mend (zample_alsa_t *self, int error, int wake_fd)
{
    switch (error) {
    case -EPIPE: return s_mend_xrun (self);
    case -ESTRPIPE: return s_mend_suspend (self, wake_fd);
    default: return error;
    }
}
