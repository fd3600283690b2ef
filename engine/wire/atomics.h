/*  The few atomic operations that the doorway is built from.

    They have names of their own so that the same source is compiled twice: as C11 for the engine, and under
    Relacy (tests/relacy), which runs every interleaving. WIRE_PLAIN marks memory that the protocol of
    a ring, and nothing else, keeps from being touched by two threads at once.
 */
#ifndef ZAMPLE_WIRE_ATOMICS_H
#define ZAMPLE_WIRE_ATOMICS_H

#ifdef ZAMPLE_UNDER_RELACY
#include "tests/relacy/atomics.hpp"
#else

#include <stdatomic.h>

#define WIRE_RELAXED memory_order_relaxed
#define WIRE_ACQUIRE memory_order_acquire
#define WIRE_RELEASE memory_order_release
#define WIRE_SEQ_CST memory_order_seq_cst

#define WIRE_ATOMIC(type) _Atomic (type)
#define WIRE_LOAD(atomic, order) atomic_load_explicit (&(atomic), (order))
#define WIRE_STORE(atomic, value, order) atomic_store_explicit (&(atomic), (value), (order))
#define WIRE_ADD(atomic, value, order) atomic_fetch_add_explicit (&(atomic), (value), (order))
/* Weak: may fail for no reason. On failure `expected` holds what was found. */
#define WIRE_EXCHANGE_IF(atomic, expected, value, order)                                                     \
    atomic_compare_exchange_weak_explicit (&(atomic), &(expected), (value), (order), memory_order_relaxed)

#define WIRE_PLAIN(type) type
#define WIRE_READ(plain) (plain)
#define WIRE_WRITE(plain, value) ((plain) = (value))

#endif

/* Wide enough that neighbours which the processor fetches in pairs do not disturb each other. */
#define WIRE_APART 128

#endif
