/*  The file behind a decoder. Runs on a loader's worker. Every byte that FFmpeg sees comes through here; it
    opens nothing itself. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <libavutil/error.h>
#include <libavutil/mem.h>

#include "engine/decode_source.h"
#include "engine/why.h"

#define BUFFER_SIZE 65536
#define TELL_EVERY_NS INT64_C (5000000)
#define ID3_HEADER_SIZE 10
#define ID3_TAGS_MAX 16
#define CHUNKS_MAX 256

static int64_t
s_now_ns (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

static const char *
s_why_not_regular (mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG: return NULL;
    case S_IFDIR: return "this is a directory, not a file";
    case S_IFIFO: return "this is a named pipe, not a file";
    case S_IFSOCK: return "this is a socket, not a file";
    default: return "this is a device, not a file";
    }
}

/*  Opening a pipe or a device can wait for ever or do something, so it is looked at first; and once more
    after opening, in case it was exchanged in between. */
static int
s_open_regular (const char *path, struct stat *status, char *why, size_t why_size)
{
    if (stat (path, status) < 0) {
        zample_why_errno (why, why_size, path, errno);
        return -1;
    }
    const char *reason = s_why_not_regular (status->st_mode);
    if (reason) {
        zample_why_path (why, why_size, path, reason);
        return -1;
    }
    int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 || fstat (fd, status) < 0)
        zample_why_errno (why, why_size, path, errno);
    else if ((reason = s_why_not_regular (status->st_mode)))
        zample_why_path (why, why_size, path, reason);
    else if (status->st_size == 0)
        zample_why_path (why, why_size, path, "the file is empty");
    else
        return fd;
    if (fd >= 0)
        close (fd);
    return -1;
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
    ssize_t got = s_pread (self->fd, bytes, (size_t) size, self->start + self->place);
    if (got < 0) {
        self->error = errno;
        return AVERROR (errno);
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

size_t
zample_decode_source_peek (zample_decode_source_t *self, int64_t offset, void *bytes, size_t size)
{
    size_t filled = 0;
    while (filled < size) {
        int64_t at = self->start + offset + (int64_t) filled;
        ssize_t got = s_pread (self->fd, (char *) bytes + filled, size - filled, at);
        if (got < 0)
            self->error = errno;
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
zample_decode_source_open (zample_decode_source_t *self, const char *path, const zample_decode_watch_t *watch,
                           char *why, size_t why_size)
{
    struct stat status;
    int fd = s_open_regular (path, &status, why, why_size);
    if (fd < 0)
        return false;
    *self = (zample_decode_source_t) { .fd = fd, .size = status.st_size, .watch = watch };
    /* Only a hint. */
    posix_fadvise (fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    s_skip_id3 (self);

    unsigned char *buffer = av_malloc (BUFFER_SIZE);
    if (buffer)
        self->io = avio_alloc_context (buffer, BUFFER_SIZE, 0, self, s_read, NULL, s_seek);
    if (self->io)
        return true;
    av_free (buffer);
    close (fd);
    zample_why_errno (why, why_size, path, ENOMEM);
    return false;
}

void
zample_decode_source_walk_wav (zample_decode_source_t *self)
{
    unsigned char head[8];
    int64_t at = 12;
    self->io->seekable = 0;
    for (int i = 0; i < CHUNKS_MAX; i++) {
        if (zample_decode_source_peek (self, at, head, sizeof (head)) < sizeof (head))
            break;
        int64_t size = head[4] | head[5] << 8 | head[6] << 16 | (int64_t) head[7] << 24;
        if (memcmp (head, "data", 4) == 0) {
            self->wav_size = size;
            break;
        }
        bool is_id3 = memcmp (head, "ID3 ", 4) == 0 || memcmp (head, "id3 ", 4) == 0;
        if (is_id3 && self->hidden_count < ZAMPLE_DECODE_HIDDEN_MAX)
            self->hidden[self->hidden_count++] = at;
        at += 8 + size + size % 2;
    }
}

void
zample_decode_source_close (zample_decode_source_t *self)
{
    if (!self->io)
        return;
    /* FFmpeg may have put another buffer in the place of the first. */
    av_freep (&self->io->buffer);
    avio_context_free (&self->io);
    close (self->fd);
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
    if (self->given_up || !self->watch)
        return !self->given_up;
    int64_t now_ns = s_now_ns ();
    if (self->told_ns == 0 || now_ns - self->told_ns >= TELL_EVERY_NS) {
        self->given_up = !self->watch->at_chunk (self->watch->context, self->fraction);
        self->told_ns = now_ns;
    }
    return !self->given_up;
}
