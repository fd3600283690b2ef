/*  The bank: every sample that the stage has, or has not yet given back. It belongs to the audio actor,
    which enters a sample when the stage reports it ready, and frees it when it is reported retired.
 */
#ifndef ZAMPLE_BANK_H
#define ZAMPLE_BANK_H

#include "engine/sample.h"

typedef struct {
    zample_sample_t *first;
} zample_bank_t;

void zample_bank_enter (zample_bank_t *self, zample_sample_t *sample);

/*  Frees a sample that was entered, and sets the pointer to NULL. */
void zample_bank_release (zample_bank_t *self, zample_sample_t **sample);

/*  Frees all that is left. */
void zample_bank_clear (zample_bank_t *self);

#endif
