/*  A sound card of the tests' own: a playback PCM for ALSA that needs no hardware, no server and no clock.

    It plays whenever it is looked at: a few frames, an odd number each time, never more than it has. So it
    runs as fast as it is fed, never runs dry by itself, and does the same on every machine. What it plays
    goes into a file, in the format that was agreed on. From the environment, when it is opened:

        RIG_FILE       what was played; nothing is kept without it
        RIG_FORMAT     the only format that it takes, by ALSA's name; default: the five of zample
        RIG_RATE       the only rate; default 8,000 to 192,000
        RIG_CHANNELS   the only number of channels; default 1 to 8
        RIG_MAP        a file for the channel map that was asked for, such as "FL FR"
        RIG_SCRIPT     what goes wrong after how many played frames, such as "xrun@1000;nodev@5000":

            xrun       the buffer has run dry
            dead       the same, and again at once after every prepare
            broken     the same, and it cannot be prepared again
            suspend    it is put to sleep, and wakes where it was when it is asked to
            sleep      it is put to sleep, says that it wakes, and does not
            nodev      it is gone
            hangup     its descriptor hangs up
            stall      it stands still and wakes nobody
            refuse     it takes no frame any more, and promises to soon
            crumbs     it takes fewer frames than there is room for, or none, each second time
            noise      its descriptor reports errors, but nothing is wrong
            untimed    it cannot tell its delay
            behind     it tells a negative delay

    The frames of the script count from when it was opened. What must be seen to happen at a frame happens
    exactly there.
 */
#include "config.h"

#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/*  The first six happen to a card that plays; the others are what it is like from then on. */
typedef enum {
    XRUN,
    DEAD,
    BROKEN,
    SUSPEND,
    SLEEP,
    NODEV,
    HANGUP,
    STALL,
    REFUSE,
    CRUMBS,
    NOISE,
    UNTIMED,
    BEHIND,
    FAULTS
} fault_t;

static const char *const s_fault_names[FAULTS] = { "xrun",  "dead",    "broken", "suspend", "sleep",
                                                   "nodev", "hangup",  "stall",  "refuse",  "crumbs",
                                                   "noise", "untimed", "behind" };

#define STEPS 16

typedef struct {
    snd_pcm_ioplug_t io;
    FILE *capture;
    unsigned char *ring; /* buffer_size frames; used unless ALSA lends one of its own */
    size_t frame_bytes;
    uint64_t played; /* since the last prepare */
    uint64_t total;  /* played, since it was opened */
    uint32_t random;
    bool crumb;
    bool active[FAULTS];
    struct {
        fault_t fault;
        uint64_t at;
    } steps[STEPS]; /* in order of `at` */
    size_t step_count;
    size_t step;
} rig_t;

/*  -- the script */

static int
s_parse_step (rig_t *self, const char *text, size_t length)
{
    char name[16] = "";
    unsigned long long at = 0;
    char line[64];
    snprintf (line, sizeof line, "%.*s", (int) length, text);
    if (self->step_count == STEPS || sscanf (line, "%15[a-z]@%llu", name, &at) != 2)
        return -EINVAL;
    for (int fault = 0; fault < FAULTS; fault++)
        if (strcmp (name, s_fault_names[fault]) == 0) {
            self->steps[self->step_count].fault = (fault_t) fault;
            self->steps[self->step_count++].at = at;
            return 0;
        }
    return -EINVAL;
}

static int
s_parse_script (rig_t *self, const char *script)
{
    while (script && *script) {
        size_t length = strcspn (script, ";");
        int error = s_parse_step (self, script, length);
        if (error)
            return error;
        script += length + (script[length] == ';');
    }
    return 0;
}

static bool
s_will (const rig_t *self, fault_t fault)
{
    for (size_t i = 0; i < self->step_count; i++)
        if (self->steps[i].fault == fault)
            return true;
    return false;
}

/*  Lets the next fault happen if its frame has come. False if there was none. */
static bool
s_next_fault (rig_t *self, fault_t *fault)
{
    if (self->step == self->step_count || self->steps[self->step].at > self->total)
        return false;
    *fault = self->steps[self->step++].fault;
    self->active[*fault] = true;
    /*  Talkative, as plugins are. */
    SNDERR ("%s at frame %llu", s_fault_names[*fault], (unsigned long long) self->total);
    return true;
}

/*  -- the hardware */

static uint64_t
s_odd (rig_t *self, uint64_t limit)
{
    self->random ^= self->random << 13;
    self->random ^= self->random >> 17;
    self->random ^= self->random << 5;
    return 1 + self->random % limit;
}

static uint64_t
s_queued (const rig_t *self)
{
    return self->io.appl_ptr - self->played;
}

static void
s_play (rig_t *self)
{
    const unsigned char *ring = self->io.mmap_rw ? snd_pcm_ioplug_mmap_areas (&self->io)[0].addr : self->ring;
    uint64_t count = s_odd (self, self->io.period_size + 7);
    if (count > s_queued (self))
        count = s_queued (self);
    if (self->step < self->step_count && count > self->steps[self->step].at - self->total)
        count = self->steps[self->step].at - self->total;
    for (uint64_t i = 0; i < count; i++, self->played++)
        if (self->capture)
            fwrite (ring + self->played % self->io.buffer_size * self->frame_bytes, self->frame_bytes, 1,
                    self->capture);
    self->total += count;
}

static snd_pcm_sframes_t
s_pointer (snd_pcm_ioplug_t *io)
{
    rig_t *self = io->private_data;
    if (self->active[DEAD])
        return -EPIPE;
    if (self->active[NODEV]) {
        /*  Any error from here would become an xrun. */
        snd_pcm_ioplug_set_state (io, SND_PCM_STATE_DISCONNECTED);
        return (snd_pcm_sframes_t) self->played;
    }
    if (io->state != SND_PCM_STATE_RUNNING || self->active[STALL])
        return (snd_pcm_sframes_t) self->played;
    s_play (self);
    fault_t fault;
    while (s_next_fault (self, &fault)) {
        if (fault == XRUN || fault == DEAD || fault == BROKEN)
            return -EPIPE;
        if (fault == SUSPEND || fault == SLEEP)
            snd_pcm_ioplug_set_state (io, SND_PCM_STATE_SUSPENDED);
        if (fault == NODEV)
            snd_pcm_ioplug_set_state (io, SND_PCM_STATE_DISCONNECTED);
    }
    return (snd_pcm_sframes_t) self->played;
}

static snd_pcm_sframes_t
s_transfer (snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas, snd_pcm_uframes_t offset,
            snd_pcm_uframes_t size)
{
    rig_t *self = io->private_data;
    if (self->active[REFUSE])
        return -EAGAIN;
    if (self->active[CRUMBS]) {
        self->crumb = !self->crumb;
        if (self->crumb)
            return -EAGAIN;
        size = s_odd (self, size);
    }
    const unsigned char *from = areas[0].addr;
    from += areas[0].first / 8 + offset * self->frame_bytes;
    for (snd_pcm_uframes_t i = 0; i < size; i++)
        memcpy (self->ring + (io->appl_ptr + i) % io->buffer_size * self->frame_bytes,
                from + i * self->frame_bytes, self->frame_bytes);
    return (snd_pcm_sframes_t) size;
}

/*  -- what ALSA asks of it */

static int
s_hw_params (snd_pcm_ioplug_t *io, snd_pcm_hw_params_t *params)
{
    rig_t *self = io->private_data;
    (void) params;
    self->frame_bytes = (size_t) snd_pcm_format_physical_width (io->format) / 8 * io->channels;
    free (self->ring);
    self->ring = calloc (io->buffer_size, self->frame_bytes);
    return self->ring ? 0 : -ENOMEM;
}

static int
s_prepare (snd_pcm_ioplug_t *io)
{
    rig_t *self = io->private_data;
    if (self->active[BROKEN])
        return -EIO;
    if (self->active[NODEV]) {
        snd_pcm_ioplug_set_state (io, SND_PCM_STATE_DISCONNECTED);
        return -ENODEV;
    }
    self->played = 0;
    fault_t fault;
    while (self->step < self->step_count && self->steps[self->step].fault > NODEV
           && s_next_fault (self, &fault))
        continue;
    return 0;
}

static int
s_start (snd_pcm_ioplug_t *io)
{
    (void) io;
    return 0;
}

static int
s_resume (snd_pcm_ioplug_t *io)
{
    rig_t *self = io->private_data;
    if (!self->active[SLEEP])
        snd_pcm_ioplug_set_state (io, SND_PCM_STATE_RUNNING);
    return 0;
}

static int
s_poll_descriptors (snd_pcm_ioplug_t *io, struct pollfd *polled, unsigned space)
{
    rig_t *self = io->private_data;
    if (space < 1)
        return 0;
    *polled = (struct pollfd) { .fd = io->poll_fd, .events = self->active[STALL] ? 0 : POLLOUT };
    return 1;
}

static int
s_poll_revents (snd_pcm_ioplug_t *io, struct pollfd *polled, unsigned count, unsigned short *revents)
{
    rig_t *self = io->private_data;
    *revents = count ? (unsigned short) polled[0].revents : 0;
    if (self->active[NOISE])
        *revents = POLLERR;
    if (self->active[HANGUP])
        *revents = POLLHUP;
    return 0;
}

static int
s_delay (snd_pcm_ioplug_t *io, snd_pcm_sframes_t *delay)
{
    rig_t *self = io->private_data;
    if (self->active[UNTIMED] || self->active[NODEV])
        return -EIO;
    *delay = self->active[BEHIND] ? -7 : (snd_pcm_sframes_t) s_queued (self);
    return 0;
}

static int
s_set_chmap (snd_pcm_ioplug_t *io, const snd_pcm_chmap_t *map)
{
    (void) io;
    char text[64];
    const char *path = getenv ("RIG_MAP");
    FILE *file = path ? fopen (path, "w") : NULL;
    if (!file)
        return -ENXIO;
    snd_pcm_chmap_print (map, sizeof text, text);
    fputs (text, file);
    fclose (file);
    return 0;
}

static int
s_close (snd_pcm_ioplug_t *io)
{
    rig_t *self = io->private_data;
    close (io->poll_fd);
    if (self->capture)
        fclose (self->capture);
    free (self->ring);
    free (self);
    return 0;
}

static const snd_pcm_ioplug_callback_t s_callback = {
    .start = s_start,
    .stop = s_start,
    .pointer = s_pointer,
    .transfer = s_transfer,
    .close = s_close,
    .hw_params = s_hw_params,
    .prepare = s_prepare,
    .resume = s_resume,
    .poll_descriptors = s_poll_descriptors,
    .poll_revents = s_poll_revents,
    .delay = s_delay,
    .set_chmap = s_set_chmap,
};

/*  -- opening */

static unsigned
s_environment (const char *name)
{
    const char *value = getenv (name);
    return value ? (unsigned) strtoul (value, NULL, 10) : 0;
}

static int
s_limit (rig_t *self)
{
    static const unsigned access[] = { SND_PCM_ACCESS_RW_INTERLEAVED, SND_PCM_ACCESS_MMAP_INTERLEAVED };
    unsigned formats[] = { SND_PCM_FORMAT_S16_LE, SND_PCM_FORMAT_S24_LE, SND_PCM_FORMAT_S24_3LE,
                           SND_PCM_FORMAT_S32_LE, SND_PCM_FORMAT_FLOAT_LE };
    unsigned format_count = sizeof formats / sizeof formats[0];
    const char *format = getenv ("RIG_FORMAT");
    if (format) {
        formats[0] = (unsigned) snd_pcm_format_value (format);
        format_count = 1;
    }
    unsigned rate = s_environment ("RIG_RATE"), channels = s_environment ("RIG_CHANNELS");
    snd_pcm_ioplug_t *io = &self->io;
    int error = snd_pcm_ioplug_set_param_list (io, SND_PCM_IOPLUG_HW_ACCESS, io->mmap_rw ? 2 : 1, access);
    if (!error)
        error = snd_pcm_ioplug_set_param_list (io, SND_PCM_IOPLUG_HW_FORMAT, format_count, formats);
    if (!error)
        error = snd_pcm_ioplug_set_param_minmax (io, SND_PCM_IOPLUG_HW_CHANNELS, channels ? channels : 1,
                                                 channels ? channels : 8);
    if (!error)
        error = snd_pcm_ioplug_set_param_minmax (io, SND_PCM_IOPLUG_HW_RATE, rate ? rate : 8000,
                                                 rate ? rate : 192000);
    if (!error)
        error = snd_pcm_ioplug_set_param_minmax (io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 32, 1 << 20);
    if (!error)
        error = snd_pcm_ioplug_set_param_minmax (io, SND_PCM_IOPLUG_HW_BUFFER_BYTES, 64, 4 << 20);
    if (!error)
        error = snd_pcm_ioplug_set_param_minmax (io, SND_PCM_IOPLUG_HW_PERIODS, 2, 1024);
    return error;
}

static int
s_create (rig_t *self, const char *name, snd_pcm_stream_t stream, int mode)
{
    int error = s_parse_script (self, getenv ("RIG_SCRIPT"));
    if (error)
        return error;
    const char *path = getenv ("RIG_FILE");
    self->capture = path ? fopen (path, "wb") : NULL;
    if (path && !self->capture)
        return -errno;
    self->random = 0x9e3779b9u;
    self->io.version = SND_PCM_IOPLUG_VERSION;
    self->io.name = "the tests' own sound card";
    self->io.callback = &s_callback;
    self->io.private_data = self;
    self->io.flags =
        SND_PCM_IOPLUG_FLAG_LISTED | SND_PCM_IOPLUG_FLAG_MONOTONIC | SND_PCM_IOPLUG_FLAG_BOUNDARY_WA;
    /*  Nobody writes to it: it is always ready to be written to. */
    self->io.poll_fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
    self->io.poll_events = POLLOUT;
    if (self->io.poll_fd < 0)
        return -errno;
    self->io.mmap_rw = !s_will (self, REFUSE) && !s_will (self, CRUMBS); /* those need a say in each write */
    return snd_pcm_ioplug_create (&self->io, name, stream, mode);
}

SND_PCM_PLUGIN_DEFINE_FUNC (rig);
SND_PCM_PLUGIN_DEFINE_FUNC (rig)
{
    (void) root;
    (void) conf;
    if (stream != SND_PCM_STREAM_PLAYBACK)
        return -ENODEV;
    rig_t *self = calloc (1, sizeof *self);
    if (!self)
        return -ENOMEM;
    int error = s_create (self, name, stream, mode);
    if (error < 0) {
        if (self->io.poll_fd > 0)
            close (self->io.poll_fd);
        if (self->capture)
            fclose (self->capture);
        free (self);
        return error;
    }
    error = s_limit (self);
    if (error < 0)
        snd_pcm_ioplug_delete (&self->io); /* which closes it */
    else
        *pcmp = self->io.pcm;
    return error;
}
SND_PCM_PLUGIN_SYMBOL (rig);
