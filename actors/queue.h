/*  What waits for a worker, the most urgent first: a binary heap of jobs, which know their places in it. Behind the lock
    of the jobs. */
#ifndef ZAMPLE_QUEUE_H
#define ZAMPLE_QUEUE_H

#include "actors/jobs.h"

typedef struct {
    zample_job_t **heap;
    size_t count;
    size_t capacity;
} zample_queue_t;

/*  Makes room for so many jobs; false if there is no memory. */
bool zample_queue_reserve (zample_queue_t *self, size_t jobs);

/*  There must be room. */
void zample_queue_add (zample_queue_t *self, zample_job_t *job);

/*  The most urgent one, or NULL. */
zample_job_t *zample_queue_take (zample_queue_t *self);

void zample_queue_remove (zample_queue_t *self, zample_job_t *job);

/*  After its urgency has changed. */
void zample_queue_move (zample_queue_t *self, zample_job_t *job);

#endif
