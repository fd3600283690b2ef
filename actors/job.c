/*  Jobs: on the thread of whichever actor holds them. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "actors/job.h"
#include "actors/text.h"

size_t
zample_job_size (const zample_job_t *job)
{
    return offsetof (zample_job_t, path) + strlen (job->path) + 1;
}

zample_event_t
zample_job_event (const zample_job_t *job, const zample_doorway_t *doorway, zample_event_kind_t kind)
{
    return (zample_event_t) {
        .kind = kind, .slot = job->slot, .job = job->job, .frame = zample_doorway_clock (doorway).frame
    };
}

void
zample_job_fail (const zample_job_t *job, const zample_doorway_t *doorway, zample_told_t *told,
                 const char *sentence)
{
    zample_event_t event = zample_job_event (job, doorway, ZAMPLE_EVENT_ERROR);
    zample_text_copy (event.u.error.msg, sizeof event.u.error.msg, sentence);
    zample_told_event (told, &event);
}

void
zample_job_close (const zample_job_t *job, const zample_doorway_t *doorway, zample_told_t *told)
{
    char sentence[ZAMPLE_PATH_MAX + 64];
    snprintf (sentence, sizeof sentence, "%s: the engine was closed", job->path);
    zample_job_fail (job, doorway, told, sentence);
}
