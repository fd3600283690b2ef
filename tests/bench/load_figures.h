/*  What bench_load prints, part by part, once its files are made. */
#ifndef ZAMPLE_BENCH_LOAD_FIGURES_H
#define ZAMPLE_BENCH_LOAD_FIGURES_H

#include <stddef.h>

/*  Each kind of file, by each way to load it. */
void load_figures_kinds (void);

/*  What the caller waits for. */
void load_figures_calls (void);

/*  Many short sounds, by one worker and by two. */
void load_figures_shots (void);

/*  Monotonic. */
double load_now_sec (void);

/*  Sorts them. share: 0.5 is the median. */
double load_figures_at (double *values, size_t count, double share);

#endif
