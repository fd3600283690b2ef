/*  Decoded frames of any format and channel count become stereo floats, interleaved or each side apart. */
#ifndef ZAMPLE_DECODE_MIX_H
#define ZAMPLE_DECODE_MIX_H

#include <stdbool.h>
#include <stdint.h>

#include <libavutil/frame.h>
#include <libswresample/swresample.h>

#define ZAMPLE_DECODE_CHANNELS_MAX 64

/*  All zeros to begin with. */
typedef struct {
    SwrContext *swr; /* of what more than two channels need, for the layout and format below */
    AVChannelLayout layout;
    int format;
    bool apart;
    int64_t tidied; /* values so far that were no finite numbers */
    bool of_floats; /* whether any came that could be none */
} zample_decode_mix_t;

/*  Writes `count` frames of `frame`, from its frame `first` on. One channel goes to both sides as it is; two
    are left and right; more are mixed down. What is not a finite number becomes 0. False if there is no
    memory. */
bool zample_decode_mix (zample_decode_mix_t *self, const AVFrame *frame, int first, int count, float *out);

/*  The same, with each side in a plane of its own. */
bool zample_decode_mix_apart (zample_decode_mix_t *self, const AVFrame *frame, int first, int count,
                              float *left, float *right);

void zample_decode_mix_reset (zample_decode_mix_t *self);

/*  One channel becomes two, in place: behind `count` values there is room for as many. */
void zample_decode_mix_double (float *values, int64_t count);

/*  Replaces by 0 what is not a finite number. Returns how many these were. */
int64_t zample_decode_mix_tidy (float *values, int64_t count);

#endif
