/*  The jobs: any thread but the audio thread, behind one lock. Events are told inside it, so that their order is that of
    what happened. */
#include "config.h"

#include <czmq.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "actors/jobs.h"
#include "actors/queue.h"
#include "actors/text.h"

#define CANCELLED_AT_ONCE 64
#define NOBODY UINT32_MAX

typedef enum {
    JOB_QUEUED,  /* in the queue */
    JOB_BLOCKED, /* behind one that is worked on for the same slot */
    JOB_WORKING,
    JOB_CROSSING, /* its sample is on its way to the stage */
    JOB_OPEN,     /* its opener's own work */
    JOB_GROUP
} s_state_t;

typedef struct {
    zample_job_t *waiting;
    zample_job_t *working;
    uint32_t crossing;
    uint64_t newest;       /* load that was asked for */
    bool is_busy;          /* a worker has not let go of the slot */
    bool is_disappointing; /* on the list of those that the stage is to hear of */
    uint32_t next;
} s_slot_t;

struct zample_jobs {
    pthread_mutex_t lock;
    pthread_cond_t more;
    zample_doorway_t *doorway;
    zample_told_t *told;
    zhashx_t *table;
    zample_queue_t queue;
    s_slot_t *slots;
    uint32_t disappointing; /* the first of the list */
    uint64_t count;         /* of all jobs there ever were */
    atomic_bool closed;
};

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

static zample_job_t *
s_find (zample_jobs_t *self, uint64_t number)
{
    return zhashx_lookup (self->table, &number);
}

/*  A new job on the table, or NULL. */
static zample_job_t *
s_job_new (zample_jobs_t *self, const char *path, s_state_t state)
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
    self->disappointing = NOBODY;
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
    zhashx_destroy (&self->table);
    free (self->queue.heap);
    free (self->slots);
    pthread_cond_destroy (&self->more);
    pthread_mutex_destroy (&self->lock);
    free (self);
    *self_p = NULL;
}

/* --------------------------------------------------------------------- ending */

zample_event_t
zample_jobs_event (const zample_jobs_t *self, uint64_t number, uint32_t slot, zample_event_kind_t kind)
{
    return (zample_event_t) {
        .kind = kind, .slot = slot, .job = number, .frame = zample_doorway_clock (self->doorway).frame
    };
}

void
zample_jobs_tell (zample_jobs_t *self, const zample_event_t *event)
{
    zample_told_event (self->told, event);
}

static void
s_disappoint (zample_jobs_t *self, uint32_t number)
{
    s_slot_t *slot = &self->slots[number];
    if (slot->is_disappointing)
        return;
    slot->is_disappointing = true;
    slot->next = self->disappointing;
    self->disappointing = number;
}

/*  Takes a job out of where it stands. */
static void
s_leave_slot (zample_jobs_t *self, zample_job_t *job, zample_event_kind_t end)
{
    s_slot_t *slot = &self->slots[job->slot];
    if (job->state == JOB_QUEUED)
        zample_queue_remove (&self->queue, job);
    if (slot->waiting == job)
        slot->waiting = NULL;
    if (slot->working == job)
        slot->working = NULL;
    slot->crossing -= job->state == JOB_CROSSING;
    if (end != ZAMPLE_EVENT_SUCCESS && !slot->waiting && !slot->working && slot->crossing == 0)
        s_disappoint (self, job->slot);
}

static void s_end_group (zample_jobs_t *self, zample_job_t *group);

static void
s_leave_group (zample_jobs_t *self, zample_job_t *job, zample_event_kind_t end)
{
    zample_job_t *group = job->group;
    *(job->member_previous ? &job->member_previous->member_next : &group->members) = job->member_next;
    if (job->member_next)
        job->member_next->member_previous = job->member_previous;
    group->member_count--;
    group->worked += end == ZAMPLE_EVENT_SUCCESS;
    group->failed += end != ZAMPLE_EVENT_SUCCESS;
    s_end_group (self, group);
}

/*  The one place where a job ends. */
static void
s_end (zample_jobs_t *self, zample_job_t *job, zample_event_t *event)
{
    if (event->kind == ZAMPLE_EVENT_SUCCESS && job->how.deadline > 0 && event->frame > job->how.deadline)
        event->u.success.late_frames = event->frame - job->how.deadline;
    if (job->slot != ZAMPLE_NO_SLOT)
        s_leave_slot (self, job, event->kind);
    zample_told_event (self->told, event);
    zhashx_delete (self->table, &job->number);
    if (job->group)
        s_leave_group (self, job, event->kind);
    free (job);
}

static zample_event_t
s_end_event (const zample_jobs_t *self, const zample_job_t *job, zample_code_t code, const char *sentence)
{
    zample_event_kind_t kind = code == ZAMPLE_CODE_CANCELLED ? ZAMPLE_EVENT_CANCELLED : ZAMPLE_EVENT_ERROR;
    zample_event_t event = zample_jobs_event (self, job->number, job->slot, kind);
    if (kind == ZAMPLE_EVENT_ERROR) {
        event.u.error.code = code;
        zample_text_copy (event.u.error.msg, sizeof event.u.error.msg, sentence);
    }
    return event;
}

/*  A load that nobody wants any more, or a group. */
static void
s_give_up (zample_jobs_t *self, zample_job_t *job)
{
    char sentence[ZAMPLE_PATH_MAX + 64];
    bool cancelled = atomic_load (&job->cancelled) || !atomic_load (&self->closed);
    snprintf (sentence, sizeof sentence, "%s%sthe engine was closed", job->path, *job->path ? ": " : "");
    zample_event_t event =
        s_end_event (self, job, cancelled ? ZAMPLE_CODE_CANCELLED : ZAMPLE_CODE_CLOSED, sentence);
    s_end (self, job, &event);
}

/*  A group ends with its last member, and tells how far it is at each other. */
static void
s_end_group (zample_jobs_t *self, zample_job_t *group)
{
    if (!group->is_gathered)
        return;
    uint32_t ended = group->expected - group->member_count;
    zample_event_t progress = zample_jobs_event (self, group->number, ZAMPLE_NO_SLOT, ZAMPLE_EVENT_PROGRESS);
    progress.u.progress.percent = group->expected ? (double) ended / group->expected : 1.0;
    snprintf (progress.u.progress.stage, sizeof progress.u.progress.stage, "Loading (%u of %u)", ended,
              group->expected);
    zample_told_event (self->told, &progress);
    if (group->member_count > 0)
        return;
    if (atomic_load (&group->cancelled) || atomic_load (&self->closed)) {
        s_give_up (self, group);
        return;
    }
    zample_event_t event = zample_jobs_event (self, group->number, ZAMPLE_NO_SLOT, ZAMPLE_EVENT_SUCCESS);
    event.u.success.sounds = group->worked;
    event.u.success.failed = group->failed;
    s_end (self, group, &event);
}

void
zample_jobs_end (zample_jobs_t *self, zample_event_t *event)
{
    pthread_mutex_lock (&self->lock);
    zample_job_t *job = s_find (self, event->job);
    if (job)
        s_end (self, job, event);
    pthread_mutex_unlock (&self->lock);
}

void
zample_jobs_fail (zample_jobs_t *self, uint64_t number, zample_code_t code, const char *sentence)
{
    pthread_mutex_lock (&self->lock);
    zample_job_t *job = s_find (self, number);
    if (job) {
        zample_event_t event = s_end_event (self, job, code, sentence);
        s_end (self, job, &event);
    }
    pthread_mutex_unlock (&self->lock);
}

void
zample_jobs_give_up (zample_jobs_t *self, uint64_t number)
{
    pthread_mutex_lock (&self->lock);
    zample_job_t *job = s_find (self, number);
    if (job)
        s_give_up (self, job);
    pthread_mutex_unlock (&self->lock);
}

void
zample_jobs_close (zample_jobs_t *self)
{
    pthread_mutex_lock (&self->lock);
    atomic_store (&self->closed, true);
    zample_job_t *job;
    while (self->queue.count > 0)
        s_give_up (self, self->queue.heap[0]);
    for (uint32_t slot = 0; slot < self->doorway->slot_count; slot++)
        if ((job = self->slots[slot].waiting))
            s_give_up (self, job);
    pthread_cond_broadcast (&self->more);
    pthread_mutex_unlock (&self->lock);
}

/* --------------------------------------------------------------------- asking */

static void
s_join_group (zample_jobs_t *self, zample_job_t *job, uint64_t number)
{
    zample_job_t *group = number ? s_find (self, number) : NULL;
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
s_meet_demand (zample_jobs_t *self, const s_slot_t *slot)
{
    if (slot->waiting)
        s_hurry (self, slot->waiting, ZAMPLE_PRIORITY_NOW, slot->waiting->how.deadline);
    bool is_coming =
        slot->waiting || slot->crossing > 0 || (slot->working && !atomic_load (&slot->working->cancelled));
    return is_coming ? slot->newest : 0;
}

/*  The newest load of a slot takes the place of those before it. */
static void
s_enqueue (zample_jobs_t *self, s_slot_t *slot, zample_job_t *job)
{
    zample_job_t *before = slot->waiting;
    if (slot->working)
        atomic_store (&slot->working->cancelled, true);
    slot->waiting = job;
    if (slot->is_busy)
        job->state = JOB_BLOCKED;
    else {
        zample_queue_add (&self->queue, job);
        pthread_cond_signal (&self->more);
    }
    if (before) {
        atomic_store (&before->cancelled, true);
        s_give_up (self, before);
    }
}

uint64_t
zample_jobs_ask (zample_jobs_t *self, const zample_ask_t *ask)
{
    pthread_mutex_lock (&self->lock);
    s_slot_t *slot = &self->slots[ask->slot];
    uint64_t number = ask->is_demand ? s_meet_demand (self, slot) : 0;
    bool is_room =
        number == 0 && *ask->path && zample_queue_reserve (&self->queue, zhashx_size (self->table) + 1);
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

void
zample_jobs_gather (zample_jobs_t *self, uint64_t number, uint32_t expected)
{
    pthread_mutex_lock (&self->lock);
    zample_job_t *group = s_find (self, number);
    if (group) {
        group->state = JOB_GROUP;
        group->is_gathered = true;
        group->expected = expected;
        s_end_group (self, group);
    }
    pthread_mutex_unlock (&self->lock);
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
        s_give_up (self, job);
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
    zample_job_t *job = s_find (self, number);
    bool found = job != NULL;
    if (job)
        atomic_store (&job->cancelled, true);
    while (job && job->members && s_cancel_members (self, job)) {
        pthread_mutex_unlock (&self->lock);
        pthread_mutex_lock (&self->lock);
        job = s_find (self, number);
    }
    job = s_find (self, number);
    if (job && s_is_waiting (job))
        s_give_up (self, job);
    pthread_mutex_unlock (&self->lock);
    return found;
}

bool
zample_jobs_prioritise (zample_jobs_t *self, uint64_t number, zample_priority_t priority, int64_t deadline)
{
    pthread_mutex_lock (&self->lock);
    zample_job_t *job = s_find (self, number);
    if (job)
        s_hurry (self, job, priority, deadline);
    for (zample_job_t *member = job ? job->members : NULL; member; member = member->member_next)
        s_hurry (self, member, priority, deadline);
    pthread_mutex_unlock (&self->lock);
    return job != NULL;
}

/* -------------------------------------------------------------------- working */

zample_job_t *
zample_jobs_take (zample_jobs_t *self)
{
    pthread_mutex_lock (&self->lock);
    while (self->queue.count == 0 && !atomic_load (&self->closed))
        pthread_cond_wait (&self->more, &self->lock);
    zample_job_t *job = zample_queue_take (&self->queue);
    if (job) {
        s_slot_t *slot = &self->slots[job->slot];
        job->state = JOB_WORKING;
        slot->waiting = NULL;
        slot->working = job;
        slot->is_busy = true;
    }
    pthread_mutex_unlock (&self->lock);
    return job;
}

bool
zample_jobs_go_on (const zample_jobs_t *self, const zample_job_t *job)
{
    return !atomic_load_explicit (&job->cancelled, memory_order_relaxed)
           && !atomic_load_explicit (&self->closed, memory_order_relaxed);
}

bool
zample_jobs_is_wanted (zample_jobs_t *self, uint64_t number)
{
    pthread_mutex_lock (&self->lock);
    zample_job_t *job = s_find (self, number);
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
        s_slot_t *slot = &self->slots[job->slot];
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
    s_slot_t *slot = &self->slots[number];
    slot->is_busy = false;
    if (slot->waiting) {
        slot->waiting->state = JOB_QUEUED;
        zample_queue_add (&self->queue, slot->waiting);
        pthread_cond_signal (&self->more);
    }
    pthread_mutex_unlock (&self->lock);
}

/* --------------------------------------------------------------- disappointing */

void
zample_jobs_disappoint (zample_jobs_t *self, uint32_t slot)
{
    pthread_mutex_lock (&self->lock);
    s_disappoint (self, slot);
    pthread_mutex_unlock (&self->lock);
}

void
zample_jobs_settle (zample_jobs_t *self)
{
    uint64_t ticket;
    pthread_mutex_lock (&self->lock);
    while (self->disappointing != NOBODY) {
        s_slot_t *slot = &self->slots[self->disappointing];
        zample_command_t command = { .kind = COMMAND_GIVE_UP, .slot = self->disappointing };
        if (!zample_command_ring_push (&self->doorway->commands, &command, &ticket))
            break;
        slot->is_disappointing = false;
        self->disappointing = slot->next;
    }
    pthread_mutex_unlock (&self->lock);
}
