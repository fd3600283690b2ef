/* Engines come and go, and leave nothing behind. */
#include "config.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "tests/support/follow.h"
#include "tests/support/run_suite.h"

#define LOADS 40
#define LONG_FILE "/usr/share/sonic-pi/samples/ambi_lunar_land.flac"

static int64_t
s_now_ms (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int
s_count_entries (const char *path)
{
    int count = 0;
    DIR *folder = opendir (path);
    ck_assert_ptr_nonnull (folder);
    while (readdir (folder))
        count++;
    closedir (folder);
    return count;
}

static long
s_memory_kib (void)
{
    long pages = 0, resident = 0;
    FILE *file = fopen ("/proc/self/statm", "r");
    ck_assert_int_eq (fscanf (file, "%ld %ld", &pages, &resident), 2);
    fclose (file);
    return resident * (sysconf (_SC_PAGESIZE) / 1024);
}

START_TEST (making_and_destroying_leaves_no_thread_descriptor_or_memory)
{
    /* Instrumented builds, which need ten times as long for each, do fewer. */
    bool plain = strcmp (getenv ("ZAMPLE_INSTRUMENT") ? getenv ("ZAMPLE_INSTRUMENT") : "none", "none") == 0;
    int rounds = plain ? 1000 : 100;
    int descriptors = 0, threads = 0;
    long memory = 0;
    for (int round = 0; round < rounds; round++) {
        zample_t *engine = follow_engine (round % 2 ? ZAMPLE_OUTPUT_NULL : ZAMPLE_OUTPUT_OFFLINE);
        zample_destroy (&engine);
        ck_assert_ptr_null (engine);
        if (round == rounds / 4) {
            descriptors = s_count_entries ("/proc/self/fd");
            threads = s_count_entries ("/proc/self/task");
            memory = s_memory_kib ();
        }
    }
    ck_assert_int_eq (s_count_entries ("/proc/self/fd"), descriptors);
    ck_assert_int_eq (s_count_entries ("/proc/self/task"), threads);
    if (plain)
        ck_assert_int_le (s_memory_kib (), memory + 2048);
    ck_assert_int_eq (s_count_entries (follow_path ("zample")), 2);
}
END_TEST

/*  Destroys an engine in the middle of loads, and follows it from outside: each load must end, once. */
static void
s_destroy_amid_loads (zample_output_kind_t output, int wait_for_events)
{
    int ends[LOADS + 1] = { 0 }, opened = 0;
    zample_t *engine = follow_engine (output);
    void *context = zmq_ctx_new ();
    void *follower = zmq_socket (context, ZMQ_SUB);
    int limit_ms = FOLLOW_LIMIT_MS, none = 0;
    zmq_setsockopt (follower, ZMQ_RCVTIMEO, &limit_ms, sizeof limit_ms);
    zmq_setsockopt (follower, ZMQ_RCVHWM, &none, sizeof none);
    zmq_setsockopt (follower, ZMQ_SUBSCRIBE, "evt/", 4);
    zmq_setsockopt (follower, ZMQ_SUBSCRIBE, "snap/me", 7);
    ck_assert_int_eq (zmq_connect (follower, zample_endpoint (engine)), 0);
    char text[4096];
    do
        ck_assert_int_gt (zmq_recv (follower, text, sizeof text, 0), 0);
    while (strncmp (text, "snap/me", 7) != 0);
    ck_assert_int_gt (zmq_recv (follower, text, sizeof text, 0), 0);

    for (int i = 0; i < LOADS; i++)
        ck_assert_int_eq (zample_load (engine, (uint32_t) i, LONG_FILE, NULL, NULL), ZAMPLE_OK);
    for (int i = 0; i < wait_for_events; i++)
        follow_next (engine);
    int64_t before = s_now_ms ();
    zample_destroy (&engine);
    int64_t took = s_now_ms () - before;
    if (strcmp (getenv ("ZAMPLE_INSTRUMENT") ? getenv ("ZAMPLE_INSTRUMENT") : "none", "none") == 0
        && !getenv ("VALGRIND"))
        ck_assert_msg (took < 500, "it took %d ms", (int) took);

    while (!opened) {
        ck_assert_int_gt (zmq_recv (follower, text, sizeof text - 1, 0), 0);
        int size = zmq_recv (follower, text, sizeof text - 1, 0);
        ck_assert_int_gt (size, 0);
        text[size] = '\0';
        const char *job = strstr (text, "\"job\":");
        if (strstr (text, "\"type\":\"success\"") || strstr (text, "\"type\":\"error\""))
            ends[atoi (job + strlen ("\"job\":"))]++;
        opened = strstr (text, "\"state\":\"closed\"") != NULL;
    }
    for (int job = 1; job <= LOADS; job++)
        ck_assert_msg (ends[job] == 1, "job %d ended %d times", job, ends[job]);
    zmq_close (follower);
    zmq_ctx_term (context);
}

START_TEST (destroying_before_the_first_load_began)
{
    s_destroy_amid_loads (ZAMPLE_OUTPUT_NULL, 0);
}
END_TEST

START_TEST (destroying_amid_loads)
{
    s_destroy_amid_loads (ZAMPLE_OUTPUT_NULL, 20);
}
END_TEST

START_TEST (destroying_amid_loads_offline)
{
    s_destroy_amid_loads (ZAMPLE_OUTPUT_OFFLINE, 150);
}
END_TEST

START_TEST (destroying_while_voices_play_and_slots_are_full)
{
    zample_t *engine = follow_engine (ZAMPLE_OUTPUT_NULL);
    zample_play_t how = ZAMPLE_PLAY_DEFAULT;
    how.loop = true;
    follow_load (engine, 0, follow_make_ramp ("ramp.wav", 4800));
    for (int i = 0; i < 300; i++)
        ck_assert_int_eq (zample_play (engine, 0, &how, NULL), ZAMPLE_OK);
    follow_until (engine, ZAMPLE_EVENT_VOICE_STARTED);
    ck_assert_int_eq (zample_load (engine, 0, follow_path ("ramp.wav"), NULL, NULL), ZAMPLE_OK);
    follow_until (engine, ZAMPLE_EVENT_SUCCESS);
    zample_destroy (&engine);
    ck_assert_ptr_null (engine);
}
END_TEST

int
main (void)
{
    follow_private_runtime ();
    Suite *suite = suite_create ("life");
    TCase *all = tcase_create ("life");
    tcase_set_timeout (all, 300);
    tcase_add_test (all, making_and_destroying_leaves_no_thread_descriptor_or_memory);
    tcase_add_test (all, destroying_before_the_first_load_began);
    tcase_add_test (all, destroying_amid_loads);
    tcase_add_test (all, destroying_amid_loads_offline);
    tcase_add_test (all, destroying_while_voices_play_and_slots_are_full);
    suite_add_tcase (suite, all);
    return run_suite (suite);
}
