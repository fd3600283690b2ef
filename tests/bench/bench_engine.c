/*  What a caller pays: zample_play, zample_set_gain, zample_load, zample_poll, on a whole engine.

    Plays go onto a ring that is emptied between rounds and not while the clock runs, so that every one of them counts
    and is accepted. Each figure is the median of many rounds, with the fastest and the slowest beside it.
 */
#include "config.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "zample.h"

enum { ROUNDS = 401, PLAYS = 500, LOADS = 1000 }; /* the plays of two threads fill the usual ring */

static zample_t *s_engine;
static atomic_int s_gate;
static atomic_uint_fast64_t s_counter;

static double
s_now_ns (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return 1e9 * (double) now.tv_sec + (double) now.tv_nsec;
}

static int
s_compare (const void *a, const void *b)
{
    double x = *(const double *) a, y = *(const double *) b;
    return (x > y) - (x < y);
}

static double
s_print (const char *what, double *ns, int count, const char *remark)
{
    qsort (ns, (size_t) count, sizeof *ns, s_compare);
    printf ("%-44s %10.1f %10.1f %10.1f  %s\n", what, ns[count / 2], ns[0], ns[count - 1], remark);
    return ns[count / 2];
}

/* ---- two threads at the same work */

typedef void (work_t) (void);

static void
s_plays (void)
{
    for (int i = 0; i < PLAYS; i++)
        if (zample_play (s_engine, 0, NULL, NULL) != ZAMPLE_OK) {
            fprintf (stderr, "bench_engine: %s\n", zample_why ());
            exit (1);
        }
}

static void
s_counts (void)
{
    for (int i = 0; i < PLAYS; i++)
        atomic_fetch_add_explicit (&s_counter, 1, memory_order_relaxed);
}

static void
s_gains (void)
{
    for (int i = 0; i < PLAYS; i++)
        zample_set_gain (s_engine, 0, 0.5f);
}

typedef struct {
    work_t *work;
    int processor;
    double took_ns;
} share_t;

/*  Two threads on one processor would take turns and never meet. */
static void
s_pin (int processor)
{
    cpu_set_t one;
    CPU_ZERO (&one);
    CPU_SET ((size_t) processor, &one);
    if (sched_setaffinity (0, sizeof one, &one) != 0) {
        fprintf (stderr, "bench_engine: there is no processor %d\n", processor);
        exit (1);
    }
}

static void *
s_do_share (void *argument)
{
    share_t *share = argument;
    s_pin (share->processor);
    atomic_fetch_sub (&s_gate, 1);
    while (atomic_load (&s_gate) > 0)
        ;
    double before = s_now_ns ();
    share->work ();
    share->took_ns = s_now_ns () - before;
    return NULL;
}

/*  Renders until each play has been answered: rejected, since the slot is empty. */
static void
s_empty_ring (uint64_t plays)
{
    zample_event_t event;
    while (plays > 0) {
        zample_render (s_engine, 64, NULL);
        while (zample_poll (s_engine, &event) == ZAMPLE_OK)
            if (event.kind == ZAMPLE_EVENT_REJECTED)
                plays--;
            else if (event.kind == ZAMPLE_EVENT_LOST)
                plays -= event.u.lost.count;
    }
}

/*  What one call took on each of `threads` threads that all made PLAYS of them at once. */
static double
s_time (work_t *work, int threads)
{
    pthread_t thread;
    share_t shares[2] = { { .work = work, .processor = 0 }, { .work = work, .processor = 1 } };
    atomic_store (&s_gate, threads);
    if (threads == 2 && pthread_create (&thread, NULL, s_do_share, &shares[1]) != 0)
        exit (1);
    s_do_share (&shares[0]);
    if (threads == 2)
        pthread_join (thread, NULL);
    s_empty_ring (work == s_plays ? (uint64_t) threads * PLAYS : 0);
    double slowest = shares[0].took_ns > shares[1].took_ns ? shares[0].took_ns : shares[1].took_ns;
    return slowest / PLAYS;
}

static double
s_bench (const char *what, work_t *work, int threads, const char *remark)
{
    double ns[ROUNDS];
    for (int round = 0; round < ROUNDS; round++)
        ns[round] = s_time (work, threads);
    return s_print (what, ns, ROUNDS, remark);
}

static void
s_bench_load (const char *what, const char *path)
{
    static double ns[LOADS];
    for (int i = 0; i < LOADS; i++) {
        double before = s_now_ns ();
        if (zample_load (s_engine, 1, path, NULL, NULL) != ZAMPLE_OK)
            exit (1);
        ns[i] = s_now_ns () - before;
    }
    s_print (what, ns, LOADS, "aim: a median under 20,000");
}

static void
s_bench_poll (void)
{
    static double ns[LOADS];
    zample_event_t event;
    for (int i = 0; i < LOADS; i++) {
        double before = s_now_ns ();
        zample_poll (s_engine, &event);
        ns[i] = s_now_ns () - before;
    }
    s_print ("zample_poll", ns, LOADS, "");
}

int
main (void)
{
    zample_config_t config = { .output = ZAMPLE_OUTPUT_OFFLINE };
    if (zample_new (&config, &s_engine) != ZAMPLE_OK) {
        fprintf (stderr, "bench_engine: %s\n", zample_why ());
        return 1;
    }
    zample_event_t opened;
    while (zample_poll (s_engine, &opened) != ZAMPLE_OK)
        ;
    printf ("%-44s %10s %10s %10s\n", "ns a call", "median", "fastest", "slowest");
    double limit_one = s_bench ("an atomic add, 1 thread", s_counts, 1, "the machine's limit");
    double limit_two = s_bench ("an atomic add, 2 threads", s_counts, 2, "the machine's limit");
    double one = s_bench ("zample_play, 1 thread", s_plays, 1, "");
    double two = s_bench ("zample_play, 2 threads", s_plays, 2, "aim: under 40");
    s_bench ("zample_set_gain, 2 threads", s_gains, 2, "");
    printf ("zample_play over the limit: %.1f times on 1 thread, %.1f times on 2\n", one / limit_one,
            two / limit_two);
    s_bench_load ("zample_load, no such file", "/no/such/file.wav");
    s_bench_load ("zample_load, a file of 2 s", "/usr/share/sounds/alsa/Front_Center.wav");
    s_bench_poll ();
    zample_destroy (&s_engine);
    return 0;
}
