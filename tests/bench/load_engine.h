/*  An engine that only loads, offline. What fails here ends the program with a word on why. */
#ifndef ZAMPLE_BENCH_LOAD_ENGINE_H
#define ZAMPLE_BENCH_LOAD_ENGINE_H

#include "zample.h"

zample_t *load_engine_new (uint32_t workers);

/*  The job. */
uint64_t load_engine_ask (zample_t *engine, uint32_t slot, const char *path, zample_priority_t priority);

/*  Waits for the next event. */
void load_engine_next (zample_t *engine, zample_event_t *event);

/*  Waits until so many loads have ended, in whatever way. Returns how many of them failed. */
int load_engine_finish (zample_t *engine, int loads);

#endif
