/*  The doorway's atomics as Relacy's, so that the headers of engine/wire are proved as they stand.

    Nothing is planted in those headers. Each access hands over its own text, and a proof breaks the protocol
    from here, wherever that text is met: an order given up, or only its place in the one order that all threads see,
    a store lost, or the wrong value stored.
    Relacy counts what is allocated under it, so the texts met are kept in a plain table.
 */
#ifndef ZAMPLE_TESTS_RELACY_ATOMICS_HPP
#define ZAMPLE_TESTS_RELACY_ATOMICS_HPP

#include <relacy/relacy.hpp>

enum fault_t { ORDER_RELAXED, ORDER_PAIRED, STORE_LOST, STORE_ONE_MORE, NO_FAULT };

struct texts_t {
    const char *text[32];
    int count;
};

static texts_t s_orders_met; /* whatever is more than relaxed */
static texts_t s_sequential_met; /* of these, the sequentially consistent */
static texts_t s_stores_met;
static bool s_watching; /* off while a ring is made, before other threads see it */

static fault_t s_fault = NO_FAULT;
static const char *s_fault_text = "";

static void
s_meet (texts_t *texts, const char *text)
{
    if (!s_watching || s_fault != NO_FAULT)
        return;
    for (int i = 0; i < texts->count; i++)
        if (texts->text[i] == text || strcmp (texts->text[i], text) == 0)
            return;
    RL_VERIFY (texts->count < 32);
    texts->text[texts->count++] = text;
}

static bool
s_broken (fault_t fault, const char *text)
{
    return s_fault == fault && s_watching && strcmp (s_fault_text, text) == 0;
}

/*  `paired` is what remains of sequential consistency for this kind of access. */
static rl::memory_order
s_order (rl::memory_order order, rl::memory_order paired, const char *text)
{
    if (order != rl::mo_relaxed)
        s_meet (&s_orders_met, text);
    if (order == rl::mo_seq_cst)
        s_meet (&s_sequential_met, text);
    return s_broken (ORDER_RELAXED, text) ? rl::mo_relaxed : s_broken (ORDER_PAIRED, text) ? paired : order;
}

/*  False if the store is lost. */
template <typename T>
static bool
s_stores (T *value, const char *text)
{
    s_meet (&s_stores_met, text);
    if (s_broken (STORE_ONE_MORE, text))
        *value = (T) ((uint64_t) *value + 1); /* pointers as well */
    return !s_broken (STORE_LOST, text);
}

template <typename T, typename V>
static void
s_store (rl::atomic<T> &atomic, V given, rl::memory_order order, const char *text, rl::debug_info_param info)
{
    T value = (T) given;
    if (s_stores (&value, text))
        atomic (info).store (value, order);
}

template <typename T, typename V>
static void
s_add (rl::atomic<T> &atomic, V given, rl::memory_order order, const char *text, rl::debug_info_param info)
{
    T value = (T) given;
    if (s_stores (&value, text))
        atomic (info).fetch_add (value, order);
}

template <typename T, typename V>
static bool
s_exchange_if (rl::atomic<T> &atomic, T &expected, V given, rl::memory_order order, const char *text,
               rl::debug_info_param info)
{
    T value = (T) given;
    if (!s_stores (&value, text))
        return true;
    return atomic (info).compare_exchange_weak (expected, value, order, rl::mo_relaxed);
}

template <typename T, typename V>
static void
s_write (rl::var<T> &plain, V given, const char *text, rl::debug_info_param info)
{
    T value = (T) given;
    if (s_stores (&value, text))
        plain (info).store (value);
}

#define WIRE_RELAXED rl::mo_relaxed
#define WIRE_ACQUIRE rl::mo_acquire
#define WIRE_RELEASE rl::mo_release
#define WIRE_SEQ_CST rl::mo_seq_cst

#define WIRE_ATOMIC(type) rl::atomic<type>
#define WIRE_LOAD(atomic, order) (atomic) ($).load (s_order (order, rl::mo_acquire, #order))
#define WIRE_STORE(atomic, value, order) \
    s_store (atomic, value, s_order (order, rl::mo_release, #order), #atomic " = " #value, $)
#define WIRE_ADD(atomic, value, order) \
    s_add (atomic, value, s_order (order, rl::mo_acq_rel, #order), #atomic " += " #value, $)
#define WIRE_EXCHANGE_IF(atomic, expected, value, order) \
    s_exchange_if (atomic, expected, value, s_order (order, rl::mo_acq_rel, #order), #atomic " = " #value, $)

#define WIRE_PLAIN(type) rl::var<type>
#define WIRE_READ(plain) (plain) ($).load ()
#define WIRE_WRITE(plain, value) s_write (plain, value, #plain " = " #value, $)

#endif
