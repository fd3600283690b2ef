/*  How a proof is run: the protocol must hold in many executions drawn at random and in every execution
    within a bound of context switches. Then it is broken, one place at a time, at each order and each store
    that was met, and every one of these faults must be found. So an order that nothing needs fails the
    proof as well.
 */
#ifndef ZAMPLE_TESTS_RELACY_PROOF_HPP
#define ZAMPLE_TESTS_RELACY_PROOF_HPP

#include "tests/relacy/atomics.hpp"

/*  What must have happened in some execution for the proof to mean anything. */
struct met_t {
    const char *what;
    unsigned long count;
};

struct search_t {
    rl::scheduler_type_e scheduler;
    rl::iteration_t iterations; /* where they are drawn */
    unsigned context_bound;
};

template <typename test_t>
static bool
s_holds (const search_t &search, rl::test_params &params)
{
    std::ostream nowhere (nullptr);
    params.progress_stream = &nowhere;
    if (s_fault != NO_FAULT) {
        params.output_stream = &nowhere;
        params.output_history = true; /* that is: do not run the failure again to record it */
    }
    params.search_type = search.scheduler;
    params.iteration_count = search.iterations;
    params.context_bound = search.context_bound;
    params.execution_depth_limit = 1000;
    return rl::simulate<test_t> (params);
}

template <typename test_t>
static bool
s_is_found (const search_t *searches, int count)
{
    static const char *const kinds[] = {"relaxed", "acquired and released only", "store lost", "one more stored"};
    for (int i = 0; i < count; i++) {
        rl::test_params params;
        if (!s_holds<test_t> (searches[i], params)) {
            printf ("found: %s: %s (%s, execution %lu)\n", s_fault_text, kinds[s_fault],
                    rl::test_result_str (params.test_result), (unsigned long) params.stop_iteration);
            return true;
        }
    }
    printf ("NOT FOUND: %s: %s\n", s_fault_text, kinds[s_fault]);
    return false;
}

template <typename test_t>
static bool
s_all_found (fault_t fault, const texts_t &texts, const search_t *searches, int count)
{
    bool all = texts.count > 0 || fault == ORDER_PAIRED;
    for (int i = 0; i < texts.count; i++) {
        s_fault = fault;
        s_fault_text = texts.text[i];
        all = s_is_found<test_t> (searches, count) && all;
        s_fault = NO_FAULT;
    }
    return all;
}

template <typename test_t, int count, int met_count>
static bool
s_prove (const search_t (&searches)[count], const met_t (&met)[met_count])
{
    for (int i = 0; i < count; i++) {
        rl::test_params params;
        if (!s_holds<test_t> (searches[i], params))
            return false;
    }
    bool good = true;
    for (int i = 0; i < met_count; i++) {
        printf ("met: %s, %lu times\n", met[i].what, met[i].count);
        good = good && met[i].count > 0;
    }
    return s_all_found<test_t> (ORDER_RELAXED, s_orders_met, searches, count)
           & s_all_found<test_t> (ORDER_PAIRED, s_sequential_met, searches, count)
           & s_all_found<test_t> (STORE_LOST, s_stores_met, searches, count)
           & s_all_found<test_t> (STORE_ONE_MORE, s_stores_met, searches, count) & good;
}

#endif
