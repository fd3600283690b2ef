/*  From a file to a sound. Runs on a loader's worker.

        source -> demuxer, decoder -> stereo floats ------------------> sound
                                                    \-> resampler ->/

    Frames are written straight into the sound, which is made as long as the file says it will be and grows
    when that was wrong. Where packets are missing, silence takes their place, so that what follows stays in
    time. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libavutil/common.h>

#include "engine/decode.h"
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

/* Coders fill their last block up, and FFmpeg does not always cut that off where the file says that the sound
   ends. */
#define PADDING_FRAMES_MAX 8192

/* MP3 counts as sound what the coder put before and behind it. */
#define MP3_PADDING_FRAMES_MAX (4 * 1152)

#define RATE_HZ_MIN 1000
#define RATE_HZ_MAX 768000

#define NO_MEMORY "there is not enough memory for it"
#define DAMAGED "the file is damaged: too little of its sound can be decoded"
#define TOO_LONG "it is too long"

typedef struct {
    zample_decode_source_t source;
    zample_decode_stream_t stream;
    zample_decode_mix_t mix;
    zample_resample_t *resample; /* NULL where the rates are equal */
    zample_sound_t *sound;
    int64_t written; /* frames of the sound */

    int rate_hz; /* of the file, known with its first frame */
    uint32_t to_hz;
    int64_t declared; /* frames of the file, by its own account; 0 if it gives none */
    int64_t taken;    /* frames of the file, silence for missing ones included */
    int64_t decoded;  /* the same without the silence */
    int64_t origin;   /* time stamp of the first */

    int staged; /* frames of the file that wait for the resampler */
    float stage[CHUNK_FRAMES * ZAMPLE_CHANNELS];
} s_load_t;

/*  round (frames * to / from), without overflow: frames < 2^63 / RATE_HZ_MAX. */
static int64_t
s_rescale (int64_t frames, int64_t from_hz, int64_t to_hz)
{
    int64_t whole = frames / from_hz;
    int64_t rest = frames % from_hz;
    return whole * to_hz + (2 * rest * to_hz + from_hz) / (2 * from_hz);
}

/*  Where the next frames of the sound go; NULL if they find no memory. */
static float *
s_room_for (s_load_t *self, int64_t frames)
{
    int64_t wanted = self->written + frames;
    if (wanted > self->sound->frames) {
        int64_t grown = self->sound->frames + self->sound->frames / 2 + GROW_FRAMES;
        grown = grown < ZAMPLE_SOUND_FRAMES_MAX ? grown : ZAMPLE_SOUND_FRAMES_MAX;
        if (!zample_sound_resize (self->sound, grown > wanted ? grown : wanted)
            && !zample_sound_resize (self->sound, wanted))
            return NULL;
    }
    return zample_sound_writable (self->sound) + ZAMPLE_CHANNELS * self->written;
}

/*  Gives the resampler what is staged; with nothing staged, lets it end. */
static bool
s_resample_staged (s_load_t *self)
{
    const float *in = self->staged > 0 ? self->stage : NULL;
    int64_t given;
    do {
        int64_t room = zample_resample_room (self->resample, self->staged);
        float *out = room < 0 ? NULL : s_room_for (self, room);
        given = out ? zample_resample_push (self->resample, in, self->staged, out, room) : -1;
        if (given < 0)
            return false;
        zample_decode_mix_tidy (out, ZAMPLE_CHANNELS * given);
        self->written += given;
    } while (!in && given > 0);
    self->staged = 0;
    return true;
}

/*  Takes frames of the decoder, or silence if there is no `frame`. */
static bool
s_take (s_load_t *self, const AVFrame *frame, int64_t count)
{
    for (int64_t first = 0; first < count;) {
        int room = self->resample ? CHUNK_FRAMES - self->staged : CHUNK_FRAMES;
        int chunk = count - first < room ? (int) (count - first) : room;
        float *out = self->resample ? self->stage + ZAMPLE_CHANNELS * self->staged : s_room_for (self, chunk);
        if (!out || !zample_decode_source_go_on (&self->source))
            return false;
        if (!frame)
            memset (out, 0, (size_t) chunk * ZAMPLE_CHANNELS * sizeof (float));
        else if (!zample_decode_mix (&self->mix, frame, (int) first, chunk, out))
            return false;
        first += chunk;
        self->taken += chunk;
        if (!self->resample)
            self->written += chunk;
        else if ((self->staged += chunk) == CHUNK_FRAMES && !s_resample_staged (self))
            return false;
    }
    return true;
}

/*  With the first frame all is known that the sound is made by. Returns what is wrong, or NULL. */
static const char *
s_begin (s_load_t *self, const AVFrame *frame)
{
    self->rate_hz = frame->sample_rate;
    self->origin = frame->pts;
    if (self->rate_hz < RATE_HZ_MIN || self->rate_hz > RATE_HZ_MAX)
        return "its rate is not one that zample can play";
    self->declared = zample_decode_stream_declared (&self->stream, self->rate_hz);
    int64_t believed = self->source.size * FRAMES_PER_BYTE_MAX;
    believed = self->declared < believed ? self->declared : believed;
    int64_t frames = s_rescale (believed, self->rate_hz, self->to_hz);
    bool resamples = (uint32_t) self->rate_hz != self->to_hz;
    if (resamples) {
        self->resample = zample_resample_new ((uint32_t) self->rate_hz, self->to_hz, ZAMPLE_RESAMPLE_BEST);
        frames += CHUNK_FRAMES; /* it asks for more room than it needs */
    }
    self->sound = zample_sound_new (frames < ZAMPLE_SOUND_FRAMES_MAX ? frames : ZAMPLE_SOUND_FRAMES_MAX);
    return self->sound && (self->resample || !resamples) ? NULL : NO_MEMORY;
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
    return place + frame->nb_samples <= self->declared + blur ? gap : 0;
}

static const char *
s_take_frame (s_load_t *self, const AVFrame *frame)
{
    if (frame->nb_samples <= 0 || frame->ch_layout.nb_channels < 1)
        return NULL;
    if (frame->ch_layout.nb_channels > ZAMPLE_DECODE_CHANNELS_MAX)
        return "it has too many channels";
    const char *reason = self->sound ? NULL : s_begin (self, frame);
    if (reason || frame->sample_rate != self->rate_hz)
        return reason;
    int64_t missing = s_missing_before (self, frame);
    int64_t end = self->taken + missing + frame->nb_samples;
    if (s_rescale (end, self->rate_hz, self->to_hz) > ZAMPLE_SOUND_FRAMES_MAX - GROW_FRAMES)
        return TOO_LONG;
    self->decoded += frame->nb_samples;
    return s_take (self, NULL, missing) && s_take (self, frame, frame->nb_samples) ? NULL : NO_MEMORY;
}

static int64_t
s_frames_of_file (const s_load_t *self)
{
    int64_t end = self->declared + zample_decode_stream_doubt (&self->stream, self->rate_hz);
    bool padded = self->declared > 0 && self->taken > end && self->taken - end <= PADDING_FRAMES_MAX;
    return padded ? end : self->taken;
}

/*  Lets the resampler end and gives the sound its exact length. */
static const char *
s_end (s_load_t *self)
{
    int64_t promised = self->declared;
    if (self->stream.codec->codec_id == AV_CODEC_ID_MP3)
        promised -= MP3_PADDING_FRAMES_MAX;
    if (self->decoded == 0 || self->decoded < promised / 2)
        return DAMAGED;
    if (self->resample && ((self->staged > 0 && !s_resample_staged (self)) || !s_resample_staged (self)))
        return NO_MEMORY;
    int64_t frames = s_rescale (s_frames_of_file (self), self->rate_hz, self->to_hz);
    if (self->written < frames) {
        float *out = s_room_for (self, frames - self->written);
        if (!out)
            return NO_MEMORY;
        memset (out, 0, (size_t) (frames - self->written) * ZAMPLE_CHANNELS * sizeof (float));
    }
    return zample_sound_resize (self->sound, frames) ? NULL : NO_MEMORY;
}

/*  Returns what is wrong, or NULL; a watch that gave up is not wrong. */
static const char *
s_run (s_load_t *self)
{
    const char *reason;
    if (!zample_decode_stream_open (&self->stream, &self->source, &reason))
        return reason;
    for (;;) {
        switch (zample_decode_stream_next (&self->stream)) {
        case ZAMPLE_DECODE_FRAME: reason = s_take_frame (self, self->stream.frame); break;
        case ZAMPLE_DECODE_END: return s_end (self);
        case ZAMPLE_DECODE_GIVEN_UP: return NULL;
        case ZAMPLE_DECODE_NO_MEMORY: return NO_MEMORY;
        }
        if (reason)
            return reason;
    }
}

static bool
s_has_worked (s_load_t *self, const char *path, const char *reason, char *why, size_t why_size)
{
    if (self->source.given_up)
        return false;
    if (self->source.error)
        zample_why_errno (why, why_size, path, self->source.error);
    else if (reason)
        zample_why_path (why, why_size, path, reason);
    return !reason && !self->source.error;
}

zample_sound_t *
zample_decode_file (const char *path, uint32_t rate_hz, const zample_decode_watch_t *watch, char *why,
                    size_t why_size)
{
    if (why_size > 0)
        *why = '\0';
    s_load_t *self = calloc (1, sizeof (s_load_t));
    if (!self) {
        zample_why_path (why, why_size, path, NO_MEMORY);
        return NULL;
    }
    self->to_hz = rate_hz;
    bool worked = zample_decode_source_open (&self->source, path, watch, why, why_size)
                  && s_has_worked (self, path, s_run (self), why, why_size);
    if (worked && watch)
        worked = watch->at_chunk (watch->context, 1.0);

    zample_sound_t *sound = self->sound;
    if (!worked && sound)
        zample_sound_release (&sound);
    zample_resample_destroy (&self->resample);
    zample_decode_mix_reset (&self->mix);
    zample_decode_stream_close (&self->stream);
    zample_decode_source_close (&self->source);
    free (self);
    return sound;
}
