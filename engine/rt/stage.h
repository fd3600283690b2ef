/*  The stage: all that the audio thread may touch, and the one function that renders a block.

    A block is cut at the frames at which commands take effect, so that each is exact to the frame:

        command ring -> (due now: obey) -> schedule -> [voices ... | obey | voices ... ] -> meter -> out
                                                             |
                                                        reporter -> report ring

    Nothing here allocates, locks, or makes a system call. Memory comes from stage_setup.c and goes back there.
 */
#ifndef ZAMPLE_RT_STAGE_H
#define ZAMPLE_RT_STAGE_H

#include "engine/rt/meter.h"
#include "engine/rt/reporter.h"
#include "engine/rt/schedule.h"
#include "engine/rt/voice.h"
#include "engine/rt/waiting.h"
#include "engine/wire/doorway.h"

/* The most commands taken from the ring in one block; the rest waits for the next. */
#define ZAMPLE_COMMANDS_A_BLOCK 256
#define ZAMPLE_SCHEDULE_CAPACITY 1024

typedef struct {
    zample_doorway_t *doorway;
    int64_t frame; /* the next to be rendered */

    zample_sample_t **slots;

    /* Voices that sound, pause or fade stand in `active`, in the order in which they started; the rest of the
       array holds those that are free. Half of them are for voices, half for ghosts. */
    zample_voice_t **active;
    uint32_t active_count;
    uint32_t voice_count; /* active ones that are no ghosts */
    uint32_t voice_limit;

    zample_schedule_t schedule;
    zample_waiting_t waiting;
    zample_reporter_t reporter;
    zample_meter_state_t meter;
} zample_stage_t;

/*  Memory that a stage works in. */
typedef struct {
    zample_sample_t **slots;       /* doorway->slot_count */
    zample_voice_t *voices;        /* 2 * voice_limit */
    zample_voice_t **active;       /* 2 * voice_limit */
    zample_scheduled_t *scheduled; /* ZAMPLE_SCHEDULE_CAPACITY */
    zample_report_t *backlog;      /* zample_stage_backlog (voice_limit) */
    uint32_t voice_limit;
} zample_stage_memory_t;

uint32_t zample_stage_backlog (uint32_t voice_limit);
void zample_stage_init (zample_stage_t *self, zample_doorway_t *doorway, const zample_stage_memory_t *memory);

/*  Renders the next `frames` frames into `out`, which it overwrites. */
void zample_stage_render (zample_stage_t *self, float *out, int64_t frames);

/*  Tells what happened to the device. False if there is no room now: try again after
    the next block. */
bool zample_stage_tell (zample_stage_t *self, const zample_report_t *report);

/*  Tells what waited for room. Returns whether nothing waits any more; if not, the report ring is full. */
bool zample_stage_catch_up (zample_stage_t *self);

/* ---- between stage.c, which runs the block, and obey.c, which obeys commands */

void zample_stage_obey (zample_stage_t *self, const zample_command_t *command, uint64_t number);
void zample_stage_report_voice (zample_stage_t *self, const zample_voice_t *voice, zample_report_tag_t kind,
                                int64_t frame);
void zample_stage_tell_late (zample_stage_t *self, const zample_command_t *command, uint64_t number);
void zample_stage_reject (zample_stage_t *self, const zample_command_t *command, uint64_t number,
                          zample_rejected_tag_t reason);

/*  Takes active[at] off the stage; the order of the others stays. */
void zample_stage_remove_voice (zample_stage_t *self, uint32_t at);

#endif
