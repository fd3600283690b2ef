/*  Runs on the thread of the test. */
#include "config.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "engine/sample.h"
#include "tests/golden/scenario.h"

#define LINE_SIZE 256

static zample_sample_t *
s_find_sample (scenario_t *self, const char *name)
{
    for (int i = 0; i < self->sample_count; i++) {
        zample_sample_t *sample = self->samples[i].sample;
        if (!sample || strcmp (self->samples[i].name, name) != 0)
            continue;
        self->samples[i].sample = NULL; /* a sample crosses once */
        return sample;
    }
    ck_abort_msg ("there is no sample %s left", name);
    return NULL;
}

static void
s_read_sample (scenario_t *self, const char *line)
{
    char name[16], kind[16], value[32];
    int64_t frames;
    ck_assert_int_eq (sscanf (line, "sample %15s %" SCNd64 " %15s %31s", name, &frames, kind, value), 4);
    ck_assert_int_lt (self->sample_count, SCENARIO_SAMPLES_MAX);
    strcpy (self->samples[self->sample_count].name, name);
    self->samples[self->sample_count++].sample = strcmp (kind, "noise") == 0
                                                     ? fixture_noise (frames, (uint32_t) atoi (value))
                                                     : fixture_constant (frames, strtof (value, NULL));
}

static void
s_read_cell (scenario_t *self, int64_t frame, const char *rest)
{
    uint32_t slot;
    char name[16], value[32];
    ck_assert_int_eq (sscanf (rest, "%" SCNu32 " %15s %31s", &slot, name, value), 3);
    ck_assert_int_lt (self->cell_count, SCENARIO_CELLS_MAX);
    zample_slot_cells_t *cells = &self->stage.doorway->slots[slot];
    zample_cell_t *cell = &cells->speed;
    if (strcmp (name, "gain") == 0)
        cell = &cells->gain;
    else if (strcmp (name, "pan") == 0)
        cell = &cells->pan;
    self->cells[self->cell_count++] = (scenario_cell_t) {
        .frame = frame, .cell = cell, .value = strtof (value, NULL)
    };
}

/*  The number behind the word `name`, if it stands in `rest`. */
static float
s_option (const char *rest, const char *name, float usual)
{
    const char *at = strstr (rest, name);
    return at ? strtof (at + strlen (name), NULL) : usual;
}

static void
s_read_play (scenario_t *self, int64_t frame, const char *rest)
{
    fixture_play_t how = {
        .gain = s_option (rest, "gain", 1.0f),
        .pan = s_option (rest, "pan", 0.0f),
        .speed = s_option (rest, "speed", 1.0f),
        .loop = strstr (rest, "loop") != NULL,
    };
    fixture_play (&self->stage, frame, (uint32_t) atoi (rest), how);
}

static zample_command_tag_t
s_kind (const char *name)
{
    static const char *const names[] = {
        [COMMAND_UNLOAD] = "unload",
        [COMMAND_STOP] = "stop",
        [COMMAND_STOP_SLOT] = "stop_slot",
        [COMMAND_STOP_ALL] = "stop_all",
        [COMMAND_PAUSE] = "pause",
        [COMMAND_RESUME] = "resume",
    };
    for (int kind = 0; kind < (int) (sizeof names / sizeof *names); kind++)
        if (names[kind] && strcmp (names[kind], name) == 0)
            return (zample_command_tag_t) kind;
    ck_abort_msg ("there is no command %s", name);
    return COMMAND_STOP;
}

static void
s_read_command (scenario_t *self, const char *line)
{
    int64_t frame;
    char name[16], what[16] = "";
    int at = 0;
    ck_assert_int_ge (sscanf (line, "%" SCNd64 " %15s %n", &frame, name, &at), 2);
    const char *rest = line + at;
    uint64_t first = strtoull (rest, NULL, 10);
    sscanf (rest, "%*s %15s", what);
    if (strcmp (name, "cell") == 0)
        s_read_cell (self, frame, rest);
    else if (strcmp (name, "load") == 0)
        fixture_load (&self->stage, frame, (uint32_t) first, s_find_sample (self, what));
    else if (strcmp (name, "play") == 0)
        s_read_play (self, frame, rest);
    else if (strcmp (name, "seek") == 0)
        fixture_seek (&self->stage, frame, first, strtoll (what, NULL, 10));
    else if (s_kind (name) == COMMAND_UNLOAD || s_kind (name) == COMMAND_STOP_SLOT)
        fixture_tell_slot (&self->stage, frame, s_kind (name), (uint32_t) first);
    else
        fixture_tell_voice (&self->stage, frame, s_kind (name), first);
}

static void
s_read_bits (scenario_t *self, const char *line)
{
    char *end;
    for (const char *at = line;; at = end) {
        uint32_t bits = (uint32_t) strtoul (at, &end, 16);
        if (end == at)
            return;
        ck_assert_int_lt (self->bit_count, 2 * self->frames);
        self->bits[self->bit_count++] = bits;
    }
}

/*  The shape comes before all that needs the stage. */
static void
s_read_line (scenario_t *self, const char *line, bool in_outcome)
{
    if (*line == '#' || *line == '\n')
        return;
    if (strncmp (line, "event ", 6) == 0) {
        ck_assert_int_lt (self->event_count, SCENARIO_EVENTS_MAX);
        char *event = self->events[self->event_count++];
        snprintf (event, SCENARIO_EVENT_SIZE, "%.*s", (int) strcspn (line, "\n"), line);
    }
    else if (in_outcome)
        s_read_bits (self, line);
    else if (sscanf (line, "slots %" SCNu32, &self->shape.slots) == 1
             || sscanf (line, "voices %" SCNu32, &self->shape.voices) == 1)
        return;
    else if (sscanf (line, "frames %" SCNd64, &self->frames) == 1) {
        fixture_open_shape (&self->stage, &self->shape);
        self->bits = calloc ((size_t) (2 * self->frames), sizeof *self->bits);
        ck_assert_ptr_nonnull (self->bits);
    }
    else if (strncmp (line, "sample ", 7) == 0)
        s_read_sample (self, line);
    else
        s_read_command (self, line);
}

void
scenario_open (scenario_t *self, const char *path)
{
    char line[LINE_SIZE];
    *self = (scenario_t) { .shape = { .command_capacity = 1024, .event_capacity = 1024 } };
    FILE *file = fopen (path, "r");
    ck_assert_msg (file != NULL, "%s cannot be read", path);
    while (fgets (line, sizeof line, file))
        s_read_line (self, line, self->event_count > 0);
    fclose (file);
    ck_assert_int_gt (self->frames, 0);
    ck_assert_int_eq (self->bit_count, 2 * self->frames);
}

void
scenario_close (scenario_t *self)
{
    for (int i = 0; i < self->sample_count; i++)
        zample_sample_destroy (&self->samples[i].sample);
    fixture_close (&self->stage);
    free (self->bits);
}

void
scenario_render (scenario_t *self, float *out, int64_t block)
{
    int next = 0;
    for (int64_t done = 0; done < self->frames; done += block) {
        for (; next < self->cell_count && self->cells[next].frame <= done; next++)
            zample_cell_set (self->cells[next].cell, self->cells[next].value);
        int64_t count = self->frames - done < block ? self->frames - done : block;
        zample_stage_render (self->stage.stage, out + ZAMPLE_CHANNELS * done, count);
    }
}

static bool
s_format_event (const zample_report_t *report, char event[SCENARIO_EVENT_SIZE])
{
    static const char *const ends[] = {
        [ENDED_FINISHED] = "finished", [ENDED_STOPPED] = "stopped",   [ENDED_STOLEN] = "stolen",
        [ENDED_REPLACED] = "replaced", [ENDED_UNLOADED] = "unloaded",
    };
    const char *word = "";
    const char *reason = "";
    uint64_t number = report->voice;
    switch ((zample_report_tag_t) report->kind) {
    case REPORT_READY: word = "ready"; number = report->slot; break;
    case REPORT_VOICE_STARTED: word = "started"; break;
    case REPORT_VOICE_PAUSED: word = "paused"; break;
    case REPORT_VOICE_RESUMED: word = "resumed"; break;
    case REPORT_VOICE_ENDED: word = "ended"; reason = ends[report->reason]; break;
    case REPORT_REJECTED: word = "rejected"; number = report->number; break;
    case REPORT_RETIRED: return false; /* told at the end of whichever block */
    default: ck_abort_msg ("a report of kind %d", report->kind);
    }
    snprintf (event, SCENARIO_EVENT_SIZE, "event %" PRId64 " %s %" PRIu64 "%s%s", report->frame, word, number,
              *reason ? " " : "", reason);
    return true;
}

static void
s_strike_out (scenario_t *self, const char *event)
{
    for (int i = 0; i < self->event_count; i++)
        if (strcmp (self->events[i], event) == 0) {
            *self->events[i] = '\0';
            return;
        }
    ck_abort_msg ("not in the file, or once only: %s", event);
}

void
scenario_check_events (scenario_t *self)
{
    zample_report_t report;
    char event[SCENARIO_EVENT_SIZE];
    while (fixture_next_report (&self->stage, &report))
        if (s_format_event (&report, event))
            s_strike_out (self, event);
    for (int i = 0; i < self->event_count; i++)
        ck_assert_msg (!*self->events[i], "never told: %s", self->events[i]);
}
