/*  Runs the stage: on the audio thread, or offline on the caller's. */
#include "config.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "engine/player.h"
#include "engine/rt/section.h"

#define PRIORITY 60
#define LAST_FRAMES_NS 200000000 /* the longest that ending waits for what is still to be heard */

struct zample_player {
    zample_stage_t *stage;
    zample_recorder_t *recorder;
    zample_output_t *device;   /* as opened; NULL offline */
    zample_output_t *stand_in; /* plays to nobody once the device is lost */
    int wake_fd;
    pthread_t thread;
    bool started;
    bool realtime;
    atomic_bool stopping;

    /* of the audio thread */
    zample_output_t *output; /* device, or its stand-in */
    zample_report_t lost;    /* to be told when there is room */
    bool is_lost;            /* from then on `device` is no longer ours to touch */
    bool lost_untold;
    bool playing_out;
    uint64_t xruns_told;
    uint64_t suspends_told;
    float block[ZAMPLE_BLOCK_FRAMES * ZAMPLE_CHANNELS];
    int64_t block_left; /* frames at the end of the block that the output has not taken */
    int64_t sounded;    /* the end of the last block in which there was a voice */
};

static int64_t
s_now_ns (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C (1000000000) + now.tv_nsec;
}

zample_player_t *
zample_player_new (zample_stage_t *stage, zample_output_t *output, zample_recorder_t *recorder, char *why,
                   size_t why_size)
{
    zample_player_t *self = calloc (1, sizeof *self);
    if (!self) {
        snprintf (why, why_size, "there is no memory for a player");
        return NULL;
    }
    self->stage = stage;
    self->recorder = recorder;
    self->wake_fd = -1;
    if (!output)
        return self;
    zample_output_spec_t spec = {
        .rate_hz = output->rate_hz,
        .period_frames = output->period_frames,
        .periods = output->buffer_frames / output->period_frames,
    };
    self->stand_in = zample_output_null_new (&spec, why, why_size);
    self->wake_fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (!self->stand_in || self->wake_fd < 0) {
        if (self->wake_fd < 0)
            snprintf (why, why_size, "there is no descriptor left for a player");
        zample_player_destroy (&self);
        return NULL;
    }
    self->device = self->output = output;
    return self;
}

/* ---------------------------------------------------------------- the block */

static void
s_render_block (zample_player_t *self, float *out, int64_t frames)
{
    int64_t first = self->stage->frame;
    zample_section_enter ();
    zample_stage_render (self->stage, out, frames);
    if (self->recorder)
        zample_recorder_push (self->recorder, first, out, frames);
    zample_section_exit ();
    if (self->stage->active_count > 0)
        self->sounded = self->stage->frame;
}

static void
s_publish_clock (zample_player_t *self, int64_t delay_frames)
{
    zample_clock_record_t clock = { .frame = self->stage->frame,
                                    .time_ns = s_now_ns (),
                                    .delay_frames = delay_frames };
    uint64_t words[ZAMPLE_LATEST_WORDS];
    memcpy (words, &clock, sizeof clock);
    zample_latest_write (&self->stage->doorway->clock, words);
}

/* ----------------------------------------------------------- the audio thread */

static void
s_lose_device (zample_player_t *self, int64_t error)
{
    self->lost = (zample_report_t) {
        .kind = REPORT_DEVICE,
        .reason = DEVICE_LOST,
        .slot = ZAMPLE_WIRE_NO_SLOT,
        .frame = self->stage->frame,
        .u.error = error,
    };
    self->lost_untold = true;
    self->is_lost = true;
    self->output = self->stand_in;
}

static void
s_tell_interruptions (zample_player_t *self, zample_device_tag_t reason, uint64_t count, uint64_t *told)
{
    zample_report_t report = {
        .kind = REPORT_DEVICE,
        .reason = (uint8_t) reason,
        .slot = ZAMPLE_WIRE_NO_SLOT,
        .frame = self->stage->frame,
        .u.count = count,
    };
    if (count > *told && zample_stage_tell (self->stage, &report))
        *told = count;
}

static void
s_tell_of_device (zample_player_t *self)
{
    if (!self->is_lost) {
        s_tell_interruptions (self, DEVICE_XRUN, self->output->xruns, &self->xruns_told);
        s_tell_interruptions (self, DEVICE_SUSPENDED, self->output->suspends, &self->suspends_told);
    }
    else if (self->lost_untold)
        self->lost_untold = !zample_stage_tell (self->stage, &self->lost);
}

static void
s_next_block (zample_player_t *self)
{
    if (self->playing_out)
        memset (self->block, 0, sizeof self->block);
    else
        s_render_block (self, self->block, ZAMPLE_BLOCK_FRAMES);
    self->block_left = ZAMPLE_BLOCK_FRAMES;
}

/*  Writes up to `room` frames, rendering as it goes. Returns how many, or a negative errno if the device is lost. */
static int64_t
s_write (zample_player_t *self, int64_t room)
{
    int64_t written = 0;
    while (written < room) {
        if (self->block_left == 0)
            s_next_block (self);
        const float *rest = self->block + ZAMPLE_CHANNELS * (ZAMPLE_BLOCK_FRAMES - self->block_left);
        int64_t most = room - written;
        int64_t offered = self->block_left < most ? self->block_left : most;
        int64_t taken = self->output->write (self->output, rest, offered);
        if (taken < 0)
            return taken;
        if (taken == 0)
            break;
        self->block_left -= taken;
        written += taken;
    }
    return written;
}

static void
s_play_on (zample_player_t *self)
{
    int64_t room = self->output->wait (self->output, self->wake_fd);
    int64_t result = room < 0 ? room : s_write (self, room);
    if (result < 0 && !self->is_lost)
        s_lose_device (self, result);
    s_tell_of_device (self);
    s_publish_clock (self, self->output->delay (self->output) + self->block_left);
}

/*  Lets what was rendered be heard: silence follows it until the device must have played it. */
static void
s_play_out (zample_player_t *self)
{
    int64_t left = self->sounded + self->output->buffer_frames + ZAMPLE_BLOCK_FRAMES - self->stage->frame;
    int64_t deadline = s_now_ns () + LAST_FRAMES_NS;
    self->playing_out = true;
    while (left > 0 && !self->is_lost && s_now_ns () < deadline) {
        int64_t room = self->output->wait (self->output, -1);
        int64_t written = room > 0 ? s_write (self, room) : room;
        if (written < 0)
            return;
        left -= written;
    }
}

static void *
s_run (void *argument)
{
    zample_player_t *self = argument;
    pthread_setname_np (pthread_self (), "zample-audio");
    zample_section_thread_begin ();
    while (!atomic_load_explicit (&self->stopping, memory_order_acquire))
        s_play_on (self);
    s_play_out (self);
    zample_section_thread_end ();
    return NULL;
}

/* ----------------------------------------------------------- from other threads */

static bool
s_spawn (zample_player_t *self, bool realtime)
{
    pthread_attr_t attributes;
    struct sched_param parameters = { .sched_priority = realtime ? PRIORITY : 0 };
    if (pthread_attr_init (&attributes) != 0)
        return false;
    pthread_attr_setinheritsched (&attributes, PTHREAD_EXPLICIT_SCHED);
    pthread_attr_setschedpolicy (&attributes, realtime ? SCHED_FIFO : SCHED_OTHER);
    pthread_attr_setschedparam (&attributes, &parameters);
    sigset_t all, before;
    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, &before);
    int error = pthread_create (&self->thread, &attributes, s_run, self);
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    pthread_attr_destroy (&attributes);
    self->started = error == 0;
    return self->started;
}

bool
zample_player_start (zample_player_t *self)
{
    self->realtime = true;
    if (s_spawn (self, true))
        return true;
    self->realtime = false;
    return s_spawn (self, false);
}

bool
zample_player_is_realtime (const zample_player_t *self)
{
    return self->realtime;
}

void
zample_player_close_device (zample_player_t *self)
{
    self->device->destroy (self->device);
    self->device = NULL;
}

void
zample_player_stop (zample_player_t *self)
{
    if (!self->started)
        return;
    atomic_store_explicit (&self->stopping, true, memory_order_release);
    eventfd_write (self->wake_fd, 1);
    pthread_join (self->thread, NULL);
    self->started = false;
}

bool
zample_player_render (zample_player_t *self, int64_t frames, float *out)
{
    int64_t missing = self->recorder ? zample_recorder_missing (self->recorder) : 0;
    do {
        int64_t count = frames < ZAMPLE_BLOCK_FRAMES ? frames : ZAMPLE_BLOCK_FRAMES;
        s_render_block (self, out ? out : self->block, count);
        if (self->recorder)
            zample_recorder_drain (self->recorder);
        if (out)
            out += ZAMPLE_CHANNELS * count;
        frames -= count;
    } while (frames > 0);
    s_publish_clock (self, 0);
    return !self->recorder || zample_recorder_missing (self->recorder) == missing;
}

void
zample_player_destroy (zample_player_t **self_p)
{
    zample_player_t *self = *self_p;
    if (!self)
        return;
    zample_player_stop (self);
    if (self->device)
        self->device->destroy (self->device);
    if (self->stand_in)
        self->stand_in->destroy (self->stand_in);
    if (self->wake_fd >= 0)
        close (self->wake_fd);
    free (self);
    *self_p = NULL;
}
