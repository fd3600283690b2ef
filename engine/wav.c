/*  The WAV writer, for recordings and offline renders. Runs on whichever thread writes the file, never on
    the audio thread. Frames gather in a buffer, so that the disk sees large writes; the first failure sticks.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/wav.h"
#include "engine/why.h"

#define CHANNELS 2
#define BUFFER_SIZE 65536
#define HEADER_SIZE_MAX 128

#define TAG_PCM 1
#define TAG_FLOAT 3

/* Of the body of ds64: three lengths of 64 bits and the count of an empty table. */
#define DS64_SIZE 28
#define LENGTH_UNKNOWN UINT32_MAX

struct zample_wav {
    int fd;
    bool s16;
    uint32_t rate_hz;
    uint64_t frames; /* in the file or in the buffer */
    uint64_t dither; /* state of its random generator */
    size_t filled;
    char *path;
    char why[256];
    unsigned char buffer[BUFFER_SIZE];
};

static unsigned char *
s_put (unsigned char *at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        *at++ = (unsigned char) (value >> (8 * i));
    return at;
}

static unsigned char *
s_put_name (unsigned char *at, const char *name)
{
    memcpy (at, name, 4);
    return at + 4;
}

static unsigned
s_frame_size (const zample_wav_t *self)
{
    return CHANNELS * (self->s16 ? 2 : 4);
}

static unsigned char *
s_put_format (const zample_wav_t *self, unsigned char *at)
{
    unsigned frame_size = s_frame_size (self);
    at = s_put_name (at, "fmt ");
    at = s_put (at, self->s16 ? 16 : 18, 4);
    at = s_put (at, self->s16 ? TAG_PCM : TAG_FLOAT, 2);
    at = s_put (at, CHANNELS, 2);
    at = s_put (at, self->rate_hz, 4);
    at = s_put (at, (uint64_t) self->rate_hz * frame_size, 4);
    at = s_put (at, frame_size, 2);
    at = s_put (at, 8 * frame_size / CHANNELS, 2);
    return self->s16 ? at : s_put (at, 0, 2);
}

/*  Lays the header out; `done` says whether the lengths are known. Returns its size. */
static size_t
s_header (const zample_wav_t *self, unsigned char header[HEADER_SIZE_MAX], bool done)
{
    size_t header_size = self->s16 ? 80 : 94;
    uint64_t data_size = self->frames * s_frame_size (self);
    uint64_t riff_size = header_size - 8 + data_size;
    bool big = done && riff_size >= LENGTH_UNKNOWN;
    bool known = done && !big;

    unsigned char *at = s_put_name (header, big ? "RF64" : "RIFF");
    at = s_put (at, known ? riff_size : LENGTH_UNKNOWN, 4);
    at = s_put_name (at, "WAVE");
    at = s_put_name (at, big ? "ds64" : "JUNK");
    at = s_put (at, DS64_SIZE, 4);
    at = s_put (at, big ? riff_size : 0, 8);
    at = s_put (at, big ? data_size : 0, 8);
    at = s_put (at, big ? self->frames : 0, 8);
    at = s_put (at, 0, 4);
    at = s_put_format (self, at);
    if (!self->s16) {
        at = s_put_name (at, "fact");
        at = s_put (at, 4, 4);
        at = s_put (at, known ? self->frames : LENGTH_UNKNOWN, 4);
    }
    at = s_put_name (at, "data");
    at = s_put (at, known ? data_size : LENGTH_UNKNOWN, 4);
    return (size_t) (at - header);
}

static bool
s_fail (zample_wav_t *self, int error)
{
    if (!*self->why)
        zample_why_errno (self->why, sizeof (self->why), self->path, error);
    return false;
}

/*  At the end of the file if offset is -1. */
static bool
s_write_all (zample_wav_t *self, const unsigned char *bytes, size_t size, off_t offset)
{
    while (size > 0) {
        ssize_t written = offset < 0 ? write (self->fd, bytes, size) : pwrite (self->fd, bytes, size, offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return s_fail (self, written < 0 ? errno : ENOSPC);
        bytes += written;
        size -= (size_t) written;
        offset += offset < 0 ? 0 : written;
    }
    return true;
}

static bool
s_flush (zample_wav_t *self)
{
    size_t filled = self->filled;
    self->filled = 0;
    return s_write_all (self, self->buffer, filled, -1);
}

/*  A file that may be truncated and sought in. A pipe or a device is neither waited for nor emptied. */
static int
s_open (const char *path, char *why, size_t why_size)
{
    int fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
    struct stat status;
    if (fd < 0 && errno != ENXIO) {
        zample_why_errno (why, why_size, path, errno);
        return -1;
    }
    if (fd < 0 || fstat (fd, &status) < 0 || !S_ISREG (status.st_mode))
        zample_why_path (why, why_size, path, "this is not a regular file");
    else if (ftruncate (fd, 0) == 0)
        return fd;
    else
        zample_why_errno (why, why_size, path, errno);
    if (fd >= 0)
        close (fd);
    return -1;
}

zample_wav_t *
zample_wav_new (const char *path, uint32_t rate_hz, bool s16, char *why, size_t why_size)
{
    zample_wav_t *self = calloc (1, sizeof (zample_wav_t));
    char *path_copy = strdup (path);
    if (!self || !path_copy) {
        zample_why_errno (why, why_size, path, ENOMEM);
        goto failed;
    }
    self->fd = s_open (path, why, why_size);
    if (self->fd < 0)
        goto failed;
    self->path = path_copy;
    self->rate_hz = rate_hz;
    self->s16 = s16;
    self->dither = UINT64_C (0x9e3779b97f4a7c15);
    self->filled = s_header (self, self->buffer, false);
    if (s_flush (self))
        return self;
    snprintf (why, why_size, "%s", self->why);
    close (self->fd);
failed:
    free (path_copy);
    free (self);
    return NULL;
}

/*  Uniform over [-0.5, 0.5). Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (14), 2003. */
static float
s_noise (zample_wav_t *self)
{
    uint64_t x = self->dither;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    self->dither = x;
    return (float) (x >> 40) * 0x1p-24f - 0.5f;
}

/*  Two uniform noises make a triangular one of +-1 LSB, which frees mean and variance of the error from the
    signal (Lipshitz, Wannamaker and Vanderkooy, "Quantization and Dither", JAES 40 (5), 1992). */
static int16_t
s_quantise (zample_wav_t *self, float value)
{
    float scaled = value * 32768.0f + (s_noise (self) + s_noise (self));
    if (scaled >= 32767.0f)
        return INT16_MAX;
    if (scaled <= -32768.0f)
        return INT16_MIN;
    return isnan (scaled) ? 0 : (int16_t) lrintf (scaled);
}

static void
s_put_values (zample_wav_t *self, const float *values, int64_t count)
{
    unsigned char *at = self->buffer + self->filled;
    if (!self->s16) {
        memcpy (at, values, (size_t) count * sizeof (float));
        self->filled += (size_t) count * sizeof (float);
        return;
    }
    for (int64_t i = 0; i < count; i++)
        at = s_put (at, (uint16_t) s_quantise (self, values[i]), 2);
    self->filled = (size_t) (at - self->buffer);
}

bool
zample_wav_write (zample_wav_t *self, const float *frames, int64_t count)
{
    while (count > 0 && !*self->why) {
        int64_t room = (int64_t) ((BUFFER_SIZE - self->filled) / s_frame_size (self));
        int64_t taken = count < room ? count : room;
        s_put_values (self, frames, taken * CHANNELS);
        self->frames += (uint64_t) taken;
        frames += taken * CHANNELS;
        count -= taken;
        if (count > 0)
            s_flush (self);
    }
    return !*self->why;
}

const char *
zample_wav_why (const zample_wav_t *self)
{
    return self->why;
}

/*  Lengths by what is in the file, so that after a full disk the header speaks of what can be read. */
static void
s_finish (zample_wav_t *self)
{
    unsigned char header[HEADER_SIZE_MAX];
    size_t size = s_header (self, header, true);
    struct stat status;
    if (*self->why && fstat (self->fd, &status) == 0) {
        uint64_t data_size = status.st_size > (off_t) size ? (uint64_t) status.st_size - size : 0;
        self->frames = data_size / s_frame_size (self);
        size = s_header (self, header, true);
    }
    s_write_all (self, header, size, 0);
}

bool
zample_wav_destroy (zample_wav_t **self)
{
    zample_wav_t *wav = *self;
    if (!wav)
        return true;
    if (!*wav->why)
        s_flush (wav);
    s_finish (wav);
    if (close (wav->fd) < 0 && errno != EINTR)
        s_fail (wav, errno);
    bool whole = !*wav->why;
    free (wav->path);
    free (wav);
    *self = NULL;
    return whole;
}
