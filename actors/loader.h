/*  The loader: as many workers as there are processors, on one queue. */
#ifndef ZAMPLE_LOADER_H
#define ZAMPLE_LOADER_H

#include "actors/worker.h"

typedef struct zample_loader zample_loader_t;

/*  NULL if there is no thread or no memory. */
zample_loader_t *zample_loader_new (void *context, const zample_worker_arguments_t *with, uint32_t workers);

/*  After the jobs were closed. What was being worked on ends in an error, and is told. */
void zample_loader_destroy (zample_loader_t **self);

#endif
