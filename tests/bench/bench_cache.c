/*  Whether the cache pays: to decode a file of three minutes, against naming it and reading what was kept. At a
    rate that most files do not have, and at one that they have, where a WAV file need not be resampled: that one
    kind does not pay, and is not looked for (engine/cache_worth.c). All files lie in the page cache; figures are
    the best of some rounds. */
#include "config.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/cache.h"
#include "tests/bench/load_files.h"

enum { ROUNDS = 5, NAMING = 0, FINDING, KEEPING, DECODING, STEPS };

static char s_folder[200];
static double s_best_ms[STEPS];

static double
s_now_ms (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return 1e3 * (double) now.tv_sec + 1e-6 * (double) now.tv_nsec;
}

static void
s_must (bool done)
{
    if (!done)
        abort ();
}

static double
s_end (int step, double start_ms)
{
    double now_ms = s_now_ms ();
    if (now_ms - start_ms < s_best_ms[step])
        s_best_ms[step] = now_ms - start_ms;
    return s_now_ms ();
}

static void
s_measure (const zample_cache_t *cache, const zample_file_t *file, const zample_decode_spec_t *spec)
{
    zample_failure_t failure;
    zample_cache_key_t key;
    double start_ms = s_now_ms ();
    zample_sound_t *sound = zample_decode_file (file, spec, NULL, &failure);
    s_must (sound != NULL);
    start_ms = s_end (DECODING, start_ms);
    s_must (zample_cache_key (file, spec, NULL, &key));
    start_ms = s_end (NAMING, start_ms);
    s_must (zample_cache_keep (cache, &key, file, sound, NULL));
    s_end (KEEPING, start_ms);
    zample_sound_release (&sound);
    start_ms = s_now_ms ();
    sound = zample_cache_find (cache, &key, NULL);
    s_must (sound != NULL);
    s_end (FINDING, start_ms);
    zample_sound_release (&sound);
}

static void
s_compare (const zample_cache_t *cache, int kind, uint32_t rate_hz)
{
    zample_decode_spec_t spec = { .rate_hz = rate_hz,
                                  .limits = { .bytes = INT64_C (1) << 40,
                                              .frames = ZAMPLE_SOUND_FRAMES_MAX,
                                              .milliseconds = 60000,
                                              .channels = 8,
                                              .streams = 8,
                                              .least_share = 0.5 } };
    zample_file_t file;
    zample_failure_t failure;
    s_must (zample_file_open (&file, load_files_long (kind), false, spec.limits.bytes, &failure));
    for (int step = 0; step < STEPS; step++)
        s_best_ms[step] = 1e9;
    for (int round = 0; round < ROUNDS; round++)
        s_measure (cache, &file, &spec);
    double cached_ms = s_best_ms[NAMING] + s_best_ms[FINDING];
    printf ("%-8s %6u Hz %9.1f %9.1f %9.1f %9.1f %9.1f x%s\n", load_kinds[kind].name, rate_hz,
            s_best_ms[DECODING], s_best_ms[NAMING], s_best_ms[FINDING], s_best_ms[KEEPING],
            s_best_ms[DECODING] / cached_ms,
            zample_cache_is_worth (&file, rate_hz) ? "" : ", not looked for");
    zample_file_close (&file);
}

static int
s_remove (const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void) status, (void) kind, (void) walk;
    return remove (path);
}

int
main (void)
{
    char why[ZAMPLE_SENTENCE_SIZE];
    const char *root = getenv ("TMPDIR");
    if (!load_files_make ())
        return 0;
    snprintf (s_folder, sizeof s_folder, "%.100s/zample-bench-XXXXXX", root ? root : "/tmp");
    s_must (mkdtemp (s_folder) != NULL);
    zample_cache_t *cache = zample_cache_new (s_folder, why, sizeof why);
    s_must (cache != NULL);
    printf ("%-18s %9s %9s %9s %9s %11s\n", "milliseconds", "decode", "name", "find", "keep", "cache gains");
    for (int kind = 0; kind < LOAD_KINDS; kind++) {
        s_compare (cache, kind, 48000);
        s_compare (cache, kind, 44100);
    }
    zample_cache_destroy (&cache);
    nftw (s_folder, s_remove, 8, FTW_DEPTH | FTW_PHYS);
    return 0;
}
