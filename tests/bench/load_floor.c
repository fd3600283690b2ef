/*  What decoding and resampling cost by themselves: the same libraries that zample loads with, and nothing that
    is not needed for a sound file of one track that is known to be whole. No progress, no limits, no search for
    damage, no look for numbers that are none. Frames are gathered to 4,096 in the decoder's own format, as
    copies of planes, because that is what the resampler takes fastest, and are converted by nobody but it. */
#include "config.h"

#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
#include <libavutil/samplefmt.h>
#include <libswresample/swresample.h>

#include "tests/bench/load_peers.h"

enum { FEED_FRAMES = 4096, SOXR_BITS = 20 };

typedef struct {
    bool checks; /* the sums that the file keeps of its parts */
    AVFormatContext *format;
    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *frame;
    SwrContext *swr; /* of the first frame's format */
    uint8_t *planes[AV_NUM_DATA_POINTERS];
    int gathered; /* frames in planes */
    load_block_t *block;
    int64_t written; /* frames of the block */
} s_load_t;

static bool
s_open (s_load_t *self, const char *path)
{
    self->format = avformat_alloc_context ();
    self->format->error_recognition = self->checks ? AV_EF_CRCCHECK : 0;
    /* Packets of WAV as long as a feed, for 16 bits in stereo. */
    AVDictionary *options = NULL;
    av_dict_set (&options, "max_size", "16384", 0);
    int error = avformat_open_input (&self->format, path, NULL, &options);
    av_dict_free (&options);
    if (error < 0)
        return false;
    const AVStream *track = self->format->streams[0];
    const AVCodec *decoder = avcodec_find_decoder (track->codecpar->codec_id);
    self->codec = avcodec_alloc_context3 (decoder);
    avcodec_parameters_to_context (self->codec, track->codecpar);
    self->codec->pkt_timebase = track->time_base;
    self->codec->thread_count = 1;
    self->codec->err_recognition = self->checks ? AV_EF_CRCCHECK : 0;
    self->packet = av_packet_alloc ();
    self->frame = av_frame_alloc ();
    return avcodec_open2 (self->codec, decoder, NULL) == 0;
}

static bool
s_open_resampler (s_load_t *self)
{
    AVFrame *frame = self->frame;
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    swr_alloc_set_opts2 (&self->swr, &stereo, AV_SAMPLE_FMT_FLT, LOAD_RATE_HZ, &frame->ch_layout,
                         frame->format, frame->sample_rate, 0, NULL);
    av_opt_set_int (self->swr, "resampler", SWR_ENGINE_SOXR, 0);
    av_opt_set_double (self->swr, "precision", SOXR_BITS, 0);
    av_samples_alloc (self->planes, NULL, frame->ch_layout.nb_channels, FEED_FRAMES, frame->format, 0);
    return swr_init (self->swr) == 0;
}

/*  No `in` lets the resampler end. Returns how many frames came out. */
static int
s_convert (s_load_t *self, uint8_t **in, int count)
{
    int room = swr_get_out_samples (self->swr, count);
    int64_t left = (int64_t) (self->block->size / (2 * sizeof (float))) - self->written;
    uint8_t *out = (uint8_t *) (self->block->frames + 2 * self->written);
    int given = swr_convert (self->swr, &out, room < left ? room : (int) left, (const uint8_t **) in, count);
    self->written += given > 0 ? given : 0;
    return given;
}

static void
s_take (s_load_t *self)
{
    const AVFrame *frame = self->frame;
    int count = frame->nb_samples;
    if (self->gathered == 0 && count == FEED_FRAMES) {
        s_convert (self, frame->extended_data, count);
        return;
    }
    for (int first = 0; first < count;) {
        int room = FEED_FRAMES - self->gathered;
        int part = count - first < room ? count - first : room;
        av_samples_copy (self->planes, frame->extended_data, self->gathered, first, part,
                         frame->ch_layout.nb_channels, frame->format);
        self->gathered += part;
        first += part;
        if (self->gathered == FEED_FRAMES) {
            s_convert (self, self->planes, self->gathered);
            self->gathered = 0;
        }
    }
}

static bool
s_decode (s_load_t *self)
{
    for (;;) {
        int error = avcodec_receive_frame (self->codec, self->frame);
        if (error == AVERROR_EOF)
            return self->swr != NULL;
        if (error == 0 && !self->swr && !s_open_resampler (self))
            return false;
        if (error == 0)
            s_take (self);
        else if (error != AVERROR (EAGAIN))
            return false;
        else if (av_read_frame (self->format, self->packet) < 0)
            avcodec_send_packet (self->codec, NULL);
        else {
            avcodec_send_packet (self->codec, self->packet);
            av_packet_unref (self->packet);
        }
    }
}

static void
s_close (s_load_t *self)
{
    av_freep (&self->planes[0]);
    swr_free (&self->swr);
    av_frame_free (&self->frame);
    av_packet_free (&self->packet);
    avcodec_free_context (&self->codec);
    avformat_close_input (&self->format);
}

static bool
s_load (const char *path, bool checks, load_block_t *block, int64_t *frames)
{
    s_load_t load = { .checks = checks, .block = block };
    bool loaded = s_open (&load, path) && s_decode (&load);
    if (loaded) {
        s_convert (&load, load.planes, load.gathered);
        while (s_convert (&load, NULL, 0) > 0)
            ;
    }
    *frames = load.written;
    s_close (&load);
    return loaded;
}

bool
load_by_libavcodec (const char *path, load_block_t *block, int64_t *frames)
{
    return s_load (path, false, block, frames);
}

bool
load_by_libavcodec_checked (const char *path, load_block_t *block, int64_t *frames)
{
    return s_load (path, true, block, frames);
}
