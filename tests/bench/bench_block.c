/*  What a block of 64 voices costs, beside what the machine itself takes to add as many buffers, and why samples
    are interleaved.

    Each voice loops over a sample of its own, 25 MB in all: more than the caches next to the processor hold.
    "Sum" adds 64 frames of each sample to the block, with no level and no position to move: the least that
    playing can be. The bare kernels interpolate as the stage does, from interleaved and from planar memory, each
    in the way that is fastest for it, with nothing around them. Each figure is the median of many rounds, with
    the fastest and the slowest beside it: on a busy machine the slowest means nothing.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/stage_setup.h"
#include "tests/support/samples.h"

enum { VOICES = 64, BLOCK = 64, BLOCKS = 300, ROUNDS = 101, SAMPLE_FRAMES = 50000 };

#define STEP ((int64_t) (1.1 * 0x1p32))
#define ONE (INT64_C (1) << 32)

typedef struct {
    zample_doorway_t *doorway;
    zample_stage_t *stage;
} s_engine_t;

static s_engine_t s_copying, s_interpolating, s_silent;
static const zample_sample_t *s_samples[VOICES]; /* of s_copying */
static float *s_planar[VOICES][ZAMPLE_CHANNELS];
static int64_t s_positions[VOICES];
static float s_out[BLOCK * ZAMPLE_CHANNELS];
static float s_out_planar[ZAMPLE_CHANNELS][BLOCK];
static float s_taps[4][BLOCK * ZAMPLE_CHANNELS], s_fractions[BLOCK * ZAMPLE_CHANNELS];

/*  Of this thread alone: what else runs on the machine does not count, but for what it does to the caches. */
static double
s_now_ns (void)
{
    struct timespec now;
    clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e9 * (double) now.tv_sec + (double) now.tv_nsec;
}

static void
s_must (bool done)
{
    if (!done)
        abort ();
}

/* ---------------------------------------------------------------- what is measured */

static void
s_move (int voice, int64_t frames)
{
    s_positions[voice] += frames * ONE;
    if (s_positions[voice] >> 32 > SAMPLE_FRAMES - 2 * BLOCK)
        s_positions[voice] = ONE;
}

static void
s_sum (void)
{
    memset (s_out, 0, sizeof s_out);
    for (int voice = 0; voice < VOICES; voice++) {
        const float *in = s_samples[voice]->data + ZAMPLE_CHANNELS * (s_positions[voice] >> 32);
        for (int i = 0; i < BLOCK * ZAMPLE_CHANNELS; i++)
            s_out[i] += in[i];
        s_move (voice, BLOCK);
    }
}

static inline float
s_cubic (float before, float here, float next, float after, float fraction)
{
    float a = 1.5f * (here - next) + 0.5f * (after - before);
    float b = before - 2.5f * here + 2.0f * next - 0.5f * after;
    float c = 0.5f * (next - before);
    return ((a * fraction + b) * fraction + c) * fraction + here;
}

static inline float
s_fraction (int64_t position)
{
    return (float) (uint32_t) position * 0x1p-32f;
}

/*  As the stage does it: two channels in one go. */
static void
s_cubic_interleaved (void)
{
    memset (s_out, 0, sizeof s_out);
    for (int voice = 0; voice < VOICES; voice++) {
        const float *data = s_samples[voice]->data;
        int64_t position = s_positions[voice];
        for (int i = 0; i < BLOCK; i++, position += STEP) {
            const float *in = data + ZAMPLE_CHANNELS * ((position >> 32) - 1);
            for (int tap = 0; tap < 4; tap++)
                memcpy (&s_taps[tap][2 * i], in + 2 * tap, 2 * sizeof *in);
            s_fractions[2 * i] = s_fractions[2 * i + 1] = s_fraction (position);
        }
        for (int i = 0; i < ZAMPLE_CHANNELS * BLOCK; i++)
            s_out[i] +=
                0.5f * s_cubic (s_taps[0][i], s_taps[1][i], s_taps[2][i], s_taps[3][i], s_fractions[i]);
        s_move (voice, BLOCK + BLOCK / 10);
    }
}

/*  Frame by frame, which for this layout is faster than the stage's way; into planar memory, which is put
    together once for all voices. */
static void
s_cubic_planar (void)
{
    memset (s_out_planar, 0, sizeof s_out_planar);
    for (int voice = 0; voice < VOICES; voice++) {
        const float *data_left = s_planar[voice][0], *data_right = s_planar[voice][1];
        int64_t position = s_positions[voice];
        for (int i = 0; i < BLOCK; i++, position += STEP) {
            const float *left = data_left + (position >> 32), *right = data_right + (position >> 32);
            float fraction = s_fraction (position);
            s_out_planar[0][i] += s_cubic (left[-1], left[0], left[1], left[2], fraction) * 0.5f;
            s_out_planar[1][i] += s_cubic (right[-1], right[0], right[1], right[2], fraction) * 0.5f;
        }
        s_move (voice, BLOCK + BLOCK / 10);
    }
    for (int i = 0; i < BLOCK; i++)
        for (int channel = 0; channel < ZAMPLE_CHANNELS; channel++)
            s_out[ZAMPLE_CHANNELS * i + channel] = s_out_planar[channel][i];
}

static void
s_stage_silent (void)
{
    zample_stage_render (s_silent.stage, s_out, BLOCK);
}

static void
s_stage_copying (void)
{
    zample_stage_render (s_copying.stage, s_out, BLOCK);
}

static void
s_stage_interpolating (void)
{
    zample_stage_render (s_interpolating.stage, s_out, BLOCK);
}

/* -------------------------------------------------------------------- making */

static zample_sample_t *
s_noise (uint32_t seed)
{
    zample_sample_t *sample = sample_of (SAMPLE_FRAMES);
    s_must (sample != NULL);
    float *data = sample_writable (sample);
    for (int i = 0; i < SAMPLE_FRAMES * ZAMPLE_CHANNELS; i++) {
        seed = seed * 1664525u + 1013904223u;
        data[i] = (float) (int32_t) seed * 0x1p-31f;
    }
    return sample;
}

/*  A stage on which `voices` voices loop, past their fade-in. */
static void
s_make (s_engine_t *self, uint32_t voices, float speed)
{
    zample_stage_shape_t shape = {
        .slots = VOICES, .voices = VOICES, .command_capacity = 2 * VOICES, .event_capacity = 4 * VOICES
    };
    self->doorway = zample_doorway_new (&shape);
    self->stage = self->doorway ? zample_stage_new (self->doorway, VOICES) : NULL;
    s_must (self->stage != NULL);
    for (uint32_t voice = 0; voice < voices; voice++) {
        zample_command_t load = { .kind = COMMAND_LOAD, .slot = voice, .u.load.sample = s_noise (voice + 1) };
        zample_command_t play = { .kind = COMMAND_PLAY,
                                  .slot = voice,
                                  .u.play = { .gain = 0.5f, .speed = speed, .loop = true } };
        uint64_t ticket;
        s_must (zample_command_ring_push (&self->doorway->commands, &load, &ticket));
        s_must (zample_command_ring_push (&self->doorway->commands, &play, &ticket));
    }
    for (int block = 0; block < 4; block++)
        zample_stage_render (self->stage, s_out, BLOCK);
    s_must (self->stage->voice_count == voices);
}

static void
s_make_planar (void)
{
    for (int voice = 0; voice < VOICES; voice++) {
        s_samples[voice] = s_copying.stage->slots[voice];
        zample_sample_t *planar = s_noise ((uint32_t) voice + 1);
        s_planar[voice][0] = sample_writable (planar);
        s_planar[voice][1] = s_planar[voice][0] + SAMPLE_FRAMES;
        for (int i = 0; i < SAMPLE_FRAMES; i++)
            for (int channel = 0; channel < ZAMPLE_CHANNELS; channel++)
                s_planar[voice][channel][i] = s_samples[voice]->data[ZAMPLE_CHANNELS * i + channel];
        s_positions[voice] = ONE;
    }
}

/* ------------------------------------------------------------------- measuring */

enum { SUM, SILENT, COPYING, INTERLEAVED, PLANAR, INTERPOLATING, MEASURES };

static const struct {
    const char *name;
    void (*block) (void);
} s_measures[MEASURES] = {
    [SUM] = { "sum of 64 buffers, the machine's limit", s_sum },
    [SILENT] = { "stage, no voice", s_stage_silent },
    [COPYING] = { "stage, original speed", s_stage_copying },
    [INTERLEAVED] = { "bare cubic, interleaved", s_cubic_interleaved },
    [PLANAR] = { "bare cubic, planar", s_cubic_planar },
    [INTERPOLATING] = { "stage, speed 1.1", s_stage_interpolating },
};

static double s_results[MEASURES][ROUNDS]; /* ns per block */

static int
s_compare (const void *a, const void *b)
{
    double difference = *(const double *) a - *(const double *) b;
    return (difference > 0) - (difference < 0);
}

/*  Round by round, so that a noisy moment touches every row alike. */
static void
s_measure (void)
{
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < MEASURES; i++) {
            double start = s_now_ns ();
            for (int block = 0; block < BLOCKS; block++)
                s_measures[i].block ();
            s_results[i][round] = (s_now_ns () - start) / BLOCKS;
        }
    for (int i = 0; i < MEASURES; i++)
        qsort (s_results[i], ROUNDS, sizeof s_results[i][0], s_compare);
}

static double
s_median (int measure)
{
    return s_results[measure][ROUNDS / 2];
}

static void
s_print (void)
{
    printf ("%-40s %8s %8s %8s %10s %6s\n", "64 voices, blocks of 64 frames", "us/block", "min", "max",
            "ns/v/frame", "x sum");
    for (int i = 0; i < MEASURES; i++)
        printf ("%-40s %8.2f %8.2f %8.2f %10.3f %6.2f\n", s_measures[i].name, s_median (i) / 1e3,
                s_results[i][0] / 1e3, s_results[i][ROUNDS - 1] / 1e3, s_median (i) / (VOICES * BLOCK),
                s_median (i) / s_median (SUM));
    printf ("planar takes %.2f times what interleaved takes\n", s_median (PLANAR) / s_median (INTERLEAVED));
    printf ("at 48 kHz a block lasts 1333 us: original speed takes %.2f %% of it, speed 1.1 takes %.2f %%\n",
            s_median (COPYING) / 13333.0, s_median (INTERPOLATING) / 13333.0);
}

int
main (void)
{
    s_make (&s_silent, 0, 1.0f);
    s_make (&s_copying, VOICES, 1.0f);
    s_make (&s_interpolating, VOICES, 1.1f);
    s_make_planar ();
    s_measure ();
    s_print ();
    return EXIT_SUCCESS;
}
