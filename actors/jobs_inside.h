/*  What the files of the jobs share: jobs.c (asking), jobs_work.c (working) and jobs_end.c (ending). All of it is behind
    the lock. */
#ifndef ZAMPLE_JOBS_INSIDE_H
#define ZAMPLE_JOBS_INSIDE_H

#include <czmq.h>
#include <pthread.h>

#include "actors/jobs.h"
#include "actors/queue.h"

#define ZAMPLE_JOBS_NOBODY UINT32_MAX

typedef enum {
    JOB_QUEUED,  /* in the queue */
    JOB_BLOCKED, /* behind one that is worked on for the same slot */
    JOB_WORKING,
    JOB_CROSSING, /* its sample is on its way to the stage */
    JOB_OPEN,     /* its opener's own work */
    JOB_GROUP
} zample_job_state_t;

typedef struct {
    zample_job_t *waiting;
    zample_job_t *working;
    uint32_t crossing;
    uint64_t newest;       /* load that was asked for */
    bool is_busy;          /* a worker has not let go of the slot */
    bool is_disappointing; /* on the list of those that the stage is to hear of */
    uint32_t next;
} zample_job_slot_t;

struct zample_jobs {
    pthread_mutex_t lock;
    pthread_cond_t more;
    zample_doorway_t *doorway;
    zample_told_t *told;
    zhashx_t *table;
    zample_queue_t queue;
    zample_job_slot_t *slots;
    uint32_t disappointing; /* the first of the list */
    uint64_t count;         /* of all jobs there ever were */
    atomic_bool closed;
};

static inline zample_job_t *
zample_jobs_find (zample_jobs_t *self, uint64_t number)
{
    return zhashx_lookup (self->table, &number);
}

/*  Ends a load that nobody wants any more, or a group: cancelled, or because the engine closes. */
void zample_jobs_let_go (zample_jobs_t *self, zample_job_t *job);

/*  Tells how far a group is, and ends it with its last member. */
void zample_jobs_tell_group (zample_jobs_t *self, zample_job_t *group);

#endif
