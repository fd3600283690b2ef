/*  Planted violations, and a child process to commit each of them in. */
#ifndef ZAMPLE_TESTS_GUARD_PLANTED_H
#define ZAMPLE_TESTS_GUARD_PLANTED_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char *name;
    void (*commit) (void);
    const char *function; /* what RealtimeSanitizer calls it, or */
    long call;            /* the number of the system call */
} planted_t;

/*  What RealtimeSanitizer is there for, and what only the dispatch sees. */
extern const planted_t planted_functions[];
extern const size_t planted_functions_count;
extern const planted_t planted_calls[];
extern const size_t planted_calls_count;

typedef enum {
    OUTSIDE,      /* of any section */
    INSIDE,       /* a section of the calling thread */
    AUDIO_THREAD, /* a section of a thread made as the player makes its own, with all signals blocked */
} place_t;

typedef struct {
    bool rtsan, dispatch; /* which guards watch */
    void (*run) (void *context);
    void *context;
} in_child_t;

/*  An assertion for the child, which has no test of its own to fail: it ends with 99. */
void planted_need (bool is_so);

/*  How the child ended and what it wrote to stderr. */
typedef struct {
    int status; /* of waitpid */
    char text[8192];
} outcome_t;

outcome_t planted_run (const in_child_t *child);
outcome_t planted_commit (const planted_t *planted, place_t place, bool rtsan, bool dispatch);

void planted_assert_unharmed (const outcome_t *outcome, const char *name);
void planted_assert_caught_by_rtsan (const outcome_t *outcome, const char *function);
void planted_assert_caught_by_dispatch (const outcome_t *outcome, long call);

#endif
