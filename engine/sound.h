/*  A sound: what a file became, in memory. It is made and filled by one thread, a loader's worker; from then on it
    never changes, and as many slots as like share it.

    Off the stage; any thread; may block on the allocator. */
#ifndef ZAMPLE_SOUND_H
#define ZAMPLE_SOUND_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/peaks.h"
#include "engine/wire/sample.h"

/*  The longest sound, 12 hours at 48 kHz: positions on the stage are 32.32 fixed point, and a step of up to 256
    frames (a voice's speed times its slot's) from the last one must not leave them. */
#define ZAMPLE_SOUND_FRAMES_MAX INT64_C (0x7ffffe00)

/*  What is not as it should be, and yet no reason to refuse the file. Bits. */
typedef enum {
    WARNED_TRUNCATED = 1, /* the file says that it is longer */
    WARNED_CORRUPT = 2,   /* parts of it could not be decoded: silence, or nothing, stands in their place */
    WARNED_LENGTH = 4,    /* the file says that it is shorter */
    WARNED_NAN = 8        /* values that were no finite numbers became 0 */
} zample_warned_tag_t;

/*  What was seen while it was decoded; frames are the file's, at its own rate. */
typedef struct {
    uint32_t warnings;
    uint32_t damaged;       /* packets that could not be decoded */
    int64_t missing_frames; /* that the file says it has */
    int64_t silent_frames;  /* that stand for what was damaged */
    int64_t nan_values;
} zample_sound_notes_t;

typedef struct {
    const float *data; /* interleaved stereo; readable from -GUARD_FRAMES up to frames + GUARD_FRAMES */
    int64_t frames;
    zample_sound_notes_t notes;
    zample_peaks_t peaks;

    /* of sound.c */
    atomic_uint holders;
    char *block;
    size_t size; /* of the block */
} zample_sound_t;

/*  A sound of silence, guard frames included, held once. NULL if there is no memory. */
zample_sound_t *zample_sound_new (int64_t frames);

/*  The frames, while nobody else has it. */
float *zample_sound_writable (zample_sound_t *self);

/*  Makes it longer (with silence) or shorter, while nobody else has it. False if there is no memory: it is as
    before. */
bool zample_sound_resize (zample_sound_t *self, int64_t frames);

/*  The memory that it takes, in bytes, with all that belongs to it. */
size_t zample_sound_bytes (const zample_sound_t *self);

/*  The memory that a sound of so many frames would take, with its peaks. */
size_t zample_sound_bytes_of (int64_t frames);

/*  One more who holds it. Returns it. */
zample_sound_t *zample_sound_hold (zample_sound_t *self);

/*  One less, and sets the pointer to NULL; the last one frees it. Forgives NULL. */
void zample_sound_release (zample_sound_t **self);

#endif
