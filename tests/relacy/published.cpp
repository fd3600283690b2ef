/*  One writer who replaces what is shown, and two readers: nobody reads what is not written whole or freed already, nobody
    sees the old one once it is known that the new one is shown, and in the end nothing is left that could not be freed.
 */
#include "tests/relacy/proof.hpp"

#include "engine/library/published.h"

enum { READERS = 2, SHOWN = 3, READS = 2 };

static met_t s_met[] = {{"a reader in the middle when the writer looks", 0},
                        {"a newer one", 0},
                        {"one freed while readers come and go", 0}};

struct one_writer_two_readers : rl::test_suite<one_writer_two_readers, 1 + READERS> {
    zample_published_t published;
    WIRE_PLAIN (int) content[SHOWN + 1]; /* its number from 1; 0 before it is made and after it is freed */
    rl::atomic<int> latest;              /* is shown for sure */
    rl::atomic<int> readers_left;
    int freed; /* all before this one */

    static int number (const void *shown)
    {
        return (int) (uintptr_t) shown;
    }

    void make (int which)
    {
        content[which - 1] ($).store (which);
    }

    void free_old (int shown)
    {
        if (!zample_published_is_quiet (&published)) {
            s_met[0].count++;
            return;
        }
        s_met[2].count += shown > freed && readers_left ($).load (rl::mo_relaxed) > 0;
        for (; freed < shown; freed++)
            content[freed - 1] ($).store (0);
    }

    void before ()
    {
        s_watching = false;
        for (int i = 0; i < SHOWN; i++)
            content[i] ($).store (0);
        make (1);
        freed = 1;
        latest ($).store (1, rl::mo_relaxed);
        readers_left ($).store (READERS, rl::mo_relaxed);
        zample_published_init (&published, (void *) (uintptr_t) 1);
        s_watching = true;
    }

    void after ()
    {
        free_old (SHOWN);
        RL_ASSERT (freed == SHOWN);
        RL_ASSERT (number (zample_published_enter (&published)) == SHOWN);
    }

    void write ()
    {
        for (int which = 2; which <= SHOWN; which++) {
            make (which);
            zample_published_show (&published, (void *) (uintptr_t) which);
            latest ($).store (which, rl::mo_release);
            free_old (which);
        }
    }

    void read ()
    {
        int last = 0;
        for (int i = 0; i < READS; i++) {
            int least = latest ($).load (rl::mo_acquire);
            int seen = number (zample_published_enter (&published));
            RL_ASSERT (seen >= least && seen >= last);
            RL_ASSERT (content[seen - 1] ($).load () == seen);
            zample_published_leave (&published);
            s_met[1].count += last > 0 && seen > last;
            last = seen;
        }
        readers_left ($).fetch_add (-1, rl::mo_relaxed);
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
