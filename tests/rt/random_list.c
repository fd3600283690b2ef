/*  Runs on the thread of the test. */
#include "config.h"

#include <check.h>
#include <math.h>

#include "tests/rt/random_list.h"
#include "tests/support/samples.h"

random_t
random_from (uint64_t seed)
{
    return (random_t) { .state = seed * UINT64_C (0x9e3779b97f4a7c15) + 1 };
}

uint32_t
random_below (random_t *self, uint32_t limit)
{
    self->state = self->state * UINT64_C (6364136223846793005) + UINT64_C (1442695040888963407);
    return (uint32_t) ((self->state >> 33) % limit);
}

/* ------------------------------------------------------------------ the list */

static float
s_random_speed (random_t *random)
{
    static const float speeds[] = { 1.0f, 1.0f, 1.0f, 0.5f, 2.0f, 0.01f, 16.0f, 1.0001f };
    uint32_t choice = random_below (random, 16);
    return choice < 8 ? speeds[choice] : 0.1f + (float) random_below (random, 4000) / 1000.0f;
}

static zample_command_t
s_random_play (random_t *random)
{
    return (zample_command_t) {
        .kind = COMMAND_PLAY,
        .slot = random_below (random, LIST_SLOTS),
        .u.play = {
            .gain = (float) random_below (random, 9) / 8.0f,
            .pan = (float) random_below (random, 9) / 4.0f - 1.0f,
            .speed = s_random_speed (random),
            .loop = random_below (random, 2),
            .missing = random_below (random, 3),
        },
    };
}

/*  Mostly to a voice that a PLAY before it has started, sometimes to none. */
static uint64_t
s_random_voice (random_t *random, const list_t *list)
{
    for (int tries = 0; tries < 8 && list->count > 0; tries++) {
        uint32_t at = random_below (random, (uint32_t) list->count);
        if (list->commands[at].kind == COMMAND_PLAY)
            return at + 1;
    }
    return 1 + random_below (random, LIST_COMMANDS_MAX);
}

/*  Mostly that of a LOAD of this slot. */
static uint64_t
s_random_job (random_t *random, const list_t *list, uint32_t slot)
{
    for (int tries = 0; tries < 16 && list->count > 0; tries++) {
        uint32_t at = random_below (random, (uint32_t) list->count);
        if (list->commands[at].kind == COMMAND_LOAD && list->commands[at].slot == slot)
            return at + 1;
    }
    return 1 + random_below (random, LIST_COMMANDS_MAX);
}

static zample_command_t
s_random_command (random_t *random, const list_t *list)
{
    static const uint32_t to_voice[] = { COMMAND_STOP, COMMAND_PAUSE, COMMAND_RESUME, COMMAND_SEEK };
    static const uint32_t to_slot[] = { COMMAND_LOAD,      COMMAND_LOAD,  COMMAND_LOAD,   COMMAND_UNLOAD,
                                        COMMAND_STOP_SLOT, COMMAND_EVICT, COMMAND_GIVE_UP };
    zample_command_t command = { .slot = ZAMPLE_WIRE_NO_SLOT };
    uint32_t choice = random_below (random, 100);
    if (choice < 45)
        return s_random_play (random);
    if (choice < 85) {
        command.kind = to_voice[random_below (random, 4)];
        command.voice = s_random_voice (random, list);
        if (command.kind == COMMAND_SEEK)
            command.u.seek.position_frames = random_below (random, 700);
        return command;
    }
    command.kind = COMMAND_STOP_ALL;
    if (choice < 98) {
        command.kind = to_slot[random_below (random, 7)];
        command.slot = random_below (random, LIST_SLOTS);
        if (command.kind == COMMAND_LOAD)
            command.u.load.keep_voices = random_below (random, 2);
        if (command.kind == COMMAND_EVICT)
            command.u.evict.job = s_random_job (random, list, command.slot);
    }
    return command;
}

static void
s_add (list_t *self, random_t *random, zample_command_t command, int64_t frame)
{
    static const int64_t lengths[] = { 0, 1, 2, 3, 4, 64, 96, 97 };
    uint32_t choice = random_below (random, 16);
    command.frame = frame;
    self->sample_frames[self->count] = choice < 8 ? lengths[choice] : 1 + random_below (random, 900);
    self->commands[self->count++] = command;
}

/*  Frames come in no order, and many are the same. */
static void
s_make (list_t *self, random_t *random)
{
    int count = 10 + (int) random_below (random, LIST_COMMANDS_MAX - 10 - LIST_SLOTS);
    *self = (list_t) { .voices = 1 + random_below (random, 6) };
    for (uint32_t slot = 0; slot < LIST_SLOTS; slot++)
        if (random_below (random, 4) > 0)
            s_add (self, random, (zample_command_t) { .kind = COMMAND_LOAD, .slot = slot }, 1);
    while (self->count < count) {
        int64_t frame = 1 + random_below (random, LIST_FRAMES);
        if (random_below (random, 4) == 0)
            frame = self->count ? self->commands[self->count - 1].frame : 1;
        s_add (self, random, s_random_command (random, self), frame);
    }
}

void
list_make (list_t *self, uint64_t seed)
{
    random_t random = random_from (seed);
    s_make (self, &random);
}

void
list_make_constant (list_t *self, uint64_t seed)
{
    random_t random = random_from (seed);
    s_make (self, &random);
    self->voices = LIST_COMMANDS_MAX;
    if (random_below (&random, 2))
        self->voices = 1 + random_below (&random, 8);
    for (int i = 0; i < self->count; i++) {
        zample_command_t *command = &self->commands[i];
        self->sample_frames[i] = 700 + random_below (&random, 300);
        if (command->kind == COMMAND_PLAY)
            command->u.play.loop = true;
    }
}

/* ------------------------------------------------------------------- the run */

typedef struct {
    run_t *run;
    const list_t *list;
    run_shape_t shape;
    random_t random;
    stage_fixture_t stage;
    zample_sample_t *dead; /* linked by keeper_next, which is its keeper's */
    int pushed;
} s_running_t;

static void
s_bury (s_running_t *self, zample_sample_t *sample)
{
    float *data = sample_writable (sample);
    for (int64_t i = 0; i < ZAMPLE_CHANNELS * sample->frames; i++)
        data[i] = NAN;
    sample->keeper_next = self->dead;
    self->dead = sample;
}

static bool
s_take_report (s_running_t *self)
{
    zample_report_t report;
    if (!zample_report_ring_pop (&self->stage.doorway->reports, &report))
        return false;
    ck_assert_int_lt (self->run->told_count, LIST_TOLD_MAX);
    bool of_sample = report.kind == REPORT_READY || report.kind == REPORT_RETIRED;
    self->run->jobs[self->run->told_count] = of_sample ? report.u.sample->job : 0;
    self->run->told[self->run->told_count++] = report;
    if (report.kind == REPORT_RETIRED)
        s_bury (self, report.u.sample);
    return true;
}

static void
s_take_reports (s_running_t *self)
{
    uint32_t most = UINT32_MAX;
    if (self->shape.stalls)
        most = random_below (&self->random, 3) == 0 ? random_below (&self->random, 6) : 0;
    while (most-- > 0 && s_take_report (self))
        ;
}

static bool
s_push (s_running_t *self, int at)
{
    uint64_t ticket;
    zample_command_t command = self->list->commands[at];
    if (self->shape.pushes_late && random_below (&self->random, 4) == 0)
        command.frame = 0;
    if (command.kind == COMMAND_LOAD) {
        int64_t frames = self->list->sample_frames[at];
        command.u.load.sample =
            self->shape.constant ? fixture_constant (frames, 1.0f) : fixture_noise (frames, (uint32_t) at);
        command.u.load.sample->job = (uint64_t) at + 1;
    }
    if (zample_command_ring_push (&self->stage.doorway->commands, &command, &ticket))
        return true;
    if (command.kind == COMMAND_LOAD)
        zample_sample_destroy (&command.u.load.sample);
    return false;
}

static void
s_push_commands (s_running_t *self)
{
    for (; self->pushed < self->list->count; self->pushed++) {
        int64_t early = LIST_FRAMES;
        if (self->shape.pushes_late)
            early = (int64_t) random_below (&self->random, 300) - 100;
        if (self->list->commands[self->pushed].frame > self->stage.stage->frame + early)
            return;
        if (!s_push (self, self->pushed))
            return;
    }
}

static void
s_run_frames (s_running_t *self)
{
    for (int64_t done = 0, count; done < LIST_FRAMES; done += count) {
        count = self->shape.block ? self->shape.block : 1 + random_below (&self->random, 1024);
        count = count < LIST_FRAMES - done ? count : LIST_FRAMES - done;
        s_push_commands (self);
        zample_stage_render (self->stage.stage, self->run->out + ZAMPLE_CHANNELS * done, count);
        self->run->active[done] = self->stage.stage->active_count;
        s_take_reports (self);
    }
}

static void
s_push_in_the_end (s_running_t *self, zample_command_tag_t kind, uint32_t slot)
{
    zample_command_t command = { .kind = kind, .slot = slot };
    uint64_t ticket;
    while (!zample_command_ring_push (&self->stage.doorway->commands, &command, &ticket)) {
        zample_stage_render (self->stage.stage, NULL, 0);
        while (s_take_report (self))
            ;
    }
}

/*  All frames of the list have passed: what is asked for now is obeyed after all that was asked before, which
    with a small ring of reports is not much in a block. */
static void
s_clear_up (s_running_t *self)
{
    float scratch[FIXTURE_BLOCK * ZAMPLE_CHANNELS];
    s_push_in_the_end (self, COMMAND_STOP_ALL, ZAMPLE_WIRE_NO_SLOT);
    for (uint32_t slot = 0; slot < LIST_SLOTS; slot++)
        s_push_in_the_end (self, COMMAND_UNLOAD, slot);
    for (int blocks = 0; blocks < 4 * LIST_COMMANDS_MAX; blocks++) {
        zample_stage_render (self->stage.stage, scratch, FIXTURE_BLOCK);
        while (s_take_report (self))
            ;
    }
    ck_assert_uint_eq (self->stage.stage->active_count, 0);
}

void
run_list (run_t *self, const list_t *list, run_shape_t shape)
{
    s_running_t running = { .run = self, .list = list, .shape = shape, .random = random_from (shape.seed) };
    zample_stage_shape_t stage = {
        .slots = LIST_SLOTS,
        .voices = list->voices,
        .command_capacity = 256,
        .event_capacity = shape.event_capacity,
    };
    self->told_count = 0;
    fixture_open_shape (&running.stage, &stage);
    s_run_frames (&running);
    self->pushed = running.pushed;
    s_clear_up (&running);
    fixture_close (&running.stage);
    while (running.dead) {
        zample_sample_t *sample = running.dead;
        running.dead = sample->keeper_next;
        zample_sample_destroy (&sample);
    }
}
