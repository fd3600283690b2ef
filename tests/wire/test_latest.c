/*  Latest-value cells: literal answers, and one thread that writes while three read. */
#include "config.h"

#include <assert.h>
#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>

#include "engine/wire/latest.h"

static_assert (sizeof (zample_cell_t) == sizeof (float), "a cell is its number");
static_assert (sizeof (zample_latest_t) == (1 + 2 * ZAMPLE_LATEST_WORDS) * sizeof (uint64_t), "packed");

enum { READERS = 3, CHANGES = 500 };

static zample_latest_t s_latest;
static zample_cell_t s_cell;
static atomic_int s_reading;

static void
s_write_record (uint64_t record)
{
    uint64_t words[ZAMPLE_LATEST_WORDS];
    for (int i = 0; i < ZAMPLE_LATEST_WORDS; i++)
        words[i] = record + (uint64_t) i;
    zample_latest_write (&s_latest, words);
    zample_cell_set (&s_cell, (float) record);
}

static bool
s_is_record (const uint64_t words[ZAMPLE_LATEST_WORDS])
{
    for (int i = 0; i < ZAMPLE_LATEST_WORDS; i++)
        if (words[i] != words[0] + (uint64_t) i)
            return false;
    return true;
}

START_TEST (a_cell_gives_what_was_set_last)
{
    static const float values[] = {0.25f, -1.0f, 0.0f, 1e-40f, 3e38f};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        zample_cell_set (&s_cell, values[i]);
        float got = zample_cell_get (&s_cell);
        ck_assert_mem_eq (&got, &values[i], sizeof got);
    }
}
END_TEST

START_TEST (what_crosses_never_takes_a_lock)
{
    ck_assert (atomic_is_lock_free (&s_cell.value));
    ck_assert (atomic_is_lock_free (&s_latest.count));
}
END_TEST

START_TEST (a_new_record_is_all_zero)
{
    static const uint64_t zero[ZAMPLE_LATEST_WORDS];
    uint64_t words[ZAMPLE_LATEST_WORDS];
    memset (words, 0xff, sizeof words);
    zample_latest_init (&s_latest);
    ck_assert (zample_latest_try_read (&s_latest, words));
    ck_assert_mem_eq (words, zero, sizeof words);
}
END_TEST

START_TEST (every_reader_gets_the_record_written_last)
{
    uint64_t words[ZAMPLE_LATEST_WORDS];
    zample_latest_init (&s_latest);
    for (uint64_t record = 1; record <= 1000; record++) {
        s_write_record (record * 10);
        for (int i = 0; i < 2; i++) {
            ck_assert (zample_latest_try_read (&s_latest, words));
            ck_assert_uint_eq (words[0], record * 10);
            ck_assert (s_is_record (words));
        }
    }
}
END_TEST

/* The suspended writer is played by hand: it has filled some words of the copy that is not shown. */
START_TEST (a_writer_that_is_suspended_keeps_nobody_waiting)
{
    uint64_t words[ZAMPLE_LATEST_WORDS];
    zample_latest_init (&s_latest);
    s_write_record (10);
    atomic_store (&s_latest.copies[0][0], 11);
    ck_assert (zample_latest_try_read (&s_latest, words));
    ck_assert_uint_eq (words[0], 10);
    ck_assert (s_is_record (words));
    s_write_record (20);
    ck_assert (zample_latest_try_read (&s_latest, words));
    ck_assert_uint_eq (words[0], 20);
    ck_assert (s_is_record (words));
}
END_TEST

typedef struct {
    pthread_t thread;
    const char *wrong;
} reader_t;

static void *
s_read (void *arg)
{
    reader_t *self = arg;
    uint64_t last = 0;
    float last_cell = 0.0f;
    for (int changes = 0; changes < CHANGES;) {
        uint64_t words[ZAMPLE_LATEST_WORDS];
        while (!zample_latest_try_read (&s_latest, words))
            sched_yield ();
        if (!s_is_record (words))
            self->wrong = "a torn record";
        if (words[0] < last)
            self->wrong = "an older record after a newer one";
        float cell = zample_cell_get (&s_cell);
        if (cell < last_cell)
            self->wrong = "an older number after a newer one";
        if (words[0] != last)
            changes++;
        else
            sched_yield ();
        last = words[0];
        last_cell = cell;
    }
    atomic_fetch_sub (&s_reading, 1);
    return NULL;
}

START_TEST (three_readers_see_whole_records_in_order)
{
    reader_t readers[READERS];
    zample_latest_init (&s_latest);
    s_write_record (0);
    atomic_store (&s_reading, READERS);
    for (int i = 0; i < READERS; i++) {
        readers[i].wrong = "nothing";
        ck_assert_int_eq (pthread_create (&readers[i].thread, NULL, s_read, &readers[i]), 0);
    }
    for (uint64_t record = 1; atomic_load (&s_reading) > 0; record++) {
        s_write_record (record);
        if (record % 1024 == 0)
            sched_yield ();
    }
    for (int i = 0; i < READERS; i++) {
        pthread_join (readers[i].thread, NULL);
        ck_assert_str_eq (readers[i].wrong, "nothing");
    }
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("latest");
    TCase *answers = tcase_create ("answers");
    tcase_add_test (answers, a_cell_gives_what_was_set_last);
    tcase_add_test (answers, what_crosses_never_takes_a_lock);
    tcase_add_test (answers, a_new_record_is_all_zero);
    tcase_add_test (answers, every_reader_gets_the_record_written_last);
    tcase_add_test (answers, a_writer_that_is_suspended_keeps_nobody_waiting);
    suite_add_tcase (suite, answers);
    TCase *threads = tcase_create ("threads");
    tcase_set_timeout (threads, 120);
    tcase_add_test (threads, three_readers_see_whole_records_in_order);
    suite_add_tcase (suite, threads);

    SRunner *runner = srunner_create (suite);
    srunner_run_all (runner, CK_ENV);
    int failed = srunner_ntests_failed (runner);
    srunner_free (runner);
    return failed > 0;
}
