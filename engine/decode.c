/*  From a file to a sound. Runs on a loader's worker.

        source -> demuxer, decoder -> stereo floats ------------------> sound
                                                    \-> resampler ->/

    Frames are written straight into the sound, which is made as long as the file says it will be and grows
    when that was wrong. Where packets are missing, silence takes their place, so that what follows stays in
    time. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libavutil/common.h>

#include "engine/decode.h"
#include "engine/decode_declared.h"
#include "engine/decode_mix.h"
#include "engine/decode_source.h"
#include "engine/decode_stream.h"
#include "engine/resample.h"
#include "engine/why.h"

#define CHUNK_FRAMES ZAMPLE_RESAMPLE_FEED_FRAMES
#define GROW_FRAMES 65536

/* More than that no coder packs into a byte, but a header can claim anything. */
#define FRAMES_PER_BYTE_MAX 64

/* Smaller gaps than that are no gaps. Vorbis stamps lead or lag where long blocks meet short ones, by a
   quarter of their difference. */
#define BLUR_FRAMES 64
#define VORBIS_BLUR_FRAMES ((8192 - 64) / 4)

/* What coders put before and behind the sound. */
#define PADDING_FRAMES_MAX 16384

#define OVER_BUDGET "there is no room for it in the memory that sounds may take"

#define RATE_HZ_MIN 1000
#define RATE_HZ_MAX 768000

typedef struct {
    const zample_decode_spec_t *spec;
    const zample_decode_watch_t *watch;
    zample_decode_source_t source;
    zample_decode_stream_t stream;
    zample_decode_mix_t mix;
    zample_resample_t *resample; /* NULL where the rates are equal */
    zample_sound_t *sound;
    int64_t written; /* frames of the sound */

    int rate_hz; /* of the file, known with its first frame */
    zample_decode_declared_t declared;
    int64_t taken;   /* frames of the file, silence for missing ones included */
    int64_t decoded; /* the same without the silence */
    int64_t origin;  /* time stamp of the first */

    bool is_mono; /* and remains so: it is resampled as one channel, which takes half the time */
    int staged;   /* frames of the file that wait for the resampler */
    float stage[ZAMPLE_CHANNELS][CHUNK_FRAMES];
} s_load_t;

/*  round (frames * to / from), without overflow: frames < 2^63 / RATE_HZ_MAX. */
static int64_t
s_rescale (int64_t frames, int64_t from_hz, int64_t to_hz)
{
    int64_t whole = frames / from_hz;
    int64_t rest = frames % from_hz;
    return whole * to_hz + (2 * rest * to_hz + from_hz) / (2 * from_hz);
}

static int64_t
s_at_new_rate (const s_load_t *self, int64_t frames)
{
    return s_rescale (frames, self->rate_hz, self->spec->rate_hz);
}

static bool
s_fail (s_load_t *self, zample_failed_tag_t code, const char *reason)
{
    return zample_decode_source_fail (&self->source, code, reason);
}

static bool
s_fail_memory (s_load_t *self)
{
    return zample_decode_source_fail_errno (&self->source, ENOMEM);
}

/*  Whether the sound may be so long. */
static bool
s_may_take (s_load_t *self, int64_t frames)
{
    const zample_decode_watch_t *watch = self->watch;
    return !watch || !watch->make_room || watch->make_room (watch->context, zample_sound_bytes_of (frames));
}

/*  Makes the sound longer: by a good deal, if there is room for that. */
static bool
s_grow (s_load_t *self, int64_t frames)
{
    int64_t grown = self->sound->frames + self->sound->frames / 2 + GROW_FRAMES;
    grown = grown < ZAMPLE_SOUND_FRAMES_MAX ? grown : ZAMPLE_SOUND_FRAMES_MAX;
    if (grown > frames && s_may_take (self, grown) && zample_sound_resize (self->sound, grown))
        return true;
    if (!s_may_take (self, frames))
        return s_fail (self, FAILED_OVER_BUDGET, OVER_BUDGET);
    return zample_sound_resize (self->sound, frames) || s_fail_memory (self);
}

/*  Where the next frames of the sound go; NULL if they find no memory. */
static float *
s_room_for (s_load_t *self, int64_t frames)
{
    int64_t wanted = self->written + frames;
    if (wanted > self->sound->frames && !s_grow (self, wanted))
        return NULL;
    return zample_sound_writable (self->sound) + ZAMPLE_CHANNELS * self->written;
}

/*  So many more frames of the sound are final; they are still in the processor's cache. */
static bool
s_add (s_load_t *self, int64_t frames)
{
    zample_sound_t *sound = self->sound;
    self->written += frames;
    return zample_peaks_follow (&sound->peaks, sound->data, self->written) || s_fail_memory (self);
}

/*  Gives the resampler what is staged; with nothing staged, lets it end. */
static bool
s_resample_staged (s_load_t *self)
{
    bool ends = self->staged == 0;
    const float *left = ends ? NULL : self->stage[0], *right = ends ? NULL : self->stage[1];
    int64_t given;
    do {
        int64_t room = zample_resample_room (self->resample, self->staged);
        float *out = room < 0 ? NULL : s_room_for (self, room);
        given = out ? zample_resample_push (self->resample, left, right, self->staged, out, room) : -1;
        if (given < 0)
            return s_fail_memory (self);
        /* Integers are too small to overflow a resampler. */
        if (self->mix.of_floats)
            self->mix.tidied += zample_decode_mix_tidy (out, (self->is_mono ? 1 : ZAMPLE_CHANNELS) * given);
        if (self->is_mono)
            zample_decode_mix_double (out, given);
        if (!s_add (self, given))
            return false;
    } while (ends && given > 0);
    self->staged = 0;
    return true;
}

/*  Writes the next frames of the decoder, or silence if there is no `frame`, straight into the sound. */
static bool
s_write (s_load_t *self, const AVFrame *frame, int first, int count)
{
    float *out = s_room_for (self, count);
    if (!out)
        return false;
    if (!frame)
        memset (out, 0, (size_t) count * ZAMPLE_CHANNELS * sizeof (float));
    else if (!zample_decode_mix (&self->mix, frame, first, count, out))
        return s_fail_memory (self);
    return s_add (self, count);
}

/*  The same for the resampler, which gets them when there are enough. */
static bool
s_stage (s_load_t *self, const AVFrame *frame, int first, int count)
{
    float *left = self->stage[0] + self->staged, *right = self->stage[1] + self->staged;
    if (!frame) {
        memset (left, 0, (size_t) count * sizeof (float));
        memset (right, 0, (size_t) count * sizeof (float));
    }
    else if (!zample_decode_mix_apart (&self->mix, frame, first, count, left, right))
        return s_fail_memory (self);
    self->staged += count;
    return self->staged < CHUNK_FRAMES || s_resample_staged (self);
}

/*  Takes frames of the decoder, or silence if there is no `frame`. */
static bool
s_take (s_load_t *self, const AVFrame *frame, int64_t count)
{
    for (int64_t first = 0; first < count;) {
        int room = self->resample ? CHUNK_FRAMES - self->staged : CHUNK_FRAMES;
        int chunk = count - first < room ? (int) (count - first) : room;
        bool taken = self->resample ? s_stage (self, frame, (int) first, chunk)
                                    : s_write (self, frame, (int) first, chunk);
        if (!taken || !zample_decode_source_go_on (&self->source))
            return false;
        first += chunk;
        self->taken += chunk;
    }
    return true;
}

static bool
s_make_sound (s_load_t *self, int64_t frames)
{
    frames = frames < ZAMPLE_SOUND_FRAMES_MAX ? frames : ZAMPLE_SOUND_FRAMES_MAX;
    if (!s_may_take (self, frames))
        return s_fail (self, FAILED_OVER_BUDGET, OVER_BUDGET);
    self->sound = zample_sound_new (frames);
    return self->sound || s_fail_memory (self);
}

static bool
s_fail_long (s_load_t *self)
{
    char reason[100];
    snprintf (reason, sizeof reason, "it is longer than the %lld frames that are allowed",
              (long long) self->spec->limits.frames);
    return s_fail (self, FAILED_TOO_LONG, reason);
}

/*  With the first frame all is known that the sound is made by. */
static bool
s_begin (s_load_t *self, const AVFrame *frame)
{
    self->rate_hz = frame->sample_rate;
    /* The first frame of the file may be one that could not be decoded; FLAC counts from 0. */
    self->origin = self->stream.parser ? 0 : frame->pts;
    if (self->rate_hz < RATE_HZ_MIN || self->rate_hz > RATE_HZ_MAX)
        return s_fail (self, FAILED_UNSUPPORTED, "its rate is not one that zample can play");
    self->declared = zample_decode_declared (&self->stream, self->rate_hz);
    int64_t believed = self->source.size * FRAMES_PER_BYTE_MAX;
    believed = self->declared.frames < believed ? self->declared.frames : believed;
    int64_t frames = s_at_new_rate (self, believed);
    /* A little more is not told yet, since some of it may be cut off. */
    if (believed > PADDING_FRAMES_MAX
        && s_at_new_rate (self, believed - PADDING_FRAMES_MAX) > self->spec->limits.frames)
        return s_fail_long (self);
    if ((uint32_t) self->rate_hz != self->spec->rate_hz) {
        self->is_mono =
            frame->ch_layout.nb_channels == 1 && zample_decode_is_lossless (self->stream.codec->codec_id);
        self->resample = zample_resample_new ((uint32_t) self->rate_hz, self->spec->rate_hz,
                                              self->spec->quality, self->is_mono ? 1 : ZAMPLE_CHANNELS);
        if (!self->resample)
            return s_fail_memory (self);
        frames += CHUNK_FRAMES; /* it asks for more room than it needs */
    }
    return s_make_sound (self, frames);
}

/*  How many frames are missing before this one, by its time stamp. Not believed are stamps that lead past the
    declared end, and more silence than sound. */
static int64_t
s_missing_before (const s_load_t *self, const AVFrame *frame)
{
    if (frame->pts == AV_NOPTS_VALUE || self->origin == AV_NOPTS_VALUE)
        return 0;
    AVRational tick = self->stream.track->time_base;
    int64_t since = av_sat_sub64 (frame->pts, self->origin);
    int64_t place = av_rescale_q (since, tick, (AVRational) { 1, self->rate_hz });
    int64_t blur = av_rescale_q (2, tick, (AVRational) { 1, self->rate_hz });
    blur += self->stream.codec->codec_id == AV_CODEC_ID_VORBIS ? VORBIS_BLUR_FRAMES : BLUR_FRAMES;
    int64_t silence = self->taken - self->decoded;
    if (place <= self->taken + blur)
        return 0;
    int64_t gap = place - self->taken;
    if (gap > self->decoded + self->rate_hz - silence)
        return 0;
    return place + frame->nb_samples <= self->declared.frames + blur ? gap : 0;
}

static bool
s_has_too_many_channels (s_load_t *self, int channels)
{
    char reason[100];
    if (channels <= ZAMPLE_DECODE_CHANNELS_MAX && (uint32_t) channels <= self->spec->limits.channels)
        return false;
    snprintf (reason, sizeof reason, "it has %d channels, and no more than %u are allowed", channels,
              self->spec->limits.channels);
    s_fail (self, FAILED_TOO_MANY_CHANNELS, reason);
    return true;
}

static bool
s_take_frame (s_load_t *self, const AVFrame *frame)
{
    if (frame->nb_samples <= 0 || frame->ch_layout.nb_channels < 1)
        return true;
    if (s_has_too_many_channels (self, frame->ch_layout.nb_channels)
        || (!self->sound && !s_begin (self, frame)))
        return false;
    if (frame->sample_rate != self->rate_hz || (self->is_mono && frame->ch_layout.nb_channels != 1)) {
        self->stream.damaged++;
        return true;
    }
    int64_t missing = s_missing_before (self, frame);
    int64_t end = s_at_new_rate (self, self->taken + missing + frame->nb_samples);
    int64_t filled = s_at_new_rate (self, self->declared.filled);
    if (end - filled > self->spec->limits.frames || end > ZAMPLE_SOUND_FRAMES_MAX - GROW_FRAMES)
        return s_fail_long (self);
    self->decoded += frame->nb_samples;
    return s_take (self, NULL, missing) && s_take (self, frame, frame->nb_samples);
}

static int64_t
s_frames_of_file (const s_load_t *self)
{
    int64_t end = self->declared.frames + self->declared.doubt;
    bool filled =
        self->declared.frames > 0 && self->taken > end && self->taken - end <= self->declared.filled;
    return filled ? end : self->taken;
}

/*  What was seen. False if too little of the sound came. */
static bool
s_take_stock (s_load_t *self)
{
    const zample_decode_stream_t *stream = &self->stream;
    zample_sound_notes_t notes = { .nan_values = self->mix.tidied };
    notes.missing_frames =
        zample_decode_declared_missing (&self->declared, stream, self->rate_hz, self->taken);
    notes.silent_frames = self->taken - self->decoded;
    notes.damaged = stream->damaged + stream->walk.breaks;
    int64_t lost = notes.missing_frames + notes.silent_frames;
    if (self->decoded == 0
        || (double) self->decoded < (double) (self->decoded + lost) * self->spec->limits.least_share)
        return s_fail (self, FAILED_DAMAGED, "the file is damaged: too little of its sound can be decoded");
    notes.warnings |= notes.missing_frames > 0 || stream->walk.is_cut ? WARNED_TRUNCATED : 0;
    notes.warnings |= notes.damaged > 0 || notes.silent_frames > 0 ? WARNED_CORRUPT : 0;
    notes.warnings |= zample_decode_declared_is_exceeded (&self->declared, stream, s_frames_of_file (self))
                          ? WARNED_LENGTH
                          : 0;
    notes.warnings |= notes.nan_values > 0 ? WARNED_NAN : 0;
    self->sound->notes = notes;
    return true;
}

/*  Lets the resampler end and gives the sound its exact length. */
static bool
s_end (s_load_t *self)
{
    if (self->resample && ((self->staged > 0 && !s_resample_staged (self)) || !s_resample_staged (self)))
        return false;
    if (!s_take_stock (self))
        return false;
    int64_t frames = s_at_new_rate (self, s_frames_of_file (self));
    if (frames > self->spec->limits.frames)
        return s_fail_long (self);
    if (self->written < frames) {
        float *out = s_room_for (self, frames - self->written);
        if (!out)
            return false;
        memset (out, 0, (size_t) (frames - self->written) * ZAMPLE_CHANNELS * sizeof (float));
    }
    zample_sound_t *sound = self->sound;
    return (zample_sound_resize (sound, frames) && zample_peaks_finish (&sound->peaks, sound->data, frames))
           || s_fail_memory (self);
}

static bool
s_run (s_load_t *self)
{
    if (!zample_decode_stream_open (&self->stream, &self->source, self->spec->limits.streams))
        return false;
    for (;;) {
        switch (zample_decode_stream_next (&self->stream)) {
        case ZAMPLE_DECODE_FAILED: return false;
        case ZAMPLE_DECODE_END: return s_end (self);
        case ZAMPLE_DECODE_FRAME:
            if (!s_take_frame (self, self->stream.frame))
                return false;
        }
    }
}

/*  FFmpeg may take for the end what was a failure to read. */
static bool
s_has_worked (s_load_t *self, const zample_failure_t *failure)
{
    const zample_decode_watch_t *watch = self->watch;
    if (failure->code != FAILED_NOT)
        return false;
    return !watch || !watch->at_chunk || watch->at_chunk (watch->context, 1.0)
           || s_fail (self, FAILED_CANCELLED, ZAMPLE_DECODE_CANCELLED);
}

zample_sound_t *
zample_decode_file (const zample_file_t *file, const zample_decode_spec_t *spec,
                    const zample_decode_watch_t *watch, zample_failure_t *failure)
{
    *failure = (zample_failure_t) { .code = FAILED_NOT };
    s_load_t *self = calloc (1, sizeof (s_load_t));
    if (!self) {
        zample_why_failed_errno (failure, file->path, ENOMEM);
        return NULL;
    }
    self->spec = spec;
    self->watch = watch;
    bool worked = zample_decode_source_open (&self->source, file, &spec->limits, watch, failure)
                  && s_run (self) && s_has_worked (self, failure);

    zample_sound_t *sound = self->sound;
    if (!worked)
        zample_sound_release (&sound);
    zample_resample_destroy (&self->resample);
    zample_decode_mix_reset (&self->mix);
    zample_decode_stream_close (&self->stream);
    zample_decode_source_close (&self->source);
    free (self);
    return sound;
}
