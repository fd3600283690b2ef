/*  Lengths as files declare them. Runs on a loader's worker. */
#include "config.h"

#include <string.h>

#include <libavutil/common.h>

#include "engine/decode_declared.h"

#define DECLARED_MAX (INT64_C (1) << 40)

/* Who writes a WAV file to a pipe does not know its size and claims about what 31 or 32 bits can say. */
#define CLAIM_MIN INT64_C (0x7fff0000)

/* Coders fill their last block up, and FFmpeg does not always cut that off where the file says that the sound
   ends. */
#define FILLED_FRAMES_MAX 8192

/* W64 fills its chunks up to 8 bytes, and FFmpeg takes these for sound. */
#define W64_FILLED_BYTES 7

/* Of the frame that holds an MP3 file's tag some say that it is one of the sound. */
#define MP3_TAG_FRAMES 1152

bool
zample_decode_is_pcm (enum AVCodecID id)
{
    return id >= AV_CODEC_ID_PCM_S16LE && id < AV_CODEC_ID_ADPCM_IMA_QT;
}

bool
zample_decode_is_lossless (enum AVCodecID id)
{
    return zample_decode_is_pcm (id) || id == AV_CODEC_ID_FLAC || id == AV_CODEC_ID_ALAC
           || id == AV_CODEC_ID_WAVPACK;
}

static bool
s_is_from (const zample_decode_stream_t *stream, const char *demuxer)
{
    return strncmp (stream->format->iformat->name, demuxer, strlen (demuxer)) == 0;
}

static bool
s_has_duration (const zample_decode_stream_t *stream)
{
    return stream->track->duration != AV_NOPTS_VALUE && stream->track->duration > 0;
}

static int64_t
s_frames (const zample_decode_stream_t *stream, int rate_hz)
{
    const AVCodecParameters *coded = stream->track->codecpar;
    const zample_decode_walk_t *walk = &stream->walk;
    int64_t frame_size = zample_decode_is_pcm (coded->codec_id) ? coded->block_align : 0;
    int64_t frames = 0;
    if (frame_size > 0 && walk->bytes > 0 && walk->bytes < UINT32_MAX)
        frames = walk->bytes / frame_size;
    else if (s_has_duration (stream))
        frames =
            av_rescale_q (stream->track->duration, stream->track->time_base, (AVRational) { 1, rate_hz });
    else if (walk->frames > 0)
        frames = av_rescale (walk->frames, rate_hz, walk->rate_hz);
    else if (frame_size > 0 && s_is_from (stream, "caf"))
        frames = stream->track->nb_frames;
    /* Ogg counts what an Opus coder puts before the sound. */
    if (coded->codec_id == AV_CODEC_ID_OPUS && s_is_from (stream, "ogg"))
        frames -= coded->initial_padding;
    if (frame_size > 0 && frames >= CLAIM_MIN / frame_size && frames > stream->source->size / frame_size)
        frames = 0;
    return frames > 0 ? FFMIN (frames, DECLARED_MAX) : 0;
}

static int64_t
s_filled (const AVCodecParameters *coded, bool is_w64)
{
    if (zample_decode_is_pcm (coded->codec_id))
        return is_w64 && coded->block_align > 0 ? W64_FILLED_BYTES / coded->block_align : 0;
    return zample_decode_is_lossless (coded->codec_id) ? 0 : FILLED_FRAMES_MAX;
}

zample_decode_declared_t
zample_decode_declared (const zample_decode_stream_t *stream, int rate_hz)
{
    const AVCodecParameters *coded = stream->track->codecpar;
    zample_decode_declared_t declared = { .frames = s_frames (stream, rate_hz) };
    /* An edit list counts in units of the film's, which are milliseconds in most files. */
    if (s_is_from (stream, "mov"))
        declared.doubt = rate_hz / 1000 + 1;
    /* FFmpeg counts its packets as if all were full. */
    if (s_is_from (stream, "caf") && !zample_decode_is_pcm (coded->codec_id))
        declared.uncut = FILLED_FRAMES_MAX;
    declared.filled = s_filled (coded, s_is_from (stream, "w64"));
    return declared;
}

int64_t
zample_decode_declared_missing (const zample_decode_declared_t *self, const zample_decode_stream_t *stream,
                                int rate_hz, int64_t taken)
{
    int64_t missing = self->frames - self->uncut - self->doubt - taken;
    /* What the coder put at the ends of an MP3 file is cut off, and nobody tells how much. But it is known
       how many packets there should be. */
    if (s_is_from (stream, "mp3"))
        missing = self->frames - MP3_TAG_FRAMES
                  - av_rescale_q (stream->sent, stream->track->time_base, (AVRational) { 1, rate_hz });
    return FFMAX (missing, 0);
}

bool
zample_decode_declared_is_exceeded (const zample_decode_declared_t *self,
                                    const zample_decode_stream_t *stream, int64_t used)
{
    const zample_decode_walk_t *walk = &stream->walk;
    bool is_alone = stream->format->nb_streams == 1;
    /* Tables that name less than half of the packets, or give them less than half of the time that they
       take. */
    if (is_alone && stream->sent_bytes < walk->coded / 2)
        return true;
    if (stream->sent_count * stream->codec->frame_size > 2 * used + FILLED_FRAMES_MAX)
        return true;
    if (s_is_from (stream, "mp3") && walk->frames > 0
        && av_rescale (walk->frames, stream->codec->sample_rate, walk->rate_hz)
               > self->frames + 2 * MP3_TAG_FRAMES)
        return true;
    return walk->is_longer || (self->frames > 0 && used > self->frames + self->doubt + self->filled);
}
