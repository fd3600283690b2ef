/*  Floats into the samples of a device. The audio thread runs it, once for each write. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "engine/output/format.h"

#define FULL_SCALE_16 32768.0f
#define FULL_SCALE_24 8388608.0f
#define FULL_SCALE_32 2147483648.0f

void
zample_dither_init (zample_dither_t *self)
{
    self->state = 0x2545f491u; /* anything but 0 */
}

/*  Triangular noise, from -1 to 1 in steps of the sample. */
static float
s_dither_next (zample_dither_t *self)
{
    uint32_t state = self->state;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    self->state = state;
    int32_t difference = (int32_t) (state >> 16) - (int32_t) (state & 0xffffu);
    return (float) difference * (1.0f / 65536.0f);
}

/*  The largest integer is one below full scale, and of 32 bits no float: so the upper end is clipped once it
    is an integer. */
static int32_t
s_rounded (float value, float full_scale)
{
    int64_t rounded = llrintf (fminf (fmaxf (value, -full_scale), full_scale));
    int64_t largest = (int64_t) full_scale - 1;
    return (int32_t) (rounded < largest ? rounded : largest);
}

static void
s_put_float (const float *samples, size_t count, unsigned char *to, zample_dither_t *dither)
{
    (void) dither;
    memcpy (to, samples, count * sizeof (float));
}

static void
s_put_s32 (const float *samples, size_t count, unsigned char *to, zample_dither_t *dither)
{
    (void) dither;
    for (size_t i = 0; i < count; i++) {
        int32_t value = s_rounded (samples[i] * FULL_SCALE_32, FULL_SCALE_32);
        memcpy (to + i * 4, &value, 4);
    }
}

static void
s_put_s24 (const float *samples, size_t count, unsigned char *to, zample_dither_t *dither)
{
    (void) dither;
    for (size_t i = 0; i < count; i++) {
        int32_t value = s_rounded (samples[i] * FULL_SCALE_24, FULL_SCALE_24);
        memcpy (to + i * 4, &value, 4);
    }
}

static void
s_put_s24_packed (const float *samples, size_t count, unsigned char *to, zample_dither_t *dither)
{
    (void) dither;
    for (size_t i = 0; i < count; i++) {
        int32_t value = s_rounded (samples[i] * FULL_SCALE_24, FULL_SCALE_24);
        memcpy (to + i * 3, &value, 3);
    }
}

static void
s_put_s16 (const float *samples, size_t count, unsigned char *to, zample_dither_t *dither)
{
    for (size_t i = 0; i < count; i++) {
        float dithered = samples[i] * FULL_SCALE_16 + s_dither_next (dither);
        int16_t value = (int16_t) s_rounded (dithered, FULL_SCALE_16);
        memcpy (to + i * 2, &value, 2);
    }
}

typedef void (s_put_t) (const float *samples, size_t count, unsigned char *to, zample_dither_t *dither);

static const struct {
    size_t bytes;
    s_put_t *put;
} s_formats[] = {
    [ZAMPLE_FORMAT_FLOAT] = { 4, s_put_float }, [ZAMPLE_FORMAT_S32] = { 4, s_put_s32 },
    [ZAMPLE_FORMAT_S24] = { 4, s_put_s24 },     [ZAMPLE_FORMAT_S24_PACKED] = { 3, s_put_s24_packed },
    [ZAMPLE_FORMAT_S16] = { 2, s_put_s16 },
};

size_t
zample_format_bytes (zample_format_t format)
{
    return s_formats[format].bytes;
}

static float
s_finite (float sample)
{
    return isfinite (sample) ? sample : 0.0f;
}

void
zample_format_write (zample_format_t format, uint32_t channels, const float *stereo, size_t count, void *to,
                     zample_dither_t *dither)
{
    size_t bytes = s_formats[format].bytes;
    s_put_t *put = s_formats[format].put;
    unsigned char *at = to;
    if (channels > 2)
        memset (at, 0, count * channels * bytes);
    for (size_t i = 0; i < count; i++, at += channels * bytes) {
        float frame[2] = { s_finite (stereo[2 * i]), s_finite (stereo[2 * i + 1]) };
        if (channels == 1) {
            float mean = 0.5f * frame[0] + 0.5f * frame[1];
            put (&mean, 1, at, dither);
        }
        else
            put (frame, 2, at, dither);
    }
}
