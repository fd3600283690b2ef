/*  What the stage tells goes through here, so that none of it is lost.

    A report that finds the ring full waits in the backlog, and a retired sample on an intrusive list; both are sent as soon
    as there is room. While anything waits, the stage takes no new commands (a full command ring is then the
    caller's answer), so the backlog is bounded: by one end for each voice that sounds, what the
    schedule still holds, and the plays that wait for a sound.
 */
#ifndef ZAMPLE_RT_REPORTER_H
#define ZAMPLE_RT_REPORTER_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/wire/report.h"

typedef struct {
    zample_report_ring_t *ring;
    zample_report_t *backlog; /* a ring of its own, touched by the stage alone */
    uint32_t capacity;
    uint32_t first;
    uint32_t waiting;
    zample_sample_t *retired_first;
    zample_sample_t *retired_last;
} zample_reporter_t;

/*  The most that one scheduled command can lead to: late, started, and the end of what it started. */
#define ZAMPLE_REPORTS_A_COMMAND 3

void zample_reporter_init (zample_reporter_t *self, zample_report_ring_t *ring, zample_report_t *backlog,
                           uint32_t capacity);

void zample_reporter_tell (zample_reporter_t *self, const zample_report_t *report);

/*  Gives a sample back, to be freed where it was born. */
void zample_reporter_retire (zample_reporter_t *self, zample_sample_t *sample);

/*  Sends what waits. Returns whether nothing waits any more. */
bool zample_reporter_catch_up (zample_reporter_t *self, int64_t frame);

#endif
