/*  The queue: whatever is added, moved and removed, the most urgent comes first. */
#include "config.h"

#include <check.h>
#include <stdlib.h>

#include "actors/queue.h"
#include "tests/support/run_suite.h"

enum { JOBS = 300, STEPS = 3000 };

static zample_queue_t s_queue;
static zample_job_t *s_jobs[JOBS];
static uint32_t s_random;

static uint32_t
s_next_random (uint32_t below)
{
    s_random = s_random * 1664525u + 1013904223u;
    return (s_random >> 8) % below;
}

static void
s_open (void)
{
    ck_assert (zample_queue_reserve (&s_queue, JOBS));
    for (uint32_t i = 0; i < JOBS; i++) {
        s_jobs[i] = calloc (1, sizeof *s_jobs[i] + 1);
        s_jobs[i]->number = i + 1;
    }
}

static void
s_close (void)
{
    for (int i = 0; i < JOBS; i++)
        free (s_jobs[i]);
    free (s_queue.heap);
    s_queue = (zample_queue_t) { .heap = NULL };
}

/*  By the words of include/zample.h: NOW, SOON, IDLE; the earliest deadline, none being the latest; the order in which
    they came. */
static bool
s_is_more_urgent (const zample_job_t *a, const zample_job_t *b)
{
    static const int ranks[] = {
        [ZAMPLE_PRIORITY_NOW] = 0, [ZAMPLE_PRIORITY_SOON] = 1, [ZAMPLE_PRIORITY_IDLE] = 2
    };
    int rank_a = ranks[a->how.priority], rank_b = ranks[b->how.priority];
    int64_t deadline_a = a->how.deadline ? a->how.deadline : INT64_MAX;
    int64_t deadline_b = b->how.deadline ? b->how.deadline : INT64_MAX;
    if (rank_a != rank_b)
        return rank_a < rank_b;
    return deadline_a != deadline_b ? deadline_a < deadline_b : a->number < b->number;
}

static void
s_make_urgent (zample_job_t *job)
{
    job->how.priority = (zample_priority_t) s_next_random (3);
    job->how.deadline = s_next_random (2) ? 0 : 1 + (int64_t) s_next_random (5);
}

START_TEST (the_most_urgent_comes_first_whatever_happened_before)
{
    bool waits[JOBS] = { false };
    s_random = 77u + (uint32_t) _i;
    for (int step = 0; step < STEPS; step++) {
        uint32_t which = s_next_random (JOBS);
        zample_job_t *job = s_jobs[which];
        if (!waits[which]) {
            s_make_urgent (job);
            zample_queue_add (&s_queue, job);
            waits[which] = true;
        }
        else if (s_next_random (2)) {
            s_make_urgent (job);
            zample_queue_move (&s_queue, job);
        }
        else {
            zample_queue_remove (&s_queue, job);
            waits[which] = false;
        }
    }
    for (zample_job_t *before = NULL, *job; (job = zample_queue_take (&s_queue)); before = job) {
        ck_assert (waits[job->number - 1]);
        waits[job->number - 1] = false;
        ck_assert_msg (!before || s_is_more_urgent (before, job), "seed %d: job %d came before %d", 77 + _i,
                       before ? (int) before->number : 0, (int) job->number);
    }
    for (int i = 0; i < JOBS; i++)
        ck_assert_msg (!waits[i], "seed %d: job %d was lost", 77 + _i, i + 1);
}
END_TEST

START_TEST (an_empty_queue_has_none)
{
    ck_assert_ptr_null (zample_queue_take (&s_queue));
}
END_TEST

int
main (void)
{
    TCase *tcase = tcase_create ("queue");
    tcase_add_checked_fixture (tcase, s_open, s_close);
    tcase_add_loop_test (tcase, the_most_urgent_comes_first_whatever_happened_before, 0, 20);
    tcase_add_test (tcase, an_empty_queue_has_none);
    Suite *suite = suite_create ("queue");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
