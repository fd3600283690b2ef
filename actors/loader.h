/*  The loader: keeps the queue of what is to be loaded, and gives it to its worker, file by file, so that a
    worker deep in a file leaves nobody waiting for an answer.
 */
#ifndef ZAMPLE_LOADER_H
#define ZAMPLE_LOADER_H

#include "actors/job.h"

typedef struct zample_loader zample_loader_t;

/*  Doorway and told must outlive it. NULL if there is no thread or no memory. */
zample_loader_t *zample_loader_new (void *context, zample_doorway_t *doorway, zample_told_t *told,
                                    uint32_t rate_hz);

/*  Any thread. Returns the job's number, 0 if too many wait. The path is shorter than ZAMPLE_PATH_MAX. */
uint64_t zample_loader_load (zample_loader_t *self, uint32_t slot, const char *path);

/*  Every load that has not been handed over ends in an error, and is told. */
void zample_loader_destroy (zample_loader_t **self);

#endif
