/*  Samples: made on a loader's worker, freed on the audio actor's thread. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/sample.h"

typedef struct {
    zample_sample_t sample; /* first, so that its address is this record's */
    zample_sound_t *sound;
    char path[];
} s_owner_t;

static const s_owner_t *
s_owner (const zample_sample_t *self)
{
    return (const s_owner_t *) (const void *) self;
}

zample_sample_t *
zample_sample_new (zample_sound_t *sound, const char *path)
{
    size_t length = strlen (path);
    s_owner_t *owner = calloc (1, sizeof (s_owner_t) + length + 1);
    if (!owner)
        return NULL;
    memcpy (owner->path, path, length);
    owner->sound = zample_sound_hold (sound);
    owner->sample.data = sound->data;
    owner->sample.frames = sound->frames;
    return &owner->sample;
}

zample_sound_t *
zample_sample_sound (const zample_sample_t *self)
{
    return s_owner (self)->sound;
}

const char *
zample_sample_path (const zample_sample_t *self)
{
    return s_owner (self)->path;
}

void
zample_sample_destroy (zample_sample_t **self)
{
    if (!*self)
        return;
    s_owner_t *owner = (s_owner_t *) (void *) *self;
    zample_sound_release (&owner->sound);
    free (owner);
    *self = NULL;
}
