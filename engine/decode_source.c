/*  The file behind a decoder. Runs on a loader's worker. Every byte that FFmpeg sees comes through here; it
    opens nothing itself. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libavutil/error.h>
#include <libavutil/mem.h>

#include "engine/decode_source.h"
#include "engine/why.h"

#define BUFFER_SIZE 32768
#define TELL_EVERY_NS INT64_C (5000000)
#define ID3_HEADER_SIZE 10
#define ID3_TAGS_MAX 16

static int64_t
s_now_ns (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

static ssize_t
s_pread (int fd, void *bytes, size_t size, int64_t offset)
{
    ssize_t got;
    do
        got = pread (fd, bytes, size, (off_t) offset);
    while (got < 0 && errno == EINTR);
    return got;
}

static void
s_hide (const zample_decode_source_t *self, uint8_t *bytes, int64_t count)
{
    static const char junk[] = "JUNK";
    for (int i = 0; i < self->hidden_count; i++) {
        for (int64_t letter = 0; letter < 4; letter++) {
            int64_t at = self->hidden[i] + letter - self->place;
            if (at >= 0 && at < count)
                bytes[at] = (uint8_t) junk[letter];
        }
    }
}

static int
s_read (void *opaque, uint8_t *bytes, int size)
{
    zample_decode_source_t *self = opaque;
    if (!zample_decode_source_go_on (self))
        return AVERROR_EXIT;
    /* Far behind the end, where a file can send FFmpeg, the system calls it an error to read. */
    if (self->place > self->size)
        return AVERROR_EOF;
    ssize_t got = s_pread (self->file->fd, bytes, (size_t) size, self->start + self->place);
    if (got < 0) {
        int error = errno;
        zample_decode_source_fail_errno (self, error);
        return AVERROR (error);
    }
    s_hide (self, bytes, got);
    self->place += got;
    return got == 0 ? AVERROR_EOF : (int) got;
}

static int64_t
s_seek (void *opaque, int64_t offset, int whence)
{
    zample_decode_source_t *self = opaque;
    int64_t from = 0;
    whence &= ~AVSEEK_FORCE;
    if (self->size_is_secret && (whence == AVSEEK_SIZE || whence == SEEK_END))
        return AVERROR (ENOSYS);
    switch (whence) {
    case AVSEEK_SIZE: return self->size;
    case SEEK_SET: break;
    case SEEK_CUR: from = self->place; break;
    case SEEK_END: from = self->size; break;
    default: return AVERROR (EINVAL);
    }
    if (offset < -from || offset > INT64_MAX - from - self->start)
        return AVERROR (EINVAL);
    self->place = from + offset;
    return self->place;
}

bool
zample_decode_source_fail (zample_decode_source_t *self, zample_failed_tag_t code, const char *reason)
{
    if (self->failure->code == FAILED_NOT)
        zample_why_failed (self->failure, code, self->file->path, reason);
    return false;
}

bool
zample_decode_source_fail_errno (zample_decode_source_t *self, int error)
{
    if (self->failure->code == FAILED_NOT)
        zample_why_failed_errno (self->failure, self->file->path, error);
    return false;
}

static bool
s_fail_slow (zample_decode_source_t *self)
{
    char reason[100];
    snprintf (reason, sizeof reason, "decoding it takes longer than the %lld ms that are allowed",
              (long long) self->milliseconds);
    return zample_decode_source_fail (self, FAILED_TOO_SLOW, reason);
}

size_t
zample_decode_source_peek (zample_decode_source_t *self, int64_t offset, void *bytes, size_t size)
{
    size_t filled = 0;
    while (filled < size) {
        int64_t at = self->start + offset + (int64_t) filled;
        ssize_t got = s_pread (self->file->fd, (char *) bytes + filled, size - filled, at);
        if (got < 0)
            zample_decode_source_fail_errno (self, errno);
        if (got <= 0)
            break;
        filled += (size_t) got;
    }
    return filled;
}

static void
s_skip_id3 (zample_decode_source_t *self)
{
    unsigned char head[ID3_HEADER_SIZE];
    for (int i = 0; i < ID3_TAGS_MAX; i++) {
        size_t got = zample_decode_source_peek (self, 0, head, sizeof (head));
        if (got < sizeof (head) || memcmp (head, "ID3", 3) != 0)
            break;
        /* Its size comes in four times 7 bits; a footer is as long as the header. */
        int64_t size = 0;
        for (int byte = 6; byte < ID3_HEADER_SIZE; byte++)
            size = size << 7 | (head[byte] & 0x7F);
        size += ID3_HEADER_SIZE + ((head[5] & 0x10) ? ID3_HEADER_SIZE : 0);
        if (size >= self->size)
            size = ID3_HEADER_SIZE;
        self->start += size;
        self->size -= size;
    }
}

bool
zample_decode_source_open (zample_decode_source_t *self, const zample_file_t *file,
                           const zample_decode_limits_t *limits, const zample_decode_watch_t *watch,
                           zample_failure_t *failure)
{
    *self =
        (zample_decode_source_t) { .file = file, .failure = failure, .size = file->id.size, .watch = watch };
    self->milliseconds = limits->milliseconds;
    self->begun_ns = s_now_ns ();
    /* Only a hint. */
    posix_fadvise (file->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    s_skip_id3 (self);

    unsigned char *buffer = av_malloc (BUFFER_SIZE);
    if (buffer)
        self->io = avio_alloc_context (buffer, BUFFER_SIZE, 0, self, s_read, NULL, s_seek);
    if (self->io)
        return true;
    av_free (buffer);
    return zample_decode_source_fail_errno (self, ENOMEM);
}

void
zample_decode_source_hide (zample_decode_source_t *self, int64_t offset)
{
    if (self->hidden_count < ZAMPLE_DECODE_HIDDEN_MAX)
        self->hidden[self->hidden_count++] = offset;
}

void
zample_decode_source_close (zample_decode_source_t *self)
{
    if (!self->io)
        return;
    /* FFmpeg may have put another buffer in the place of the first. */
    av_freep (&self->io->buffer);
    avio_context_free (&self->io);
}

void
zample_decode_source_reach (zample_decode_source_t *self, int64_t offset)
{
    double fraction = (double) offset / (double) self->size;
    if (fraction > self->fraction)
        self->fraction = fraction < 1.0 ? fraction : 1.0;
}

bool
zample_decode_source_go_on (zample_decode_source_t *self)
{
    if (self->failure->code != FAILED_NOT)
        return false;
    int64_t now_ns = s_now_ns ();
    if ((now_ns - self->begun_ns) / 1000000 > self->milliseconds)
        return s_fail_slow (self);
    if (!self->watch || !self->watch->at_chunk
        || (self->told_ns != 0 && now_ns - self->told_ns < TELL_EVERY_NS))
        return true;
    self->told_ns = now_ns;
    return self->watch->at_chunk (self->watch->context, self->fraction)
           || zample_decode_source_fail (self, FAILED_CANCELLED, ZAMPLE_DECODE_CANCELLED);
}
