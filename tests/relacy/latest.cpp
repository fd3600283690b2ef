/*  One writer and two readers on a record of two words: what is read is one record, never older than the last
    one read, and never still the old one once the writer is known to have finished.
 */
#include "tests/relacy/proof.hpp"

#define ZAMPLE_LATEST_WORDS 2
#include "engine/wire/latest.h"

enum { READERS = 2, RECORDS = 3, READS = 2 };

static met_t s_met[] = {{"a read overtaken by the writer", 0}, {"a newer record", 0}};

struct one_writer_two_readers : rl::test_suite<one_writer_two_readers, 1 + READERS> {
    zample_latest_t latest;
    rl::atomic<int> finished;

    void before ()
    {
        s_watching = false;
        zample_latest_init (&latest);
        finished ($).store (0, rl::mo_relaxed);
        s_watching = true;
    }

    void write ()
    {
        for (uint64_t record = 1; record <= RECORDS; record++) {
            uint64_t words[ZAMPLE_LATEST_WORDS] = {record, 100 * record};
            zample_latest_write (&latest, words);
        }
        finished ($).store (1, rl::mo_release);
    }

    void read ()
    {
        uint64_t last = 0;
        for (int i = 0; i < READS; i++) {
            uint64_t words[ZAMPLE_LATEST_WORDS];
            bool over = finished ($).load (rl::mo_acquire) != 0;
            while (!zample_latest_try_read (&latest, words)) {
                s_met[0].count++;
                rl::yield (1, $);
            }
            RL_ASSERT (words[1] == 100 * words[0]);
            RL_ASSERT (words[0] >= last);
            RL_ASSERT (!over || words[0] == RECORDS);
            s_met[1].count += words[0] > last;
            last = words[0];
        }
    }

    void thread (unsigned index)
    {
        if (index == 0)
            write ();
        else
            read ();
    }
};

int
main ()
{
    static const search_t searches[] = {
        {rl::random_scheduler_type, 500000, 0},
        {rl::fair_context_bound_scheduler_type, 0, 2},
    };
    return s_prove<one_writer_two_readers> (searches, s_met) ? 0 : 1;
}
