/*  The audio actor: opens the device, owns the audio thread, and stands at the far end of its rings. It tells what the
    stage reports, frees the samples that come back, and writes the recording.
 */
#ifndef ZAMPLE_AUDIO_H
#define ZAMPLE_AUDIO_H

#include "actors/jobs.h"
#include "actors/library.h"
#include "actors/store.h"

typedef struct zample_audio zample_audio_t;

/*  Whom it works with. They must outlive it. */
typedef struct {
    zample_doorway_t *doorway;
    zample_told_t *told;
    zample_jobs_t *jobs;
    zample_store_t *store;
    zample_library_t *library;
} zample_audio_others_t;

/*  `config` is complete (no defaults left) but for rate_hz, whose 0 is the wish for 48,000. On failure NULL: *status
    says which, and `why` holds a sentence. */
zample_audio_t *zample_audio_new (void *context, const zample_config_t *config,
                                  const zample_audio_others_t *others, zample_status_t *status, char *why,
                                  size_t why_size);

uint32_t zample_audio_rate (const zample_audio_t *self);

/*  Offline: see zample_render. Any thread; blocks while another renders. */
bool zample_audio_render (zample_audio_t *self, int64_t frames, float *out);

/*  After the last command was pushed. Loads whose sample the stage has not taken end in an error. */
void zample_audio_destroy (zample_audio_t **self);

#endif
