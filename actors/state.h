/*  The broker's memory: the last state of everything, made from the events alone, so that whoever joins late can be
    told in one message what it has missed.
 */
#ifndef ZAMPLE_STATE_H
#define ZAMPLE_STATE_H

#include <jansson.h>

#include "zample.h"

typedef struct zample_state zample_state_t;

zample_state_t *zample_state_new (const char *name);
void zample_state_destroy (zample_state_t **self);

void zample_state_apply (zample_state_t *self, const zample_event_t *event);

/*  As docs/protocol.md describes it. */
json_t *zample_state_snapshot (const zample_state_t *self);

#endif
