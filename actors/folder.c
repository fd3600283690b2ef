/*  The folder: runs on the thread that makes or destroys an engine.

    ZeroMQ's bind would take away whatever lies at its path, be it a file or the socket of an engine that lives. So
    the path is made safe before: its folders are ours alone, a lock says whether the name is taken, and only
    a socket is ever removed.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "actors/folder.h"

#define SCHEME "ipc://"
#define LOCK_TRIES 10
#define LOCK_PAUSE_MS 5

struct zample_folder {
    char endpoint[sizeof SCHEME + sizeof ((struct sockaddr_un *) 0)->sun_path];
    char path[256];
    char lock_path[256 + sizeof "/lock"];
    int lock;
};

static const char *
s_socket_path (const zample_folder_t *self)
{
    return self->endpoint + strlen (SCHEME);
}

/*  Makes a folder that belongs to this user and is open to nobody else, or sees that it is so. */
static bool
s_make_private (const char *path, char *why, size_t why_size)
{
    struct stat found;
    if (mkdir (path, 0700) != 0 && errno != EEXIST) {
        snprintf (why, why_size, "the folder %s cannot be made: %s", path, strerror (errno));
        return false;
    }
    if (lstat (path, &found) != 0 || !S_ISDIR (found.st_mode)) {
        snprintf (why, why_size, "%s is in the way: it is not a folder", path);
        return false;
    }
    if (found.st_uid != geteuid () || (found.st_mode & 0077) != 0) {
        snprintf (why, why_size, "the folder %s is not this user's alone", path);
        return false;
    }
    return true;
}

/*  The runtime folder's own is made by the system; the one that stands in for it is made here. */
static bool
s_find_base (char *base, size_t size, char *why, size_t why_size)
{
    const char *runtime = getenv ("XDG_RUNTIME_DIR");
    char standing_in[64];
    if (!runtime || !*runtime) {
        snprintf (standing_in, sizeof standing_in, "/tmp/zample-%u", (unsigned) geteuid ());
        if (!s_make_private (standing_in, why, why_size))
            return false;
        runtime = standing_in;
    }
    if (snprintf (base, size, "%s/zample", runtime) >= (int) size) {
        snprintf (why, why_size, "XDG_RUNTIME_DIR is too long a path for a socket: %s", runtime);
        return false;
    }
    return s_make_private (base, why, why_size);
}

static bool
s_name_paths (zample_folder_t *self, const char *base, const char *name, char *why, size_t why_size)
{
    const size_t longest = sizeof ((struct sockaddr_un *) 0)->sun_path - 1;
    snprintf (self->path, sizeof self->path, "%s/%s", base, name);
    snprintf (self->lock_path, sizeof self->lock_path, "%s/lock", self->path);
    int length = snprintf (self->endpoint, sizeof self->endpoint, SCHEME "%s/%s/events", base, name);
    if ((size_t) length <= strlen (SCHEME) + longest)
        return true;
    snprintf (why, why_size, "%s/events is longer than the %zu bytes that a socket's path may have",
              self->path, longest);
    return false;
}

/*  The lock file may have been removed, with its folder, between its opening and its locking: then we hold nothing. */
static bool
s_still_there (const zample_folder_t *self)
{
    struct stat held, there;
    return fstat (self->lock, &held) == 0 && stat (self->lock_path, &there) == 0
           && held.st_ino == there.st_ino && held.st_dev == there.st_dev;
}

/*  Whoever looks which engines live (protocol.md) holds the lock for a moment, too: that is not an engine. */
static bool
s_lock (int lock)
{
    for (int tries = 0; tries < LOCK_TRIES; tries++) {
        if (flock (lock, LOCK_EX | LOCK_NB) == 0)
            return true;
        poll (NULL, 0, LOCK_PAUSE_MS);
    }
    return false;
}

static bool
s_hold (zample_folder_t *self, const char *name, char *why, size_t why_size)
{
    for (int tries = 0; tries < 100; tries++) {
        if (!s_make_private (self->path, why, why_size))
            return false;
        self->lock = open (self->lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (self->lock < 0 && errno == ENOENT)
            continue;
        if (self->lock < 0) {
            snprintf (why, why_size, "%s cannot be opened: %s", self->lock_path, strerror (errno));
            return false;
        }
        if (!s_lock (self->lock)) {
            snprintf (why, why_size, "another engine is called \"%s\"", name);
            return false;
        }
        if (s_still_there (self))
            return true;
        close (self->lock);
        self->lock = -1;
    }
    snprintf (why, why_size, "%s does not stay", self->path);
    return false;
}

static bool
s_clear_socket (const zample_folder_t *self, char *why, size_t why_size)
{
    struct stat found;
    const char *path = s_socket_path (self);
    if (lstat (path, &found) != 0)
        return true;
    if (!S_ISSOCK (found.st_mode)) {
        snprintf (why, why_size, "%s is in the way: it is not a socket", path);
        return false;
    }
    unlink (path);
    return true;
}

zample_folder_t *
zample_folder_new (const char *name, char *why, size_t why_size)
{
    char base[192];
    zample_folder_t *self = calloc (1, sizeof *self);
    if (!self) {
        snprintf (why, why_size, "there is no memory for a folder");
        return NULL;
    }
    self->lock = -1;
    if (s_find_base (base, sizeof base, why, why_size) && s_name_paths (self, base, name, why, why_size)
        && s_hold (self, name, why, why_size) && s_clear_socket (self, why, why_size))
        return self;
    if (self->lock >= 0)
        close (self->lock);
    free (self);
    return NULL;
}

const char *
zample_folder_endpoint (const zample_folder_t *self)
{
    return self->endpoint;
}

void
zample_folder_destroy (zample_folder_t **self_p)
{
    zample_folder_t *self = *self_p;
    if (!self)
        return;
    unlink (s_socket_path (self));
    unlink (self->lock_path);
    rmdir (self->path);
    close (self->lock);
    free (self);
    *self_p = NULL;
}
