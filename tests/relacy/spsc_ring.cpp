/*  One producer and one consumer on a ring of two: every item arrives once and in order. */
#include "tests/relacy/proof.hpp"

#define RING ring
#define RING_ITEM unsigned
#include "engine/wire/spsc_ring.h"

enum { CAPACITY = 2, ITEMS = 5 };

static met_t s_met[] = {{"a full ring", 0}, {"an empty ring", 0}};

struct one_producer_one_consumer : rl::test_suite<one_producer_one_consumer, 2> {
    ring_t ring;
    ring_cell_t cells[CAPACITY];

    void before ()
    {
        s_watching = false;
        ring_init (&ring, cells, CAPACITY);
        s_watching = true;
    }

    void produce ()
    {
        for (unsigned item = 0; item < ITEMS; item++)
            while (!ring_push (&ring, &item)) {
                s_met[0].count++;
                rl::yield (1, $);
            }
    }

    void consume ()
    {
        for (unsigned expected = 0; expected < ITEMS;) {
            unsigned item;
            if (ring_pop (&ring, &item)) {
                RL_ASSERT (item == expected);
                expected++;
            } else {
                s_met[1].count++;
                rl::yield (1, $);
            }
        }
    }

    void thread (unsigned index)
    {
        if (index == 0)
            produce ();
        else
            consume ();
    }

    void after ()
    {
        unsigned item;
        RL_ASSERT (!ring_pop (&ring, &item));
    }
};

int
main ()
{
    static const search_t searches[] = {
        {rl::random_scheduler_type, 500000, 0},
        {rl::fair_context_bound_scheduler_type, 0, 3},
    };
    return s_prove<one_producer_one_consumer> (searches, s_met) ? 0 : 1;
}
