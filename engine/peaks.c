/*  Peaks: made as frames arrive, drawn as they are asked for.

    Only whole stretches are kept. What a column has beside them, at both of its ends, is less than a stretch each
    and is read from the frames themselves:

        frames        ..|................................................|..
        column              [raw|--|--|-----------|-----------|--|--|raw]
        level               raw   0  0      1           1       0  0  raw

    so that a column costs no more than two stretches and six numbers a level. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "engine/peaks.h"

#define CHANNELS 2
#define FIRST_CAPACITY 16

#define STRETCH (CHANNELS * ZAMPLE_PEAKS_FRAMES) /* values */
#define LINE 16                                  /* values that the memory gives at once */
#define AHEAD 4                                  /* columns */

/* Values side by side that are summed up each by itself, left and right in turn: so a compiler may use vectors,
   which it must not if that changed the order of a sum. */
#define LANES 8

/*  What a column has gathered so far. */
typedef struct {
    float min[CHANNELS];
    float max[CHANNELS];
    double squares[CHANNELS];
} s_tally_t;

static inline float
s_min (float a, float b)
{
    return a < b ? a : b;
}

static inline float
s_max (float a, float b)
{
    return a > b ? a : b;
}

static inline void
s_take_value (zample_peak_sum_t *self, int channel, float value)
{
    self->min[channel] = s_min (value, self->min[channel]);
    self->max[channel] = s_max (value, self->max[channel]);
    self->squares[channel] += value * value;
}

static inline void
s_take_sum (zample_peak_sum_t *self, const zample_peak_sum_t *other)
{
    for (int channel = 0; channel < CHANNELS; channel++) {
        self->min[channel] = s_min (other->min[channel], self->min[channel]);
        self->max[channel] = s_max (other->max[channel], self->max[channel]);
        self->squares[channel] += other->squares[channel];
    }
}

/*  Sums up `steps` times LANES values, at least one time. */
static inline zample_peak_sum_t
s_sum_lanes (const float *in, int steps)
{
    float min[LANES], max[LANES], squares[LANES];
    for (int lane = 0; lane < LANES; lane++) {
        float low = in[lane], high = in[lane], square = in[lane] * in[lane];
        for (int i = 1; i < steps; i++) {
            float value = in[i * LANES + lane];
            low = s_min (value, low);
            high = s_max (value, high);
            square += value * value;
        }
        min[lane] = low;
        max[lane] = high;
        squares[lane] = square;
    }
    for (int half = LANES / 2; half >= CHANNELS; half /= 2)
        for (int lane = 0; lane < half; lane++) {
            min[lane] = s_min (min[lane + half], min[lane]);
            max[lane] = s_max (max[lane + half], max[lane]);
            squares[lane] += squares[lane + half];
        }
    return (zample_peak_sum_t) { { min[0], min[1] }, { max[0], max[1] }, { squares[0], squares[1] } };
}

/*  Sums up `count` frames, less than two stretches of them and at least one. */
static zample_peak_sum_t
s_sum_frames (const float *in, int count)
{
    zample_peak_sum_t sum = { { in[0], in[1] }, { in[0], in[1] }, { 0.0f, 0.0f } };
    int steps = CHANNELS * count / LANES;
    if (steps > 0)
        sum = s_sum_lanes (in, steps);
    for (int i = steps * LANES; i < CHANNELS * count; i++)
        s_take_value (&sum, i % CHANNELS, in[i]);
    return sum;
}

static zample_peak_sum_t
s_sum_up (const zample_peak_sum_t *sums)
{
    zample_peak_sum_t sum = sums[0];
    for (int i = 1; i < ZAMPLE_PEAKS_STEP; i++)
        s_take_sum (&sum, &sums[i]);
    return sum;
}

/* ------------------------------------------------------------------ making */

static bool
s_set_capacity (zample_peak_level_t *self, int64_t capacity)
{
    zample_peak_sum_t *sums = realloc (self->sums, (size_t) capacity * sizeof *sums);
    if (!sums)
        return false;
    self->sums = sums;
    self->capacity = capacity;
    return true;
}

static bool
s_make_room (zample_peak_level_t *self, int64_t count)
{
    if (count <= self->capacity)
        return true;
    int64_t doubled = self->capacity > 0 ? 2 * self->capacity : FIRST_CAPACITY;
    return s_set_capacity (self, doubled > count ? doubled : count);
}

bool
zample_peaks_follow (zample_peaks_t *self, const float *data, int64_t frames)
{
    zample_peak_level_t *level = self->levels;
    int64_t whole = frames / ZAMPLE_PEAKS_FRAMES;
    if (!s_make_room (level, whole))
        return false;
    for (; level->count < whole; level->count++)
        level->sums[level->count] = s_sum_lanes (data + STRETCH * level->count, STRETCH / LANES);
    for (int i = 1; i < ZAMPLE_PEAKS_LEVELS && whole >= ZAMPLE_PEAKS_STEP; i++) {
        const zample_peak_level_t *finer = level++;
        whole /= ZAMPLE_PEAKS_STEP;
        if (!s_make_room (level, whole))
            return false;
        for (; level->count < whole; level->count++)
            level->sums[level->count] = s_sum_up (finer->sums + ZAMPLE_PEAKS_STEP * level->count);
    }
    return true;
}

static void
s_cut (zample_peak_level_t *self, int64_t count)
{
    self->count = count;
    if (count == 0) {
        free (self->sums);
        *self = (zample_peak_level_t) { 0 };
    }
    else if (count < self->capacity)
        s_set_capacity (self, count); /* if that fails, it is larger than it need be */
}

bool
zample_peaks_finish (zample_peaks_t *self, const float *data, int64_t frames)
{
    if (!zample_peaks_follow (self, data, frames))
        return false;
    int64_t whole = frames / ZAMPLE_PEAKS_FRAMES;
    for (int i = 0; i < ZAMPLE_PEAKS_LEVELS; i++, whole /= ZAMPLE_PEAKS_STEP)
        s_cut (&self->levels[i], whole);
    return true;
}

size_t
zample_peaks_bytes (const zample_peaks_t *self)
{
    int64_t capacity = 0;
    for (int i = 0; i < ZAMPLE_PEAKS_LEVELS; i++)
        capacity += self->levels[i].capacity;
    return (size_t) capacity * sizeof (zample_peak_sum_t);
}

size_t
zample_peaks_bytes_of (int64_t frames)
{
    int64_t count = 0;
    for (int64_t whole = frames / ZAMPLE_PEAKS_FRAMES; whole > 0; whole /= ZAMPLE_PEAKS_STEP)
        count += whole;
    return (size_t) count * sizeof (zample_peak_sum_t);
}

void
zample_peaks_reset (zample_peaks_t *self)
{
    for (int i = 0; i < ZAMPLE_PEAKS_LEVELS; i++)
        s_cut (&self->levels[i], 0);
}

/* ----------------------------------------------------------------- drawing */

static void
s_add (s_tally_t *self, const zample_peak_sum_t *sum)
{
    for (int channel = 0; channel < CHANNELS; channel++) {
        self->min[channel] = s_min (sum->min[channel], self->min[channel]);
        self->max[channel] = s_max (sum->max[channel], self->max[channel]);
        self->squares[channel] += (double) sum->squares[channel];
    }
}

static void
s_add_frames (s_tally_t *self, const float *data, int64_t start, int64_t end)
{
    if (start < end) {
        zample_peak_sum_t sum = s_sum_frames (data + CHANNELS * start, (int) (end - start));
        s_add (self, &sum);
    }
}

/*  Whole stretches `first` up to `end`: at each level those that the next one does not hold as a whole. */
static void
s_add_stretches (s_tally_t *self, const zample_peak_level_t *level, int64_t first, int64_t end)
{
    for (; first < end; level++) {
        for (; first < end && first % ZAMPLE_PEAKS_STEP != 0; first++)
            s_add (self, &level->sums[first]);
        for (; first < end && end % ZAMPLE_PEAKS_STEP != 0; end--)
            s_add (self, &level->sums[end - 1]);
        first /= ZAMPLE_PEAKS_STEP;
        end /= ZAMPLE_PEAKS_STEP;
    }
}

static void
s_draw_column (const zample_peaks_t *self, const float *data, int64_t start, int64_t end,
               zample_peak_column_t *column)
{
    s_tally_t tally = { { INFINITY, INFINITY }, { -INFINITY, -INFINITY }, { 0.0, 0.0 } };
    int64_t first = (start + ZAMPLE_PEAKS_FRAMES - 1) / ZAMPLE_PEAKS_FRAMES, last = end / ZAMPLE_PEAKS_FRAMES;
    if (first < last) {
        s_add_frames (&tally, data, start, first * ZAMPLE_PEAKS_FRAMES);
        s_add_stretches (&tally, self->levels, first, last);
        s_add_frames (&tally, data, last * ZAMPLE_PEAKS_FRAMES, end);
    }
    else
        s_add_frames (&tally, data, start, end);
    for (int channel = 0; channel < CHANNELS; channel++) {
        float loudest = s_max (-tally.min[channel], tally.max[channel]);
        float rms = (float) sqrt (tally.squares[channel] / (double) (end - start));
        column->min[channel] = tally.min[channel];
        column->max[channel] = tally.max[channel];
        /* Also where the squares of what no loudspeaker plays are too large for a float. */
        column->rms[channel] = s_min (rms, loudest);
    }
}

/*  Where two columns meet, both read the stretch around that place, and in a picture of a minute none of these is
    in a cache: they are fetched some columns ahead. Not in a function of its own, which would have no effect that
    a compiler sees, and be left out. */
void
zample_peaks_draw (const zample_peaks_t *self, const float *data, int64_t start, int64_t end, uint32_t width,
                   zample_peak_column_t *columns)
{
    int64_t count = end - start, from = start;
    for (uint32_t i = 0; i < width; i++) {
        int64_t to = start + (i + 1) * count / width, later = start + (i + AHEAD) * count / width;
        if (later < end) {
            const float *stretch = data + later / ZAMPLE_PEAKS_FRAMES * STRETCH;
            for (int value = 0; value < STRETCH; value += LINE)
                __builtin_prefetch (stretch + value);
        }
        s_draw_column (self, data, from, to > from ? to : from + 1, &columns[i]);
        from = to;
    }
}
