/*  All sounds that are known, from all folders that were added, and the index over them that anyone may look into.

    One thread at a time adds and scans. Any thread may look, also meanwhile: that takes no lock, allocates nothing and
    never waits, and what it finds is as the last scan left it.

    A sound is a path. It gets a number when it is first found, and has it for good, also while it is gone. */
#ifndef ZAMPLE_LIBRARY_CATALOGUE_H
#define ZAMPLE_LIBRARY_CATALOGUE_H

#include "engine/library/index.h"
#include "engine/library/scan.h"

typedef struct zample_catalogue zample_catalogue_t;

/*  Takes in `sounds_max` sounds. NULL if there is no memory. */
zample_catalogue_t *zample_catalogue_new (uint32_t sounds_max, bool symlinks);

/*  Nobody may be looking. Forgives NULL. */
void zample_catalogue_destroy (zample_catalogue_t **self);

/* ---- one thread */

/*  Makes a folder a root, or finds that it is one; nothing is scanned yet. Roots are counted from 0. False on failure, which
    `failure` then holds. */
bool zample_catalogue_root (zample_catalogue_t *self, const char *directory, uint32_t *root,
                            zample_failure_t *failure);
uint32_t zample_catalogue_roots (const zample_catalogue_t *self);
const char *zample_catalogue_root_path (const zample_catalogue_t *self, uint32_t root);

/*  Hears of a scan. */
typedef struct {
    bool (*at_folder) (void *context, const char *path, bool fresh, double fraction); /* as in scan.h */
    bool (*goes_on) (void *context); /* asked while the index is made. Returns false to give up */
    void *context;
} zample_catalogue_listener_t;

typedef struct {
    uint32_t sounds; /* found */
    uint32_t failed; /* could not be read */
    uint64_t unfit;  /* there was no room for: FAILED_LIBRARY_FULL */
} zample_catalogue_counts_t;

/*  Scans a root, for the first time or anew, and shows the new index. False on failure, which `failure` then holds: if it was
    given up or there was no memory, all is as it was before; if the folder cannot be read any more, its sounds are gone from the
    index; if the library is full, those that fit are in it. */
bool zample_catalogue_scan (zample_catalogue_t *self, uint32_t root,
                            const zample_catalogue_listener_t *listener, zample_catalogue_counts_t *counts,
                            zample_failure_t *failure);

/*  The index as it is now, until the next scan. */
const zample_index_t *zample_catalogue_index (const zample_catalogue_t *self);

/*  The number of a path, ZAMPLE_NO_NUMBER if it was never found. */
uint32_t zample_catalogue_number (const zample_catalogue_t *self, const char *path);

/*  Frees the indexes that nobody looks into any more. True if it was all that were replaced. */
bool zample_catalogue_tidy (zample_catalogue_t *self);

/* ---- any thread */

/*  How many numbers were given so far: all below are a sound's. */
uint32_t zample_catalogue_size (const zample_catalogue_t *self);

/*  As zample_index_find; and whether zample_index_range finds anything is the same. */
bool zample_catalogue_find (zample_catalogue_t *self, const char *name, uint32_t *sound);

typedef struct {
    uint32_t sound;
    uint32_t index; /* in its folder */
    uint32_t count; /* of sounds in its folder */
    char folder[ZAMPLE_SCAN_PATH_SIZE];
    char path[ZAMPLE_SCAN_PATH_SIZE];
} zample_catalogue_entry_t;

/*  As zample_index_at. */
bool zample_catalogue_entry (zample_catalogue_t *self, uint32_t place, zample_catalogue_entry_t *entry);

/*  The path of a sound, also of one that is gone. False if there is none by that number. */
bool zample_catalogue_path (zample_catalogue_t *self, uint32_t sound, char path[ZAMPLE_SCAN_PATH_SIZE]);

#endif
