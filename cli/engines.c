/*  Looks for engines without touching what is theirs: a folder counts if it is this user's, has a socket, and
    somebody holds its lock.
 */
#include "config.h"
#include "cli/engines.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

/*  A lock that can be shared is not held. It is let go of at once: in between, an engine of that name
    would find it taken. */
static bool
s_is_held (int folder)
{
    int lock = openat (folder, "lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (lock < 0)
        return false;
    bool held = flock (lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    close (lock);
    return held;
}

static bool
s_is_running (int folders, const char *name)
{
    if (*name == '.' || strlen (name) > 32 || name[strspn (name, NAME_LETTERS)])
        return false;
    int folder = openat (folders, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (folder < 0)
        return false;
    struct stat about, events;
    bool running = fstat (folder, &about) == 0 && about.st_uid == geteuid ()
                   && fstatat (folder, "events", &events, AT_SYMLINK_NOFOLLOW) == 0
                   && S_ISSOCK (events.st_mode) && s_is_held (folder);
    close (folder);
    return running;
}

static int
s_by_name (const void *a, const void *b)
{
    return strcmp (((const cli_engine_t *) a)->name, ((const cli_engine_t *) b)->name);
}

static size_t
s_collect (const char *path, DIR *folders, cli_engine_t **engines)
{
    size_t count = 0;
    for (const struct dirent *entry; (entry = readdir (folders));) {
        if (!s_is_running (dirfd (folders), entry->d_name))
            continue;
        cli_engine_t *more = realloc (*engines, (count + 1) * sizeof *more);
        if (!more)
            break;
        *engines = more;
        snprintf (more[count].name, sizeof more[count].name, "%.32s", entry->d_name);
        snprintf (more[count].endpoint, sizeof more[count].endpoint, "ipc://%s/%.32s/events", path,
                  entry->d_name);
        count++;
    }
    return count;
}

size_t
cli_engines_find (cli_engine_t **engines)
{
    *engines = NULL;
    char path[400];
    const char *runtime = getenv ("XDG_RUNTIME_DIR");
    if (runtime && *runtime)
        snprintf (path, sizeof path, "%s/zample", runtime);
    else
        snprintf (path, sizeof path, "/tmp/zample-%u/zample", (unsigned) geteuid ());
    DIR *folders = opendir (path);
    if (!folders)
        return 0;
    size_t count = s_collect (path, folders, engines);
    closedir (folders);
    if (count)
        qsort (*engines, count, sizeof **engines, s_by_name);
    return count;
}
