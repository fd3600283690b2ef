/*  Plays that wait for the sound of their slot, in the order in which they came. */
#ifndef ZAMPLE_RT_WAITING_H
#define ZAMPLE_RT_WAITING_H

#include <stdbool.h>

#include "engine/rt/schedule.h"

#define ZAMPLE_WAITING_CAPACITY 256

typedef struct {
    zample_scheduled_t plays[ZAMPLE_WAITING_CAPACITY];
    uint32_t count;
} zample_waiting_t;

/*  False if it is full. */
bool zample_waiting_add (zample_waiting_t *self, const zample_command_t *play, uint64_t number);

/*  Each takes the first that it fits, or says that there is none. */
bool zample_waiting_take (zample_waiting_t *self, zample_scheduled_t *play);
bool zample_waiting_take_slot (zample_waiting_t *self, uint32_t slot, zample_scheduled_t *play);
bool zample_waiting_take_voice (zample_waiting_t *self, uint64_t voice, zample_scheduled_t *play);

#endif
