/*  Asking for jobs: any thread but the audio thread, behind one lock. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "actors/jobs_inside.h"

#define CANCELLED_AT_ONCE 64

/* ---------------------------------------------------------------------- table */

/*  Fibonacci hashing: Knuth, The Art of Computer Programming 3, 6.4. */
static size_t
s_hash (const void *number)
{
    return (size_t) ((*(const uint64_t *) number * UINT64_C (11400714819323198485)) >> 20);
}

static int
s_compare (const void *a, const void *b)
{
    return *(const uint64_t *) a != *(const uint64_t *) b;
}

/*  A new job on the table, or NULL. */
static zample_job_t *
s_job_new (zample_jobs_t *self, const char *path, zample_job_state_t state)
{
    size_t length = strlen (path);
    if (atomic_load (&self->closed) || zhashx_size (self->table) >= ZAMPLE_JOBS_MAX)
        return NULL;
    zample_job_t *job = calloc (1, sizeof *job + length + 1);
    if (!job)
        return NULL;
    memcpy (job->path, path, length);
    job->number = ++self->count;
    job->slot = ZAMPLE_NO_SLOT;
    job->state = state;
    zhashx_insert (self->table, &job->number, job);
    return job;
}

zample_jobs_t *
zample_jobs_new (zample_doorway_t *doorway, zample_told_t *told)
{
    zample_jobs_t *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    pthread_mutex_init (&self->lock, NULL);
    pthread_cond_init (&self->more, NULL);
    self->doorway = doorway;
    self->told = told;
    self->disappointing = ZAMPLE_JOBS_NOBODY;
    self->slots = calloc (doorway->slot_count, sizeof *self->slots);
    self->table = zhashx_new ();
    if (!self->slots || !self->table) {
        zample_jobs_destroy (&self);
        return NULL;
    }
    zhashx_set_key_duplicator (self->table, NULL);
    zhashx_set_key_destructor (self->table, NULL);
    zhashx_set_key_hasher (self->table, s_hash);
    zhashx_set_key_comparator (self->table, s_compare);
    return self;
}

void
zample_jobs_destroy (zample_jobs_t **self_p)
{
    zample_jobs_t *self = *self_p;
    if (!self)
        return;
    for (void *job = self->table ? zhashx_first (self->table) : NULL; job; job = zhashx_next (self->table))
        free (job);
    zhashx_destroy (&self->table);
    free (self->queue.heap);
    free (self->slots);
    pthread_cond_destroy (&self->more);
    pthread_mutex_destroy (&self->lock);
    free (self);
    *self_p = NULL;
}

/* --------------------------------------------------------------------- asking */

static void
s_join_group (zample_jobs_t *self, zample_job_t *job, uint64_t number)
{
    zample_job_t *group = number ? zample_jobs_find (self, number) : NULL;
    if (!group)
        return;
    job->group = group;
    job->member_next = group->members;
    if (group->members)
        group->members->member_previous = job;
    group->members = job;
    group->member_count++;
}

static void
s_hurry (zample_jobs_t *self, zample_job_t *job, zample_priority_t priority, int64_t deadline)
{
    job->how.priority = priority;
    job->how.deadline = deadline;
    if (job->state == JOB_QUEUED)
        zample_queue_move (&self->queue, job);
}

/*  The job that is going to fill this slot anyway, 0 if there is none. */
static uint64_t
s_meet_demand (zample_jobs_t *self, const zample_job_slot_t *slot)
{
    if (slot->waiting)
        s_hurry (self, slot->waiting, ZAMPLE_PRIORITY_NOW, slot->waiting->how.deadline);
    bool is_coming =
        slot->waiting || slot->crossing > 0 || (slot->working && !atomic_load (&slot->working->cancelled));
    return is_coming ? slot->newest : 0;
}

static bool
s_is_under_way (const zample_job_slot_t *slot)
{
    return slot->working || slot->crossing > 0;
}

bool
zample_jobs_is_under_way (zample_jobs_t *self, uint32_t slot)
{
    pthread_mutex_lock (&self->lock);
    bool is = s_is_under_way (&self->slots[slot]);
    pthread_mutex_unlock (&self->lock);
    return is;
}

/*  The newest load of a slot takes the place of those before it. */
static void
s_enqueue (zample_jobs_t *self, zample_job_slot_t *slot, zample_job_t *job)
{
    zample_job_t *before = slot->waiting;
    if (slot->working)
        atomic_store (&slot->working->cancelled, true);
    slot->waiting = job;
    if (slot->is_busy)
        job->state = JOB_BLOCKED;
    else
        zample_queue_add (&self->queue, job);
    if (before) {
        atomic_store (&before->cancelled, true);
        zample_jobs_let_go (self, before);
    }
}

uint64_t
zample_jobs_ask (zample_jobs_t *self, const zample_ask_t *ask)
{
    pthread_mutex_lock (&self->lock);
    zample_job_slot_t *slot = &self->slots[ask->slot];
    uint64_t number = ask->is_demand ? s_meet_demand (self, slot) : 0;
    if (ask->is_refresh && slot->waiting)
        number = slot->waiting->number;
    bool is_early = ask->is_refresh && s_is_under_way (slot);
    bool is_room = number == 0 && !is_early && *ask->path
                   && zample_queue_reserve (&self->queue, zhashx_size (self->table) + 1);
    zample_job_t *job = is_room ? s_job_new (self, ask->path, JOB_QUEUED) : NULL;
    if (job) {
        slot->newest = job->number;
        job->slot = ask->slot;
        job->how = ask->how;
        job->keep_voices = ask->keep_voices;
        s_join_group (self, job, ask->group);
        s_enqueue (self, slot, job);
        number = job->number;
    }
    pthread_mutex_unlock (&self->lock);
    if (is_room)
        pthread_cond_signal (&self->more); /* whom it wakes finds the lock free */
    return number;
}

uint64_t
zample_jobs_open (zample_jobs_t *self, const char *path)
{
    pthread_mutex_lock (&self->lock);
    zample_job_t *job = s_job_new (self, path, JOB_OPEN);
    uint64_t number = job ? job->number : 0;
    pthread_mutex_unlock (&self->lock);
    return number;
}

static bool
s_is_waiting (const zample_job_t *job)
{
    return job->state == JOB_QUEUED || job->state == JOB_BLOCKED;
}

/*  Returns whether members are left that wait: a long list is not called off in one go. */
static bool
s_cancel_members (zample_jobs_t *self, zample_job_t *group)
{
    int ended = 0;
    for (zample_job_t *job = group->members, *next; job && ended < CANCELLED_AT_ONCE; job = next) {
        next = job->member_next;
        atomic_store (&job->cancelled, true);
        if (!s_is_waiting (job))
            continue;
        bool is_last = group->is_gathered && group->member_count == 1;
        zample_jobs_let_go (self, job);
        if (is_last)
            return false; /* and with it the group is gone */
        ended++;
    }
    return ended == CANCELLED_AT_ONCE;
}

bool
zample_jobs_cancel (zample_jobs_t *self, uint64_t number)
{
    pthread_mutex_lock (&self->lock);
    zample_job_t *job = zample_jobs_find (self, number);
    bool found = job != NULL;
    if (job)
        atomic_store (&job->cancelled, true);
    while (job && job->members && s_cancel_members (self, job)) {
        pthread_mutex_unlock (&self->lock);
        pthread_mutex_lock (&self->lock);
        job = zample_jobs_find (self, number);
    }
    job = zample_jobs_find (self, number);
    if (job && s_is_waiting (job))
        zample_jobs_let_go (self, job);
    pthread_mutex_unlock (&self->lock);
    return found;
}

bool
zample_jobs_prioritise (zample_jobs_t *self, uint64_t number, zample_priority_t priority, int64_t deadline)
{
    pthread_mutex_lock (&self->lock);
    zample_job_t *job = zample_jobs_find (self, number);
    if (job)
        s_hurry (self, job, priority, deadline);
    for (zample_job_t *member = job ? job->members : NULL; member; member = member->member_next)
        s_hurry (self, member, priority, deadline);
    pthread_mutex_unlock (&self->lock);
    return job != NULL;
}
