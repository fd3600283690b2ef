/*  The schedule: runs on the audio thread, inside the block. */
#include "config.h"

#include "engine/rt/schedule.h"

void
zample_schedule_init (zample_schedule_t *self, zample_scheduled_t *memory, uint32_t capacity)
{
    *self = (zample_schedule_t) { .heap = memory, .capacity = capacity };
}

static bool
s_before (const zample_scheduled_t *a, const zample_scheduled_t *b)
{
    if (a->command.frame != b->command.frame)
        return a->command.frame < b->command.frame;
    return a->number < b->number;
}

bool
zample_schedule_add (zample_schedule_t *self, const zample_command_t *command, uint64_t number)
{
    if (self->count == self->capacity)
        return false;
    zample_scheduled_t added = { .command = *command, .number = number };
    uint32_t at = self->count++;
    while (at > 0) {
        uint32_t parent = (at - 1) / 2;
        if (!s_before (&added, &self->heap[parent]))
            break;
        self->heap[at] = self->heap[parent];
        at = parent;
    }
    self->heap[at] = added;
    return true;
}

int64_t
zample_schedule_next_frame (const zample_schedule_t *self)
{
    return self->count ? self->heap[0].command.frame : INT64_MAX;
}

zample_scheduled_t
zample_schedule_take (zample_schedule_t *self)
{
    zample_scheduled_t first = self->heap[0];
    zample_scheduled_t last = self->heap[--self->count];
    uint32_t at = 0;
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= self->count)
            break;
        if (child + 1 < self->count && s_before (&self->heap[child + 1], &self->heap[child]))
            child++;
        if (!s_before (&self->heap[child], &last))
            break;
        self->heap[at] = self->heap[child];
        at = child;
    }
    self->heap[at] = last;
    return first;
}
