/*  The ring of one producer: literal answers, and a thread that pushes against one that pops. */
#include "config.h"

#include <assert.h>
#include <check.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>

typedef struct {
    uint64_t nth;
    uint64_t check; /* so that half an item would be seen */
} item_t;

#define RING ring
#define RING_ITEM item_t
#include "engine/wire/spsc_ring.h"

/* A second ring in the same file, as a program of several rings has it. */
#define RING letter_ring
#define RING_ITEM char
#include "engine/wire/spsc_ring.h"

static_assert (sizeof (ring_cell_t) == sizeof (item_t), "a cell is its item");
static_assert (offsetof (ring_t, pushed) >= offsetof (ring_t, mask) + WIRE_APART, "producer apart");
static_assert (offsetof (ring_t, popped) >= offsetof (ring_t, popped_seen) + WIRE_APART, "consumer apart");
static_assert (sizeof (ring_t) >= offsetof (ring_t, popped) + WIRE_APART, "neighbours apart");

static ring_t s_ring;
static ring_cell_t s_cells[1024];

static item_t
s_item (uint64_t nth)
{
    return (item_t) {nth, nth * 0x9e3779b97f4a7c15u};
}

static bool
s_push_nth (uint64_t nth)
{
    item_t item = s_item (nth);
    return ring_push (&s_ring, &item);
}

static void
s_pop_must_give (uint64_t nth)
{
    item_t item;
    ck_assert (ring_pop (&s_ring, &item));
    ck_assert_uint_eq (item.nth, nth);
    ck_assert_uint_eq (item.check, s_item (nth).check);
}

START_TEST (a_new_ring_is_empty)
{
    item_t item = s_item (7);
    ring_init (&s_ring, s_cells, 2);
    ck_assert (!ring_pop (&s_ring, &item));
    ck_assert_uint_eq (item.nth, 7);
}
END_TEST

static const uint64_t s_capacities[] = {1, 2, 4, 1024};

START_TEST (a_full_ring_says_no_and_keeps_what_it_has)
{
    item_t item;
    uint64_t capacity = s_capacities[_i];
    ring_init (&s_ring, s_cells, capacity);
    for (uint64_t nth = 0; nth < capacity; nth++)
        ck_assert (s_push_nth (nth));
    ck_assert (!s_push_nth (capacity));
    ck_assert (!s_push_nth (capacity));
    for (uint64_t nth = 0; nth < capacity; nth++)
        s_pop_must_give (nth);
    ck_assert (!ring_pop (&s_ring, &item));
}
END_TEST

START_TEST (each_item_popped_makes_room_for_one)
{
    ring_init (&s_ring, s_cells, 2);
    ck_assert (s_push_nth (0) && s_push_nth (1) && !s_push_nth (2));
    s_pop_must_give (0);
    ck_assert (s_push_nth (2));
    ck_assert (!s_push_nth (3));
    s_pop_must_give (1);
    s_pop_must_give (2);
}
END_TEST

START_TEST (a_thousand_wraps_change_nothing)
{
    ring_init (&s_ring, s_cells, 4);
    for (uint64_t nth = 0; nth < 4000; nth++) {
        ck_assert (s_push_nth (nth));
        if (nth >= 2) /* so that two always wait, and the ends meet the wrap apart */
            s_pop_must_give (nth - 2);
    }
}
END_TEST

START_TEST (two_kinds_of_ring_live_in_one_file)
{
    letter_ring_t letters;
    letter_ring_cell_t cells[1];
    char letter = 'z';
    letter_ring_init (&letters, cells, 1);
    ck_assert (letter_ring_push (&letters, &letter));
    letter = 0;
    ck_assert (letter_ring_pop (&letters, &letter));
    ck_assert_int_eq (letter, 'z');
}
END_TEST

static const struct {
    uint64_t capacity, items;
} s_loads[] = {{1, 1000}, {2, 2000}, {1024, 500000}};

static void *
s_produce (void *arg)
{
    const uint64_t *items = arg;
    for (uint64_t nth = 0; nth < *items; nth++)
        while (!s_push_nth (nth))
            sched_yield ();
    return NULL;
}

START_TEST (two_threads_lose_nothing_and_double_nothing)
{
    pthread_t producer;
    item_t item;
    uint64_t items = s_loads[_i].items;
    ring_init (&s_ring, s_cells, s_loads[_i].capacity);
    ck_assert_int_eq (pthread_create (&producer, NULL, s_produce, &items), 0);
    for (uint64_t nth = 0; nth < items;) {
        if (ring_pop (&s_ring, &item)) {
            if (item.nth != nth || item.check != s_item (nth).check)
                ck_abort_msg ("item %" PRIu64 " came for %" PRIu64, item.nth, nth);
            nth++;
        } else
            sched_yield ();
    }
    pthread_join (producer, NULL);
    ck_assert (!ring_pop (&s_ring, &item));
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("spsc_ring");
    TCase *answers = tcase_create ("answers");
    tcase_add_test (answers, a_new_ring_is_empty);
    tcase_add_loop_test (answers, a_full_ring_says_no_and_keeps_what_it_has, 0, 4);
    tcase_add_test (answers, each_item_popped_makes_room_for_one);
    tcase_add_test (answers, a_thousand_wraps_change_nothing);
    tcase_add_test (answers, two_kinds_of_ring_live_in_one_file);
    suite_add_tcase (suite, answers);
    TCase *threads = tcase_create ("threads");
    tcase_set_timeout (threads, 120);
    tcase_add_loop_test (threads, two_threads_lose_nothing_and_double_nothing, 0, 3);
    suite_add_tcase (suite, threads);

    SRunner *runner = srunner_create (suite);
    srunner_run_all (runner, CK_ENV);
    int failed = srunner_ntests_failed (runner);
    srunner_free (runner);
    return failed > 0;
}
