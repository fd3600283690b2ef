/*  Which playback devices ALSA knows. Off the audio thread: it blocks while ALSA reads its configuration. */
#ifndef ZAMPLE_DEVICES_H
#define ZAMPLE_DEVICES_H

#include <stddef.h>

typedef struct {
    char name[128];        /* what opens it */
    char description[256]; /* ALSA's own words, in one line */
} zample_output_device_t;

/*  Allocates *devices, which the caller frees with free. Returns 0, or a negative errno (then *devices is
    NULL, *count 0). */
int zample_output_devices (zample_output_device_t **devices, size_t *count);

#endif
