/*  The ends of jobs: any thread but the audio thread, behind the lock. Events are told inside it, so that their order is
    that of what happened. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "actors/jobs_inside.h"
#include "actors/text.h"

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
    zample_job_slot_t *slot = &self->slots[number];
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
    zample_job_slot_t *slot = &self->slots[job->slot];
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

static void
s_leave_group (zample_jobs_t *self, zample_job_t *job, zample_event_kind_t end)
{
    zample_job_t *group = job->group;
    *(job->member_previous ? &job->member_previous->member_next : &group->members) = job->member_next;
    if (job->member_next)
        job->member_next->member_previous = job->member_previous;
    group->member_count--;
    group->worked += end == ZAMPLE_EVENT_SUCCESS;
    zample_jobs_tell_group (self, group);
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

void
zample_jobs_let_go (zample_jobs_t *self, zample_job_t *job)
{
    char sentence[ZAMPLE_PATH_MAX + 64];
    bool cancelled = atomic_load (&job->cancelled) || !atomic_load (&self->closed);
    snprintf (sentence, sizeof sentence, "%s%sthe engine was closed", job->path, *job->path ? ": " : "");
    zample_event_t event =
        s_end_event (self, job, cancelled ? ZAMPLE_CODE_CANCELLED : ZAMPLE_CODE_CLOSED, sentence);
    s_end (self, job, &event);
}

void
zample_jobs_tell_group (zample_jobs_t *self, zample_job_t *group)
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
        zample_jobs_let_go (self, group);
        return;
    }
    zample_event_t event = zample_jobs_event (self, group->number, ZAMPLE_NO_SLOT, ZAMPLE_EVENT_SUCCESS);
    event.u.success.sounds = group->worked;
    event.u.success.failed = group->expected - group->worked;
    s_end (self, group, &event);
}

void
zample_jobs_end (zample_jobs_t *self, zample_event_t *event)
{
    pthread_mutex_lock (&self->lock);
    zample_job_t *job = zample_jobs_find (self, event->job);
    if (job)
        s_end (self, job, event);
    pthread_mutex_unlock (&self->lock);
}

void
zample_jobs_fail (zample_jobs_t *self, uint64_t number, zample_code_t code, const char *sentence)
{
    pthread_mutex_lock (&self->lock);
    zample_job_t *job = zample_jobs_find (self, number);
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
    zample_job_t *job = zample_jobs_find (self, number);
    if (job)
        zample_jobs_let_go (self, job);
    pthread_mutex_unlock (&self->lock);
}

void
zample_jobs_gather (zample_jobs_t *self, uint64_t number, uint32_t expected)
{
    pthread_mutex_lock (&self->lock);
    zample_job_t *group = zample_jobs_find (self, number);
    if (group) {
        group->state = JOB_GROUP;
        group->is_gathered = true;
        group->expected = expected;
        zample_jobs_tell_group (self, group);
    }
    pthread_mutex_unlock (&self->lock);
}

void
zample_jobs_close (zample_jobs_t *self)
{
    pthread_mutex_lock (&self->lock);
    atomic_store (&self->closed, true);
    zample_job_t *job;
    while (self->queue.count > 0)
        zample_jobs_let_go (self, self->queue.heap[0]);
    for (uint32_t slot = 0; slot < self->doorway->slot_count; slot++)
        if ((job = self->slots[slot].waiting))
            zample_jobs_let_go (self, job);
    pthread_cond_broadcast (&self->more);
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
    while (self->disappointing != ZAMPLE_JOBS_NOBODY) {
        zample_job_slot_t *slot = &self->slots[self->disappointing];
        zample_command_t command = { .kind = COMMAND_GIVE_UP, .slot = self->disappointing };
        if (!zample_command_ring_push (&self->doorway->commands, &command, &ticket))
            break;
        slot->is_disappointing = false;
        self->disappointing = slot->next;
    }
    pthread_mutex_unlock (&self->lock);
}
