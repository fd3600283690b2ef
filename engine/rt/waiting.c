/*  Waiting plays: runs on the audio thread, inside the block. */
#include "config.h"

#include "engine/rt/waiting.h"

bool
zample_waiting_add (zample_waiting_t *self, const zample_command_t *play, uint64_t number)
{
    if (self->count == ZAMPLE_WAITING_CAPACITY)
        return false;
    self->plays[self->count++] = (zample_scheduled_t) { .command = *play, .number = number };
    return true;
}

/*  Takes the play at `at`; the order of the others stays. */
static bool
s_take_at (zample_waiting_t *self, uint32_t at, zample_scheduled_t *play)
{
    if (at >= self->count)
        return false;
    *play = self->plays[at];
    self->count--;
    for (; at < self->count; at++)
        self->plays[at] = self->plays[at + 1];
    return true;
}

bool
zample_waiting_take (zample_waiting_t *self, zample_scheduled_t *play)
{
    return s_take_at (self, 0, play);
}

bool
zample_waiting_take_slot (zample_waiting_t *self, uint32_t slot, zample_scheduled_t *play)
{
    uint32_t at = 0;
    while (at < self->count && self->plays[at].command.slot != slot)
        at++;
    return s_take_at (self, at, play);
}

bool
zample_waiting_take_voice (zample_waiting_t *self, uint64_t voice, zample_scheduled_t *play)
{
    uint32_t at = 0;
    while (at < self->count && self->plays[at].number != voice)
        at++;
    return s_take_at (self, at, play);
}
