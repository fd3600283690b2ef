/*  Now, on a clock that is not set. */
#ifndef ZAMPLE_CLI_NOW_H
#define ZAMPLE_CLI_NOW_H

#include <stdint.h>
#include <time.h>

static inline int64_t
cli_now_ns (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline int64_t
cli_now_ms (void)
{
    return cli_now_ns () / 1000000;
}

#endif
