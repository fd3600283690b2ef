/*  Commands that wait for their frame: a binary heap in memory of the caller, ordered by frame and, where frames
    are equal, by the order in which they came.
 */
#ifndef ZAMPLE_RT_SCHEDULE_H
#define ZAMPLE_RT_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/wire/command.h"

typedef struct {
    zample_command_t command;
    uint64_t number;
} zample_scheduled_t;

typedef struct {
    zample_scheduled_t *heap;
    uint32_t count;
    uint32_t capacity;
} zample_schedule_t;

void zample_schedule_init (zample_schedule_t *self, zample_scheduled_t *memory, uint32_t capacity);

/*  False if it is full. */
bool zample_schedule_add (zample_schedule_t *self, const zample_command_t *command, uint64_t number);

/*  The frame of the next command, INT64_MAX if there is none. */
int64_t zample_schedule_next_frame (const zample_schedule_t *self);

/*  Takes the next command. There must be one. */
zample_scheduled_t zample_schedule_take (zample_schedule_t *self);

#endif
