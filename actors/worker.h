/*  A worker: takes a load at a time, decodes its file unless the sound is in memory already, tells how it goes, and
    pushes the sample onto the command ring.

    It waits on the queue of the jobs, not on its pipe, and ends when the jobs are closed. */
#ifndef ZAMPLE_WORKER_H
#define ZAMPLE_WORKER_H

#include "actors/actor.h"
#include "actors/jobs.h"
#include "actors/store.h"
#include "engine/cache.h"

typedef struct {
    zample_jobs_t *jobs;
    zample_store_t *store;
    zample_doorway_t *doorway;
    zample_decode_spec_t spec; /* but for the quality, which is the load's */
    bool symlinks;
    const zample_cache_t *cache; /* NULL: none */
} zample_worker_arguments_t;

/*  The arguments must outlive it. NULL if there is no thread or no memory. Before it is destroyed the jobs must be
    closed. */
zample_actor_t *zample_worker_new (void *context, const zample_worker_arguments_t *arguments);

#endif
