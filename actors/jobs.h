/*  The jobs: every load from the moment it is asked for until its one terminal event, and every scan and preload of the
    library. Any thread but the audio thread; one lock, held for a moment.

    A load waits in the queue, is worked on by one worker, crosses to the stage, and ends. Of one slot at most one is
    worked on at a time and at most one waits, the newest: so what was asked for last is what the slot has in the end. */
#ifndef ZAMPLE_JOBS_H
#define ZAMPLE_JOBS_H

#include <stdatomic.h>

#include "actors/told.h"

#define ZAMPLE_PATH_MAX 4096
#define ZAMPLE_JOBS_MAX 1000000

typedef struct zample_jobs zample_jobs_t;
typedef struct zample_job zample_job_t;

struct zample_job {
    uint64_t number;
    uint32_t slot; /* ZAMPLE_NO_SLOT: not a load */
    zample_load_t how;
    bool keep_voices;      /* what plays in the slot plays on to its end */
    atomic_bool cancelled; /* whoever works on it looks at each chunk */

    /* of jobs.c */
    uint32_t state;
    size_t place; /* in the queue */
    zample_job_t *group;
    zample_job_t *members; /* of a group: those that have not ended */
    zample_job_t *member_previous, *member_next;
    uint32_t member_count, expected, worked;
    bool is_gathered;
    char path[];
};

typedef struct {
    uint32_t slot;
    const char *path;
    zample_load_t how;
    uint64_t group;   /* the preload it belongs to, 0 if none */
    bool keep_voices; /* the file has changed: what plays goes on */
    bool is_demand;   /* a play wants it: a load of this slot that is on its way already is hurried instead */
    /* The file has changed: a load of this slot that waits will read it anyway, and while one is under way nothing is asked,
       and 0 returned. */
    bool is_refresh;
} zample_ask_t;

/*  NULL if there is no memory. Doorway and told must outlive it. */
zample_jobs_t *zample_jobs_new (zample_doorway_t *doorway, zample_told_t *told);
void zample_jobs_destroy (zample_jobs_t **self);

/*  No more jobs: what waits ends in an error, what is worked on is to. Wakes the workers. */
void zample_jobs_close (zample_jobs_t *self);

/* ---- asking */

/*  Returns the job's number, 0 if there is no memory, too many are on their way, or no more are taken. */
uint64_t zample_jobs_ask (zample_jobs_t *self, const zample_ask_t *ask);

/*  Whether a load of this slot has opened its file and has not ended. */
bool zample_jobs_is_under_way (zample_jobs_t *self, uint32_t slot);

/*  A job that is its caller's own work, such as a scan; `path` is for sentences. It must be ended by zample_jobs_end, or be gathered. */
uint64_t zample_jobs_open (zample_jobs_t *self, const char *path);

/*  False if there is no such job on its way. */
bool zample_jobs_cancel (zample_jobs_t *self, uint64_t number);
bool zample_jobs_prioritise (zample_jobs_t *self, uint64_t number, zample_priority_t priority,
                             int64_t deadline);

/* ---- working */

/*  The next job for a worker. Blocks; NULL once closed. */
zample_job_t *zample_jobs_take (zample_jobs_t *self);

bool zample_jobs_are_closed (const zample_jobs_t *self);

/*  False once the job was cancelled or the jobs were closed. Asks without the lock. */
bool zample_jobs_go_on (const zample_jobs_t *self, const zample_job_t *job);

/*  The same for one that was opened, by its number. */
bool zample_jobs_is_wanted (zample_jobs_t *self, uint64_t number);

typedef enum {
    JOBS_CROSSED, /* the command is on the ring, and the job may be gone */
    JOBS_FULL,    /* the ring is full: try again */
    JOBS_UNWANTED /* it was cancelled, or closed */
} zample_jobs_cross_t;

/*  Pushes the LOAD of a job. */
zample_jobs_cross_t zample_jobs_cross (zample_jobs_t *self, zample_job_t *job, const zample_command_t *load);

/*  After each zample_jobs_take, when the job has crossed or ended: the slot is free for the next. */
void zample_jobs_done (zample_jobs_t *self, uint32_t slot);

/*  An opened job becomes a group: it goes on until all `expected` jobs that were asked for with it as their group have ended; one
    that was not taken has failed.
    Their ends are its progress, and the last one is its own. */
void zample_jobs_gather (zample_jobs_t *self, uint64_t number, uint32_t expected);

/* ---- telling */

/*  An event stamped with the frame at which the engine stands. */
zample_event_t zample_jobs_event (const zample_jobs_t *self, uint64_t number, uint32_t slot,
                                  zample_event_kind_t kind);

void zample_jobs_tell (zample_jobs_t *self, const zample_event_t *event);

/*  Tells a job's SUCCESS, ERROR or CANCELLED and forgets the job; of a job that has ended nothing is told. */
void zample_jobs_end (zample_jobs_t *self, zample_event_t *event);

/*  Ends it in an error. */
void zample_jobs_fail (zample_jobs_t *self, uint64_t number, zample_code_t code, const char *sentence);

/*  Ends one that is no longer wanted: CANCELLED, or an error because the engine was closed. */
void zample_jobs_give_up (zample_jobs_t *self, uint64_t number);

/* ---- the audio actor's */

/*  A play waits for this slot, and nothing is there to load. */
void zample_jobs_disappoint (zample_jobs_t *self, uint32_t slot);

/*  Lets the stage know which slots' loads have failed, so that no voice waits for them. */
void zample_jobs_settle (zample_jobs_t *self);

#endif
