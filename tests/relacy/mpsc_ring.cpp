/*  Two producers and one consumer on a ring of two: every item arrives once, in its producer's order, and
    under the ticket that the producer was told.
 */
#include "tests/relacy/proof.hpp"

#define RING ring
#define RING_ITEM unsigned
#include "engine/wire/mpsc_ring.h"

enum { CAPACITY = 2, PRODUCERS = 2, EACH = 2, ITEMS = PRODUCERS * EACH };

static met_t s_met[] = {{"a full ring", 0}, {"an empty ring", 0}, {"a wrap", 0}};

struct two_producers_one_consumer : rl::test_suite<two_producers_one_consumer, PRODUCERS + 1> {
    ring_t ring;
    ring_cell_t cells[CAPACITY];
    uint64_t ticket_of[ITEMS], arrival_of[ITEMS];

    void before ()
    {
        s_watching = false;
        ring_init (&ring, cells, CAPACITY);
        s_watching = true;
    }

    void produce (unsigned producer)
    {
        for (unsigned item = producer * EACH; item < (producer + 1) * EACH; item++) {
            while (!ring_push (&ring, &item, &ticket_of[item])) {
                s_met[0].count++;
                rl::yield (1, $);
            }
            RL_ASSERT (item == producer * EACH || ticket_of[item] > ticket_of[item - 1]);
        }
    }

    void consume ()
    {
        unsigned next_of[PRODUCERS] = {0, EACH};
        for (uint64_t taken = 0; taken < ITEMS;) {
            unsigned item;
            uint64_t ticket;
            if (!ring_pop (&ring, &item, &ticket)) {
                s_met[1].count++;
                rl::yield (1, $);
                continue;
            }
            RL_ASSERT (ticket == taken);
            RL_ASSERT (item < ITEMS && item == next_of[item / EACH]);
            next_of[item / EACH] = item + 1;
            arrival_of[item] = ticket;
            s_met[2].count += ticket >= CAPACITY;
            taken++;
        }
    }

    void thread (unsigned index)
    {
        if (index < PRODUCERS)
            produce (index);
        else
            consume ();
    }

    void after ()
    {
        unsigned item;
        uint64_t ticket;
        RL_ASSERT (!ring_pop (&ring, &item, &ticket));
        for (item = 0; item < ITEMS; item++)
            RL_ASSERT (ticket_of[item] == arrival_of[item]);
    }
};

int
main ()
{
    static const search_t searches[] = {
        {rl::random_scheduler_type, 500000, 0},
        {rl::fair_context_bound_scheduler_type, 0, 2},
    };
    return s_prove<two_producers_one_consumer> (searches, s_met) ? 0 : 1;
}
