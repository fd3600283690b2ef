/*  The block: runs on the audio thread, or offline on the caller's. */
#include "config.h"

#include "engine/rt/stage.h"

uint32_t
zample_stage_backlog (uint32_t voice_limit)
{
    return voice_limit + (ZAMPLE_SCHEDULE_CAPACITY + ZAMPLE_WAITING_CAPACITY + 1) * ZAMPLE_REPORTS_A_COMMAND;
}

void
zample_stage_init (zample_stage_t *self, zample_doorway_t *doorway, const zample_stage_memory_t *memory)
{
    *self = (zample_stage_t) {
        .doorway = doorway,
        .slots = memory->slots,
        .active = memory->active,
        .voice_limit = memory->voice_limit,
    };
    for (uint32_t slot = 0; slot < doorway->slot_count; slot++)
        self->slots[slot] = NULL;
    for (uint32_t i = 0; i < 2 * memory->voice_limit; i++)
        self->active[i] = &memory->voices[i];
    zample_schedule_init (&self->schedule, memory->scheduled, ZAMPLE_SCHEDULE_CAPACITY);
    zample_reporter_init (&self->reporter, &doorway->reports, memory->backlog,
                          zample_stage_backlog (memory->voice_limit));
    zample_meter_init (&self->meter, &doorway->meter);
}

void
zample_stage_report_voice (zample_stage_t *self, const zample_voice_t *voice, zample_report_tag_t kind,
                           int64_t frame)
{
    zample_report_t report = {
        .kind = (uint8_t) kind, .slot = voice->slot, .frame = frame, .voice = voice->number
    };
    if (kind == REPORT_VOICE_ENDED)
        report.reason = (uint8_t) voice->reason;
    zample_reporter_tell (&self->reporter, &report);
}

void
zample_stage_reject (zample_stage_t *self, const zample_command_t *command, uint64_t number,
                     zample_rejected_tag_t reason)
{
    zample_report_t report = {
        .kind = REPORT_REJECTED,
        .command = (uint8_t) command->kind,
        .reason = (uint8_t) reason,
        .slot = command->slot,
        .frame = self->frame,
        .voice = command->voice,
        .number = number,
    };
    if (command->kind == COMMAND_LOAD)
        report.u.sample = command->u.load.sample;
    zample_reporter_tell (&self->reporter, &report);
}

/*  What a voice held that is no longer active. */
static void
s_let_go (zample_stage_t *self, const zample_voice_t *voice)
{
    zample_sample_t *sample = voice->sample;
    if (--sample->users == 0 && sample->leaving)
        zample_reporter_retire (&self->reporter, sample);
    if (voice->number != 0)
        self->voice_count--;
}

void
zample_stage_remove_voice (zample_stage_t *self, uint32_t at)
{
    zample_voice_t *voice = self->active[at];
    s_let_go (self, voice);
    self->active_count--;
    for (uint32_t i = at; i < self->active_count; i++)
        self->active[i] = self->active[i + 1];
    self->active[self->active_count] = voice;
}

/*  Returns whether the voice stays. */
static bool
s_render_voice (zample_stage_t *self, zample_voice_t *voice, float *out, int64_t frames)
{
    int64_t sounded = zample_voice_render (voice, out, frames);
    bool faded = voice->state == VOICE_ENDING && voice->ramp_left == 0;
    if (sounded == frames && !faded)
        return true;
    if (voice->state != VOICE_ENDING)
        voice->reason = ENDED_FINISHED;
    if (voice->number != 0)
        zample_stage_report_voice (self, voice, REPORT_VOICE_ENDED, self->frame + sounded);
    return false;
}

/*  Those that stay move up in one pass: thousands may end in one block. */
static void
s_render_voices (zample_stage_t *self, float *out, int64_t frames)
{
    uint32_t kept = 0;
    for (uint32_t at = 0; at < self->active_count; at++) {
        zample_voice_t *voice = self->active[at];
        if (s_render_voice (self, voice, out, frames)) {
            self->active[at] = self->active[kept];
            self->active[kept++] = voice;
        }
        else
            s_let_go (self, voice);
    }
    self->active_count = kept;
}

void
zample_stage_tell_late (zample_stage_t *self, const zample_command_t *command, uint64_t number)
{
    zample_report_t report = {
        .kind = REPORT_LATE,
        .command = (uint8_t) command->kind,
        .slot = command->slot,
        .frame = self->frame,
        .voice = command->voice,
        .number = number,
        .u.frames = self->frame - command->frame,
    };
    zample_reporter_tell (&self->reporter, &report);
}

static void
s_obey_what_is_due (zample_stage_t *self)
{
    while (zample_schedule_next_frame (&self->schedule) <= self->frame) {
        zample_scheduled_t due = zample_schedule_take (&self->schedule);
        zample_stage_obey (self, &due.command, due.number);
    }
}

/*  A command for a later frame waits in the schedule; what is scheduled for this very frame came before what is taken
    now, and is obeyed before it. */
static void
s_take_commands (zample_stage_t *self)
{
    zample_command_t command;
    uint64_t ticket;
    for (int taken = 0; taken < ZAMPLE_COMMANDS_A_BLOCK; taken++) {
        if (!zample_stage_catch_up (self))
            return;
        if (!zample_command_ring_pop (&self->doorway->commands, &command, &ticket))
            return;
        uint64_t number = zample_command_number (ticket);
        if (command.kind == COMMAND_PLAY)
            command.voice = number;
        if (command.frame > self->frame) {
            if (!zample_schedule_add (&self->schedule, &command, number))
                zample_stage_reject (self, &command, number, REJECTED_SCHEDULE_FULL);
            continue;
        }
        if (command.frame != 0 && command.frame < self->frame)
            zample_stage_tell_late (self, &command, number);
        zample_stage_obey (self, &command, number);
    }
}

static void
s_follow_cells (zample_stage_t *self)
{
    for (uint32_t at = 0; at < self->active_count; at++) {
        zample_voice_t *voice = self->active[at];
        zample_voice_follow (voice, &self->doorway->slots[voice->slot]);
    }
}

void
zample_stage_render (zample_stage_t *self, float *out, int64_t frames)
{
    memset (out, 0, (size_t) frames * ZAMPLE_CHANNELS * sizeof *out);
    s_follow_cells (self);
    s_obey_what_is_due (self);
    s_take_commands (self);
    int64_t first = self->frame, end = first + frames;
    while (self->frame < end) {
        int64_t next = zample_schedule_next_frame (&self->schedule);
        int64_t until = next < end ? next : end;
        s_render_voices (self, out + 2 * (self->frame - first), until - self->frame);
        self->frame = until;
        if (until < end)
            s_obey_what_is_due (self);
    }
    zample_meter_watch (&self->meter, out, frames, first, self->voice_count);
    zample_stage_catch_up (self);
}

bool
zample_stage_catch_up (zample_stage_t *self)
{
    return zample_reporter_catch_up (&self->reporter, self->frame);
}

bool
zample_stage_tell (zample_stage_t *self, const zample_report_t *report)
{
    return zample_stage_catch_up (self) && zample_report_ring_push (self->reporter.ring, report);
}
