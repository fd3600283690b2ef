/*  What it costs to cross the doorway, beside what the machine itself takes for the least that it needs.

    Two threads, one on each of two cores. What one fills in a burst the other empties in the next, so
    that a push meets lines which the other core has just read, and a pop lines which it has just written, and
    nobody's waiting is counted. "Together" is both at the same time. Each figure is the median of many
    rounds, with the fastest and the slowest beside it: on a busy machine the slowest means nothing.
 */
#include "config.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/wire/command.h"
#include "engine/wire/latest.h"
#include "engine/wire/report.h"

enum { CAPACITY = 1024, BURST = 512, BURSTS = 40, ROUNDS = 51 };

typedef double (*work_t) (void); /* returns the ns that it took */

static zample_command_ring_t s_commands;
static zample_command_ring_cell_t *s_command_cells;
static zample_report_ring_t s_reports;
static zample_report_ring_cell_t *s_report_cells;
static _Alignas (WIRE_APART) zample_latest_t s_latest;
static _Alignas (WIRE_APART) _Atomic (uint64_t) s_counter;
static _Alignas (WIRE_APART) volatile uint64_t s_lines[CAPACITY][8];

/* The other thread: given work, does it, says so. `gate` lets both begin at once. */
static struct {
    _Alignas (WIRE_APART) _Atomic (work_t) work;
    double took_ns;
    _Alignas (WIRE_APART) atomic_int gate;
    _Alignas (WIRE_APART) atomic_bool stop;
} s_other;

static double
s_now_ns (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return 1e9 * (double) now.tv_sec + (double) now.tv_nsec;
}

static cpu_set_t s_allowed; /* as the process came; a thread inherits its maker's pin */

/* The nth processor we may use. False if there is none. */
static bool
s_pin (int nth)
{
    cpu_set_t one;
    CPU_ZERO (&one);
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET (cpu, &s_allowed) && nth-- == 0)
            CPU_SET (cpu, &one);
    return CPU_COUNT (&one) == 1 && sched_setaffinity (0, sizeof one, &one) == 0;
}

static void *
s_other_run (void *unused)
{
    (void) unused;
    if (!s_pin (1)) {
        fprintf (stderr, "bench_rings: cannot move to a second processor\n");
        exit (1);
    }
    while (!atomic_load (&s_other.stop)) {
        work_t work = atomic_load (&s_other.work);
        if (!work) {
            sched_yield ();
            continue;
        }
        s_other.took_ns = work ();
        atomic_store (&s_other.work, NULL);
    }
    return NULL;
}

static double
s_on_other (work_t work)
{
    atomic_store (&s_other.work, work);
    while (atomic_load (&s_other.work))
        ;
    return s_other.took_ns;
}

static void
s_meet_at_gate (void)
{
    atomic_fetch_add (&s_other.gate, 1);
    while (atomic_load (&s_other.gate) < 2)
        ;
}

static double
s_together (work_t mine, work_t others)
{
    atomic_store (&s_other.gate, 0);
    atomic_store (&s_other.work, others);
    double took = mine ();
    while (atomic_load (&s_other.work))
        ;
    return took;
}

/* The machine. */

static double
s_count (void)
{
    double start = s_now_ns ();
    for (int i = 0; i < BURST; i++)
        atomic_fetch_add_explicit (&s_counter, 1, memory_order_relaxed);
    return s_now_ns () - start;
}

static double
s_count_together (void)
{
    s_meet_at_gate ();
    return s_count ();
}

static double
s_write_lines (void)
{
    double start = s_now_ns ();
    for (uint64_t i = 0; i < BURST; i++)
        for (int word = 0; word < 8; word++)
            s_lines[i][word] = i;
    atomic_thread_fence (memory_order_seq_cst);
    return s_now_ns () - start;
}

/* The least that a push with a ticket can be: take a number, write the line that it names. */
static double
s_number (void)
{
    double start = s_now_ns ();
    for (int i = 0; i < BURST; i++) {
        uint64_t nth = atomic_fetch_add_explicit (&s_counter, 1, memory_order_relaxed);
        for (int word = 0; word < 8; word++)
            s_lines[nth % CAPACITY][word] = nth;
    }
    return s_now_ns () - start;
}

static double
s_number_together (void)
{
    s_meet_at_gate ();
    return s_number ();
}

static double
s_read_lines (void)
{
    double start = s_now_ns ();
    for (uint64_t i = 0; i < BURST; i++)
        for (int word = 0; word < 8; word++)
            (void) s_lines[i][word];
    return s_now_ns () - start;
}

/* The rings. A burst that does not go through whole is a fault of the bench. */

static void
s_must (bool done)
{
    if (!done)
        abort ();
}

/* Whatever is popped is looked at, or the compiler would leave the copy out. */
static void
s_look_at (const void *item)
{
    __asm__ volatile ("" : : "r"(item) : "memory");
}

static double
s_push_commands (void)
{
    zample_command_t command = {.kind = COMMAND_PLAY};
    uint64_t ticket;
    double start = s_now_ns ();
    for (int i = 0; i < BURST; i++) {
        command.frame = i;
        s_must (zample_command_ring_push (&s_commands, &command, &ticket));
    }
    return s_now_ns () - start;
}

static double
s_push_commands_together (void)
{
    s_meet_at_gate ();
    return s_push_commands ();
}

static double
s_pop_commands (void)
{
    zample_command_t command;
    uint64_t ticket;
    double start = s_now_ns ();
    for (int i = 0; i < BURST; i++) {
        s_must (zample_command_ring_pop (&s_commands, &command, &ticket));
        s_look_at (&command);
    }
    return s_now_ns () - start;
}

static double
s_pop_no_command (void)
{
    zample_command_t command;
    uint64_t ticket;
    double start = s_now_ns ();
    for (int i = 0; i < BURST; i++)
        s_must (!zample_command_ring_pop (&s_commands, &command, &ticket));
    return s_now_ns () - start;
}

static double
s_push_reports (void)
{
    zample_report_t report = {.kind = REPORT_VOICE_STARTED};
    double start = s_now_ns ();
    for (int i = 0; i < BURST; i++) {
        report.frame = i;
        s_must (zample_report_ring_push (&s_reports, &report));
    }
    return s_now_ns () - start;
}

static double
s_pop_reports (void)
{
    zample_report_t report;
    double start = s_now_ns ();
    for (int i = 0; i < BURST; i++) {
        s_must (zample_report_ring_pop (&s_reports, &report));
        s_look_at (&report);
    }
    return s_now_ns () - start;
}

static double
s_pop_no_report (void)
{
    zample_report_t report;
    double start = s_now_ns ();
    for (int i = 0; i < BURST; i++)
        s_must (!zample_report_ring_pop (&s_reports, &report));
    return s_now_ns () - start;
}

static double
s_write_latest (void)
{
    uint64_t words[ZAMPLE_LATEST_WORDS] = {0};
    double start = s_now_ns ();
    for (int i = 0; i < BURST; i++) {
        words[0]++;
        zample_latest_write (&s_latest, words);
    }
    return s_now_ns () - start;
}

static double
s_read_latest (void)
{
    uint64_t words[ZAMPLE_LATEST_WORDS];
    double start = s_now_ns ();
    for (int i = 0; i < BURST; i++) {
        zample_latest_read (&s_latest, words);
        s_look_at (words);
    }
    return s_now_ns () - start;
}

static double
s_write_latest_together (void)
{
    s_meet_at_gate ();
    return s_write_latest ();
}

static double
s_read_latest_together (void)
{
    s_meet_at_gate ();
    return s_read_latest ();
}

/* What is measured: a burst here, after a burst of the other thread or together with one. */
typedef struct {
    const char *name;
    int limit;     /* the row that is the machine's own limit for this one */
    double aim_ns; /* 0 for none */
    work_t timed;
    work_t before, together, after; /* of the other thread; `after` undoes one burst */
} measure_t;

enum { COUNT, COUNT_TOGETHER, WRITE, READ, NUMBER, NUMBER_TOGETHER, NONE = -1 };

static const measure_t s_measures[] = {
    [COUNT] = {"fetch_add, one thread", NONE, 0, s_count},
    [COUNT_TOGETHER] = {"fetch_add, two threads", NONE, 0, s_count_together, .together = s_count_together},
    [WRITE] = {"write a line the other core read", NONE, 0, s_write_lines, .before = s_read_lines},
    [READ] = {"read a line the other core wrote", NONE, 0, s_read_lines, .before = s_write_lines},
    [NUMBER] = {"fetch_add, write that line, one thread", NONE, 0, s_number, .before = s_read_lines},
    [NUMBER_TOGETHER] = {"fetch_add, write that line, two threads", NONE, 0, s_number_together,
                         .together = s_number_together},
    {"mpsc push, one thread", NUMBER, 25, s_push_commands, .after = s_pop_commands},
    {"mpsc push, two threads", NUMBER_TOGETHER, 0, s_push_commands_together,
     .together = s_push_commands_together, .after = s_pop_commands},
    {"mpsc pop", READ, 25, s_pop_commands, .before = s_push_commands},
    {"mpsc pop, empty", NONE, 0, s_pop_no_command},
    {"spsc push", WRITE, 6, s_push_reports, .after = s_pop_reports},
    {"spsc pop", READ, 6, s_pop_reports, .before = s_push_reports},
    {"spsc pop, empty", NONE, 0, s_pop_no_report},
    {"latest write", WRITE, 0, s_write_latest},
    {"latest write, the other core reads", WRITE, 0, s_write_latest_together,
     .together = s_read_latest_together},
    {"latest read", READ, 0, s_read_latest},
    {"latest read, the other core writes", READ, 0, s_read_latest_together,
     .together = s_write_latest_together},
};

enum { MEASURES = sizeof s_measures / sizeof s_measures[0] };

static double s_results[MEASURES][ROUNDS]; /* ns per operation */

static double
s_burst (const measure_t *measure)
{
    double took;
    if (measure->before)
        s_on_other (measure->before);
    if (measure->together)
        took = s_together (measure->timed, measure->together);
    else
        took = measure->timed ();
    for (int i = 0; measure->after && i < (measure->together ? 2 : 1); i++)
        s_on_other (measure->after);
    return took;
}

static int
s_compare (const void *a, const void *b)
{
    double difference = *(const double *) a - *(const double *) b;
    return (difference > 0) - (difference < 0);
}

static double
s_median (int measure)
{
    return s_results[measure][ROUNDS / 2];
}

/* Round by round, so that a noisy moment touches every row alike. The median burst stands for its round. */
static void
s_measure (void)
{
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < MEASURES; i++) {
            double bursts[BURSTS];
            for (int burst = 0; burst < BURSTS; burst++)
                bursts[burst] = s_burst (&s_measures[i]) / BURST;
            qsort (bursts, BURSTS, sizeof bursts[0], s_compare);
            s_results[i][round] = bursts[BURSTS / 2];
        }
    for (int i = 0; i < MEASURES; i++)
        qsort (s_results[i], ROUNDS, sizeof s_results[i][0], s_compare);
}

static void
s_print (void)
{
    printf ("%-40s %7s %7s %7s %5s\n", "ns per call, of each thread", "median", "min", "max", "aim");
    for (int i = 0; i < MEASURES; i++) {
        const measure_t *measure = &s_measures[i];
        printf ("%-40s %7.1f %7.1f %7.1f ", measure->name, s_median (i), s_results[i][0],
                s_results[i][ROUNDS - 1]);
        if (measure->aim_ns > 0)
            printf ("%5.0f", measure->aim_ns);
        else
            printf ("%5s", "");
        if (measure->limit != NONE)
            printf ("  %.1f x %s", s_median (i) / s_median (measure->limit), s_measures[measure->limit].name);
        printf ("\n");
    }
}

int
main (void)
{
    pthread_t other;
    s_command_cells = aligned_alloc (WIRE_APART, CAPACITY * sizeof *s_command_cells);
    s_report_cells = aligned_alloc (WIRE_APART, CAPACITY * sizeof *s_report_cells);
    if (!s_command_cells || !s_report_cells) {
        fprintf (stderr, "bench_rings: out of memory\n");
        return 1;
    }
    bool known = sched_getaffinity (0, sizeof s_allowed, &s_allowed) == 0;
    if (!known || CPU_COUNT (&s_allowed) < 2 || !s_pin (0)) {
        fprintf (stderr, "bench_rings: needs two processors\n");
        return 1;
    }
    zample_command_ring_init (&s_commands, s_command_cells, CAPACITY);
    zample_report_ring_init (&s_reports, s_report_cells, CAPACITY);
    zample_latest_init (&s_latest);
    if (pthread_create (&other, NULL, s_other_run, NULL) != 0) {
        fprintf (stderr, "bench_rings: cannot start a second thread\n");
        return 1;
    }
    s_measure ();
    atomic_store (&s_other.stop, true);
    pthread_join (other, NULL);
    s_print ();
    free (s_command_cells);
    free (s_report_cells);
    return 0;
}
