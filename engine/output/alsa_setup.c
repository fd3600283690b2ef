/*  Opens an ALSA device, agrees with it on a format, and closes it. Off the audio thread: all of it may
    block.

    The device is asked for what it can do by itself first, so that the samples are converted here, with
    dither, and not in one of ALSA's plugins. Whatever it chose is read back: it may choose differently.
 */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/output/alsa.h"
#include "engine/output/alsa_hush.h"

/*  In the order in which they are preferred. */
static const struct {
    snd_pcm_format_t alsa;
    zample_format_t ours;
} s_formats[] = {
    { SND_PCM_FORMAT_FLOAT_LE, ZAMPLE_FORMAT_FLOAT }, { SND_PCM_FORMAT_S32_LE, ZAMPLE_FORMAT_S32 },
    { SND_PCM_FORMAT_S24_LE, ZAMPLE_FORMAT_S24 },     { SND_PCM_FORMAT_S24_3LE, ZAMPLE_FORMAT_S24_PACKED },
    { SND_PCM_FORMAT_S16_LE, ZAMPLE_FORMAT_S16 },
};

#define FORMATS (sizeof s_formats / sizeof s_formats[0])

typedef struct {
    char *why;
    size_t why_size;
    const char *device;
} s_report_t;

/*  Writes the sentence `the device "x" <what>: <error> (ALSA: <its words>)`. Returns the error. */
static int __attribute__ ((format (printf, 3, 4)))
s_fail (s_report_t *report, int error, const char *what, ...)
{
    char text[128];
    va_list arguments;
    va_start (arguments, what);
    vsnprintf (text, sizeof text, what, arguments);
    va_end (arguments);

    const char *heard = zample_alsa_heard ();
    snprintf (report->why, report->why_size, "the device \"%s\" %s%s%s%s%s%s", report->device, text,
              error ? ": " : "", error ? snd_strerror (error) : "", *heard ? " (ALSA: " : "", heard,
              *heard ? ")" : "");
    return error ? error : -EINVAL;
}

static int
s_choose_format (zample_alsa_t *self, snd_pcm_hw_params_t *params, s_report_t *report)
{
    for (size_t i = 0; i < FORMATS; i++) {
        if (snd_pcm_hw_params_test_format (self->pcm, params, s_formats[i].alsa) != 0)
            continue;
        self->format = s_formats[i].ours;
        const char *name = snd_pcm_format_name (s_formats[i].alsa);
        snprintf (self->output.format, sizeof self->output.format, "%s", name);
        int error = snd_pcm_hw_params_set_format (self->pcm, params, s_formats[i].alsa);
        return error < 0 ? s_fail (report, error, "refuses %s", self->output.format) : 0;
    }
    return s_fail (report, 0, "takes none of FLOAT_LE, S32_LE, S24_LE, S24_3LE and S16_LE");
}

static int
s_choose_rate (zample_alsa_t *self, snd_pcm_hw_params_t *params, const zample_output_spec_t *spec,
               s_report_t *report)
{
    unsigned rate_hz = spec->rate_hz;
    int error;
    /*  Where another rate will do, the device's own is better than one that a plugin converts. */
    if (spec->rate_is_wish && (error = snd_pcm_hw_params_set_rate_resample (self->pcm, params, 0)) < 0)
        return s_fail (report, error, "does not play at its own rate");
    error = snd_pcm_hw_params_set_rate_near (self->pcm, params, &rate_hz, NULL);
    if (error < 0)
        return s_fail (report, error, "does not play at %u Hz", spec->rate_hz);
    if (rate_hz != spec->rate_hz && !spec->rate_is_wish)
        return s_fail (report, 0, "plays at %u Hz, not at %u Hz", rate_hz, spec->rate_hz);
    self->output.rate_hz = rate_hz;
    return 0;
}

/*  The period comes first: the buffer is then near to a whole number of those that were got. */
static int
s_choose_buffer (zample_alsa_t *self, snd_pcm_hw_params_t *params, const zample_output_spec_t *spec,
                 s_report_t *report)
{
    snd_pcm_uframes_t period = spec->period_frames;
    int error = snd_pcm_hw_params_set_period_size_near (self->pcm, params, &period, NULL);
    if (error < 0)
        return s_fail (report, error, "takes no periods of about %u frames", spec->period_frames);
    snd_pcm_uframes_t buffer = period * spec->periods;
    error = snd_pcm_hw_params_set_buffer_size_near (self->pcm, params, &buffer);
    if (error < 0)
        return s_fail (report, error, "takes no buffer of about %lu frames", period * spec->periods);
    return 0;
}

static int
s_set_hardware (zample_alsa_t *self, const zample_output_spec_t *spec, s_report_t *report)
{
    snd_pcm_hw_params_t *params;
    snd_pcm_hw_params_alloca (&params);
    int error = snd_pcm_hw_params_any (self->pcm, params);
    if (error < 0)
        return s_fail (report, error, "does not say what it can do");
    error = snd_pcm_hw_params_set_access (self->pcm, params, SND_PCM_ACCESS_RW_INTERLEAVED);
    if (error < 0)
        return s_fail (report, error, "takes no interleaved frames");
    if ((error = s_choose_format (self, params, report)) < 0)
        return error;
    unsigned channels = 2;
    error = snd_pcm_hw_params_set_channels_near (self->pcm, params, &channels);
    if (error < 0)
        return s_fail (report, error, "takes neither two channels nor any other number");
    if ((error = s_choose_rate (self, params, spec, report)) < 0)
        return error;
    if ((error = s_choose_buffer (self, params, spec, report)) < 0)
        return error;
    error = snd_pcm_hw_params (self->pcm, params);
    if (error < 0)
        return s_fail (report, error, "does not play %s at %u Hz in %u channels after all",
                       self->output.format, self->output.rate_hz, channels);

    snd_pcm_uframes_t period = 0, buffer = 0;
    snd_pcm_hw_params_get_period_size (params, &period, NULL);
    snd_pcm_hw_params_get_buffer_size (params, &buffer);
    if (period == 0 || buffer < period || buffer > UINT32_MAX / 2)
        return s_fail (report, 0, "has periods of %lu frames in a buffer of %lu", period, buffer);
    self->channels = channels;
    self->output.period_frames = (uint32_t) period;
    self->output.buffer_frames = (uint32_t) buffer;
    return 0;
}

/*  Starts when it is full; wakes when a period is free; stops when it is empty, so that every underrun is
    seen. */
static int
s_set_software (zample_alsa_t *self, s_report_t *report)
{
    snd_pcm_t *pcm = self->pcm;
    snd_pcm_sw_params_t *params;
    snd_pcm_sw_params_alloca (&params);
    int error = snd_pcm_sw_params_current (pcm, params);
    if (!error)
        error = snd_pcm_sw_params_set_start_threshold (pcm, params, self->output.buffer_frames);
    if (!error)
        error = snd_pcm_sw_params_set_stop_threshold (pcm, params, self->output.buffer_frames);
    if (!error)
        error = snd_pcm_sw_params_set_avail_min (pcm, params, self->output.period_frames);
    if (!error)
        error = snd_pcm_sw_params_set_tstamp_mode (pcm, params, SND_PCM_TSTAMP_ENABLE);
    if (!error)
        error = snd_pcm_sw_params_set_tstamp_type (pcm, params, SND_PCM_TSTAMP_TYPE_MONOTONIC);
    if (!error)
        error = snd_pcm_sw_params (pcm, params);
    return error < 0 ? s_fail (report, error, "refuses its thresholds") : 0;
}

/*  Left and right by name. Many devices let nobody choose: then the order is ALSA's, and that is the same. */
static void
s_set_channel_map (zample_alsa_t *self)
{
    if (self->channels != 2)
        return;
    union {
        snd_pcm_chmap_t map;
        unsigned int words[3];
    } stereo = { .words = { 2, SND_CHMAP_FL, SND_CHMAP_FR } };
    snd_pcm_set_chmap (self->pcm, &stereo.map);
}

/*  With the formats that it has by itself or, if that leads nowhere, with those that ALSA makes for it. */
static int
s_open (zample_alsa_t *self, const zample_output_spec_t *spec, s_report_t *report)
{
    static const int modes[] = { SND_PCM_NONBLOCK | SND_PCM_NO_AUTO_FORMAT, SND_PCM_NONBLOCK };
    int error = -EINVAL;
    for (size_t i = 0; error < 0 && i < sizeof modes / sizeof modes[0]; i++) {
        error = snd_pcm_open (&self->pcm, spec->device, SND_PCM_STREAM_PLAYBACK, modes[i]);
        if (error < 0) {
            self->pcm = NULL;
            return s_fail (report, error, "does not open");
        }
        error = s_set_hardware (self, spec, report);
        if (error < 0) {
            snd_pcm_close (self->pcm);
            self->pcm = NULL;
        }
    }
    return error;
}

static int
s_allocate (zample_alsa_t *self, s_report_t *report)
{
    int count = snd_pcm_poll_descriptors_count (self->pcm);
    if (count < 1)
        return s_fail (report, count < 0 ? count : 0, "has nothing to wait on");
    size_t bytes = self->output.buffer_frames * zample_format_bytes (self->format) * self->channels;
    self->polled_count = (unsigned) count;
    self->polled = calloc ((size_t) count + 1, sizeof *self->polled);
    self->converted = malloc (bytes);
    if (!self->polled || !self->converted)
        return s_fail (report, -ENOMEM, "gets no buffer of %u frames", self->output.buffer_frames);
    memset (self->converted, 0, bytes); /* no page of it is touched first on the audio thread */
    return 0;
}

static int
s_setup (zample_alsa_t *self, const zample_output_spec_t *spec, s_report_t *report)
{
    int error = s_open (self, spec, report);
    if (error < 0)
        return error;
    if ((error = s_set_software (self, report)) < 0)
        return error;
    if ((error = s_allocate (self, report)) < 0)
        return error;
    s_set_channel_map (self);
    int64_t two_periods_ns = zample_alsa_ns (self, 2 * (int64_t) self->output.period_frames);
    self->stall_ns = ZAMPLE_ALSA_STALL_NS + two_periods_ns;
    self->progress_ns = zample_alsa_now_ns ();
    self->last_delay_frames = 0;
    zample_dither_init (&self->dither);
    zample_alsa_bind (self);
    return 0;
}

static void
s_release (zample_alsa_t *self)
{
    if (self->pcm) {
        snd_pcm_drop (self->pcm);
        snd_pcm_close (self->pcm);
    }
    free (self->polled);
    free (self->converted);
    free (self);
}

zample_output_t *
zample_output_alsa_new (const zample_output_spec_t *spec, char *why, size_t why_size)
{
    s_report_t report = { .why = why, .why_size = why_size, .device = spec->device };
    zample_alsa_t *self = calloc (1, sizeof *self);
    if (!self) {
        snprintf (why, why_size, "the device \"%s\" does not open: out of memory", spec->device);
        return NULL;
    }
    snprintf (self->output.device, sizeof self->output.device, "%s", spec->device);

    snd_local_error_handler_t before = zample_alsa_listen ();
    int error = s_setup (self, spec, &report);
    if (error < 0)
        s_release (self);
    zample_alsa_listen_end (before);
    return error < 0 ? NULL : &self->output;
}

/*  What is still queued is dropped: a drain would wait for a device that may be dead. */
void
zample_alsa_destroy (zample_output_t *output)
{
    snd_local_error_handler_t before = zample_alsa_listen ();
    s_release ((zample_alsa_t *) output);
    zample_alsa_listen_end (before);
}
