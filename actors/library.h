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

zample_library_t *zample_library_new (void *context, const zample_library_spec_t *spec, zample_jobs_t *jobs,
                                      zample_store_t *store);
void zample_library_stop (
    zample_library_t
        *self); /* ends the thread; its open jobs end (jobs were closed before); look-ups still work */
void zample_library_destroy (zample_library_t **self);

uint64_t zample_library_scan (
    zample_library_t *self,
    const char *
        folder); /* any thread; job number, 0 no room: zample_jobs_open (jobs, folder) then message under a small lock (one sender at a time on the pipe) */
uint64_t zample_library_load (zample_library_t *self, const char *name /* may be NULL: all */,
                              const zample_load_t *how);                  /* preload */
bool zample_library_has (const zample_library_t *self, const char *name); /* a sound or a folder */
bool zample_library_slot_of (const zample_library_t *self, const char *name, uint32_t *slot);
bool zample_library_entry_at (const zample_library_t *self, uint32_t place, zample_library_entry_t *entry);
bool zample_library_path_of (const zample_library_t *self, uint32_t slot, char *path,
                             size_t size); /* false for slots below base or unknown */
uint32_t zample_library_size (const zample_library_t *self);
#endif
