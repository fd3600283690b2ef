/*  Obeys commands at the frame at which the stage stands: runs on the audio thread, inside the block.

    A voice that has to leave before its time never stops dead: it fades out, under its own number where it was
    stopped, or as a ghost without one where its place or its position was needed at once.
 */
#include "config.h"

#include "engine/rt/stage.h"

/*  The voice with that number, unless it is on its way out. Numbers are never given twice, so a stale one finds
    nothing. */
static zample_voice_t *
s_find_voice (zample_stage_t *self, uint64_t number)
{
    for (uint32_t at = 0; at < self->active_count; at++) {
        zample_voice_t *voice = self->active[at];
        if (voice->number == number && voice->state != VOICE_ENDING)
            return voice;
    }
    return NULL;
}

static void
s_end (zample_voice_t *voice, zample_ended_tag_t reason)
{
    if (voice->state == VOICE_ENDING)
        return;
    voice->state = VOICE_ENDING;
    voice->reason = reason;
    zample_voice_fade_out (voice);
}

static void
s_end_slot (zample_stage_t *self, uint32_t slot, zample_ended_tag_t reason)
{
    for (uint32_t at = 0; at < self->active_count; at++)
        if (self->active[at]->slot == slot)
            s_end (self->active[at], reason);
}

static float
s_level (const zample_voice_t *voice)
{
    return voice->level[0] > voice->level[1] ? voice->level[0] : voice->level[1];
}

/*  Where it stands in `active`. There must be one. */
static uint32_t
s_find_quietest_ghost (const zample_stage_t *self)
{
    uint32_t quietest = self->active_count;
    for (uint32_t at = 0; at < self->active_count; at++) {
        if (self->active[at]->number != 0)
            continue;
        if (quietest == self->active_count || s_level (self->active[at]) < s_level (self->active[quietest]))
            quietest = at;
    }
    return quietest;
}

/*  A free voice at the end of the order. There are as many places for ghosts as for voices; when even those
    are taken, the quietest ghost makes room: of a chord that steals itself, one not yet heard. */
static zample_voice_t *
s_new_active (zample_stage_t *self)
{
    if (self->active_count == 2 * self->voice_limit)
        zample_stage_remove_voice (self, s_find_quietest_ghost (self));
    return self->active[self->active_count++];
}

/*  The one that started first goes, one that is fading out anyway before all others. */
static void
s_steal (zample_stage_t *self)
{
    zample_voice_t *oldest = NULL;
    for (uint32_t at = 0; at < self->active_count; at++) {
        zample_voice_t *voice = self->active[at];
        if (voice->number == 0)
            continue;
        if (!oldest)
            oldest = voice;
        if (voice->state == VOICE_ENDING) {
            oldest = voice;
            break;
        }
    }
    s_end (oldest, ENDED_STOLEN);
    zample_stage_report_voice (self, oldest, REPORT_VOICE_ENDED, self->frame);
    oldest->number = 0;
    self->voice_count--;
}

/* ----------------------------------------------------------- plays without a sound */

static void
s_report_play (zample_stage_t *self, const zample_command_t *play, zample_report_tag_t kind,
               zample_ended_tag_t reason)
{
    zample_report_t report = { .kind = (uint8_t) kind,
                               .reason = (uint8_t) reason,
                               .slot = play->slot,
                               .frame = self->frame,
                               .voice = play->voice };
    zample_reporter_tell (&self->reporter, &report);
}

/*  A play that waits is late from the moment on at which it should have been heard. */
static void
s_wait (zample_stage_t *self, const zample_command_t *command, uint64_t number)
{
    zample_command_t play = *command;
    play.frame = self->frame;
    if (zample_waiting_add (&self->waiting, &play, number))
        s_report_play (self, &play, REPORT_WAITING, 0);
    else
        zample_stage_reject (self, command, number, REJECTED_TOO_MANY_WAIT);
}

static void
s_miss (zample_stage_t *self, const zample_command_t *command, uint64_t number)
{
    if (command->u.play.missing == MISSING_WAIT)
        s_wait (self, command, number);
    else if (command->u.play.missing == MISSING_SKIP)
        s_report_play (self, command, REPORT_SKIPPED, 0);
    else
        zample_stage_reject (self, command, number, REJECTED_EMPTY_SLOT);
}

static void
s_end_waiting_slot (zample_stage_t *self, uint32_t slot, zample_ended_tag_t reason)
{
    zample_scheduled_t play;
    while (zample_waiting_take_slot (&self->waiting, slot, &play))
        s_report_play (self, &play.command, REPORT_VOICE_ENDED, reason);
}

static void
s_end_waiting (zample_stage_t *self)
{
    zample_scheduled_t play;
    while (zample_waiting_take (&self->waiting, &play))
        s_report_play (self, &play.command, REPORT_VOICE_ENDED, ENDED_STOPPED);
}

/* -------------------------------------------------------------------- commands */

static void
s_play (zample_stage_t *self, const zample_command_t *command, uint64_t number)
{
    zample_sample_t *sample = self->slots[command->slot];
    if (!sample) {
        s_miss (self, command, number);
        return;
    }
    if (self->voice_count == self->voice_limit)
        s_steal (self);
    zample_voice_t *voice = s_new_active (self);
    zample_voice_start (voice, number, sample, command, &self->doorway->slots[command->slot]);
    sample->users++;
    self->voice_count++;
    zample_stage_report_voice (self, voice, REPORT_VOICE_STARTED, self->frame);
}

static void
s_pause (zample_stage_t *self, zample_voice_t *voice)
{
    if (voice->state != VOICE_SOUNDING)
        return;
    voice->state = VOICE_PAUSING;
    zample_voice_fade_out (voice);
    zample_stage_report_voice (self, voice, REPORT_VOICE_PAUSED, self->frame);
}

static void
s_resume (zample_stage_t *self, zample_voice_t *voice)
{
    if (voice->state == VOICE_SOUNDING)
        return;
    voice->state = VOICE_SOUNDING;
    zample_voice_fade_in (voice);
    zample_stage_report_voice (self, voice, REPORT_VOICE_RESUMED, self->frame);
}

/*  What sounds now fades out as a ghost while the voice itself fades in at its new place: a crossfade. */
static void
s_seek (zample_stage_t *self, zample_voice_t *voice, int64_t position_frames)
{
    if (voice->state != VOICE_PAUSED) {
        zample_voice_t *ghost = s_new_active (self);
        *ghost = *voice;
        ghost->number = 0;
        ghost->sample->users++;
        s_end (ghost, ENDED_STOPPED);
        voice->level[0] = voice->level[1] = 0.0f;
        if (voice->state == VOICE_SOUNDING)
            zample_voice_fade_in (voice);
        else
            voice->state = VOICE_PAUSED;
    }
    voice->position = position_frames << 32;
}

/*  To a voice, by its number. */
static void
s_obey_voice (zample_stage_t *self, const zample_command_t *command, uint64_t number)
{
    zample_voice_t *voice = s_find_voice (self, command->voice);
    zample_scheduled_t play;
    if (command->kind == COMMAND_STOP && zample_waiting_take_voice (&self->waiting, command->voice, &play))
        s_report_play (self, &play.command, REPORT_VOICE_ENDED, ENDED_STOPPED);
    else if (!voice)
        zample_stage_reject (self, command, number, REJECTED_NO_VOICE);
    else if (command->kind == COMMAND_STOP)
        s_end (voice, ENDED_STOPPED);
    else if (command->kind == COMMAND_PAUSE)
        s_pause (self, voice);
    else if (command->kind == COMMAND_RESUME)
        s_resume (self, voice);
    else if (command->u.seek.position_frames >= voice->sample->frames)
        zample_stage_reject (self, command, number, REJECTED_BEHIND_END);
    else
        s_seek (self, voice, command->u.seek.position_frames);
}

/*  Takes what a slot holds off it; the sample is retired when the last voice that reads it is done. */
static void
s_empty_slot (zample_stage_t *self, uint32_t slot, zample_ended_tag_t reason)
{
    zample_sample_t *sample = self->slots[slot];
    if (!sample)
        return;
    self->slots[slot] = NULL;
    sample->leaving = (uint8_t) reason;
    if (sample->users == 0)
        zample_reporter_retire (&self->reporter, sample);
}

static void
s_unload (zample_stage_t *self, const zample_command_t *command, uint64_t number)
{
    if (!self->slots[command->slot]) {
        zample_stage_reject (self, command, number, REJECTED_EMPTY_SLOT);
        return;
    }
    s_end_slot (self, command->slot, ENDED_UNLOADED);
    s_empty_slot (self, command->slot, ENDED_UNLOADED);
}

/*  If the sample is no longer there, it is being retired anyway. */
static void
s_evict (zample_stage_t *self, const zample_command_t *command)
{
    zample_sample_t *sample = self->slots[command->slot];
    if (!sample || sample->job != command->u.evict.job)
        return;
    if (sample->users == 0) {
        s_empty_slot (self, command->slot, ENDED_EVICTED);
        return;
    }
    zample_report_t report = {
        .kind = REPORT_KEPT, .slot = command->slot, .frame = self->frame, .u.sample = sample
    };
    zample_reporter_tell (&self->reporter, &report);
}

static void
s_start_waiting (zample_stage_t *self, uint32_t slot)
{
    zample_scheduled_t play;
    while (zample_waiting_take_slot (&self->waiting, slot, &play)) {
        zample_stage_tell_late (self, &play.command, play.number);
        s_play (self, &play.command, play.number);
    }
}

static void
s_load (zample_stage_t *self, const zample_command_t *command)
{
    zample_sample_t *sample = command->u.load.sample;
    uint32_t slot = command->slot;
    if (!command->u.load.keep_voices)
        s_end_slot (self, slot, ENDED_REPLACED);
    s_empty_slot (self, slot, ENDED_REPLACED);
    sample->slot = slot;
    sample->users = 0;
    sample->leaving = 0;
    self->slots[slot] = sample;
    zample_report_t report = { .kind = REPORT_READY, .slot = slot, .frame = self->frame, .u.sample = sample };
    zample_reporter_tell (&self->reporter, &report);
    s_start_waiting (self, slot);
}

void
zample_stage_obey (zample_stage_t *self, const zample_command_t *command, uint64_t number)
{
    switch ((zample_command_tag_t) command->kind) {
    case COMMAND_LOAD: s_load (self, command); break;
    case COMMAND_UNLOAD: s_unload (self, command, number); break;
    case COMMAND_PLAY: s_play (self, command, number); break;
    case COMMAND_STOP_SLOT:
        s_end_slot (self, command->slot, ENDED_STOPPED);
        s_end_waiting_slot (self, command->slot, ENDED_STOPPED);
        break;
    case COMMAND_EVICT: s_evict (self, command); break;
    case COMMAND_GIVE_UP: s_end_waiting_slot (self, command->slot, ENDED_FAILED); break;
    case COMMAND_STOP_ALL:
        for (uint32_t at = 0; at < self->active_count; at++)
            s_end (self->active[at], ENDED_STOPPED);
        s_end_waiting (self);
        break;
    case COMMAND_STOP:
    case COMMAND_PAUSE:
    case COMMAND_RESUME:
    case COMMAND_SEEK: s_obey_voice (self, command, number); break;
    }
}
