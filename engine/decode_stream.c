/*  The demuxer and the decoder of one file. Runs on a loader's worker.

    Nothing may be printed (hush.h), and that works only in contexts that are ours. So the stream is never
    probed: avformat_find_stream_info decodes with a context of its own. And raw FLAC is cut into frames here,
    since its parser complains to a context of the demuxer's. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <libavutil/common.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>

#include "engine/decode_declared.h"
#include "engine/decode_kind.h"
#include "engine/decode_stream.h"
#include "engine/hush.h"

/* FFmpeg calls it a lack of memory when there are more, and we only when there are more than allowed: so this
   is more than can be allowed. */
#define STREAMS_MAX 1025

#define PACKET_SIZE 65536

/* Looking for other codings in the first packet of a WAV file takes 1 ms if it is a long one. */
#define PROBED_SIZE 1024

#define NOT_KNOWN                                                                                            \
    "this is not a sound file that zample knows (WAV, AIFF, AU, CAF, FLAC, Ogg, MP3, AAC, M4A, WavPack)"
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
        return zample_decode_source_fail_errno (self->source, ENOMEM);
    self->format = format;
    s_hush (self);
    format->pb = self->source->io;
    format->flags |= AVFMT_FLAG_CUSTOM_IO; /* whose it stays */
    format->io_open = s_open_nothing;
    format->interrupt_callback = (AVIOInterruptCB) { s_interrupt, self->source };
    format->max_streams = STREAMS_MAX;
    format->format_whitelist = av_strdup (demuxer->name);
    format->protocol_whitelist = av_strdup ("none");
    format->error_recognition = AV_EF_CRCCHECK;
    format->max_probe_packets = 0; /* it looks for other codings in plain values: in one packet, then */
    if (!format->format_whitelist || !format->protocol_whitelist)
        return zample_decode_source_fail_errno (self->source, ENOMEM);
    /* The fewer packets, the less is done for each. Only raw FLAC has the one option and WAV the other. */
    AVDictionary *options = NULL;
    av_dict_set_int (&options, "raw_packet_size", PACKET_SIZE, 0);
    av_dict_set_int (&options, "max_size", PROBED_SIZE, 0);
    int error = avformat_open_input (&self->format, NULL, demuxer, &options);
    av_dict_free (&options);
    if (error == AVERROR (ENOMEM))
        return zample_decode_source_fail_errno (self->source, ENOMEM);
    return error >= 0 || zample_decode_source_fail (self->source, FAILED_DAMAGED, DAMAGED);
}

/*  Sound only, and of that what people keep samples in. Microsoft's ADPCM is left out: its decoder prints. */
static bool
s_is_known (enum AVCodecID id, const char *demuxer)
{
    if (zample_decode_is_pcm (id))
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
s_has_too_many (zample_decode_stream_t *self, uint32_t streams_max)
{
    char reason[100];
    if (self->format->nb_streams <= streams_max)
        return false;
    snprintf (reason, sizeof reason, "it has more than the %u streams that are allowed", streams_max);
    zample_decode_source_fail (self->source, FAILED_TOO_MANY_STREAMS, reason);
    return true;
}

static bool
s_choose_track (zample_decode_stream_t *self, const char *demuxer)
{
    zample_failed_tag_t code = FAILED_UNKNOWN_FORMAT;
    const char *reason = "there is no sound in it";
    for (unsigned i = 0; i < self->format->nb_streams; i++) {
        AVStream *track = self->format->streams[i];
        track->discard = AVDISCARD_ALL;
        if (self->track || track->codecpar->codec_type != AVMEDIA_TYPE_AUDIO)
            continue;
        code = FAILED_UNSUPPORTED;
        reason = "its sound is coded in a way that zample does not know";
        if (!s_is_known (track->codecpar->codec_id, demuxer))
            continue;
        self->track = track;
        track->discard = AVDISCARD_DEFAULT;
    }
    return self->track || zample_decode_source_fail (self->source, code, reason);
}

static void
s_set_codec (AVCodecContext *codec, const AVStream *track)
{
    enum AVCodecID id = codec->codec_id;
    codec->log_level_offset = ZAMPLE_HUSH;
    codec->thread_count = 1;
    /* Cuts off what the coder put before and behind the sound. */
    codec->pkt_timebase = track->time_base;
    /* But of a Vorbis file with a single page of sound FFmpeg cuts off too much; decode.c does that by the
       length. */
    if (id == AV_CODEC_ID_VORBIS)
        codec->flags2 |= AV_CODEC_FLAG2_SKIP_MANUAL;
    /* These two would give noise for damaged frames, and not say so. */
    if (id == AV_CODEC_ID_FLAC || id == AV_CODEC_ID_WAVPACK)
        codec->err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE;
}

static bool
s_open_codec (zample_decode_stream_t *self)
{
    const AVCodec *decoder = avcodec_find_decoder (self->track->codecpar->codec_id);
    if (!decoder)
        return zample_decode_source_fail (self->source, FAILED_UNSUPPORTED,
                                          "FFmpeg was built without a decoder for it");
    self->codec = avcodec_alloc_context3 (decoder);
    if (!self->codec)
        return zample_decode_source_fail_errno (self->source, ENOMEM);
    self->codec->codec_whitelist = av_strdup (decoder->name);
    if (!self->codec->codec_whitelist
        || avcodec_parameters_to_context (self->codec, self->track->codecpar) < 0)
        return zample_decode_source_fail_errno (self->source, ENOMEM);
    s_set_codec (self->codec, self->track);
    int error = avcodec_open2 (self->codec, decoder, NULL);
    if (error == AVERROR (ENOMEM))
        return zample_decode_source_fail_errno (self->source, ENOMEM);
    return error == 0 || zample_decode_source_fail (self->source, FAILED_DAMAGED, DAMAGED);
}

static bool
s_open_parser (zample_decode_stream_t *self)
{
    self->parser = av_parser_init (AV_CODEC_ID_FLAC);
    self->piece = av_packet_alloc ();
    if (!self->parser || !self->piece)
        return zample_decode_source_fail_errno (self->source, ENOMEM);
    self->parser->flags |= PARSER_FLAG_USE_CODEC_TS;
    self->format->flags |= AVFMT_FLAG_NOPARSE | AVFMT_FLAG_NOFILLIN;
    return true;
}

bool
zample_decode_stream_open (zample_decode_stream_t *self, zample_decode_source_t *source, uint32_t streams_max)
{
    *self = (zample_decode_stream_t) { .source = source };
    const char *kind = zample_decode_kind (source);
    const AVInputFormat *demuxer = kind ? av_find_input_format (kind) : NULL;
    if (!demuxer)
        return zample_decode_source_fail (source, FAILED_UNKNOWN_FORMAT, NOT_KNOWN);
    if (!zample_decode_kind_has_rate (source, kind))
        return zample_decode_source_fail (source, FAILED_DAMAGED, DAMAGED);
    self->walk = zample_decode_walk (source, kind);
    self->packet = av_packet_alloc ();
    self->frame = av_frame_alloc ();
    if (!self->packet || !self->frame)
        return zample_decode_source_fail_errno (source, ENOMEM);
    if (!s_open_format (self, demuxer))
        return false;
    source->size_is_secret = true;
    return !s_has_too_many (self, streams_max) && s_choose_track (self, kind) && s_open_codec (self)
           && (strcmp (kind, "flac") != 0 || s_open_parser (self)) && zample_decode_source_go_on (source);
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

/*  The next packet of the track, whatever lies between: pictures come as packets as well. */
static int
s_read_track (zample_decode_stream_t *self, AVPacket *packet)
{
    for (;;) {
        int error = av_read_frame (self->format, packet);
        if (error < 0)
            self->at_end = true;
        if (error < 0 || packet->stream_index == self->track->index)
            return error;
        av_packet_unref (packet);
    }
}

/*  The next whole frame of raw FLAC, cut out of the pieces that the demuxer reads. */
static int
s_read_parsed (zample_decode_stream_t *self)
{
    for (;;) {
        if (self->piece_used >= self->piece->size && !self->at_end) {
            av_packet_unref (self->piece);
            self->piece_used = 0;
            int error = s_read_track (self, self->piece);
            if (error == AVERROR (ENOMEM))
                return error;
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
    return self->parser ? s_read_parsed (self) : s_read_track (self, self->packet);
}

static bool
s_is_damage (int error)
{
    return error < 0 && error != AVERROR (EAGAIN) && error != AVERROR_EOF && error != AVERROR (ENOMEM);
}

static void
s_enlarge_packets (zample_decode_stream_t *self)
{
    if (strcmp (self->format->iformat->name, "wav") == 0)
        av_opt_set_int (self->format->priv_data, "max_size", PACKET_SIZE, 0);
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
    /* What is left of a packet that was cut off is whole if it is of plain values. */
    bool corrupt =
        (self->packet->flags & AV_PKT_FLAG_CORRUPT) && !zample_decode_is_pcm (self->codec->codec_id);
    self->sent += self->packet->duration;
    self->sent_bytes += self->packet->size;
    if (self->sent_count++ == 0)
        s_enlarge_packets (self);
    error = avcodec_send_packet (self->codec, self->packet);
    self->damaged += corrupt || s_is_damage (error);
    av_packet_unref (self->packet);
    return error;
}

zample_decode_next_t
zample_decode_stream_next (zample_decode_stream_t *self)
{
    for (;;) {
        if (!zample_decode_source_go_on (self->source))
            return ZAMPLE_DECODE_FAILED;
        int error = avcodec_receive_frame (self->codec, self->frame);
        if (error == 0) {
            self->damaged +=
                self->frame->decode_error_flags != 0 || (self->frame->flags & AV_FRAME_FLAG_CORRUPT);
            return ZAMPLE_DECODE_FRAME;
        }
        self->damaged += s_is_damage (error);
        if (error == AVERROR (EAGAIN))
            error = s_feed (self);
        if (error == AVERROR_EOF)
            return ZAMPLE_DECODE_END;
        if (error == AVERROR (ENOMEM)) {
            zample_decode_source_fail_errno (self->source, ENOMEM);
            return ZAMPLE_DECODE_FAILED;
        }
    }
}
