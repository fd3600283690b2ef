/*  What the caller of zample_load waits for: the call itself, and the first event. */
#include "config.h"

#include <stdio.h>

#include "tests/bench/load_engine.h"
#include "tests/bench/load_figures.h"
#include "tests/bench/load_files.h"

enum { CALLS = 1000, QUEUED = 5000, URGENT = 100, CANCELLED = 100, MP3 = 2 };

static double s_call_us[CALLS], s_event_us[CALLS];

static void
s_print (const char *what, double *us, size_t count, const char *remark)
{
    double median = load_figures_at (us, count, 0.5);
    printf ("%-44s %10.2f %10.2f  %s\n", what, median, load_figures_at (us, count, 0.99), remark);
}

/*  Asks, and waits for the first event. Returns how many other loads ended meanwhile. */
static int
s_measure (zample_t *engine, uint32_t slot, int i, zample_priority_t priority)
{
    int ended = 0;
    double before = load_now_sec ();
    uint64_t job = load_engine_ask (engine, slot, load_files_shot (i), priority);
    double called = load_now_sec ();
    zample_event_t event = { 0 };
    while (event.job != job) {
        load_engine_next (engine, &event);
        ended += event.job != job && event.kind == ZAMPLE_EVENT_SUCCESS;
    }
    s_event_us[i] = 1e6 * (load_now_sec () - before);
    s_call_us[i] = 1e6 * (called - before);
    return ended;
}

/*  One load at a time, each with another file, and its end awaited. */
static void
s_measure_idle (zample_t *engine)
{
    for (int i = 0; i < CALLS; i++) {
        s_measure (engine, 0, i, ZAMPLE_PRIORITY_SOON);
        load_engine_finish (engine, 1);
    }
    s_print ("zample_load, nothing else to do", s_call_us, CALLS, "aim: a median under 5");
    s_print ("from the call to the first event", s_event_us, CALLS, "");
}

/*  The calls are over long before the queue is. */
static void
s_measure_queued (zample_t *engine)
{
    int left = QUEUED + CALLS + URGENT;
    for (int i = 0; i < QUEUED; i++)
        load_engine_ask (engine, (uint32_t) (i + 1), load_files_shot (i % LOAD_SHOTS), ZAMPLE_PRIORITY_SOON);
    for (int i = 0; i < CALLS; i++) {
        double before = load_now_sec ();
        load_engine_ask (engine, (uint32_t) (QUEUED + 1 + i), load_files_shot (i), ZAMPLE_PRIORITY_SOON);
        s_call_us[i] = 1e6 * (load_now_sec () - before);
    }
    s_print ("zample_load, behind 5,000 others", s_call_us, CALLS, "aim: a median under 5");
    for (int i = 0; i < URGENT; i++)
        left -= s_measure (engine, (uint32_t) (QUEUED + CALLS + 1 + i), i, ZAMPLE_PRIORITY_NOW);
    s_print ("the first event of a load NOW, past 5,000", s_event_us, URGENT,
             "one worker ends its load first");
    load_engine_finish (engine, left);
}

/*  Called off while it decodes a long MP3 file: from the call to `cancelled`. */
static void
s_measure_cancel (zample_t *engine)
{
    for (int i = 0; i < CANCELLED; i++) {
        zample_event_t event = { 0 };
        uint64_t job = load_engine_ask (engine, 0, load_files_long (MP3), ZAMPLE_PRIORITY_NOW);
        while (event.kind != ZAMPLE_EVENT_PROGRESS || event.u.progress.percent <= 0.0)
            load_engine_next (engine, &event);
        double before = load_now_sec ();
        zample_cancel (engine, job);
        while (event.kind != ZAMPLE_EVENT_CANCELLED)
            load_engine_next (engine, &event);
        s_event_us[i] = 1e6 * (load_now_sec () - before);
    }
    s_print ("from zample_cancel to its event, decoding", s_event_us, CANCELLED, "aim: under 20,000");
}

void
load_figures_calls (void)
{
    printf ("%-44s %10s %10s\n", "microseconds", "median", "99 %");
    zample_t *engine = load_engine_new (1);
    s_measure_idle (engine);
    s_measure_queued (engine);
    s_measure_cancel (engine);
    zample_destroy (&engine);
    printf ("\n");
}
