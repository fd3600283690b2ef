/*  Each kind of file, by each way to load it. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "tests/bench/load_figures.h"
#include "tests/bench/load_files.h"
#include "tests/bench/load_peers.h"

enum { ROUNDS = 7 };

typedef struct {
    const char *name;
    bool (*load) (const char *path, load_price_t *price);
} s_way_t;

static load_block_t s_touched; /* has been written to before the clock runs */

typedef bool (s_load_t) (const char *path, load_block_t *block, int64_t *frames);

static bool
s_into (load_block_t *block, s_load_t *load, const char *path, load_price_t *price)
{
    double before = load_cpu_sec ();
    bool loaded = load (path, block, &price->frames);
    price->cpu_sec = load_cpu_sec () - before;
    return loaded;
}

/*  As it is for whoever loads a sound and keeps it. */
static bool
s_into_fresh (s_load_t *load, const char *path, load_price_t *price)
{
    load_block_t fresh = load_block_new ();
    bool loaded = s_into (&fresh, load, path, price);
    load_block_free (&fresh);
    return loaded;
}

static bool
s_floor (const char *path, load_price_t *price)
{
    return s_into (&s_touched, load_by_libavcodec, path, price);
}

static bool
s_floor_fresh (const char *path, load_price_t *price)
{
    return s_into_fresh (load_by_libavcodec, path, price);
}

static bool
s_floor_checked (const char *path, load_price_t *price)
{
    return s_into_fresh (load_by_libavcodec_checked, path, price);
}

#ifdef HAVE_SNDFILE_AND_SOXR
static bool
s_sndfile (const char *path, load_price_t *price)
{
    return s_into_fresh (load_by_libsndfile, path, price);
}
#endif

static const s_way_t s_ways[] = {
    { "zample, 1 worker", load_by_zample },
    { "libavcodec + soxr, memory there already", s_floor },
    { "libavcodec + soxr, fresh memory", s_floor_fresh },
    { "the same, and checksums compared", s_floor_checked },
#ifdef HAVE_SNDFILE_AND_SOXR
    { "libsndfile + libsoxr, fresh memory", s_sndfile },
#endif
    { "the ffmpeg command with soxr", load_by_ffmpeg },
};

enum { WAYS = sizeof s_ways / sizeof s_ways[0], ZAMPLE = 0, FLOOR = 1 };

static double s_sec[WAYS][LOAD_KINDS][ROUNDS];
static int64_t s_frames[WAYS][LOAD_KINDS];
static bool s_can[WAYS][LOAD_KINDS];
static double s_median[WAYS][LOAD_KINDS];

static void
s_measure (void)
{
    for (int round = -1; round < ROUNDS; round++) /* the first is not counted */
        for (int kind = 0; kind < LOAD_KINDS; kind++)
            for (int way = 0; way < WAYS; way++) {
                load_price_t price = { 0 };
                load_files_touch (load_files_long (kind));
                s_can[way][kind] = s_ways[way].load (load_files_long (kind), &price);
                s_frames[way][kind] = price.frames;
                if (round >= 0)
                    s_sec[way][kind][round] = price.cpu_sec;
            }
    for (int way = 0; way < WAYS; way++)
        for (int kind = 0; kind < LOAD_KINDS; kind++)
            s_median[way][kind] = load_figures_at (s_sec[way][kind], ROUNDS, 0.5);
}

static void
s_print_head (const char *what)
{
    printf ("%-44s", what);
    for (int kind = 0; kind < LOAD_KINDS; kind++)
        printf (" %8s", load_kinds[kind].name);
    printf ("\n");
}

/*  One line; a kind that cannot be loaded this way is a dash. */
static void
s_print (int way, double (*figure) (int way, int kind), const char *format)
{
    printf ("%-44s", s_ways[way].name);
    for (int kind = 0; kind < LOAD_KINDS; kind++)
        if (s_can[way][kind])
            printf (format, figure (way, kind));
        else
            printf (" %8s", "-");
    printf ("\n");
}

static double
s_speed (int way, int kind)
{
    return LOAD_LONG_SEC / s_median[way][kind];
}

static double
s_ratio (int way, int kind)
{
    return s_median[way][kind] / s_median[ZAMPLE][kind];
}

/*  What the machine takes to write the frames down, the first time and again. */
static void
s_print_limits (void)
{
    double fresh[ROUNDS], again[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        load_block_t block = load_block_new ();
        double before = load_cpu_sec ();
        memset (block.frames, 0, block.size);
        double between = load_cpu_sec ();
        memset (block.frames, 1, block.size);
        again[round] = load_cpu_sec () - between;
        fresh[round] = between - before;
        load_block_free (&block);
    }
    printf ("The machine's limits: to write so many frames into fresh memory takes %.1f ms, over others %.1f "
            "ms.\n",
            1e3 * load_figures_at (fresh, ROUNDS, 0.5), 1e3 * load_figures_at (again, ROUNDS, 0.5));
}

/*  What would make the figures worth nothing: somebody who did not load it all. */
static void
s_compare_lengths (void)
{
    for (int way = 0; way < WAYS; way++)
        for (int kind = 0; kind < LOAD_KINDS; kind++)
            if (s_can[way][kind] && s_frames[way][kind] > 0 && s_frames[way][kind] != s_frames[ZAMPLE][kind])
                printf ("%s, %s: %lld frames, zample %lld\n", s_ways[way].name, load_kinds[kind].name,
                        (long long) s_frames[way][kind], (long long) s_frames[ZAMPLE][kind]);
}

void
load_figures_kinds (void)
{
    s_touched = load_block_new ();
    memset (s_touched.frames, 0, s_touched.size);
    s_measure ();
    load_block_free (&s_touched);

    printf ("%d s of stereo, 44,100 to 48,000 Hz (Opus: 48,000 as it is), soxr of 20 bits; %d rounds\n\n",
            LOAD_LONG_SEC, ROUNDS);
    s_print_head ("audio-seconds per CPU-second");
    for (int way = 0; way < WAYS; way++)
        s_print (way, s_speed, " %8.0f");
    printf ("\n");
    s_print_head ("times zample's CPU time");
    for (int way = 1; way < WAYS; way++)
        s_print (way, s_ratio, " %8.2f");
    printf ("\nzample over the floor (libavcodec + soxr, memory there already):");
    for (int kind = 0; kind < LOAD_KINDS; kind++)
        printf (" %s %+.1f %%", load_kinds[kind].name, 100 / s_ratio (FLOOR, kind) - 100);
    printf ("\n");
    s_print_limits ();
    s_compare_lengths ();
#ifndef HAVE_SNDFILE_AND_SOXR
    printf ("Left out: libsndfile + libsoxr (apt-get install libsndfile1-dev libsoxr-dev, and configure "
            "again).\n");
#endif
    printf ("Not alike: zample looks for damage and for values that are none, draws peaks and tells its "
            "progress; its CPU\n"
            "time is that of all its threads. The ffmpeg command starts a process and looks at the file's "
            "streams first.\n\n");
}
