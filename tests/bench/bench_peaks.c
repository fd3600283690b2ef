/*  What peaks cost: to make them while a sound is decoded, and to draw any part of a long one into a window.

    They are made as the decoder has them made, a chunk at a time while it is still in the processor's cache;
    beside it stands what filling the sound takes without them. A picture is drawn of a sound of ten minutes, at
    each zoom at a place of its own each time: most of what it looks at was not looked at before. The slowest of
    all is shown as well, which on a busy machine means little. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/sound.h"

enum { ROUNDS = 51, RATE_HZ = 48000, CHUNK_FRAMES = 4096, COLUMNS = 2000 };

#define MADE_FRAMES (INT64_C (2109) * CHUNK_FRAMES) /* 180 s */
#define DRAWN_FRAMES (INT64_C (600) * RATE_HZ)

static float s_chunk[2 * CHUNK_FRAMES];
static zample_peak_column_t s_columns[COLUMNS];
static double s_results[ROUNDS];

/*  Of this thread alone: what else runs on the machine does not count, but for what it does to the caches. */
static double
s_now_ms (void)
{
    struct timespec now;
    clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e3 * (double) now.tv_sec + 1e-6 * (double) now.tv_nsec;
}

static void
s_must (bool done)
{
    if (!done)
        abort ();
}

static int
s_compare (const void *a, const void *b)
{
    double difference = *(const double *) a - *(const double *) b;
    return (difference > 0) - (difference < 0);
}

static void
s_fill (float *data, int64_t frames)
{
    uint32_t seed = 1;
    for (int64_t i = 0; i < 2 * frames; i++) {
        seed = seed * 1664525u + 1013904223u;
        data[i] = (float) (int32_t) seed * 0x1p-31f;
    }
}

static void
s_print (const char *name)
{
    qsort (s_results, ROUNDS, sizeof s_results[0], s_compare);
    printf ("%-44s %8.3f %8.3f %8.3f\n", name, s_results[ROUNDS / 2], s_results[0], s_results[ROUNDS - 1]);
}

/* ------------------------------------------------------------------ making */

/*  As a decoder that does nothing but copy would fill a sound, with its peaks or without. */
static void
s_decode (float *data, bool with_peaks)
{
    for (int round = 0; round < ROUNDS; round++) {
        zample_peaks_t peaks = { 0 };
        double start = s_now_ms ();
        for (int64_t done = 0; done < MADE_FRAMES; done += CHUNK_FRAMES) {
            memcpy (data + 2 * done, s_chunk, sizeof s_chunk);
            s_must (!with_peaks || zample_peaks_follow (&peaks, data, done + CHUNK_FRAMES));
        }
        s_must (!with_peaks || zample_peaks_finish (&peaks, data, MADE_FRAMES));
        s_results[round] = s_now_ms () - start;
        zample_peaks_reset (&peaks);
    }
}

static void
s_make_all (void)
{
    zample_sound_t *sound = zample_sound_new (MADE_FRAMES);
    s_must (sound != NULL);
    s_fill (s_chunk, CHUNK_FRAMES);
    s_decode (zample_sound_writable (sound), false);
    s_print ("fill 180 s in chunks of 4,096 frames");
    s_decode (zample_sound_writable (sound), true);
    s_print ("fill 180 s, with peaks");
    zample_sound_release (&sound);
}

/* ----------------------------------------------------------------- drawing */

static void
s_draw (const zample_sound_t *sound, int64_t frames)
{
    uint64_t state = 1;
    for (int round = 0; round < ROUNDS; round++) {
        state = state * UINT64_C (6364136223846793005) + UINT64_C (1442695040888963407);
        int64_t place = (int64_t) (state >> 33) % (sound->frames - frames + 1);
        double start = s_now_ms ();
        zample_peaks_draw (&sound->peaks, sound->data, place, place + frames, COLUMNS, s_columns);
        s_results[round] = s_now_ms () - start;
    }
}

static void
s_draw_all (void)
{
    zample_sound_t *sound = zample_sound_new (DRAWN_FRAMES);
    s_must (sound != NULL);
    s_fill (zample_sound_writable (sound), DRAWN_FRAMES);
    s_must (zample_peaks_finish (&sound->peaks, sound->data, DRAWN_FRAMES));
    for (int64_t frames = COLUMNS; frames < DRAWN_FRAMES; frames *= 4) {
        char name[64];
        s_draw (sound, frames);
        snprintf (name, sizeof name, "draw %.3f s, %d columns", (double) frames / RATE_HZ, COLUMNS);
        s_print (name);
    }
    s_draw (sound, DRAWN_FRAMES);
    s_print ("draw all 600 s");
    printf ("peaks take %.1f %% of the memory of the frames\n",
            100.0 * (double) zample_peaks_bytes (&sound->peaks) / ((double) DRAWN_FRAMES * 8));
    zample_sound_release (&sound);
}

int
main (void)
{
    printf ("%-44s %8s %8s %8s\n", "milliseconds", "median", "min", "max");
    s_make_all ();
    s_draw_all ();
    return EXIT_SUCCESS;
}
