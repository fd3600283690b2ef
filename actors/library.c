/*  The library's door, which any thread may use, and the loop of its thread. */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#include "actors/library_inside.h"
#include "actors/text.h"

#define A_WHILE_MS 1000
#define LISTEN_MS 4

/*  A request on the pipe. */
typedef struct {
    zample_request_kind_t kind;
    uint64_t job;
    zample_load_t how;
    char text[ZAMPLE_PATH_MAX];
} s_message_t;

struct zample_library {
    zample_library_spec_t spec;
    pthread_mutex_t door; /* the pipe is one thread's at a time */
    zample_jobs_t *jobs;
    zample_store_t *store;
    zample_catalogue_t *catalogue;
    zample_actor_t *actor;
};

/* ------------------------------------------------------------- on its own thread */

int64_t
zample_librarian_now_ms (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C (1000) + now.tv_nsec / 1000000;
}

bool
zample_librarian_goes_on (const zample_librarian_t *self, uint64_t job)
{
    return !zample_actor_stopping (self->actor) && zample_jobs_is_wanted (self->jobs, job);
}

/*  No memory for a request is an error of its job. */
static void
s_keep (zample_librarian_t *self, const void *bytes, size_t size)
{
    s_message_t message;
    memcpy (&message, bytes, size);
    size_t length = strlen (message.text);
    zample_request_t *request = malloc (sizeof *request + length + 1);
    if (!request) {
        zample_jobs_fail (self->jobs, message.job, ZAMPLE_CODE_NO_MEMORY,
                          "there is no memory to queue a request");
        return;
    }
    *request = (zample_request_t) { .kind = message.kind, .job = message.job, .how = message.how };
    memcpy (request->text, message.text, length + 1);
    *(self->last ? &self->last->next : &self->first) = request;
    self->last = request;
}

static void
s_take_messages (zample_librarian_t *self)
{
    size_t size;
    const void *message;
    while ((message = zample_actor_next (self->actor, &size)))
        s_keep (self, message, size);
}

static void
s_drop_unwanted (zample_librarian_t *self)
{
    zample_request_t **link = &self->first;
    self->last = NULL;
    while (*link) {
        zample_request_t *request = *link;
        if (zample_librarian_goes_on (self, request->job)) {
            self->last = request;
            link = &request->next;
            continue;
        }
        *link = request->next;
        zample_jobs_give_up (self->jobs, request->job);
        free (request);
    }
}

void
zample_librarian_listen (zample_librarian_t *self)
{
    int64_t now = zample_librarian_now_ms ();
    if (now < self->listened_ms + LISTEN_MS)
        return;
    self->listened_ms = now;
    s_take_messages (self);
    s_drop_unwanted (self);
}

static void
s_obey (zample_librarian_t *self)
{
    zample_request_t *request = self->first;
    self->first = request->next;
    if (!self->first)
        self->last = NULL;
    if (request->kind == REQUEST_SCAN)
        zample_librarian_add (self, request);
    else
        zample_librarian_load (self, request);
    free (request);
}

static long
s_timeout_ms (const zample_librarian_t *self)
{
    return self->first_change_ms ? (long) zample_librarian_due_ms (self) : A_WHILE_MS;
}

static void
s_run (zample_actor_t *actor, void *arguments)
{
    zample_library_t *library = arguments;
    zample_librarian_t self = { .spec = &library->spec,
                                .actor = actor,
                                .jobs = library->jobs,
                                .store = library->store,
                                .catalogue = library->catalogue };
    if (library->spec.watch)
        self.watch = zample_watch_new ();
    zample_actor_ready (actor, true);
    while (!zample_actor_stopping (actor)) {
        zmq_pollitem_t items[] = {
            { .socket = zample_actor_end (actor), .events = ZMQ_POLLIN },
            { .fd = self.watch ? zample_watch_fd (self.watch) : -1, .events = ZMQ_POLLIN },
        };
        zmq_poll (items, self.watch ? 2 : 1, s_timeout_ms (&self));
        s_take_messages (&self);
        while (self.first && !zample_actor_stopping (actor))
            s_obey (&self);
        zample_librarian_take_changes (&self);
        zample_librarian_settle (&self);
        zample_catalogue_tidy (self.catalogue);
    }
    s_take_messages (&self);
    s_drop_unwanted (&self);
    zample_watch_destroy (&self.watch);
    free (self.later);
}

/* ----------------------------------------------------------------------- the door */

zample_library_t *
zample_library_new (void *context, const zample_library_spec_t *spec, zample_jobs_t *jobs,
                    zample_store_t *store)
{
    zample_library_t *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    pthread_mutex_init (&self->door, NULL);
    self->spec = *spec;
    self->jobs = jobs;
    self->store = store;
    self->catalogue = zample_catalogue_new (spec->sounds_max, spec->symlinks);
    if (self->catalogue)
        self->actor = zample_actor_new (context, "zample-library", s_run, self);
    if (!self->actor)
        zample_library_destroy (&self);
    return self;
}

void
zample_library_stop (zample_library_t *self)
{
    zample_actor_destroy (&self->actor);
}

void
zample_library_destroy (zample_library_t **self_p)
{
    zample_library_t *self = *self_p;
    if (!self)
        return;
    zample_actor_destroy (&self->actor);
    zample_catalogue_destroy (&self->catalogue);
    pthread_mutex_destroy (&self->door);
    free (self);
    *self_p = NULL;
}

/*  The message's text is `text`. */
static uint64_t
s_request (zample_library_t *self, s_message_t *message, const char *text)
{
    strcpy (message->text, text);
    message->job = zample_jobs_open (self->jobs, text);
    if (message->job == 0)
        return 0;
    pthread_mutex_lock (&self->door);
    bool sent = zample_actor_send (self->actor, message, offsetof (s_message_t, text) + strlen (text) + 1);
    pthread_mutex_unlock (&self->door);
    if (sent)
        return message->job;
    zample_jobs_fail (self->jobs, message->job, ZAMPLE_CODE_NO_MEMORY,
                      "too many requests wait for the library");
    return 0;
}

uint64_t
zample_library_scan (zample_library_t *self, const char *folder)
{
    s_message_t message = { .kind = REQUEST_SCAN };
    return s_request (self, &message, folder);
}

uint64_t
zample_library_load (zample_library_t *self, const char *name, const zample_load_t *how)
{
    s_message_t message = { .kind = name ? REQUEST_LOAD : REQUEST_LOAD_ALL, .how = *how };
    return s_request (self, &message, name ? name : "");
}

uint32_t
zample_library_size (const zample_library_t *self)
{
    return zample_catalogue_size (self->catalogue);
}

bool
zample_library_has (const zample_library_t *self, const char *name)
{
    uint32_t sound;
    return zample_catalogue_find (self->catalogue, name, &sound);
}

bool
zample_library_slot_of (const zample_library_t *self, const char *name, uint32_t *slot)
{
    uint32_t sound;
    if (!zample_catalogue_find (self->catalogue, name, &sound))
        return false;
    *slot = self->spec.base + sound;
    return true;
}

bool
zample_library_entry_at (const zample_library_t *self, uint32_t place, zample_library_entry_t *entry)
{
    zample_catalogue_entry_t found;
    if (!zample_catalogue_entry (self->catalogue, place, &found))
        return false;
    entry->slot = self->spec.base + found.sound;
    entry->index = found.index;
    entry->count = found.count;
    entry->reserved = 0;
    zample_text_copy (entry->folder, sizeof entry->folder, found.folder);
    strcpy (entry->path, found.path);
    return true;
}

bool
zample_library_path_of (const zample_library_t *self, uint32_t slot, char *path, size_t size)
{
    char found[ZAMPLE_SCAN_PATH_SIZE];
    if (slot < self->spec.base || !zample_catalogue_path (self->catalogue, slot - self->spec.base, found)
        || strlen (found) >= size)
        return false;
    strcpy (path, found);
    return true;
}
