/*  The commands of include/zample.h: checked on the caller's thread, and pushed. */
#include "config.h"

#include <math.h>

#include "actors/check.h"
#include "actors/engine.h"
#include "actors/fail.h"

static zample_status_t
s_check_number (const char *name, float value, float least, float most)
{
    if (!isfinite (value))
        return zample_fail (ZAMPLE_INVALID, "%s is not a finite number", name);
    if (value < least || value > most)
        return zample_fail (ZAMPLE_RANGE, "%s is %g: it must lie between %g and %g", name, (double) value,
                            (double) least, (double) most);
    return ZAMPLE_OK;
}

static zample_status_t
s_check_frame (int64_t frame)
{
    return frame >= 0 ? ZAMPLE_OK
                      : zample_fail (ZAMPLE_RANGE, "frame %lld is before the first", (long long) frame);
}

/*  Checks the frame that every command carries, and pushes. Half of the ring is left to the engine itself: however many
    commands come, a load finds room for its sample. */
static zample_status_t
s_push (zample_t *self, const zample_command_t *command, uint64_t *number)
{
    uint64_t ticket;
    zample_status_t status = s_check_frame (command->frame);
    if (status != ZAMPLE_OK)
        return status;
    zample_command_ring_t *ring = &self->doorway->commands;
    if (!zample_command_ring_push_leaving (ring, command, &ticket, (ring->mask + 1) / 2))
        return zample_fail (ZAMPLE_FULL, "the command ring is full");
    if (number)
        *number = zample_command_number (ticket);
    return ZAMPLE_OK;
}

static zample_status_t
s_check_play (const zample_t *self, uint32_t slot, const zample_play_t *how)
{
    zample_status_t status = zample_check_slot (self, slot);
    if (status == ZAMPLE_OK && (unsigned) how->missing > ZAMPLE_MISSING_WAIT)
        return zample_fail (ZAMPLE_INVALID, "missing is %d: there is no such policy", (int) how->missing);
    if (status == ZAMPLE_OK)
        status = s_check_number ("velocity", how->velocity, 0.0f, 1.0f);
    if (status == ZAMPLE_OK)
        status = s_check_number ("gain", how->gain, 0.0f, ZAMPLE_GAIN_MAX);
    if (status == ZAMPLE_OK)
        status = s_check_number ("pan", how->pan, -1.0f, 1.0f);
    if (status == ZAMPLE_OK)
        status = s_check_number ("speed", how->speed, ZAMPLE_SPEED_MIN, ZAMPLE_SPEED_MAX);
    return status;
}

zample_status_t
zample_play (zample_t *self, uint32_t slot, const zample_play_t *how, uint64_t *voice)
{
    static const zample_play_t usual = { .velocity = 1.0f, .gain = 1.0f, .speed = 1.0f };
    if (!how)
        how = &usual;
    zample_status_t status = s_check_play (self, slot, how);
    if (status != ZAMPLE_OK)
        return status;
    zample_command_t command = {
        .kind = COMMAND_PLAY,
        .slot = slot,
        .frame = how->frame,
        .u.play = { .gain = how->velocity * how->gain,
                    .pan = how->pan,
                    .speed = how->speed,
                    .loop = how->loop,
                    .missing = (uint32_t) how->missing },
    };
    return s_push (self, &command, voice);
}

/*  A command to one voice. */
static zample_status_t
s_tell_voice (zample_t *self, zample_command_t *command)
{
    if (!self)
        return zample_check_engine (self);
    if (command->voice == 0)
        return zample_fail (ZAMPLE_RANGE, "voice 0 is no voice: they count from 1");
    command->slot = ZAMPLE_WIRE_NO_SLOT;
    return s_push (self, command, NULL);
}

zample_status_t
zample_stop (zample_t *self, uint64_t voice, int64_t frame)
{
    zample_command_t command = { .kind = COMMAND_STOP, .voice = voice, .frame = frame };
    return s_tell_voice (self, &command);
}

zample_status_t
zample_pause (zample_t *self, uint64_t voice, int64_t frame)
{
    zample_command_t command = { .kind = COMMAND_PAUSE, .voice = voice, .frame = frame };
    return s_tell_voice (self, &command);
}

zample_status_t
zample_resume (zample_t *self, uint64_t voice, int64_t frame)
{
    zample_command_t command = { .kind = COMMAND_RESUME, .voice = voice, .frame = frame };
    return s_tell_voice (self, &command);
}

zample_status_t
zample_seek (zample_t *self, uint64_t voice, int64_t position_frames, int64_t frame)
{
    if (position_frames < 0)
        return zample_fail (ZAMPLE_RANGE, "position %lld is before the beginning",
                            (long long) position_frames);
    zample_command_t command = {
        .kind = COMMAND_SEEK, .voice = voice, .frame = frame, .u.seek.position_frames = position_frames
    };
    return s_tell_voice (self, &command);
}

/*  A command to one slot. */
static zample_status_t
s_tell_slot (zample_t *self, const zample_command_t *command)
{
    zample_status_t status = zample_check_slot (self, command->slot);
    return status == ZAMPLE_OK ? s_push (self, command, NULL) : status;
}

zample_status_t
zample_stop_slot (zample_t *self, uint32_t slot, int64_t frame)
{
    zample_command_t command = { .kind = COMMAND_STOP_SLOT, .slot = slot, .frame = frame };
    return s_tell_slot (self, &command);
}

zample_status_t
zample_unload (zample_t *self, uint32_t slot, int64_t frame)
{
    zample_command_t command = { .kind = COMMAND_UNLOAD, .slot = slot, .frame = frame };
    return s_tell_slot (self, &command);
}

zample_status_t
zample_stop_all (zample_t *self, int64_t frame)
{
    zample_command_t command = { .kind = COMMAND_STOP_ALL, .slot = ZAMPLE_WIRE_NO_SLOT, .frame = frame };
    return self ? s_push (self, &command, NULL) : zample_check_engine (self);
}

/* -------------------------------------------------------------------- cells */

static zample_status_t
s_check_cell (const zample_t *self, uint32_t slot, const char *name, float value, float least, float most)
{
    zample_status_t status = zample_check_slot (self, slot);
    return status == ZAMPLE_OK ? s_check_number (name, value, least, most) : status;
}

zample_status_t
zample_set_gain (zample_t *self, uint32_t slot, float gain)
{
    zample_status_t status = s_check_cell (self, slot, "gain", gain, 0.0f, ZAMPLE_GAIN_MAX);
    if (status == ZAMPLE_OK)
        zample_cell_set (&self->doorway->slots[slot].gain, gain);
    return status;
}

zample_status_t
zample_set_pan (zample_t *self, uint32_t slot, float pan)
{
    zample_status_t status = s_check_cell (self, slot, "pan", pan, -1.0f, 1.0f);
    if (status == ZAMPLE_OK)
        zample_cell_set (&self->doorway->slots[slot].pan, pan);
    return status;
}

zample_status_t
zample_set_speed (zample_t *self, uint32_t slot, float speed)
{
    zample_status_t status = s_check_cell (self, slot, "speed", speed, ZAMPLE_SPEED_MIN, ZAMPLE_SPEED_MAX);
    if (status == ZAMPLE_OK)
        zample_cell_set (&self->doorway->slots[slot].speed, speed);
    return status;
}
