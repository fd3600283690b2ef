/*  A load on its way: what the application's door, the loader and its worker hand each other. */
#ifndef ZAMPLE_JOB_H
#define ZAMPLE_JOB_H

#include "actors/told.h"

#define ZAMPLE_PATH_MAX 4096

typedef struct {
    uint64_t job;
    uint32_t slot;
    char path[ZAMPLE_PATH_MAX];
} zample_job_t;

/*  What a message with this job takes. */
size_t zample_job_size (const zample_job_t *job);

/*  An event of this job, stamped with the frame at which the engine stands. */
zample_event_t zample_job_event (const zample_job_t *job, const zample_doorway_t *doorway,
                                 zample_event_kind_t kind);

/*  Tells that it ended in an error. */
void zample_job_fail (const zample_job_t *job, const zample_doorway_t *doorway, zample_told_t *told,
                      const char *sentence);

/*  The same, because the engine ends. */
void zample_job_close (const zample_job_t *job, const zample_doorway_t *doorway, zample_told_t *told);

#endif
