/*  Working on jobs: the workers' threads, behind the lock. */
#include "config.h"

#include "actors/jobs_inside.h"

zample_job_t *
zample_jobs_take (zample_jobs_t *self)
{
    pthread_mutex_lock (&self->lock);
    while (self->queue.count == 0 && !atomic_load (&self->closed))
        pthread_cond_wait (&self->more, &self->lock);
    zample_job_t *job = zample_queue_take (&self->queue);
    if (job) {
        zample_job_slot_t *slot = &self->slots[job->slot];
        job->state = JOB_WORKING;
        slot->waiting = NULL;
        slot->working = job;
        slot->is_busy = true;
    }
    pthread_mutex_unlock (&self->lock);
    return job;
}

bool
zample_jobs_are_closed (const zample_jobs_t *self)
{
    return atomic_load_explicit (&self->closed, memory_order_relaxed);
}

bool
zample_jobs_go_on (const zample_jobs_t *self, const zample_job_t *job)
{
    return !atomic_load_explicit (&job->cancelled, memory_order_relaxed) && !zample_jobs_are_closed (self);
}

bool
zample_jobs_is_wanted (zample_jobs_t *self, uint64_t number)
{
    pthread_mutex_lock (&self->lock);
    zample_job_t *job = zample_jobs_find (self, number);
    bool wanted = job && zample_jobs_go_on (self, job);
    pthread_mutex_unlock (&self->lock);
    return wanted;
}

zample_jobs_cross_t
zample_jobs_cross (zample_jobs_t *self, zample_job_t *job, const zample_command_t *load)
{
    zample_jobs_cross_t answer = JOBS_UNWANTED;
    uint64_t ticket;
    pthread_mutex_lock (&self->lock);
    if (zample_jobs_go_on (self, job)) {
        zample_job_slot_t *slot = &self->slots[job->slot];
        answer =
            zample_command_ring_push (&self->doorway->commands, load, &ticket) ? JOBS_CROSSED : JOBS_FULL;
        if (answer == JOBS_CROSSED) {
            job->state = JOB_CROSSING;
            slot->working = NULL;
            slot->crossing++;
        }
    }
    pthread_mutex_unlock (&self->lock);
    return answer;
}

void
zample_jobs_done (zample_jobs_t *self, uint32_t number)
{
    pthread_mutex_lock (&self->lock);
    zample_job_slot_t *slot = &self->slots[number];
    slot->is_busy = false;
    if (slot->waiting) {
        slot->waiting->state = JOB_QUEUED;
        zample_queue_add (&self->queue, slot->waiting);
        pthread_cond_signal (&self->more);
    }
    pthread_mutex_unlock (&self->lock);
}
