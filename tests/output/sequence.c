/*  Numbered frames, and what became of them. For the tests of the outputs. */
#include "config.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/output/sequence.h"

/*  Fourteen bits that follow from fourteen others: the right channel is scrambled by them, so that two
    channels of different frames do not make a third. */
static uint32_t
s_scramble (uint32_t low)
{
    uint32_t value = (low + 1) * 2654435761u;
    return (value >> 15) & 0x3fffu;
}

static float
s_sample (uint32_t code)
{
    return (float) ((int32_t) code - 8192) / 8192.0f;
}

void
sequence_write (float *frames, int64_t first, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        uint32_t low = (uint32_t) (first + i) & 0x3fffu;
        uint32_t high = (uint32_t) ((first + i) >> 14) & 0x3fffu;
        frames[2 * i] = s_sample (low);
        frames[2 * i + 1] = s_sample (high ^ s_scramble (low));
    }
}

static int64_t
s_number (float left, float right, float tolerance)
{
    if (fabsf (left) * 8192.0f <= tolerance && fabsf (right) * 8192.0f <= tolerance)
        return SEQUENCE_SILENCE;
    float scaled[2] = { left * 8192.0f + 8192.0f, right * 8192.0f + 8192.0f };
    uint32_t codes[2];
    for (int i = 0; i < 2; i++) {
        float code = roundf (scaled[i]);
        if (!(fabsf (scaled[i] - code) <= tolerance) || code < 0.0f || code > 16383.0f)
            return SEQUENCE_DAMAGE;
        codes[i] = (uint32_t) code;
    }
    int64_t number = (int64_t) (codes[1] ^ s_scramble (codes[0])) << 14 | codes[0];
    return number < SEQUENCE_END ? number : SEQUENCE_DAMAGE;
}

int64_t
sequence_number (float left, float right)
{
    return s_number (left, right, 0.0f);
}

int64_t
sequence_number_dithered (float left, float right)
{
    return s_number (left, right, 0.25f);
}

static size_t
s_bytes (const char *format)
{
    return strcmp (format, "S16_LE") == 0 ? 2 : strcmp (format, "S24_3LE") == 0 ? 3 : 4;
}

static float
s_read (const unsigned char *from, const char *format)
{
    if (strcmp (format, "FLOAT_LE") == 0) {
        float value;
        memcpy (&value, from, sizeof value);
        return value;
    }
    /*  Moved to the top of 32 bits; of S24_LE, only the low three bytes count. */
    size_t bytes = strcmp (format, "S24_LE") == 0 ? 3 : s_bytes (format);
    uint32_t bits = 0;
    for (size_t i = 0; i < bytes; i++)
        bits |= (uint32_t) from[i] << (8 * (4 - bytes + i));
    return (float) ((double) (int32_t) bits / 2147483648.0);
}

sequence_t
sequence_load (const char *path, const char *format, size_t channels)
{
    FILE *file = fopen (path, "rb");
    ck_assert_msg (file != NULL, "%s is not there", path);
    ck_assert_int_eq (fseek (file, 0, SEEK_END), 0);
    size_t size = (size_t) ftell (file), bytes = s_bytes (format);
    rewind (file);
    unsigned char *data = malloc (size + 1);
    ck_assert_uint_eq (fread (data, 1, size, file), size);
    fclose (file);
    ck_assert_uint_eq (size % (bytes * channels), 0);

    sequence_t self = { .count = size / (bytes * channels) };
    self.numbers = malloc ((self.count + 1) * sizeof *self.numbers);
    self.samples = malloc ((self.count + 1) * channels * sizeof *self.samples);
    for (size_t i = 0; i < self.count * channels; i++)
        self.samples[i] = s_read (data + i * bytes, format);
    for (size_t i = 0; i < self.count; i++) {
        const float *frame = self.samples + i * channels;
        float right = channels > 1 ? frame[1] : 0.0f;
        self.numbers[i] =
            bytes == 2 ? sequence_number_dithered (frame[0], right) : sequence_number (frame[0], right);
    }
    free (data);
    return self;
}

void
sequence_free (sequence_t *self)
{
    free (self->numbers);
    free (self->samples);
    *self = (sequence_t) { 0 };
}
