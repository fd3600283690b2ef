/*  What the library's thread works with, for the library's own files. */
#ifndef ZAMPLE_LIBRARY_INSIDE_H
#define ZAMPLE_LIBRARY_INSIDE_H

#include "actors/actor.h"
#include "actors/library.h"
#include "engine/library/catalogue.h"
#include "engine/library/watch.h"

typedef enum { REQUEST_SCAN, REQUEST_LOAD, REQUEST_LOAD_ALL } zample_request_kind_t;

/*  What waits to be done. */
typedef struct zample_request {
    struct zample_request *next;
    zample_request_kind_t kind;
    uint64_t job;
    zample_load_t how;
    char text[]; /* a folder, or a name */
} zample_request_t;

typedef struct {
    const zample_library_spec_t *spec;
    zample_actor_t *actor;
    zample_jobs_t *jobs;
    zample_store_t *store;
    zample_catalogue_t *catalogue;
    zample_watch_t *watch; /* NULL if it is not to, or cannot */
    zample_request_t *first, *last;
    int64_t listened_ms; /* when the pipe was last looked at */

    /* the scan under way */
    uint64_t job;
    uint32_t root;
    int64_t told_ms;
    uint32_t unwatched; /* folders */
    bool told_unwatched;

    /* what the watch saw and nobody has acted upon */
    int64_t first_change_ms; /* 0: nothing */
    int64_t last_change_ms;
    uint32_t *later; /* sounds that could not be loaded anew yet */
    uint32_t later_count;
} zample_librarian_t;

int64_t zample_librarian_now_ms (void);

/*  Takes in requests, and ends those that nobody wants any more. Between two steps of long work: costs nothing if it was done just
    now. */
void zample_librarian_listen (zample_librarian_t *self);

/*  Whether a job is to go on. */
bool zample_librarian_goes_on (const zample_librarian_t *self, uint64_t job);

/*  library_scan.c */
void zample_librarian_add (zample_librarian_t *self, const zample_request_t *request);
void zample_librarian_take_changes (zample_librarian_t *self);

/*  How long until the changes that were seen are to be acted upon. */
int64_t zample_librarian_due_ms (const zample_librarian_t *self);

/*  Acts upon them, once they have settled. */
void zample_librarian_settle (zample_librarian_t *self);

/*  library_load.c */
void zample_librarian_load (zample_librarian_t *self, const zample_request_t *request);

#endif
