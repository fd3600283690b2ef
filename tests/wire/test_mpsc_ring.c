/*  The ring of many producers: literal answers, and four threads that push against one that pops. */
#include "config.h"

#include <assert.h>
#include <check.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>

typedef struct {
    uint32_t producer;
    uint32_t nth;
    uint64_t check; /* so that half an item would be seen */
} item_t;

#define RING ring
#define RING_ITEM item_t
#include "engine/wire/mpsc_ring.h"

/* A second ring in the same file, as a program of several rings has it. */
#define RING letter_ring
#define RING_ITEM char
#include "engine/wire/mpsc_ring.h"

static_assert (sizeof (ring_cell_t) == sizeof (uint64_t) + sizeof (item_t), "nothing more");
static_assert (offsetof (ring_t, claimed) >= offsetof (ring_t, mask) + WIRE_APART, "producers apart");
static_assert (offsetof (ring_t, taken) >= offsetof (ring_t, claimed) + WIRE_APART, "consumer apart");
static_assert (sizeof (ring_t) >= offsetof (ring_t, taken) + WIRE_APART, "neighbours apart");

enum { PRODUCERS = 4 };

static ring_t s_ring;
static ring_cell_t s_cells[1024];

static item_t
s_item (uint32_t producer, uint32_t nth)
{
    return (item_t) {producer, nth, ((uint64_t) producer << 32 | nth) * 0x9e3779b97f4a7c15u};
}

static bool
s_push_nth (uint32_t nth, uint64_t *ticket)
{
    item_t item = s_item (0, nth);
    return ring_push (&s_ring, &item, ticket);
}

START_TEST (a_new_ring_is_empty)
{
    item_t item = s_item (7, 7);
    uint64_t ticket = 99;
    ring_init (&s_ring, s_cells, 2);
    ck_assert (!ring_pop (&s_ring, &item, &ticket));
    ck_assert_uint_eq (item.nth, 7);
    ck_assert_uint_eq (ticket, 99);
}
END_TEST

START_TEST (who_leaves_cells_leaves_them_for_those_who_do_not)
{
    item_t item = s_item (0, 0);
    uint64_t ticket;
    ring_init (&s_ring, s_cells, 8);
    for (int turn = 0; turn < 20; turn++) {
        for (int i = 0; i < 5; i++)
            ck_assert (ring_push_leaving (&s_ring, &item, &ticket, 3));
        ck_assert (!ring_push_leaving (&s_ring, &item, &ticket, 3));
        for (uint32_t i = 0; i < 3; i++)
            ck_assert (s_push_nth (i, &ticket));
        ck_assert (!s_push_nth (3, &ticket));
        ck_assert (!ring_push_leaving (&s_ring, &item, &ticket, 3));
        for (int i = 0; i < 8; i++)
            ck_assert (ring_pop (&s_ring, &item, &ticket));
    }
}
END_TEST

static const uint32_t s_capacities[] = {1, 2, 4, 1024};

START_TEST (a_full_ring_says_no_and_keeps_what_it_has)
{
    item_t item;
    uint64_t ticket = 99;
    uint32_t capacity = s_capacities[_i];
    ring_init (&s_ring, s_cells, capacity);
    for (uint32_t nth = 0; nth < capacity; nth++)
        ck_assert (s_push_nth (nth, &ticket));
    ck_assert_uint_eq (ticket, capacity - 1);
    ck_assert (!s_push_nth (capacity, &ticket));
    ck_assert (!s_push_nth (capacity, &ticket));
    ck_assert_uint_eq (ticket, capacity - 1);
    for (uint32_t nth = 0; nth < capacity; nth++) {
        ck_assert (ring_pop (&s_ring, &item, &ticket));
        ck_assert_uint_eq (item.nth, nth);
        ck_assert_uint_eq (ticket, nth);
    }
    ck_assert (!ring_pop (&s_ring, &item, &ticket));
}
END_TEST

START_TEST (each_item_popped_makes_room_for_one)
{
    item_t item;
    uint64_t ticket;
    ring_init (&s_ring, s_cells, 2);
    ck_assert (s_push_nth (0, &ticket) && s_push_nth (1, &ticket) && !s_push_nth (2, &ticket));
    ck_assert (ring_pop (&s_ring, &item, &ticket));
    ck_assert (s_push_nth (2, &ticket));
    ck_assert_uint_eq (ticket, 2);
    ck_assert (!s_push_nth (3, &ticket));
}
END_TEST

START_TEST (tickets_count_on_through_a_thousand_wraps)
{
    item_t item;
    uint64_t ticket;
    ring_init (&s_ring, s_cells, 4);
    for (uint32_t nth = 0; nth < 4000; nth++) {
        ck_assert (s_push_nth (nth, &ticket));
        ck_assert_uint_eq (ticket, nth);
        if (nth < 2) /* so that two always wait, and the ends meet the wrap apart */
            continue;
        ck_assert (ring_pop (&s_ring, &item, &ticket));
        ck_assert_uint_eq (item.nth, nth - 2);
        ck_assert_uint_eq (item.check, s_item (0, nth - 2).check);
        ck_assert_uint_eq (ticket, nth - 2);
    }
}
END_TEST

/* The suspended producer is played by hand: it has claimed its ticket and gets no further. */
START_TEST (a_suspended_producer_holds_back_what_is_behind_it_and_loses_nothing)
{
    item_t item;
    uint64_t ticket;
    ring_init (&s_ring, s_cells, 4);
    uint64_t suspended = atomic_fetch_add (&s_ring.claimed, 1);
    ck_assert (s_push_nth (1, &ticket));
    ck_assert_uint_eq (ticket, 1);
    ck_assert (!ring_pop (&s_ring, &item, &ticket));

    s_cells[suspended].item = s_item (0, 0);
    atomic_store (&s_cells[suspended].turn, suspended + 1);
    ck_assert (ring_pop (&s_ring, &item, &ticket));
    ck_assert_uint_eq (item.nth, 0);
    ck_assert (ring_pop (&s_ring, &item, &ticket));
    ck_assert_uint_eq (item.nth, 1);
}
END_TEST

START_TEST (two_kinds_of_ring_live_in_one_file)
{
    letter_ring_t letters;
    letter_ring_cell_t cells[2];
    char letter = 'z';
    uint64_t ticket;
    letter_ring_init (&letters, cells, 2);
    ck_assert (letter_ring_push (&letters, &letter, &ticket));
    letter = 0;
    ck_assert (letter_ring_pop (&letters, &letter, &ticket));
    ck_assert_int_eq (letter, 'z');
}
END_TEST

typedef struct {
    pthread_t thread;
    uint32_t producer;
    uint32_t items;
    bool tickets_rise;
} producer_t;

static void *
s_produce (void *arg)
{
    producer_t *self = arg;
    uint64_t last = 0;
    self->tickets_rise = true;
    for (uint32_t nth = 0; nth < self->items; nth++) {
        item_t item = s_item (self->producer, nth);
        uint64_t ticket;
        while (!ring_push (&s_ring, &item, &ticket))
            sched_yield ();
        if (nth > 0 && ticket <= last)
            self->tickets_rise = false;
        last = ticket;
    }
    return NULL;
}

static void
s_consume (uint32_t items)
{
    uint32_t next_of[PRODUCERS] = {0};
    for (uint64_t taken = 0; taken < items;) {
        item_t item;
        uint64_t ticket;
        if (!ring_pop (&s_ring, &item, &ticket)) {
            sched_yield ();
            continue;
        }
        if (ticket != taken)
            ck_abort_msg ("item %" PRIu64 " came with ticket %" PRIu64, taken, ticket);
        if (item.producer >= PRODUCERS || item.check != s_item (item.producer, item.nth).check)
            ck_abort_msg ("item %" PRIu64 " was never pushed", taken);
        if (item.nth != next_of[item.producer])
            ck_abort_msg ("item %u of producer %u came too soon", item.nth, item.producer);
        next_of[item.producer]++;
        taken++;
    }
}

static const struct {
    uint64_t capacity;
    uint32_t items_each;
} s_loads[] = {{1, 200}, {2, 1000}, {1024, 100000}};

START_TEST (four_producers_lose_nothing_and_double_nothing)
{
    producer_t producers[PRODUCERS];
    item_t item;
    uint64_t ticket;
    ring_init (&s_ring, s_cells, s_loads[_i].capacity);
    for (uint32_t i = 0; i < PRODUCERS; i++) {
        producers[i].producer = i;
        producers[i].items = s_loads[_i].items_each;
        ck_assert_int_eq (pthread_create (&producers[i].thread, NULL, s_produce, &producers[i]), 0);
    }
    s_consume (PRODUCERS * s_loads[_i].items_each);
    for (int i = 0; i < PRODUCERS; i++) {
        pthread_join (producers[i].thread, NULL);
        ck_assert (producers[i].tickets_rise);
    }
    ck_assert (!ring_pop (&s_ring, &item, &ticket));
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("mpsc_ring");
    TCase *answers = tcase_create ("answers");
    tcase_add_test (answers, a_new_ring_is_empty);
    tcase_add_test (answers, who_leaves_cells_leaves_them_for_those_who_do_not);
    tcase_add_loop_test (answers, a_full_ring_says_no_and_keeps_what_it_has, 0, 4);
    tcase_add_test (answers, each_item_popped_makes_room_for_one);
    tcase_add_test (answers, tickets_count_on_through_a_thousand_wraps);
    tcase_add_test (answers, a_suspended_producer_holds_back_what_is_behind_it_and_loses_nothing);
    tcase_add_test (answers, two_kinds_of_ring_live_in_one_file);
    suite_add_tcase (suite, answers);
    TCase *threads = tcase_create ("threads");
    tcase_set_timeout (threads, 120);
    tcase_add_loop_test (threads, four_producers_lose_nothing_and_double_nothing, 0, 3);
    suite_add_tcase (suite, threads);

    SRunner *runner = srunner_create (suite);
    srunner_run_all (runner, CK_ENV);
    int failed = srunner_ntests_failed (runner);
    srunner_free (runner);
    return failed > 0;
}
