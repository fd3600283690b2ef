#include "config.h"
#include <stdlib.h>
#include "actors/library.h"
struct zample_library {
    int x;
};
zample_library_t *
zample_library_new (void *context, const zample_library_spec_t *spec, zample_jobs_t *jobs,
                    zample_store_t *store)
{
    (void) context;
    (void) spec;
    (void) jobs;
    (void) store;
    return calloc (1, sizeof (zample_library_t));
}
void
zample_library_stop (zample_library_t *self)
{
    (void) self;
}
void
zample_library_destroy (zample_library_t **self)
{
    free (*self);
    *self = NULL;
}
uint64_t
zample_library_scan (zample_library_t *self, const char *folder)
{
    (void) self;
    (void) folder;
    return 0;
}
uint64_t
zample_library_load (zample_library_t *self, const char *name, const zample_load_t *how)
{
    (void) self;
    (void) name;
    (void) how;
    return 0;
}
bool
zample_library_has (const zample_library_t *self, const char *name)
{
    (void) self;
    (void) name;
    return false;
}
bool
zample_library_slot_of (const zample_library_t *self, const char *name, uint32_t *slot)
{
    (void) self;
    (void) name;
    (void) slot;
    return false;
}
bool
zample_library_entry_at (const zample_library_t *self, uint32_t place, zample_library_entry_t *entry)
{
    (void) self;
    (void) place;
    (void) entry;
    return false;
}
bool
zample_library_path_of (const zample_library_t *self, uint32_t slot, char *path, size_t size)
{
    (void) self;
    (void) slot;
    (void) path;
    (void) size;
    return false;
}
uint32_t
zample_library_size (const zample_library_t *self)
{
    (void) self;
    return 0;
}
