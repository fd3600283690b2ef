/*  Events and telemetry as docs/protocol.md writes them. */
#ifndef ZAMPLE_JSON_H
#define ZAMPLE_JSON_H

#include <jansson.h>

#include "actors/told.h"

/*  What an event is about: its `id`, unless it has none: a scan, or a preload. */
bool zample_json_has_id (const zample_event_t *event);
uint64_t zample_json_id (const zample_event_t *event);

json_t *zample_json_event (const zample_event_t *event);
/*  `sequence`: of the newest event. */
json_t *zample_json_telemetry (const zample_telemetry_t *telemetry, uint64_t sequence);

/*  The fields of a device event, without those that every event has. */
json_t *zample_json_device (const zample_event_t *event);

#endif
