/*  Notices what happens to the folders of the library: inotify, with what it says gathered until somebody takes it. One thread.

    A file that was written or came by moving is a path to load anew; names that came or went are a root to scan anew. Names
    that begin with a dot or are no sounds' do not count. What a symbolic link leads to is not watched, unless it is a
    folder. */
#ifndef ZAMPLE_LIBRARY_WATCH_H
#define ZAMPLE_LIBRARY_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/library/names.h"

typedef struct zample_watch zample_watch_t;

/*  NULL if the system has none left, or no memory. */
zample_watch_t *zample_watch_new (void);

/*  Forgives NULL. */
void zample_watch_destroy (zample_watch_t **self);

/*  Readable when something has happened. */
int zample_watch_fd (const zample_watch_t *self);

/* ---- what is watched */

/*  Around a scan of a root: all its folders that are not named between the two are watched no more. If the scan was given
    up, there is no end. */
void zample_watch_begin (zample_watch_t *self);
void zample_watch_end (zample_watch_t *self, uint32_t root);

/*  Before the folder is read, so that nothing is missed. False if it cannot be watched: the system's watches are used up, or
    there is no memory. A folder that is gone already counts as watched. */
bool zample_watch_folder (zample_watch_t *self, const char *path, uint32_t root);

/* ---- what has happened */

/*  Takes in what is to be read from the descriptor. True if it was of interest. */
bool zample_watch_read (zample_watch_t *self);

/*  Whether something is missing in what follows: then anything may have happened. */
bool zample_watch_has_lost (const zample_watch_t *self);

/*  Whether names came or went in this root. */
bool zample_watch_is_stale (const zample_watch_t *self, uint32_t root);

/*  The paths of what was written, each once. */
const zample_names_t *zample_watch_written (const zample_watch_t *self);

/*  Forgets all that has happened. */
void zample_watch_clear (zample_watch_t *self);

#endif
