/*  The cache: a file for each sound, with a header, the frames as they lie in memory, and a checksum of both. It
    is read into fresh memory and never mapped: the audio thread must not wait for a page.

    A file is written under another name and gets its own when it is whole, so that nobody sees it half. Nothing is
    synced: what a failing machine leaves behind, the checksum gives away. That is against damage and not against
    forgery, and so a file of another user is not believed. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <libavutil/mem.h>
#include <libavutil/murmur3.h>

#include "engine/cache.h"
#include "engine/why.h"

#define MAGIC "zample\r\n"
#define FORM_VERSION 1
#define SUM_SIZE 16

#define FRAME_SIZE (ZAMPLE_CHANNELS * sizeof (float))
#define PIECE_FRAMES 8192 /* that stay in the processor's cache while they are summed up and looked at */

#define UNFINISHED "zample-unfinished-"
#define UNFINISHED_NAME UNFINISHED "XXXXXX"
#define UNFINISHED_SEC 60
#define NAME_SIZE 96

struct zample_cache {
    char folder[PATH_MAX];
};

/*  Little-endian, as all that this engine runs on. */
typedef struct {
    char magic[8];
    uint32_t version;
    uint32_t warnings;
    uint32_t damaged;
    uint32_t reserved;
    int64_t frames;
    int64_t missing_frames;
    int64_t silent_frames;
    int64_t nan_values;
    zample_cache_key_t key;
} s_header_t;

typedef struct {
    char text[PATH_MAX + NAME_SIZE];
} s_path_t;

/*  A file of the cache while it is read or written. */
typedef struct {
    int fd;
    struct AVMurMur3 *sum;
    const zample_decode_watch_t *watch;
} s_stream_t;

typedef enum { FOUND, NOT_FOUND, NOT_WHOLE } s_found_t;

/* ------------------------------------------------------------------- folder */

static s_path_t
s_path_of (const zample_cache_t *self, const char *name)
{
    s_path_t path;
    snprintf (path.text, sizeof path.text, "%s/%s", self->folder, name);
    return path;
}

static s_path_t
s_path_of_key (const zample_cache_t *self, const zample_cache_key_t *key)
{
    char name[NAME_SIZE] = "zample-";
    size_t length = strlen (name);
    for (size_t i = 0; i < sizeof key->bytes; i++, length += 2)
        snprintf (name + length, sizeof name - length, "%02x", key->bytes[i]);
    return s_path_of (self, name);
}

static bool
s_make_folder (const char *folder)
{
    return mkdir (folder, S_IRWXU) == 0 || errno == EEXIST;
}

/*  Nobody who is still alive takes so long from one write to the next. */
static void
s_sweep_file (const zample_cache_t *self, const char *name, time_t now)
{
    struct stat status;
    if (strncmp (name, UNFINISHED, strlen (UNFINISHED)) != 0 || strlen (name) != strlen (UNFINISHED_NAME))
        return;
    s_path_t path = s_path_of (self, name);
    if (lstat (path.text, &status) == 0 && S_ISREG (status.st_mode) && now - status.st_mtime > UNFINISHED_SEC)
        unlink (path.text);
}

/*  Returns errno, 0 for success. */
static int
s_open_folder (const zample_cache_t *self)
{
    if (!s_make_folder (self->folder))
        return errno;
    DIR *folder = opendir (self->folder);
    if (!folder)
        return errno;
    const struct dirent *entry;
    time_t now = time (NULL);
    while ((entry = readdir (folder)))
        s_sweep_file (self, entry->d_name, now);
    closedir (folder);
    return access (self->folder, R_OK | W_OK | X_OK) == 0 ? 0 : errno;
}

zample_cache_t *
zample_cache_new (const char *folder, char *why, size_t why_size)
{
    zample_cache_t *self = calloc (1, sizeof *self);
    int error = ENOMEM;
    if (self && strlen (folder) >= sizeof self->folder)
        error = ENAMETOOLONG;
    else if (self) {
        strcpy (self->folder, folder);
        error = s_open_folder (self);
    }
    if (error == 0)
        return self;
    if (error == ENOTDIR)
        zample_why_path (why, why_size, folder, "the cache cannot be here: this is not a folder");
    else
        zample_why_errno (why, why_size, folder, error);
    free (self);
    return NULL;
}

void
zample_cache_destroy (zample_cache_t **self)
{
    free (*self);
    *self = NULL;
}

/* ------------------------------------------------------------------ streams */

static bool
s_begin (s_stream_t *self)
{
    self->sum = av_murmur3_alloc ();
    if (self->sum)
        av_murmur3_init (self->sum);
    return self->sum != NULL;
}

static bool
s_goes_on (const s_stream_t *self, double fraction)
{
    const zample_decode_watch_t *watch = self->watch;
    return !watch || !watch->at_chunk || watch->at_chunk (watch->context, fraction);
}

/*  False if there is less, or it cannot be read. */
static bool
s_read (const s_stream_t *self, void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t count = read (self->fd, (char *) bytes + done, size - done);
        if (count == 0 || (count < 0 && errno != EINTR))
            return false;
        done += count > 0 ? (size_t) count : 0;
    }
    return true;
}

static bool
s_write (const s_stream_t *self, const void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t count = write (self->fd, (const char *) bytes + done, size - done);
        if (count == 0 || (count < 0 && errno != EINTR))
            return false;
        done += count > 0 ? (size_t) count : 0;
    }
    return true;
}

static bool
s_read_summed (const s_stream_t *self, void *bytes, size_t size)
{
    bool read = s_read (self, bytes, size);
    if (read)
        av_murmur3_update (self->sum, bytes, size);
    return read;
}

static bool
s_write_summed (const s_stream_t *self, const void *bytes, size_t size)
{
    av_murmur3_update (self->sum, bytes, size);
    return s_write (self, bytes, size);
}

static int64_t
s_piece (const zample_sound_t *sound, int64_t done)
{
    return sound->frames - done < PIECE_FRAMES ? sound->frames - done : PIECE_FRAMES;
}

/* --------------------------------------------------------------------- find */

/*  Before memory is taken for what it says. */
static bool
s_header_fits (const s_header_t *self, const zample_cache_key_t *key, const struct stat *status)
{
    return memcmp (self->magic, MAGIC, sizeof self->magic) == 0 && self->version == FORM_VERSION
           && memcmp (&self->key, key, sizeof *key) == 0 && self->frames >= 0
           && self->frames <= ZAMPLE_SOUND_FRAMES_MAX
           && status->st_size == (off_t) (sizeof *self + (size_t) self->frames * FRAME_SIZE + SUM_SIZE);
}

static s_found_t
s_read_frames (const s_stream_t *self, zample_sound_t *sound)
{
    float *data = zample_sound_writable (sound);
    for (int64_t done = 0; done < sound->frames;) {
        int64_t piece = s_piece (sound, done);
        if (!s_goes_on (self, 0.0))
            return NOT_FOUND;
        if (!s_read_summed (self, data + ZAMPLE_CHANNELS * done, (size_t) piece * FRAME_SIZE))
            return NOT_WHOLE;
        done += piece;
        if (!zample_peaks_follow (&sound->peaks, data, done))
            return NOT_FOUND;
    }
    unsigned char expected[SUM_SIZE], sum[SUM_SIZE];
    av_murmur3_final (self->sum, expected);
    if (!s_read (self, sum, sizeof sum) || memcmp (sum, expected, sizeof sum) != 0)
        return NOT_WHOLE;
    return zample_peaks_finish (&sound->peaks, data, sound->frames) ? FOUND : NOT_FOUND;
}

static s_found_t
s_read_sound (const s_stream_t *self, const zample_cache_key_t *key, zample_sound_t **sound)
{
    const zample_decode_watch_t *watch = self->watch;
    struct stat status;
    s_header_t header;
    if (fstat (self->fd, &status) < 0 || !S_ISREG (status.st_mode) || status.st_uid != geteuid ())
        return NOT_FOUND;
    if (!s_read_summed (self, &header, sizeof header) || !s_header_fits (&header, key, &status))
        return NOT_WHOLE;
    if (watch && watch->make_room
        && !watch->make_room (watch->context, zample_sound_bytes_of (header.frames)))
        return NOT_FOUND;
    if (!(*sound = zample_sound_new (header.frames)))
        return NOT_FOUND;
    (*sound)->notes = (zample_sound_notes_t) {
        .warnings = header.warnings,
        .damaged = header.damaged,
        .missing_frames = header.missing_frames,
        .silent_frames = header.silent_frames,
        .nan_values = header.nan_values,
    };
    return s_read_frames (self, *sound);
}

zample_sound_t *
zample_cache_find (const zample_cache_t *self, const zample_cache_key_t *key,
                   const zample_decode_watch_t *watch)
{
    s_path_t path = s_path_of_key (self, key);
    /* What is no regular file must not be waited for. */
    s_stream_t stream = { .fd = open (path.text, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY),
                          .watch = watch };
    if (stream.fd < 0)
        return NULL;
    zample_sound_t *sound = NULL;
    s_found_t found = s_begin (&stream) ? s_read_sound (&stream, key, &sound) : NOT_FOUND;
    if (found == NOT_WHOLE)
        unlink (path.text);
    if (found != FOUND && sound)
        zample_sound_release (&sound);
    av_free (stream.sum);
    close (stream.fd);
    return sound;
}

/* --------------------------------------------------------------------- keep */

static bool
s_write_sound (const s_stream_t *self, const zample_cache_key_t *key, const zample_sound_t *sound)
{
    s_header_t header = {
        .magic = MAGIC,
        .version = FORM_VERSION,
        .warnings = sound->notes.warnings,
        .damaged = sound->notes.damaged,
        .frames = sound->frames,
        .missing_frames = sound->notes.missing_frames,
        .silent_frames = sound->notes.silent_frames,
        .nan_values = sound->notes.nan_values,
        .key = *key,
    };
    if (!s_write_summed (self, &header, sizeof header))
        return false;
    for (int64_t done = 0; done < sound->frames;) {
        int64_t piece = s_piece (sound, done);
        const float *frames = sound->data + ZAMPLE_CHANNELS * done;
        if (!s_goes_on (self, 1.0) || !s_write_summed (self, frames, (size_t) piece * FRAME_SIZE))
            return false;
        done += piece;
    }
    unsigned char sum[SUM_SIZE];
    av_murmur3_final (self->sum, sum);
    return s_write (self, sum, sizeof sum);
}

/*  Whoever emptied the cache may have taken the folder as well. */
static int
s_open_unfinished (const zample_cache_t *self, s_path_t *path)
{
    int fd = -1;
    for (int i = 0; i < 2 && fd < 0; i++) {
        *path = s_path_of (self, UNFINISHED_NAME);
        fd = mkostemp (path->text, O_CLOEXEC);
        if (fd < 0 && (errno != ENOENT || !s_make_folder (self->folder)))
            return -1;
    }
    return fd;
}

/*  The key was made before it was decoded. */
static bool
s_is_unchanged (const zample_file_t *file)
{
    struct stat status;
    return fstat (file->fd, &status) == 0 && status.st_size == file->id.size
           && (int64_t) status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec == file->id.changed_ns;
}

bool
zample_cache_keep (const zample_cache_t *self, const zample_cache_key_t *key, const zample_file_t *file,
                   const zample_sound_t *sound, const zample_decode_watch_t *watch)
{
    if (!s_is_unchanged (file))
        return false;
    s_path_t unfinished, path = s_path_of_key (self, key);
    s_stream_t stream = { .fd = s_open_unfinished (self, &unfinished), .watch = watch };
    if (stream.fd < 0)
        return false;
    bool kept = s_begin (&stream) && s_write_sound (&stream, key, sound);
    /* Some file systems tell only now that the disk is full. */
    kept = close (stream.fd) == 0 && kept;
    kept = kept && rename (unfinished.text, path.text) == 0;
    if (!kept)
        unlink (unfinished.text);
    av_free (stream.sum);
    return kept;
}
