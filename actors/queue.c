/*  The queue. */
#include "config.h"

#include <stdlib.h>

#include "actors/queue.h"

#define FIRST_CAPACITY 256

static int
s_rank (zample_priority_t priority)
{
    return priority == ZAMPLE_PRIORITY_NOW ? 0 : priority == ZAMPLE_PRIORITY_SOON ? 1 : 2;
}

/*  By priority, then by deadline, where none is the latest, then in the order in which they came. */
static bool
s_before (const zample_job_t *a, const zample_job_t *b)
{
    int rank_a = s_rank (a->how.priority), rank_b = s_rank (b->how.priority);
    if (rank_a != rank_b)
        return rank_a < rank_b;
    uint64_t deadline_a = (uint64_t) a->how.deadline - 1, deadline_b = (uint64_t) b->how.deadline - 1;
    return deadline_a != deadline_b ? deadline_a < deadline_b : a->number < b->number;
}

static void
s_put (zample_queue_t *self, size_t place, zample_job_t *job)
{
    self->heap[place] = job;
    job->place = place;
}

static void
s_rise (zample_queue_t *self, zample_job_t *job)
{
    size_t at = job->place;
    while (at > 0 && s_before (job, self->heap[(at - 1) / 2])) {
        s_put (self, at, self->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    s_put (self, at, job);
}

static void
s_sink (zample_queue_t *self, zample_job_t *job)
{
    size_t at = job->place;
    for (size_t child = 2 * at + 1; child < self->count; child = 2 * at + 1) {
        if (child + 1 < self->count && s_before (self->heap[child + 1], self->heap[child]))
            child++;
        if (!s_before (self->heap[child], job))
            break;
        s_put (self, at, self->heap[child]);
        at = child;
    }
    s_put (self, at, job);
}

bool
zample_queue_reserve (zample_queue_t *self, size_t jobs)
{
    size_t capacity = self->capacity ? self->capacity : FIRST_CAPACITY;
    while (capacity < jobs)
        capacity *= 2;
    if (capacity == self->capacity)
        return true;
    zample_job_t **heap = realloc (self->heap, capacity * sizeof (zample_job_t *));
    if (!heap)
        return false;
    self->heap = heap;
    self->capacity = capacity;
    return true;
}

void
zample_queue_add (zample_queue_t *self, zample_job_t *job)
{
    s_put (self, self->count++, job);
    s_rise (self, job);
}

zample_job_t *
zample_queue_take (zample_queue_t *self)
{
    zample_job_t *first = self->count ? self->heap[0] : NULL;
    if (first)
        zample_queue_remove (self, first);
    return first;
}

void
zample_queue_remove (zample_queue_t *self, zample_job_t *job)
{
    zample_job_t *last = self->heap[--self->count];
    if (last == job)
        return;
    s_put (self, job->place, last);
    zample_queue_move (self, last);
}

void
zample_queue_move (zample_queue_t *self, zample_job_t *job)
{
    s_rise (self, job);
    s_sink (self, job);
}
