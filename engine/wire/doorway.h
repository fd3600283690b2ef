/*  Everything that crosses to and from the audio thread, in one struct: any thread pushes commands and sets
    cells, the stage reads them; the stage reports and writes clock and meter, others read.
 */
#ifndef ZAMPLE_WIRE_DOORWAY_H
#define ZAMPLE_WIRE_DOORWAY_H

#include <string.h>

#include "engine/wire/command.h"
#include "engine/wire/latest.h"
#include "engine/wire/report.h"

/*  What is moved while a slot plays. */
typedef struct {
    zample_cell_t gain;
    zample_cell_t pan;
    zample_cell_t speed;
} zample_slot_cells_t;

typedef struct {
    zample_command_ring_t commands;
    zample_report_ring_t reports;
    zample_latest_t clock;
    zample_latest_t meter;
    zample_slot_cells_t *slots;
    uint32_t slot_count;
} zample_doorway_t;

/*  Frame `frame` is rendered next; that was so at time_ns of CLOCK_MONOTONIC. */
typedef struct {
    int64_t frame;
    int64_t time_ns;
    int64_t delay_frames; /* from here to the ear */
    int64_t unused_;
} zample_clock_record_t;

typedef struct {
    int64_t frame; /* where the window ended */
    float peak[2];
    uint32_t voices;
    uint32_t unused_[3];
} zample_meter_record_t;

static_assert (sizeof (zample_clock_record_t) == ZAMPLE_LATEST_WORDS * sizeof (uint64_t), "fills its cell");
static_assert (sizeof (zample_meter_record_t) == ZAMPLE_LATEST_WORDS * sizeof (uint64_t), "fills its cell");

static inline zample_clock_record_t
zample_doorway_clock (const zample_doorway_t *self)
{
    uint64_t words[ZAMPLE_LATEST_WORDS];
    zample_clock_record_t clock;
    zample_latest_read (&self->clock, words);
    memcpy (&clock, words, sizeof clock);
    return clock;
}

static inline zample_meter_record_t
zample_doorway_meter (const zample_doorway_t *self)
{
    uint64_t words[ZAMPLE_LATEST_WORDS];
    zample_meter_record_t meter;
    zample_latest_read (&self->meter, words);
    memcpy (&meter, words, sizeof meter);
    return meter;
}

#endif
