/*  A worker: takes a file at a time, decodes it, tells how it goes, and pushes the finished sample onto the command ring.

    Its pipe:
        to it:   a zample_job_t, as long as its path needs
        from it: one byte when it is done with that job
 */
#ifndef ZAMPLE_WORKER_H
#define ZAMPLE_WORKER_H

#include "actors/actor.h"
#include "actors/job.h"

typedef struct {
    void *context;
    zample_doorway_t *doorway;
    zample_told_t *told;
    uint32_t rate_hz;
} zample_worker_arguments_t;

/*  The arguments must outlive it. NULL if there is no thread or no memory. Ended in the middle of a job, that job ends
    in an error. */
zample_actor_t *zample_worker_new (zample_worker_arguments_t *arguments);

#endif
