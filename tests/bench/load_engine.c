#include "config.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/load_engine.h"
#include "tests/bench/load_peers.h"

static void
s_must (zample_status_t status)
{
    if (status == ZAMPLE_OK)
        return;
    fprintf (stderr, "bench_load: %s\n", zample_why ());
    exit (1);
}

zample_t *
load_engine_new (uint32_t workers)
{
    zample_t *engine;
    zample_config_t config = { .output = ZAMPLE_OUTPUT_OFFLINE,
                               .slots = 8192,
                               .command_capacity = 65536,
                               .event_capacity = 65536,
                               .workers = workers };
    s_must (zample_new (&config, &engine));
    return engine;
}

uint64_t
load_engine_ask (zample_t *engine, uint32_t slot, const char *path, zample_priority_t priority)
{
    uint64_t job;
    s_must (zample_load (engine, slot, path, &(zample_load_t) { .priority = priority }, &job));
    return job;
}

void
load_engine_next (zample_t *engine, zample_event_t *event)
{
    struct pollfd readable = { .fd = zample_poll_fd (engine), .events = POLLIN };
    while (zample_poll (engine, event) != ZAMPLE_OK)
        poll (&readable, 1, -1);
}

int
load_engine_finish (zample_t *engine, int loads)
{
    int failed = 0;
    zample_event_t event;
    while (loads > 0) {
        load_engine_next (engine, &event);
        loads -= event.kind == ZAMPLE_EVENT_SUCCESS || event.kind == ZAMPLE_EVENT_ERROR;
        failed += event.kind == ZAMPLE_EVENT_ERROR;
    }
    return failed;
}

/*  From the call until the audio thread has the sound. The engine is made before and freed after the clock
    runs, as the others' memory is. */
bool
load_by_zample (const char *path, load_price_t *price)
{
    zample_t *engine = load_engine_new (1);
    double before = load_cpu_sec ();
    uint64_t job = load_engine_ask (engine, 0, path, ZAMPLE_PRIORITY_SOON);
    zample_event_t event;
    do
        load_engine_next (engine, &event);
    while (event.job != job || (event.kind != ZAMPLE_EVENT_SUCCESS && event.kind != ZAMPLE_EVENT_ERROR));
    price->cpu_sec = load_cpu_sec () - before;
    if (event.kind == ZAMPLE_EVENT_SUCCESS)
        price->frames = (int64_t) (event.u.success.duration_sec * LOAD_RATE_HZ + 0.5);
    zample_destroy (&engine);
    return event.kind == ZAMPLE_EVENT_SUCCESS;
}
