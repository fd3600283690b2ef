/*  What the actors tell the broker: events, without their sequence number, and the meter.

    It goes over one inproc PUSH, which does not drop, and which all of them share behind a lock. With a socket for each, the broker
    would read them in turn, and an event could overtake the one that caused it.
 */
#ifndef ZAMPLE_TOLD_H
#define ZAMPLE_TOLD_H

#include "engine/wire/doorway.h"
#include "zample.h"

typedef struct {
    zample_meter_record_t meter;
    zample_clock_record_t clock;
} zample_telemetry_t;

typedef struct zample_told zample_told_t;

#define ZAMPLE_TOLD_ENDPOINT "inproc://told"

/*  NULL if there is no socket or no memory. The broker is bound there already. */
zample_told_t *zample_told_new (void *context);
void zample_told_destroy (zample_told_t **self);

/*  Any thread but the audio thread. */
void zample_told_event (zample_told_t *self, const zample_event_t *event);
void zample_told_telemetry (zample_told_t *self, const zample_telemetry_t *telemetry);

#endif
