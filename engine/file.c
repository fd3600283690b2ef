/*  Opens what is to be decoded. Runs on a loader's worker. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/file.h"
#include "engine/why.h"

#define LINK "this is a symbolic link, and links are not followed"

static bool
s_is_regular (const struct stat *status, const char *path, zample_failure_t *failure)
{
    const char *reason;
    zample_failed_tag_t code = FAILED_NOT_A_FILE;
    switch (status->st_mode & S_IFMT) {
    case S_IFREG: return true;
    case S_IFLNK:
        code = FAILED_SYMLINK;
        reason = LINK;
        break;
    case S_IFDIR: reason = "this is a directory, not a file"; break;
    case S_IFIFO: reason = "this is a named pipe, not a file"; break;
    case S_IFSOCK: reason = "this is a socket, not a file"; break;
    default: reason = "this is a device, not a file";
    }
    zample_why_failed (failure, code, path, reason);
    return false;
}

static bool
s_has_size (const struct stat *status, int64_t bytes_max, const char *path, zample_failure_t *failure)
{
    char reason[100];
    if (status->st_size > 0 && status->st_size <= bytes_max)
        return true;
    if (status->st_size == 0) {
        zample_why_failed (failure, FAILED_EMPTY, path, "the file is empty");
        return false;
    }
    snprintf (reason, sizeof reason, "the file has %lld bytes, and no more than %lld are allowed",
              (long long) status->st_size, (long long) bytes_max);
    zample_why_failed (failure, FAILED_TOO_LARGE, path, reason);
    return false;
}

/*  What an open file is found to be. */
static bool
s_identify (zample_file_t *self, int64_t bytes_max, zample_failure_t *failure)
{
    struct stat status;
    if (fstat (self->fd, &status) < 0) {
        zample_why_failed_errno (failure, self->path, errno);
        return false;
    }
    if (!s_is_regular (&status, self->path, failure) || !s_has_size (&status, bytes_max, self->path, failure))
        return false;
    self->id = (zample_file_id_t) {
        .device = (uint64_t) status.st_dev,
        .inode = (uint64_t) status.st_ino,
        .size = status.st_size,
        .changed_ns = (int64_t) status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec,
    };
    return true;
}

/*  Opening a pipe or a device can wait for ever or do something, so it is looked at first; and once more
    after opening, in case it was exchanged in between. */
bool
zample_file_open (zample_file_t *self, const char *path, bool symlinks, int64_t bytes_max,
                  zample_failure_t *failure)
{
    struct stat status;
    *self = (zample_file_t) { .path = path, .fd = -1 };
    *failure = (zample_failure_t) { .code = FAILED_NOT };
    if (fstatat (AT_FDCWD, path, &status, symlinks ? 0 : AT_SYMLINK_NOFOLLOW) < 0) {
        zample_why_failed_errno (failure, path, errno);
        return false;
    }
    if (!s_is_regular (&status, path, failure))
        return false;
    self->fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (symlinks ? 0 : O_NOFOLLOW));
    if (self->fd < 0 && errno == ELOOP && !symlinks)
        zample_why_failed (failure, FAILED_SYMLINK, path, LINK);
    else if (self->fd < 0)
        zample_why_failed_errno (failure, path, errno);
    else if (s_identify (self, bytes_max, failure))
        return true;
    if (self->fd >= 0)
        close (self->fd);
    self->fd = -1;
    return false;
}

void
zample_file_close (zample_file_t *self)
{
    /* An open one is never empty; one that is all zeros would name the standard input. */
    if (self->fd >= 0 && self->id.size > 0)
        close (self->fd);
    *self = (zample_file_t) { .fd = -1 };
}
