/*  The watch, on the library's thread. A folder has one watch of the system's, by its inode, but may be reached by several paths and
    from several roots: so a watch leads to a chain of places. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "engine/library/scan.h"
#include "engine/library/watch.h"

#define CAME_OR_WENT (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)
#define WRITTEN (IN_CLOSE_WRITE | IN_MOVED_TO)
#define ITSELF (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)
#define NOBODY UINT32_MAX
#define CELLS_AT_FIRST 64

typedef struct {
    int watch; /* the system's number, from 1 */
    uint32_t root;
    uint32_t scan;      /* the last in which it was met */
    uint32_t neighbour; /* of the same cell */
    char *path;
} s_place_t;

struct zample_watch {
    int fd;
    uint32_t scan;
    s_place_t *places;
    uint32_t count;
    uint32_t room;
    uint32_t *cells; /* by watch: the first place */
    uint32_t mask;
    zample_names_t *written;
    uint32_t *stale; /* roots */
    uint32_t stale_count;
    bool has_lost;
};

static uint32_t
s_first (const zample_watch_t *self, int watch)
{
    return self->cells[(uint32_t) watch & self->mask];
}

static void
s_link (zample_watch_t *self, uint32_t at)
{
    uint32_t *cell = &self->cells[(uint32_t) self->places[at].watch & self->mask];
    self->places[at].neighbour = *cell;
    *cell = at;
}

static void
s_link_all (zample_watch_t *self)
{
    memset (self->cells, 0xff, ((size_t) self->mask + 1) * sizeof *self->cells);
    for (uint32_t i = 0; i < self->count; i++)
        s_link (self, i);
}

static bool
s_make_room (zample_watch_t *self)
{
    if (self->count < self->room)
        return true;
    uint32_t room = self->room ? 2 * self->room : CELLS_AT_FIRST;
    s_place_t *places = realloc (self->places, room * sizeof *places);
    if (!places)
        return false;
    self->places = places;
    uint32_t *cells = malloc (room * sizeof *cells);
    if (!cells)
        return false;
    free (self->cells);
    self->cells = cells;
    self->mask = room - 1;
    self->room = room;
    s_link_all (self);
    return true;
}

zample_watch_t *
zample_watch_new (void)
{
    zample_watch_t *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    self->fd = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);
    self->written = zample_names_new ();
    if (self->fd < 0 || !self->written || !s_make_room (self))
        zample_watch_destroy (&self);
    return self;
}

void
zample_watch_destroy (zample_watch_t **self_p)
{
    zample_watch_t *self = *self_p;
    if (!self)
        return;
    for (uint32_t i = 0; i < self->count; i++)
        free (self->places[i].path);
    if (self->fd >= 0)
        close (self->fd);
    zample_names_destroy (&self->written);
    free (self->places);
    free (self->cells);
    free (self->stale);
    free (self);
    *self_p = NULL;
}

int
zample_watch_fd (const zample_watch_t *self)
{
    return self->fd;
}

/* ---- what is watched */

void
zample_watch_begin (zample_watch_t *self)
{
    self->scan++;
}

bool
zample_watch_folder (zample_watch_t *self, const char *path, uint32_t root)
{
    int watch =
        inotify_add_watch (self->fd, path, CAME_OR_WENT | WRITTEN | ITSELF | IN_ONLYDIR | IN_EXCL_UNLINK);
    if (watch < 0)
        return errno != ENOSPC && errno != ENOMEM;
    for (uint32_t i = s_first (self, watch); i != NOBODY; i = self->places[i].neighbour) {
        s_place_t *place = &self->places[i];
        if (place->watch == watch && place->root == root && strcmp (place->path, path) == 0) {
            place->scan = self->scan;
            return true;
        }
    }
    char *kept = s_make_room (self) ? strdup (path) : NULL;
    if (!kept)
        return false;
    self->places[self->count] =
        (s_place_t) { .watch = watch, .root = root, .scan = self->scan, .path = kept };
    s_link (self, self->count++);
    return true;
}

/*  The last one takes its place. */
static void
s_remove (zample_watch_t *self, uint32_t at)
{
    free (self->places[at].path);
    self->places[at] = self->places[--self->count];
}

static bool
s_is_watched (const zample_watch_t *self, int watch)
{
    uint32_t i = s_first (self, watch);
    while (i != NOBODY && self->places[i].watch != watch)
        i = self->places[i].neighbour;
    return i != NOBODY;
}

/*  Whether the last scan of its root did not meet it. */
static bool
s_is_swept (const zample_watch_t *self, const s_place_t *place, uint32_t root)
{
    return place->root == root && place->scan != self->scan;
}

static bool
s_is_kept (const zample_watch_t *self, int watch, uint32_t root)
{
    for (uint32_t i = s_first (self, watch); i != NOBODY; i = self->places[i].neighbour)
        if (self->places[i].watch == watch && !s_is_swept (self, &self->places[i], root))
            return true;
    return false;
}

void
zample_watch_end (zample_watch_t *self, uint32_t root)
{
    for (uint32_t i = 0; i < self->count; i++)
        if (!s_is_kept (self, self->places[i].watch, root))
            inotify_rm_watch (self->fd, self->places[i].watch);
    for (uint32_t i = 0; i < self->count;)
        if (s_is_swept (self, &self->places[i], root))
            s_remove (self, i);
        else
            i++;
    s_link_all (self);
}

/*  The system has given up this watch. */
static void
s_forget (zample_watch_t *self, int watch)
{
    if (!s_is_watched (self, watch))
        return;
    for (uint32_t i = 0; i < self->count;)
        if (self->places[i].watch == watch)
            s_remove (self, i);
        else
            i++;
    s_link_all (self);
}

/* ---- what has happened */

static void
s_note_stale (zample_watch_t *self, uint32_t root)
{
    if (zample_watch_is_stale (self, root))
        return;
    uint32_t *stale = realloc (self->stale, (self->stale_count + 1) * sizeof *stale);
    if (!stale) {
        self->has_lost = true;
        return;
    }
    self->stale = stale;
    stale[self->stale_count++] = root;
}

static void
s_note_written (zample_watch_t *self, const char *folder, const char *name)
{
    char path[ZAMPLE_SCAN_PATH_SIZE];
    size_t length = strlen (folder), more = strlen (name);
    bool slash = length > 0 && folder[length - 1] != '/';
    if (length + slash + more >= sizeof path)
        return; /* the scan does not take it either */
    memcpy (path, folder, length);
    path[length] = '/';
    memcpy (path + length + slash, name, more + 1);
    if (zample_names_take (self->written, path) == ZAMPLE_NO_NUMBER)
        self->has_lost = true;
}

/*  Whether the event is about something that the library has, or could have. */
static bool
s_matters (const struct inotify_event *event)
{
    if (event->mask & ITSELF)
        return true;
    if (event->len == 0 || event->name[0] == '.')
        return false;
    return event->mask & IN_ISDIR ? event->mask & CAME_OR_WENT : zample_scan_is_sound (event->name);
}

static bool
s_take (zample_watch_t *self, const struct inotify_event *event)
{
    if (event->mask & IN_Q_OVERFLOW)
        return self->has_lost = true;
    if (event->mask & IN_IGNORED)
        s_forget (self, event->wd);
    if (!s_matters (event))
        return false;
    bool noted = false;
    for (uint32_t i = s_first (self, event->wd); i != NOBODY; i = self->places[i].neighbour) {
        const s_place_t *place = &self->places[i];
        if (place->watch != event->wd)
            continue;
        noted = true;
        if (event->mask & (CAME_OR_WENT | ITSELF))
            s_note_stale (self, place->root);
        if (event->mask & WRITTEN && !(event->mask & IN_ISDIR))
            s_note_written (self, place->path, event->name);
    }
    return noted;
}

bool
zample_watch_read (zample_watch_t *self)
{
    _Alignas (struct inotify_event) char buffer[16384];
    bool noted = false;
    ssize_t size;
    while ((size = read (self->fd, buffer, sizeof buffer)) > 0)
        for (const char *at = buffer; at < buffer + size;) {
            const struct inotify_event *event = (const void *) at;
            noted = s_take (self, event) || noted;
            at += sizeof *event + event->len;
        }
    return noted;
}

bool
zample_watch_has_lost (const zample_watch_t *self)
{
    return self->has_lost;
}

bool
zample_watch_is_stale (const zample_watch_t *self, uint32_t root)
{
    for (uint32_t i = 0; i < self->stale_count; i++)
        if (self->stale[i] == root)
            return true;
    return false;
}

const zample_names_t *
zample_watch_written (const zample_watch_t *self)
{
    return self->written;
}

void
zample_watch_clear (zample_watch_t *self)
{
    zample_names_forget (self->written, 0);
    self->stale_count = 0;
    self->has_lost = false;
}
