/*  The demuxer and the decoder of one file. Runs on a loader's worker.

    Nothing may be printed (hush.h), and that works only in contexts that are ours. So the stream is never
    probed: avformat_find_stream_info decodes with a context of its own. And raw FLAC is cut into frames here,
    since its parser complains to a context of the demuxer's. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include <libavutil/common.h>
#include <libavutil/mem.h>

#include "engine/decode_kind.h"
#include "engine/decode_stream.h"
#include "engine/hush.h"

#define TRACKS_MAX 64
#define DECLARED_MAX (INT64_C (1) << 40)

/* Who writes a WAV file to a pipe does not know its size and claims about what 31 or 32 bits can say. */
#define CLAIM_MIN INT64_C (0x7fff0000)

#define NOT_KNOWN                                                                                            \
    "this is not a sound file that zample knows (WAV, AIFF, AU, CAF, FLAC, Ogg, MP3, AAC, M4A, WavPack)"
#define NO_MEMORY "there is not enough memory for it"
#define DAMAGED "the file is damaged"

static int
s_open_nothing (AVFormatContext *format, AVIOContext **io, const char *url, int flags, AVDictionary **options)
{
    (void) format, (void) url, (void) flags, (void) options;
    *io = NULL;
    return AVERROR (EACCES);
}

static int
s_interrupt (void *opaque)
{
    return !zample_decode_source_go_on (opaque);
}

/*  The class of demuxers has no member of its own to add to the level. metadata_header_padding is one that
    demuxing leaves unused. */
static void
s_hush (zample_decode_stream_t *self)
{
    self->quiet = *self->format->av_class;
    if (self->quiet.version > (int) LIBAVUTIL_VERSION_INT)
        self->quiet.version = LIBAVUTIL_VERSION_INT;
    self->quiet.log_level_offset_offset = (int) offsetof (AVFormatContext, metadata_header_padding);
    self->format->av_class = &self->quiet;
    self->format->metadata_header_padding = ZAMPLE_HUSH;
}

static bool
s_open_format (zample_decode_stream_t *self, const AVInputFormat *demuxer)
{
    AVFormatContext *format = avformat_alloc_context ();
    if (!format)
        return false;
    self->format = format;
    s_hush (self);
    format->pb = self->source->io;
    format->flags |= AVFMT_FLAG_CUSTOM_IO; /* whose it stays */
    format->io_open = s_open_nothing;
    format->interrupt_callback = (AVIOInterruptCB) { s_interrupt, self->source };
    format->max_streams = TRACKS_MAX;
    format->format_whitelist = av_strdup (demuxer->name);
    format->protocol_whitelist = av_strdup ("none");
    format->error_recognition = AV_EF_CRCCHECK;
    return format->format_whitelist && format->protocol_whitelist;
}

static bool
s_is_pcm (enum AVCodecID id)
{
    return id >= AV_CODEC_ID_PCM_S16LE && id < AV_CODEC_ID_ADPCM_IMA_QT;
}

/*  Sound only, and of that what people keep samples in. Microsoft's ADPCM is left out: its decoder prints. */
static bool
s_is_known (enum AVCodecID id, const char *demuxer)
{
    if (s_is_pcm (id))
        return true;
    switch (id) {
    case AV_CODEC_ID_FLAC: return strcmp (demuxer, "wav") != 0; /* cut up by the parser that prints */
    case AV_CODEC_ID_VORBIS:
    case AV_CODEC_ID_OPUS:
    case AV_CODEC_ID_MP2:
    case AV_CODEC_ID_MP3:
    case AV_CODEC_ID_AAC:
    case AV_CODEC_ID_ALAC:
    case AV_CODEC_ID_WAVPACK:
    case AV_CODEC_ID_ADPCM_IMA_QT:
    case AV_CODEC_ID_ADPCM_IMA_WAV: return true;
    default: return false;
    }
}

static bool
s_choose_track (zample_decode_stream_t *self, const char *demuxer, const char **reason)
{
    *reason = "there is no sound in it";
    for (unsigned i = 0; i < self->format->nb_streams; i++) {
        AVStream *track = self->format->streams[i];
        track->discard = AVDISCARD_ALL;
        if (self->track || track->codecpar->codec_type != AVMEDIA_TYPE_AUDIO)
            continue;
        *reason = "its sound is coded in a way that zample does not know";
        if (!s_is_known (track->codecpar->codec_id, demuxer))
            continue;
        self->track = track;
        track->discard = AVDISCARD_DEFAULT;
    }
    return self->track;
}

static bool
s_open_codec (zample_decode_stream_t *self, const char **reason)
{
    const AVCodec *decoder = avcodec_find_decoder (self->track->codecpar->codec_id);
    *reason = "FFmpeg was built without a decoder for it";
    if (!decoder)
        return false;
    AVCodecContext *codec = avcodec_alloc_context3 (decoder);
    *reason = NO_MEMORY;
    if (!codec)
        return false;
    self->codec = codec;
    codec->log_level_offset = ZAMPLE_HUSH;
    codec->thread_count = 1;
    codec->codec_whitelist = av_strdup (decoder->name);
    if (!codec->codec_whitelist || avcodec_parameters_to_context (codec, self->track->codecpar) < 0)
        return false;
    /* Cuts off what the coder put before and behind the sound. */
    codec->pkt_timebase = self->track->time_base;
    /* But of a Vorbis file with a single page of sound FFmpeg cuts off too much; decode.c does that by the
       length. */
    if (decoder->id == AV_CODEC_ID_VORBIS)
        codec->flags2 |= AV_CODEC_FLAG2_SKIP_MANUAL;
    /* These two would give noise for damaged frames, and not say so. */
    if (decoder->id == AV_CODEC_ID_FLAC || decoder->id == AV_CODEC_ID_WAVPACK)
        codec->err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE;
    int error = avcodec_open2 (codec, decoder, NULL);
    *reason = error == AVERROR (ENOMEM) ? NO_MEMORY : DAMAGED;
    return error == 0;
}

static bool
s_open_parser (zample_decode_stream_t *self)
{
    self->parser = av_parser_init (AV_CODEC_ID_FLAC);
    self->piece = av_packet_alloc ();
    if (!self->parser || !self->piece)
        return false;
    self->parser->flags |= PARSER_FLAG_USE_CODEC_TS;
    self->format->flags |= AVFMT_FLAG_NOPARSE | AVFMT_FLAG_NOFILLIN;
    return true;
}

static bool
s_open (zample_decode_stream_t *self, const char **reason)
{
    const char *demuxer_name = zample_decode_kind (self->source);
    const AVInputFormat *demuxer = demuxer_name ? av_find_input_format (demuxer_name) : NULL;
    *reason = NOT_KNOWN;
    if (!demuxer)
        return false;
    *reason = DAMAGED;
    if (!zample_decode_kind_has_rate (self->source, demuxer_name))
        return false;
    if (strcmp (demuxer_name, "wav") == 0)
        zample_decode_source_walk_wav (self->source);
    *reason = NO_MEMORY;
    self->packet = av_packet_alloc ();
    self->frame = av_frame_alloc ();
    if (!self->packet || !self->frame || !s_open_format (self, demuxer))
        return false;
    int error = avformat_open_input (&self->format, NULL, demuxer, NULL);
    *reason = error == AVERROR (ENOMEM) ? NO_MEMORY : DAMAGED;
    self->source->size_is_secret = true;
    if (error < 0 || !s_choose_track (self, demuxer_name, reason) || !s_open_codec (self, reason))
        return false;
    *reason = NO_MEMORY;
    return strcmp (demuxer_name, "flac") != 0 || s_open_parser (self);
}

bool
zample_decode_stream_open (zample_decode_stream_t *self, zample_decode_source_t *source, const char **reason)
{
    *self = (zample_decode_stream_t) { .source = source };
    bool open = s_open (self, reason) && zample_decode_source_go_on (source);
    if (source->given_up)
        *reason = NULL;
    return open;
}

void
zample_decode_stream_close (zample_decode_stream_t *self)
{
    av_parser_close (self->parser);
    av_packet_free (&self->piece);
    av_packet_free (&self->packet);
    av_frame_free (&self->frame);
    avcodec_free_context (&self->codec);
    avformat_close_input (&self->format);
}

int64_t
zample_decode_stream_declared (const zample_decode_stream_t *self, int rate_hz)
{
    const AVCodecParameters *coded = self->track->codecpar;
    int64_t frame_size = s_is_pcm (coded->codec_id) ? coded->block_align : 0;
    int64_t duration = self->track->duration;
    int64_t frames = 0;
    if (duration != AV_NOPTS_VALUE && duration > 0)
        frames = av_rescale_q (duration, self->track->time_base, (AVRational) { 1, rate_hz });
    else if (frame_size > 0)
        frames = self->source->wav_size / frame_size;
    /* Ogg counts what an Opus coder puts before the sound. */
    if (coded->codec_id == AV_CODEC_ID_OPUS && strcmp (self->format->iformat->name, "ogg") == 0)
        frames -= coded->initial_padding;
    if (frame_size > 0 && frames >= CLAIM_MIN / frame_size && frames > self->source->size / frame_size)
        frames = 0;
    return frames > 0 ? FFMIN (frames, DECLARED_MAX) : 0;
}

int64_t
zample_decode_stream_doubt (const zample_decode_stream_t *self, int rate_hz)
{
    /* An edit list counts in units of the film's, which are milliseconds in most files. */
    return strncmp (self->format->iformat->name, "mov", 3) == 0 ? rate_hz / 1000 + 1 : 0;
}

/*  The next whole frame of raw FLAC, cut out of the pieces that the demuxer reads. */
static int
s_read_parsed (zample_decode_stream_t *self)
{
    for (;;) {
        if (self->piece_used >= self->piece->size && !self->at_end) {
            av_packet_unref (self->piece);
            self->piece_used = 0;
            int error = av_read_frame (self->format, self->piece);
            if (error < 0)
                self->at_end = true;
        }
        uint8_t *data = NULL;
        int size = 0;
        int left = self->piece->size - self->piece_used;
        const uint8_t *rest = left > 0 ? self->piece->data + self->piece_used : NULL;
        self->piece_used += av_parser_parse2 (self->parser, self->codec, &data, &size, rest, left,
                                              AV_NOPTS_VALUE, AV_NOPTS_VALUE, self->piece->pos);
        if (size > 0) {
            int error = av_new_packet (self->packet, size);
            if (error < 0)
                return error;
            memcpy (self->packet->data, data, (size_t) size);
            self->packet->pts = self->packet->dts = self->parser->pts;
            self->packet->pos = self->piece->pos;
            return 0;
        }
        if (self->at_end)
            return AVERROR_EOF;
    }
}

static int
s_read_packet (zample_decode_stream_t *self)
{
    if (self->parser)
        return s_read_parsed (self);
    for (;;) {
        int error = av_read_frame (self->format, self->packet);
        if (error < 0)
            self->at_end = true;
        if (error < 0 || self->packet->stream_index == self->track->index)
            return error;
        av_packet_unref (self->packet);
    }
}

/*  Hands the decoder one more packet, or the news that there is none. */
static int
s_feed (zample_decode_stream_t *self)
{
    int error = s_read_packet (self);
    if (error == AVERROR (ENOMEM) || error == AVERROR_EXIT)
        return error;
    if (error < 0)
        return avcodec_send_packet (self->codec, NULL);
    if (self->packet->pos > 0)
        zample_decode_source_reach (self->source, self->packet->pos);
    error = avcodec_send_packet (self->codec, self->packet);
    av_packet_unref (self->packet);
    return error;
}

zample_decode_next_t
zample_decode_stream_next (zample_decode_stream_t *self)
{
    for (;;) {
        if (!zample_decode_source_go_on (self->source))
            return ZAMPLE_DECODE_GIVEN_UP;
        int error = avcodec_receive_frame (self->codec, self->frame);
        if (error == 0)
            return ZAMPLE_DECODE_FRAME;
        if (error == AVERROR (EAGAIN))
            error = s_feed (self);
        if (error == AVERROR_EOF)
            return ZAMPLE_DECODE_END;
        if (error == AVERROR (ENOMEM))
            return ZAMPLE_DECODE_NO_MEMORY;
    }
}
