/*  Runs on the thread of the test. */
#include "config.h"

#include "tests/support/samples.h"
#include "tests/support/stage_fixture.h"

#define SCRATCH_FRAMES 4096

void
fixture_open_shape (stage_fixture_t *self, const zample_stage_shape_t *shape)
{
    *self = (stage_fixture_t) { .doorway = zample_doorway_new (shape) };
    ck_assert_ptr_nonnull (self->doorway);
    self->stage = zample_stage_new (self->doorway, shape->voices);
    ck_assert_ptr_nonnull (self->stage);
}

void
fixture_open (stage_fixture_t *self, uint32_t slots, uint32_t voices)
{
    zample_stage_shape_t shape = {
        .slots = slots, .voices = voices, .command_capacity = 1024, .event_capacity = 1024
    };
    fixture_open_shape (self, &shape);
}

static void
s_keep (stage_fixture_t *self, zample_sample_t *sample)
{
    sample->keeper_next = self->kept;
    self->kept = sample;
}

static void
s_let_go (stage_fixture_t *self, zample_sample_t *sample)
{
    zample_sample_t **at = &self->kept;
    while (*at != sample)
        at = &(*at)->keeper_next;
    *at = sample->keeper_next;
    zample_sample_destroy (&sample);
}

void
fixture_close (stage_fixture_t *self)
{
    zample_report_t report;
    bool more;
    do {
        more = !zample_stage_catch_up (self->stage);
        while (fixture_next_report (self, &report))
            ;
    } while (more);
    while (self->kept)
        s_let_go (self, self->kept);
    zample_stage_destroy (&self->stage);
    zample_doorway_destroy (&self->doorway);
}

zample_sample_t *
fixture_noise (int64_t frames, uint32_t seed)
{
    zample_sample_t *sample = sample_of (frames);
    ck_assert_ptr_nonnull (sample);
    float *data = sample_writable (sample);
    for (int64_t i = 0; i < 2 * frames; i++) {
        seed = seed * 1664525u + 1013904223u;
        data[i] = (float) ((int32_t) (seed >> 8) - 0x800000) / 0x1p23f;
    }
    return sample;
}

zample_sample_t *
fixture_constant (int64_t frames, float value)
{
    zample_sample_t *sample = sample_of (frames);
    ck_assert_ptr_nonnull (sample);
    for (int64_t i = 0; i < 2 * frames; i++)
        sample_writable (sample)[i] = value;
    return sample;
}

zample_sample_t *
fixture_count (int64_t frames)
{
    zample_sample_t *sample = sample_of (frames);
    ck_assert_ptr_nonnull (sample);
    float *data = sample_writable (sample);
    for (int64_t i = 0; i < frames; i++) {
        data[2 * i] = (float) (i + 1) / 65536.0f;
        data[2 * i + 1] = -data[2 * i];
    }
    return sample;
}

uint64_t
fixture_push (stage_fixture_t *self, const zample_command_t *command)
{
    uint64_t ticket;
    ck_assert (zample_command_ring_push (&self->doorway->commands, command, &ticket));
    return zample_command_number (ticket);
}

uint64_t
fixture_load (stage_fixture_t *self, int64_t frame, uint32_t slot, zample_sample_t *sample)
{
    return fixture_push (
        self,
        &(zample_command_t) { .kind = COMMAND_LOAD, .frame = frame, .slot = slot, .u.load.sample = sample });
}

uint64_t
fixture_play (stage_fixture_t *self, int64_t frame, uint32_t slot, fixture_play_t how)
{
    return fixture_push (
        self, &(zample_command_t) {
                  .kind = COMMAND_PLAY,
                  .frame = frame,
                  .slot = slot,
                  .u.play = { .gain = how.gain, .pan = how.pan, .speed = how.speed, .loop = how.loop },
              });
}

uint64_t
fixture_seek (stage_fixture_t *self, int64_t frame, uint64_t voice, int64_t position_frames)
{
    return fixture_push (self, &(zample_command_t) {
                                   .kind = COMMAND_SEEK,
                                   .frame = frame,
                                   .slot = ZAMPLE_WIRE_NO_SLOT,
                                   .voice = voice,
                                   .u.seek.position_frames = position_frames,
                               });
}

uint64_t
fixture_tell_voice (stage_fixture_t *self, int64_t frame, zample_command_tag_t kind, uint64_t voice)
{
    return fixture_push (
        self,
        &(zample_command_t) { .kind = kind, .frame = frame, .slot = ZAMPLE_WIRE_NO_SLOT, .voice = voice });
}

uint64_t
fixture_tell_slot (stage_fixture_t *self, int64_t frame, zample_command_tag_t kind, uint32_t slot)
{
    return fixture_push (self, &(zample_command_t) { .kind = kind, .frame = frame, .slot = slot });
}

void
fixture_render_blocks (stage_fixture_t *self, float *out, int64_t frames, int64_t block)
{
    static float scratch[SCRATCH_FRAMES * ZAMPLE_CHANNELS];
    ck_assert_int_le (block, SCRATCH_FRAMES);
    while (frames > 0) {
        int64_t count = frames < block ? frames : block;
        zample_stage_render (self->stage, out ? out : scratch, count);
        if (out)
            out += ZAMPLE_CHANNELS * count;
        frames -= count;
    }
}

void
fixture_render (stage_fixture_t *self, float *out, int64_t frames)
{
    fixture_render_blocks (self, out, frames, FIXTURE_BLOCK);
}

bool
fixture_next_report (stage_fixture_t *self, zample_report_t *report)
{
    if (!zample_report_ring_pop (&self->doorway->reports, report))
        return false;
    zample_sample_t *sample = report->u.sample;
    if (report->kind == REPORT_READY)
        s_keep (self, sample);
    else if (report->kind == REPORT_RETIRED)
        s_let_go (self, sample);
    return true;
}

zample_report_t
fixture_find_report (stage_fixture_t *self, zample_report_tag_t kind)
{
    zample_report_t report;
    do
        ck_assert_msg (fixture_next_report (self, &report), "no report of kind %d", (int) kind);
    while (report.kind != kind);
    return report;
}

int
fixture_count_reports (stage_fixture_t *self, zample_report_tag_t kind)
{
    zample_report_t report;
    int count = 0;
    while (fixture_next_report (self, &report))
        count += report.kind == kind;
    return count;
}
