/*  The largest absolute value of each channel, over windows of ZAMPLE_METER_FRAMES frames. */
#ifndef ZAMPLE_RT_METER_H
#define ZAMPLE_RT_METER_H

#include "engine/wire/doorway.h"

#define ZAMPLE_METER_FRAMES 2048

typedef struct {
    zample_latest_t *cell;
    float peak[2];
    int64_t left; /* frames until the window ends */
} zample_meter_state_t;

void zample_meter_init (zample_meter_state_t *self, zample_latest_t *cell);

/*  Looks at frames that begin at engine frame `frame`, and publishes each window that they complete. */
void zample_meter_watch (zample_meter_state_t *self, const float *frames, int64_t count, int64_t frame,
                         uint32_t voices);

#endif
