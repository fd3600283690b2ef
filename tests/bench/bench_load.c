/*  What loading costs: audio-seconds per second of processor time, against other ways to have the same frames
    in memory; the time of the call; and a thousand short sounds from disk to ready.

    All files are made here, from real sounds, and lie in the page cache unless it says otherwise. Whatever is
    compared is done in turn, round by round, so that a slow moment of the machine hits all alike; figures are
    medians. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include <libavutil/log.h>

#include "tests/bench/load_figures.h"
#include "tests/bench/load_files.h"
#include "tests/bench/load_peers.h"

#define HUGE_SIZE ((size_t) 2 << 20)

static double
s_clock_sec (clockid_t clock)
{
    struct timespec now;
    clock_gettime (clock, &now);
    return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

double
load_now_sec (void)
{
    return s_clock_sec (CLOCK_MONOTONIC);
}

double
load_cpu_sec (void)
{
    return s_clock_sec (CLOCK_PROCESS_CPUTIME_ID);
}

load_block_t
load_block_new (void)
{
    size_t size = (size_t) (LOAD_LONG_SEC + 2) * LOAD_RATE_HZ * 2 * sizeof (float);
    load_block_t block = { .size = (size + HUGE_SIZE - 1) / HUGE_SIZE * HUGE_SIZE };
    block.frames = aligned_alloc (HUGE_SIZE, block.size);
    if (!block.frames)
        abort ();
    madvise (block.frames, block.size, MADV_HUGEPAGE);
    return block;
}

void
load_block_free (load_block_t *self)
{
    free (self->frames);
    self->frames = NULL;
}

static int
s_compare (const void *a, const void *b)
{
    double x = *(const double *) a, y = *(const double *) b;
    return (x > y) - (x < y);
}

double
load_figures_at (double *values, size_t count, double share)
{
    qsort (values, count, sizeof *values, s_compare);
    return values[(size_t) (share * (double) (count - 1) + 0.5)];
}

int
main (void)
{
    av_log_set_level (AV_LOG_QUIET); /* the floor's; zample prints nothing anyway */
    if (!load_files_make ())
        return 0;
    load_figures_kinds ();
    load_figures_calls ();
    load_figures_shots ();
    return 0;
}
