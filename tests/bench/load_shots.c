/*  Many short sounds, by one worker and by two; and by as many threads that do nothing but decode, which is how
    much the machine gains by a second processor. */
#include "config.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/load_engine.h"
#include "tests/bench/load_figures.h"
#include "tests/bench/load_files.h"
#include "tests/bench/load_peers.h"

enum { ROUNDS = 7 };

typedef enum { ZAMPLE, ZAMPLE_COLD, BARE, WAYS } s_way_t;

static atomic_int s_next;
static double s_sec[WAYS][2][ROUNDS];
static int s_failed;

static double
s_zample (uint32_t workers)
{
    zample_t *engine = load_engine_new (workers);
    double before = load_now_sec ();
    for (int i = 0; i < LOAD_SHOTS; i++)
        load_engine_ask (engine, (uint32_t) i, load_files_shot (i), ZAMPLE_PRIORITY_SOON);
    s_failed += load_engine_finish (engine, LOAD_SHOTS);
    double took = load_now_sec () - before;
    zample_destroy (&engine);
    return took;
}

static double
s_zample_cold (uint32_t workers)
{
    load_files_chill ();
    return s_zample (workers);
}

static void *
s_decode (void *argument)
{
    (void) argument;
    load_block_t block = load_block_new ();
    int64_t frames;
    for (int shot; (shot = atomic_fetch_add (&s_next, 1)) < LOAD_SHOTS;)
        if (!load_by_libavcodec (load_files_shot (shot), &block, &frames))
            abort ();
    load_block_free (&block);
    return NULL;
}

static double
s_bare (uint32_t threads)
{
    pthread_t second;
    atomic_store (&s_next, 0);
    double before = load_now_sec ();
    if (threads == 2 && pthread_create (&second, NULL, s_decode, NULL) != 0)
        abort ();
    s_decode (NULL);
    if (threads == 2)
        pthread_join (second, NULL);
    return load_now_sec () - before;
}

static double (*const s_ways[WAYS]) (uint32_t) = {
    [ZAMPLE] = s_zample,
    [ZAMPLE_COLD] = s_zample_cold,
    [BARE] = s_bare,
};

static void
s_print (const char *what, s_way_t way)
{
    double one = load_figures_at (s_sec[way][0], ROUNDS, 0.5);
    double two = load_figures_at (s_sec[way][1], ROUNDS, 0.5);
    printf ("%-44s %10.0f %10.0f %10.2f\n", what, 1e3 * one, 1e3 * two, one / two);
}

void
load_figures_shots (void)
{
    for (int round = 0; round < ROUNDS; round++)
        for (int way = 0; way < WAYS; way++)
            for (uint32_t workers = 1; workers <= 2; workers++)
                s_sec[way][workers - 1][round] = s_ways[way](workers);
    printf ("%-44s %10s %10s %10s\n", "1,000 one-shots from disk to ready, ms", "1 worker", "2 workers",
            "ratio");
    s_print ("zample", ZAMPLE);
    s_print ("zample, files not in the page cache", ZAMPLE_COLD);
    s_print ("libavcodec alone, on so many threads", BARE);
    printf ("The last ratio is the machine's limit: its two processors may share one core's parts, or a "
            "host's time.\n");
    if (s_failed > 0)
        printf ("%d loads failed\n", s_failed);
}
