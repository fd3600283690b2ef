/*  What the caller of zample_load waits for: the call itself, and the first event. */
#include "config.h"

#include <stdio.h>

#include "tests/bench/load_engine.h"
#include "tests/bench/load_figures.h"
#include "tests/bench/load_files.h"

enum { CALLS = 1000, QUEUED = 5000 };

static double s_call_us[CALLS], s_event_us[CALLS];

static void
s_print (const char *what, double *us, const char *remark)
{
    double median = load_figures_at (us, CALLS, 0.5);
    printf ("%-44s %10.2f %10.2f  %s\n", what, median, load_figures_at (us, CALLS, 0.99), remark);
}

/*  One load at a time, each with another file, and its end awaited. */
static void
s_measure_idle (zample_t *engine)
{
    for (int i = 0; i < CALLS; i++) {
        double before = load_now_sec ();
        uint64_t job = load_engine_ask (engine, 0, load_files_shot (i));
        double called = load_now_sec ();
        zample_event_t event;
        do
            while (zample_poll (engine, &event) != ZAMPLE_OK)
                ;
        while (event.job != job);
        s_event_us[i] = 1e6 * (load_now_sec () - before);
        s_call_us[i] = 1e6 * (called - before);
        load_engine_finish (engine, 1);
    }
}

static void
s_measure_queued (zample_t *engine)
{
    for (int i = 0; i < QUEUED; i++)
        load_engine_ask (engine, (uint32_t) (i + 1), load_files_shot (i % LOAD_SHOTS));
    for (int i = 0; i < CALLS; i++) {
        double before = load_now_sec ();
        load_engine_ask (engine, (uint32_t) (QUEUED + 1 + i), load_files_shot (i));
        s_call_us[i] = 1e6 * (load_now_sec () - before);
    }
    load_engine_finish (engine, QUEUED + CALLS);
}

void
load_figures_calls (void)
{
    printf ("%-44s %10s %10s\n", "microseconds", "median", "99 %");
    zample_t *engine = load_engine_new (1);
    s_measure_idle (engine);
    s_print ("zample_load, nothing else to do", s_call_us, "aim: a median under 5");
    s_print ("from the call to the first event", s_event_us, "");
    s_measure_queued (engine);
    s_print ("zample_load, behind 5,000 others", s_call_us, "aim: a median under 5");
    zample_destroy (&engine);
    printf ("\n");
}
