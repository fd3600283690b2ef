/*  The voice: runs on the audio thread, inside the block.

    A block is cut where the ramp ends and where a loop comes round, and each piece goes to one of two
    inner loops that ask nothing: at the original speed frames are copied, otherwise they are interpolated.
    Beyond the ends of the sample the guard frames are read, which are silent; only a loop's seam, where the
    neighbours lie at the other end, is read frame by frame.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include "engine/rt/voice.h"

#define ONE (INT64_C (1) << 32)
#define FRACTION (1.0f / 4294967296.0f)

/*  Equal power that leaves the centre as it is: the squares of sqrt (1 - pan) and sqrt (1 + pan) add up to 2. */
static void
s_aim (zample_voice_t *self)
{
    float pan = self->pan + self->cell_pan;
    pan = pan < -1.0f ? -1.0f : pan > 1.0f ? 1.0f : pan;
    float gain = self->gain * self->cell_gain;
    self->full[0] = gain * sqrtf (1.0f - pan);
    self->full[1] = gain * sqrtf (1.0f + pan);
}

static void
s_head_for (zample_voice_t *self, float left, float right)
{
    self->target[0] = left;
    self->target[1] = right;
    self->move[0] = (left - self->level[0]) / ZAMPLE_RAMP_FRAMES;
    self->move[1] = (right - self->level[1]) / ZAMPLE_RAMP_FRAMES;
    self->ramp_left = ZAMPLE_RAMP_FRAMES;
}

void
zample_voice_fade_in (zample_voice_t *self)
{
    s_head_for (self, self->full[0], self->full[1]);
}

void
zample_voice_fade_out (zample_voice_t *self)
{
    s_head_for (self, 0.0f, 0.0f);
}

static void
s_read_cells (zample_voice_t *self, const zample_slot_cells_t *cells)
{
    self->cell_gain = zample_cell_get (&cells->gain);
    self->cell_pan = zample_cell_get (&cells->pan);
    self->cell_speed = zample_cell_get (&cells->speed);
    self->step = (int64_t) ((double) self->speed * (double) self->cell_speed * (double) ONE + 0.5);
}

void
zample_voice_start (zample_voice_t *self, uint64_t number, zample_sample_t *sample,
                    const zample_command_t *play, const zample_slot_cells_t *cells)
{
    *self = (zample_voice_t) {
        .number = number,
        .sample = sample,
        .slot = play->slot,
        .state = VOICE_SOUNDING,
        .loop = play->u.play.loop && sample->frames > 0, /* an empty sound has nowhere to come round to */
        .gain = play->u.play.gain,
        .pan = play->u.play.pan,
        .speed = play->u.play.speed,
    };
    s_read_cells (self, cells);
    s_aim (self);
    zample_voice_fade_in (self);
}

void
zample_voice_follow (zample_voice_t *self, const zample_slot_cells_t *cells)
{
    float gain = self->cell_gain, pan = self->cell_pan;
    s_read_cells (self, cells);
    if (self->cell_gain == gain && self->cell_pan == pan)
        return;
    s_aim (self);
    if (self->state == VOICE_SOUNDING)
        zample_voice_fade_in (self);
}

/*  Catmull and Rom's cubic through four neighbours (A class of local interpolating splines, 1974), in Horner's form. */
static inline float
s_cubic (float before, float here, float next, float after, float fraction)
{
    float a = 1.5f * (here - next) + 0.5f * (after - before);
    float b = before - 2.5f * here + 2.0f * next - 0.5f * after;
    float c = 0.5f * (next - before);
    return ((a * fraction + b) * fraction + c) * fraction + here;
}

/*  The inner loops: `count` frames with a level that moves by `move` a frame. At rest move is 0, which leaves the level
    as it is to the bit. */

static void
s_add_copied (zample_voice_t *self, float *out, int64_t count, float move_left, float move_right)
{
    const float *in = self->sample->data + 2 * (self->position >> 32);
    float left = self->level[0], right = self->level[1];
    if (move_left == 0.0f && move_right == 0.0f)
        for (int64_t i = 0; i < count; i++) {
            out[2 * i] += in[2 * i] * left;
            out[2 * i + 1] += in[2 * i + 1] * right;
        }
    else
        for (int64_t i = 0; i < count; i++) {
            left += move_left;
            right += move_right;
            out[2 * i] += in[2 * i] * left;
            out[2 * i + 1] += in[2 * i + 1] * right;
        }
    self->level[0] = left;
    self->level[1] = right;
    self->position += count * ONE;
}

/*  A stretch of interpolated frames: for each value of `out` what it takes, side by side, so that the compiler
    can reckon with vectors. Frame by frame it cannot, since each has another place to read at. */
#define STRETCH_FRAMES 64
#define STRETCH_VALUES (ZAMPLE_CHANNELS * STRETCH_FRAMES)

typedef struct {
    float taps[4][STRETCH_VALUES];
    float fraction[STRETCH_VALUES];
    float level[STRETCH_VALUES];
} s_stretch_t;

static void
s_gather_taps (zample_voice_t *self, s_stretch_t *stretch, int64_t count)
{
    const float *data = self->sample->data;
    int64_t position = self->position, step = self->step;
    for (int64_t i = 0; i < count; i++) {
        const float *in = data + 2 * (position >> 32) - 2;
        for (int tap = 0; tap < 4; tap++)
            memcpy (&stretch->taps[tap][2 * i], in + 2 * tap, 2 * sizeof *in);
        stretch->fraction[2 * i] = stretch->fraction[2 * i + 1] = (float) (uint32_t) position * FRACTION;
        position += step;
    }
    self->position = position;
}

static void
s_gather_levels (zample_voice_t *self, s_stretch_t *stretch, int64_t count, float move_left, float move_right)
{
    float left = self->level[0], right = self->level[1];
    if (move_left == 0.0f && move_right == 0.0f)
        for (int64_t i = 0; i < count; i++) {
            stretch->level[2 * i] = left;
            stretch->level[2 * i + 1] = right;
        }
    else
        for (int64_t i = 0; i < count; i++) {
            stretch->level[2 * i] = left += move_left;
            stretch->level[2 * i + 1] = right += move_right;
        }
    self->level[0] = left;
    self->level[1] = right;
}

static void
s_add_interpolated (zample_voice_t *self, float *out, int64_t count, float move_left, float move_right)
{
    s_stretch_t stretch;
    while (count > 0) {
        int64_t frames = count < STRETCH_FRAMES ? count : STRETCH_FRAMES;
        s_gather_taps (self, &stretch, frames);
        s_gather_levels (self, &stretch, frames, move_left, move_right);
        for (int64_t i = 0; i < 2 * frames; i++)
            out[i] += s_cubic (stretch.taps[0][i], stretch.taps[1][i], stretch.taps[2][i], stretch.taps[3][i],
                               stretch.fraction[i])
                      * stretch.level[i];
        out += 2 * frames;
        count -= frames;
    }
}

/*  One frame whose neighbours may lie at the other end of the loop. */
static void
s_add_seam (zample_voice_t *self, float *out, float move_left, float move_right)
{
    int64_t frames = self->sample->frames;
    int64_t index = self->position >> 32;
    float fraction = (float) (uint32_t) self->position * FRACTION;
    const float *in[4];
    for (int64_t tap = 0; tap < 4; tap++)
        in[tap] = self->sample->data + 2 * ((index + tap - 1 + frames) % frames);
    self->level[0] += move_left;
    self->level[1] += move_right;
    out[0] += s_cubic (in[0][0], in[1][0], in[2][0], in[3][0], fraction) * self->level[0];
    out[1] += s_cubic (in[0][1], in[1][1], in[2][1], in[3][1], fraction) * self->level[1];
    self->position += self->step;
}

/*  How many frames lie before `end` (a frame of the sample), at the present step: at least 1. */
static int64_t
s_frames_until (const zample_voice_t *self, int64_t end)
{
    return (end * ONE - self->position + self->step - 1) / self->step;
}

static inline int64_t
s_least (int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/*  One piece: no more than `frames`, all before the sample's end. Returns its length. */
static int64_t
s_add_piece (zample_voice_t *self, float *out, int64_t frames, float move_left, float move_right)
{
    int64_t end = self->sample->frames;
    bool copies = self->step == ONE && (uint32_t) self->position == 0;
    if (copies || !self->loop) {
        int64_t count = s_least (frames, s_frames_until (self, end));
        (copies ? s_add_copied : s_add_interpolated) (self, out, count, move_left, move_right);
        return count;
    }
    int64_t index = self->position >> 32;
    if (index < 1 || index >= end - 2) {
        s_add_seam (self, out, move_left, move_right);
        return 1;
    }
    int64_t count = s_least (frames, s_frames_until (self, end - 2));
    s_add_interpolated (self, out, count, move_left, move_right);
    return count;
}

/*  The level has arrived: a voice that was fading out rests, or is gone. Returns whether it is gone. */
static bool
s_arrive (zample_voice_t *self)
{
    self->level[0] = self->target[0];
    self->level[1] = self->target[1];
    if (self->state == VOICE_PAUSING)
        self->state = VOICE_PAUSED;
    return self->state == VOICE_ENDING;
}

int64_t
zample_voice_render (zample_voice_t *self, float *out, int64_t frames)
{
    int64_t end = self->sample->frames * ONE;
    int64_t done = 0;
    while (done < frames) {
        if (self->state == VOICE_PAUSED)
            return frames;
        if (self->position >= end) {
            if (!self->loop)
                return done;
            self->position %= end;
        }
        bool ramping = self->ramp_left > 0;
        int64_t room = ramping ? s_least (frames - done, self->ramp_left) : frames - done;
        int64_t count = s_add_piece (self, out + 2 * done, room, ramping ? self->move[0] : 0.0f,
                                     ramping ? self->move[1] : 0.0f);
        done += count;
        if (ramping) {
            self->ramp_left -= (int32_t) count;
            if (self->ramp_left == 0 && s_arrive (self))
                return done;
        }
    }
    return done;
}
