/*  What many functions of include/zample.h ask of their arguments first. Any thread. */
#ifndef ZAMPLE_CHECK_H
#define ZAMPLE_CHECK_H

#include "actors/engine.h"

zample_status_t zample_check_engine (const zample_t *self);

/*  A slot of the configuration, or of a sound of the library. */
zample_status_t zample_check_slot (const zample_t *self, uint32_t slot);

/*  A slot of the configuration. */
zample_status_t zample_check_own_slot (const zample_t *self, uint32_t slot);

#endif
