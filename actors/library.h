/*  The library's actor: scans the folders that are added, loads what of them is asked for, and watches them if it is to.

    Its pipe, to it: a request, as long as its text needs. It answers through the jobs. Whatever it does it goes on listening: a request
    that waits behind a long scan can be called off. */
#ifndef ZAMPLE_LIBRARY_H
#define ZAMPLE_LIBRARY_H

#include "actors/jobs.h"
#include "actors/store.h"

typedef struct zample_library zample_library_t;

typedef struct {
    uint32_t base; /* the slot of the first sound */
    uint32_t sounds_max;
    bool symlinks;
    bool watch;
} zample_library_spec_t;

/*  Jobs and store must outlive it. NULL if there is no thread or no memory. */
zample_library_t *zample_library_new (void *context, const zample_library_spec_t *spec, zample_jobs_t *jobs,
                                      zample_store_t *store);

/*  Ends the thread, and what it was to do. The jobs are closed already. What is known can still be looked up. */
void zample_library_stop (zample_library_t *self);

/*  Forgives NULL. */
void zample_library_destroy (zample_library_t **self);

/* ---- requests: any thread. They return the job's number, 0 if there is no room or no memory */

/*  Takes in a folder. The path is shorter than ZAMPLE_PATH_MAX. */
uint64_t zample_library_scan (zample_library_t *self, const char *folder);

/*  Loads a sound, a folder, or all (NULL). The name is shorter than ZAMPLE_PATH_MAX. */
uint64_t zample_library_load (zample_library_t *self, const char *name, const zample_load_t *how);

/* ---- looking up: any thread; takes no lock, allocates nothing */

/*  So many slots the library has by now. */
uint32_t zample_library_size (const zample_library_t *self);

/*  Whether a sound or a folder is called so. */
bool zample_library_has (const zample_library_t *self, const char *name);
bool zample_library_slot_of (const zample_library_t *self, const char *name, uint32_t *slot);
bool zample_library_entry_at (const zample_library_t *self, uint32_t place, zample_library_entry_t *entry);

/*  False if the slot is none of the library's. */
bool zample_library_path_of (const zample_library_t *self, uint32_t slot, char *path, size_t size);

#endif
