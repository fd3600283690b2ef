/*  A scan, on the library's thread. Folders that wait to be read lie in a list, not on the stack, and are opened from the root by
    their path: so one descriptor is enough, however deep they are. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/library/scan.h"
#include "engine/library/seen.h"
#include "engine/why.h"

#define NAMES_AT_ONCE 512 /* between two looks at whether to go on */

typedef struct {
    const zample_scan_root_t *root;
    const zample_scan_listener_t *listener;
    bool symlinks;
    int root_fd;
    zample_seen_t seen;
    char **waiting; /* paths below the root, "" for itself */
    size_t count;
    size_t room;
    uint64_t known;
    uint64_t done;
    double fraction; /* as last told */
    uint32_t failed;
    zample_failed_tag_t stopped;      /* why it cannot go on, FAILED_NOT while it can */
    char path[ZAMPLE_SCAN_PATH_SIZE]; /* of the folder that is being read */
    const char *below;                /* the same below the root */
} s_scan_t;

/*  Without regard to case, and to the locale, in which "AIFF" may not be "aiff". */
static bool
s_is_kind (const char *given, const char *kind)
{
    for (; *given && *kind; given++, kind++)
        if (*given != *kind && (*given < 'A' || *given > 'Z' || *given + ('a' - 'A') != *kind))
            return false;
    return *given == *kind;
}

bool
zample_scan_is_sound (const char *name)
{
    static const char *const kinds[] = { "wav", "wave", "w64",  "aif", "aiff", "aifc", "au",
                                         "snd", "caf",  "flac", "ogg", "oga",  "opus", "mp3",
                                         "mp2", "aac",  "m4a",  "mp4", "wv" };
    const char *dot = strrchr (name, '.');
    if (!dot || dot == name)
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (s_is_kind (dot + 1, kinds[i]))
            return true;
    return false;
}

static bool
s_refuse (zample_failure_t *failure, zample_failed_tag_t code, const char *path, const char *reason)
{
    failure->code = code;
    zample_why_path (failure->sentence, sizeof failure->sentence, path, reason);
    return false;
}

static bool
s_refuse_errno (zample_failure_t *failure, const char *path, int error)
{
    switch (error) {
    case ENOENT: return s_refuse (failure, FAILED_NOT_FOUND, path, "there is no such folder");
    case ENOTDIR: failure->code = FAILED_NOT_FOUND; break;
    case EACCES:
    case EPERM: failure->code = FAILED_DENIED; break;
    case ENOMEM: failure->code = FAILED_NO_MEMORY; break;
    default: failure->code = FAILED_IO;
    }
    zample_why_errno (failure->sentence, sizeof failure->sentence, path, error);
    return false;
}

/*  What the caller calls it, unless that is no name, as "." or "/". */
static void
s_name_root (zample_scan_root_t *self, const char *given)
{
    const char *slash = strrchr (given, '/');
    const char *name = slash ? slash + 1 : given;
    if (strcmp (name, "") == 0 || strcmp (name, ".") == 0 || strcmp (name, "..") == 0)
        name = strrchr (self->path, '/') + 1;
    strcpy (self->name, *name ? name : "/");
}

bool
zample_scan_root (zample_scan_root_t *self, const char *directory, bool symlinks, zample_failure_t *failure)
{
    char given[ZAMPLE_SCAN_PATH_SIZE];
    struct stat about;
    size_t length = strlen (directory);
    if (length >= sizeof given)
        return s_refuse_errno (failure, directory, ENAMETOOLONG);
    memcpy (given, directory, length + 1);
    /* With a slash behind it a link is always followed. */
    while (length > 1 && given[length - 1] == '/')
        given[--length] = '\0';
    if (lstat (given, &about) < 0)
        return s_refuse_errno (failure, directory, errno);
    if (S_ISLNK (about.st_mode) && !symlinks)
        return s_refuse (failure, FAILED_SYMLINK, directory,
                         "it is a symbolic link, and those are not followed");
    if (stat (given, &about) < 0)
        return s_refuse_errno (failure, directory, errno);
    if (!S_ISDIR (about.st_mode))
        return s_refuse (failure, FAILED_NOT_A_FOLDER, directory, "this is not a folder");
    char *real = realpath (given, NULL);
    if (!real || strlen (real) >= sizeof self->path) {
        int error = real ? ENAMETOOLONG : errno;
        free (real);
        return s_refuse_errno (failure, directory, error);
    }
    strcpy (self->path, real);
    free (real);
    s_name_root (self, given);
    return true;
}

/*  "<folder>/<name>". False if it is too long. */
static bool
s_join (char path[ZAMPLE_SCAN_PATH_SIZE], const char *folder, const char *name)
{
    size_t length = strlen (folder), more = strlen (name);
    bool slash = length > 0 && folder[length - 1] != '/';
    if (length + slash + more >= ZAMPLE_SCAN_PATH_SIZE)
        return false;
    memcpy (path, folder, length);
    path[length] = '/';
    memcpy (path + length + slash, name, more + 1);
    return true;
}

static int
s_level (const char *below)
{
    int level = *below ? 1 : 0;
    for (; *below; below++)
        level += *below == '/';
    return level;
}

/*  Puts a folder among those that wait to be read. */
static void
s_await (s_scan_t *self, const char *below)
{
    if (self->count == self->room) {
        size_t room = self->room ? 2 * self->room : 64;
        char **waiting = realloc (self->waiting, room * sizeof *waiting);
        if (waiting) {
            self->waiting = waiting;
            self->room = room;
        }
    }
    char *kept = self->count < self->room ? strdup (below) : NULL;
    if (!kept) {
        self->stopped = FAILED_NO_MEMORY;
        return;
    }
    self->waiting[self->count++] = kept;
    self->known++;
}

/*  Asks whether to go on. */
static bool
s_ask (s_scan_t *self, bool fresh)
{
    double fraction = (double) self->done / (double) self->known;
    if (fraction > self->fraction)
        self->fraction = fraction;
    if (!self->listener->at_folder (self->listener->context, self->path, fresh, self->fraction))
        self->stopped = FAILED_CANCELLED;
    return self->stopped == FAILED_NOT;
}

static void
s_take_folder (s_scan_t *self, const char *name)
{
    char below[ZAMPLE_SCAN_PATH_SIZE], path[ZAMPLE_SCAN_PATH_SIZE];
    if (s_level (self->below) < ZAMPLE_SCAN_LEVELS && s_join (below, self->below, name)
        && s_join (path, self->path, name))
        s_await (self, below);
    else
        self->failed++;
}

static void
s_take_file (s_scan_t *self, const char *name)
{
    char path[ZAMPLE_SCAN_PATH_SIZE];
    const char *folder = *self->below ? self->below : self->root->name;
    if (!s_join (path, self->path, name))
        self->failed++;
    else if (!self->listener->at_sound (self->listener->context, folder, path))
        self->stopped = FAILED_NO_MEMORY;
}

/*  What a name stands for: DT_REG, DT_DIR, or DT_UNKNOWN for anything that is no concern of ours. */
static int
s_kind (const s_scan_t *self, DIR *folder, const struct dirent *entry)
{
    struct stat about;
    if (entry->d_type == DT_REG || entry->d_type == DT_DIR)
        return entry->d_type;
    if (entry->d_type != DT_UNKNOWN && (entry->d_type != DT_LNK || !self->symlinks))
        return DT_UNKNOWN;
    int flags = self->symlinks ? 0 : AT_SYMLINK_NOFOLLOW;
    if (fstatat (dirfd (folder), entry->d_name, &about, flags) < 0)
        return DT_UNKNOWN;
    return S_ISREG (about.st_mode) ? DT_REG : S_ISDIR (about.st_mode) ? DT_DIR : DT_UNKNOWN;
}

static void
s_read_names (s_scan_t *self, DIR *folder)
{
    for (int names = 1; !self->stopped; names++) {
        errno = 0;
        const struct dirent *entry = readdir (folder);
        if (!entry) {
            self->failed += errno != 0;
            return;
        }
        if (names % NAMES_AT_ONCE == 0 && !s_ask (self, false))
            return;
        if (entry->d_name[0] == '.')
            continue;
        int kind = s_kind (self, folder, entry);
        if (kind == DT_DIR)
            s_take_folder (self, entry->d_name);
        else if (kind == DT_REG && zample_scan_is_sound (entry->d_name))
            s_take_file (self, entry->d_name);
    }
}

/*  Takes the descriptor. */
static bool
s_read_open (s_scan_t *self, int fd)
{
    struct stat about;
    DIR *folder = fstat (fd, &about) == 0 ? fdopendir (fd) : NULL;
    if (!folder) {
        close (fd);
        return false;
    }
    switch (zample_seen_look (&self->seen, about.st_dev, about.st_ino)) {
    case SEEN_NEW: s_read_names (self, folder); break;
    case SEEN_BEFORE: break;
    case SEEN_NO_MEMORY: self->stopped = FAILED_NO_MEMORY;
    }
    closedir (folder);
    return true;
}

static bool
s_read_folder (s_scan_t *self, const char *below)
{
    int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | (self->symlinks ? 0 : O_NOFOLLOW);
    self->below = below;
    if (!*below)
        strcpy (self->path, self->root->path);
    else
        s_join (self->path, self->root->path, below);
    if (!s_ask (self, true))
        return true;
    int fd = openat (self->root_fd, *below ? below : ".", flags);
    return fd >= 0 && s_read_open (self, fd);
}

static void
s_walk (s_scan_t *self)
{
    s_await (self, "");
    while (self->count > 0) {
        char *below = self->waiting[--self->count];
        if (!self->stopped && !s_read_folder (self, below))
            self->failed++;
        self->done++;
        free (below);
    }
}

bool
zample_scan (const zample_scan_root_t *root, bool symlinks, const zample_scan_listener_t *listener,
             uint32_t *failed, zample_failure_t *failure)
{
    s_scan_t self = { .root = root, .listener = listener, .symlinks = symlinks };
    self.root_fd = open (root->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
    if (self.root_fd < 0) {
        int error = errno;
        return error == ENOTDIR ? s_refuse (failure, FAILED_NOT_A_FOLDER, root->path, "this is not a folder")
                                : s_refuse_errno (failure, root->path, error);
    }
    s_walk (&self);
    close (self.root_fd);
    free (self.waiting);
    zample_seen_reset (&self.seen);
    *failed = self.failed;
    if (self.stopped == FAILED_CANCELLED)
        return s_refuse (failure, FAILED_CANCELLED, root->path, "the scan was called off");
    if (self.stopped)
        return s_refuse (failure, FAILED_NO_MEMORY, root->path, "there is no memory to scan it");
    return true;
}
