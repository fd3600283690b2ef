/*  Makes and frees what the audio thread works in: the doorway and the stage. Off the audio thread. */
#ifndef ZAMPLE_STAGE_SETUP_H
#define ZAMPLE_STAGE_SETUP_H

#include "engine/rt/stage.h"

typedef struct {
    uint32_t slots;
    uint32_t voices;
    uint32_t command_capacity;
    uint32_t event_capacity;
} zample_stage_shape_t;

/*  NULL if there is no memory. */
zample_doorway_t *zample_doorway_new (const zample_stage_shape_t *shape);

/*  No thread may push or pop any more. Frees the samples of LOADs that were never taken, too. */
void zample_doorway_destroy (zample_doorway_t **self);

/*  NULL if there is no memory. The doorway must outlive the stage. */
zample_stage_t *zample_stage_new (zample_doorway_t *doorway, uint32_t voices);

/*  Nobody may render any more. What the stage still holds is for whoever keeps the samples to free. */
void zample_stage_destroy (zample_stage_t **self);

#endif
