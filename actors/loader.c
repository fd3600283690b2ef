/*  The loader: runs on the thread that makes or destroys an engine. */
#include "config.h"

#include <stdlib.h>

#include "actors/loader.h"

struct zample_loader {
    zample_worker_arguments_t with;
    uint32_t count;
    zample_actor_t *workers[];
};

zample_loader_t *
zample_loader_new (void *context, const zample_worker_arguments_t *with, uint32_t workers)
{
    zample_loader_t *self = calloc (1, sizeof *self + workers * sizeof (zample_actor_t *));
    if (!self)
        return NULL;
    self->with = *with;
    while (self->count < workers) {
        self->workers[self->count] = zample_worker_new (context, &self->with);
        if (!self->workers[self->count]) {
            zample_jobs_close (with->jobs);
            zample_loader_destroy (&self);
            return NULL;
        }
        self->count++;
    }
    return self;
}

void
zample_loader_destroy (zample_loader_t **self_p)
{
    zample_loader_t *self = *self_p;
    if (!self)
        return;
    for (uint32_t i = 0; i < self->count; i++)
        zample_actor_destroy (&self->workers[i]);
    free (self);
    *self_p = NULL;
}
