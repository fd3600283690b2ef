/*  The reporter: runs on the audio thread, inside the block. */
#include "config.h"

#include <stddef.h>

#include "engine/rt/reporter.h"

void
zample_reporter_init (zample_reporter_t *self, zample_report_ring_t *ring, zample_report_t *backlog,
                      uint32_t capacity)
{
    *self = (zample_reporter_t) { .ring = ring, .backlog = backlog, .capacity = capacity };
}

void
zample_reporter_tell (zample_reporter_t *self, const zample_report_t *report)
{
    if (self->waiting == 0 && zample_report_ring_push (self->ring, report))
        return;
    self->backlog[(self->first + self->waiting++) % self->capacity] = *report;
}

void
zample_reporter_retire (zample_reporter_t *self, zample_sample_t *sample)
{
    sample->next = NULL;
    if (self->retired_last)
        self->retired_last->next = sample;
    else
        self->retired_first = sample;
    self->retired_last = sample;
}

bool
zample_reporter_catch_up (zample_reporter_t *self, int64_t frame)
{
    while (self->waiting > 0 && zample_report_ring_push (self->ring, &self->backlog[self->first])) {
        self->first = (self->first + 1) % self->capacity;
        self->waiting--;
    }
    if (self->waiting > 0)
        return false;
    while (self->retired_first) {
        zample_sample_t *sample = self->retired_first;
        zample_sample_t *next = sample->next;
        zample_report_t report = {
            .kind = REPORT_RETIRED,
            .reason = sample->leaving,
            .slot = sample->slot,
            .frame = frame,
            .u.sample = sample,
        };
        if (!zample_report_ring_push (self->ring, &report))
            return false;
        self->retired_first = next; /* once pushed, the sample is no longer ours to read */
    }
    self->retired_last = NULL;
    return true;
}
