/*  What is built before the curtain rises: runs on the thread that makes or destroys an engine. All memory is written
    once here, so that the audio thread meets no page for the first time.
 */
#include "config.h"

#include <stdlib.h>

#include "engine/sample.h"
#include "engine/stage_setup.h"

/*  Memory that is there, not only promised. */
static void *
s_touched (size_t count, size_t size)
{
    void *memory = aligned_alloc (WIRE_APART, (count * size + WIRE_APART - 1) / WIRE_APART * WIRE_APART);
    if (memory)
        memset (memory, 0, count * size);
    return memory;
}

static void
s_init_slots (zample_doorway_t *self)
{
    for (uint32_t slot = 0; slot < self->slot_count; slot++) {
        zample_cell_set (&self->slots[slot].gain, 1.0f);
        zample_cell_set (&self->slots[slot].pan, 0.0f);
        zample_cell_set (&self->slots[slot].speed, 1.0f);
    }
}

zample_doorway_t *
zample_doorway_new (const zample_stage_shape_t *shape)
{
    zample_doorway_t *self = s_touched (1, sizeof *self);
    zample_command_ring_cell_t *commands = s_touched (shape->command_capacity, sizeof *commands);
    zample_report_ring_cell_t *reports = s_touched (shape->event_capacity, sizeof *reports);
    zample_slot_cells_t *slots = s_touched (shape->slots, sizeof *slots);
    if (!self || !commands || !reports || !slots) {
        free (self);
        free (commands);
        free (reports);
        free (slots);
        return NULL;
    }
    zample_command_ring_init (&self->commands, commands, shape->command_capacity);
    zample_report_ring_init (&self->reports, reports, shape->event_capacity);
    zample_latest_init (&self->clock);
    zample_latest_init (&self->meter);
    self->slots = slots;
    self->slot_count = shape->slots;
    s_init_slots (self);
    return self;
}

void
zample_doorway_destroy (zample_doorway_t **self_p)
{
    zample_doorway_t *self = *self_p;
    if (!self)
        return;
    zample_command_t command;
    uint64_t ticket;
    while (zample_command_ring_pop (&self->commands, &command, &ticket))
        if (command.kind == COMMAND_LOAD)
            zample_sample_destroy (&command.u.load.sample);
    free (self->commands.cells);
    free (self->reports.cells);
    free (self->slots);
    free (self);
    *self_p = NULL;
}

typedef struct {
    zample_stage_t stage;
    zample_stage_memory_t memory;
} s_built_t;

zample_stage_t *
zample_stage_new (zample_doorway_t *doorway, uint32_t voices)
{
    s_built_t *built = s_touched (1, sizeof *built);
    if (!built)
        return NULL;
    zample_stage_memory_t memory = {
        .slots = s_touched (doorway->slot_count, sizeof *memory.slots),
        .voices = s_touched (2 * (size_t) voices, sizeof *memory.voices),
        .active = s_touched (2 * (size_t) voices, sizeof *memory.active),
        .scheduled = s_touched (ZAMPLE_SCHEDULE_CAPACITY, sizeof *memory.scheduled),
        .backlog = s_touched (zample_stage_backlog (voices), sizeof *memory.backlog),
        .voice_limit = voices,
    };
    built->memory = memory;
    zample_stage_t *self = &built->stage;
    if (!memory.slots || !memory.voices || !memory.active || !memory.scheduled || !memory.backlog)
        zample_stage_destroy (&self);
    else
        zample_stage_init (self, doorway, &memory);
    return self;
}

void
zample_stage_destroy (zample_stage_t **self_p)
{
    s_built_t *built = (s_built_t *) *self_p;
    if (!built)
        return;
    free (built->memory.slots);
    free (built->memory.voices);
    free (built->memory.active);
    free (built->memory.scheduled);
    free (built->memory.backlog);
    free (built);
    *self_p = NULL;
}
