/*  The bank: runs on the audio actor's thread. */
#include "config.h"

#include <stddef.h>

#include "engine/bank.h"

void
zample_bank_enter (zample_bank_t *self, zample_sample_t *sample)
{
    sample->bank_previous = NULL;
    sample->bank_next = self->first;
    if (self->first)
        self->first->bank_previous = sample;
    self->first = sample;
}

void
zample_bank_release (zample_bank_t *self, zample_sample_t **sample_p)
{
    zample_sample_t *sample = *sample_p;
    if (sample->bank_previous)
        sample->bank_previous->bank_next = sample->bank_next;
    else
        self->first = sample->bank_next;
    if (sample->bank_next)
        sample->bank_next->bank_previous = sample->bank_previous;
    zample_sample_destroy (sample_p);
}

void
zample_bank_clear (zample_bank_t *self)
{
    while (self->first) {
        zample_sample_t *sample = self->first;
        zample_bank_release (self, &sample);
    }
}
