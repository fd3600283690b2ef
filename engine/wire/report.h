/*  What the stage tells. */
#ifndef ZAMPLE_WIRE_REPORT_H
#define ZAMPLE_WIRE_REPORT_H

#include <assert.h>
#include <stdint.h>

#include "engine/wire/sample.h"

typedef enum {
    REPORT_READY = 1, /* a slot holds `sample` */
    REPORT_RETIRED,   /* nobody on the stage holds `sample` any more */
    REPORT_KEPT,      /* `sample` plays: it was not evicted */
    REPORT_SKIPPED,   /* a play found its slot empty */
    REPORT_WAITING,   /* the same, and waits */
    REPORT_VOICE_STARTED,
    REPORT_VOICE_PAUSED,
    REPORT_VOICE_RESUMED,
    REPORT_VOICE_ENDED,
    REPORT_REJECTED,
    REPORT_LATE,
    REPORT_DEVICE
} zample_report_tag_t;

typedef enum {
    ENDED_FINISHED = 1,
    ENDED_STOPPED,
    ENDED_STOLEN,
    ENDED_REPLACED,
    ENDED_UNLOADED,
    ENDED_FAILED, /* a voice that waited for a sound in vain */
    ENDED_EVICTED /* a sample, never a voice */
} zample_ended_tag_t;

typedef enum {
    REJECTED_EMPTY_SLOT = 1,
    REJECTED_NO_VOICE,
    REJECTED_BEHIND_END,
    REJECTED_SCHEDULE_FULL,
    REJECTED_TOO_MANY_WAIT
} zample_rejected_tag_t;

typedef enum { DEVICE_XRUN = 2, DEVICE_SUSPENDED, DEVICE_LOST } zample_device_tag_t;

#define ZAMPLE_WIRE_NO_SLOT UINT32_MAX

typedef struct {
    uint8_t kind;    /* zample_report_tag_t */
    uint8_t command; /* REJECTED, LATE: zample_command_tag_t */
    uint8_t reason;  /* VOICE_ENDED, RETIRED, REJECTED, DEVICE: the tag above */
    uint32_t slot;   /* ZAMPLE_WIRE_NO_SLOT where there is none */
    int64_t frame;
    uint64_t voice;  /* 0 where there is none */
    uint64_t number; /* REJECTED, LATE: the command's */
    union {
        zample_sample_t *sample; /* READY, RETIRED, KEPT, and a LOAD that is REJECTED */
        int64_t frames;          /* LATE: by how many */
        uint64_t count;          /* DEVICE: how many of this kind */
        int64_t error;           /* DEVICE_LOST: a negative errno */
    } u;
} zample_report_t;

#define RING zample_report_ring
#define RING_ITEM zample_report_t
#include "engine/wire/spsc_ring.h"

static_assert (sizeof (zample_report_t) == 40, "reports stay small");

#endif
