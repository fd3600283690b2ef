/*  Keeps the next few files of a list loaded or loading, and tells the terminal how they do. */
#include "config.h"
#include "cli/load.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/tell.h"

#define WIDTH_MAX 8

uint32_t
cli_loads_slots (size_t count)
{
    return count < WIDTH_MAX ? (uint32_t) count : WIDTH_MAX;
}

bool
cli_loads_init (cli_loads_t *self, zample_t *engine, char *const *paths, size_t count)
{
    *self =
        (cli_loads_t) { .engine = engine, .paths = paths, .count = count, .width = cli_loads_slots (count) };
    self->cells = calloc (self->width, sizeof *self->cells);
    self->failed = calloc (count, sizeof *self->failed);
    if (self->cells && self->failed)
        return true;
    cli_say ("there is no memory for a list of %zu files", count);
    cli_loads_reset (self);
    return false;
}

void
cli_loads_reset (cli_loads_t *self)
{
    cli_progress_clear ();
    free (self->cells);
    free (self->failed);
    self->cells = NULL;
    self->failed = NULL;
}

static void
s_fail (cli_loads_t *self, cli_load_t *cell, const char *why)
{
    cli_say ("%s", why);
    cell->state = CLI_LOAD_FAILED;
    self->alone = false;
    self->failed[cell->file] = true;
    self->failures++;
}

static uint32_t
s_slot (const cli_loads_t *self, size_t turn)
{
    return (uint32_t) (turn % self->width);
}

static void
s_begin (cli_loads_t *self, size_t turn)
{
    cli_load_t *cell = &self->cells[s_slot (self, turn)];
    size_t file = turn % self->count;
    if (self->failed[file]) {
        *cell = (cli_load_t) { .file = file, .state = CLI_LOAD_FAILED };
        return;
    }
    if (cell->state == CLI_LOAD_READY && cell->file == file)
        return;
    *cell = (cli_load_t) { .file = file, .state = CLI_LOAD_RUNNING, .oldest = self->oldest };
    if (zample_load (self->engine, s_slot (self, turn), self->paths[file],
                     &(zample_load_t) { .pinned = true }, &cell->job)
        != ZAMPLE_OK) {
        char why[5120];
        snprintf (why, sizeof why, "%.4200s: %s", self->paths[file], zample_why ());
        s_fail (self, cell, why);
    }
}

/*  What a turn's slot holds may make room. */
static void
s_let_go (cli_loads_t *self, size_t turn)
{
    zample_pin (self->engine, s_slot (self, turn), false);
    self->cells[s_slot (self, turn)].state = CLI_LOAD_NONE;
}

void
cli_loads_ask (cli_loads_t *self, size_t oldest, size_t end)
{
    /*  What was played may make room, but that of a short list comes again. */
    for (; self->oldest < oldest; self->oldest++) {
        if (self->scarce || self->count > self->width)
            s_let_go (self, self->oldest);
        self->full = false;
    }
    if (self->alone && end > oldest + 1)
        end = oldest + 1;
    while (self->asked < end && !self->full && self->leaving == 0)
        s_begin (self, self->asked++);
}

/*  Takes back what was asked for from a turn on. What is in memory may stay there until the room is needed. Returns whether
    there was anything but the turn itself. */
static bool
s_take_back (cli_loads_t *self, size_t from)
{
    bool any = self->leaving > 0;
    for (size_t turn = from; turn < self->asked; turn++) {
        cli_load_t *cell = &self->cells[s_slot (self, turn)];
        any |= turn > from && (cell->state == CLI_LOAD_READY || cell->state == CLI_LOAD_RUNNING);
        if (cell->state == CLI_LOAD_RUNNING) {
            zample_cancel (self->engine, cell->job); /* or it has ended, and its event is on its way */
            self->leaving++;
        }
        s_let_go (self, turn);
    }
    self->asked = from;
    return any;
}

/*  There is no room for a turn: it waits until the oldest has been played, and those behind it wait for it. The oldest itself
    needs the room of those behind it; if they had none it has failed. */
static void
s_lacks_room (cli_loads_t *self, cli_load_t *cell, const char *why)
{
    size_t turn = self->oldest;
    while (&self->cells[s_slot (self, turn)] != cell)
        turn++;
    /*  There may be room by now, or in a moment: then it is asked for again. */
    bool is_past = cell->oldest != self->oldest || !self->scarce;
    self->scarce = true;
    for (size_t played = self->asked; played < self->oldest + self->width; played++)
        s_let_go (self, played);
    cell->state = CLI_LOAD_NONE;
    self->full = turn != self->oldest && !is_past;
    self->alone = turn == self->oldest;
    if (s_take_back (self, turn) || self->full || is_past)
        return;
    self->asked = turn + 1;
    s_fail (self, cell, why);
}

/*  The end of a load that was called off. It may have been too late for that. */
static void
s_take_end (cli_loads_t *self, const zample_event_t *event)
{
    if (event->kind != ZAMPLE_EVENT_SUCCESS && event->kind != ZAMPLE_EVENT_ERROR
        && event->kind != ZAMPLE_EVENT_CANCELLED)
        return;
    zample_pin (self->engine, event->slot, false);
    self->leaving--;
}

/*  Says what is not as it should be in a file that was loaded all the same. */
static void
s_warn (const char *path, const zample_event_t *event)
{
    uint32_t warnings = event->u.success.warnings;
    if (warnings & ZAMPLE_WARNING_TRUNCATED)
        cli_say ("%s: the file ends too early: %" PRId64 " frames are missing", path,
                 event->u.success.missing_frames);
    if (warnings & ZAMPLE_WARNING_CORRUPT)
        cli_say ("%s: the file is damaged (packets lost: %" PRIu32 ", frames of silence: %" PRId64 ")", path,
                 event->u.success.damaged, event->u.success.silent_frames);
    if (warnings & ZAMPLE_WARNING_LENGTH)
        cli_say ("%s: the file is longer than it says; all of it was loaded", path);
    if (warnings & ZAMPLE_WARNING_NAN)
        cli_say ("%s: %" PRId64 " values are no finite numbers and became 0", path,
                 event->u.success.nan_values);
}

void
cli_loads_take (cli_loads_t *self, const zample_event_t *event)
{
    cli_load_t *cell = event->slot < self->width ? &self->cells[event->slot] : NULL;
    if (!cell)
        return;
    if (cell->state != CLI_LOAD_RUNNING || cell->job != event->job) {
        s_take_end (self, event);
        return;
    }
    if (event->kind == ZAMPLE_EVENT_PROGRESS) {
        char words[512];
        const char *name = strrchr (self->paths[cell->file], '/');
        snprintf (words, sizeof words, "%s: %s", event->u.progress.stage,
                  name ? name + 1 : self->paths[cell->file]);
        cli_progress (event->u.progress.percent, words);
    }
    else if (event->kind == ZAMPLE_EVENT_SUCCESS) {
        cell->state = CLI_LOAD_READY;
        self->alone = false;
        cell->frames = event->u.success.frames;
        cli_progress_clear ();
        s_warn (self->paths[cell->file], event);
    }
    else if (event->kind == ZAMPLE_EVENT_ERROR && event->u.error.code == ZAMPLE_CODE_OVER_BUDGET)
        s_lacks_room (self, cell, event->u.error.msg);
    else if (event->kind == ZAMPLE_EVENT_ERROR)
        s_fail (self, cell, event->u.error.msg);
}

const cli_load_t *
cli_loads_turn (const cli_loads_t *self, size_t turn)
{
    return &self->cells[turn % self->width];
}

int64_t
cli_frames_at_speed (int64_t frames, float speed)
{
    /*  The engine steps through a sound in 32.32 fixed point. */
    const int64_t one = INT64_C (1) << 32;
    int64_t step = (int64_t) ((double) speed * (double) one + 0.5);
    return (frames * one + step - 1) / step;
}
