/*  Drives an output through the tests' own sound card (tests/support/alsa_rig.c), and checks what it
    played. */
#ifndef RIG_H
#define RIG_H

#include "engine/output/output.h"

#include <stdbool.h>

/*  Around the whole program: a folder with an ALSA configuration that has the cards "rig", "plugged" (through
    ALSA's conversions) and whatever `more` defines. */
void rig_begin (const char *more);
void rig_end (void);

/*  A path in that folder; valid until the next call. */
const char *rig_path (const char *name);

/*  What the next card is like, by the names that the card's own description gives; after a reset, what it is
    by itself. */
void rig_set (const char *name, const char *value);
void rig_reset (void);

/*  A player of numbered frames. */
#define RIG_RESUMES 16

typedef struct {
    zample_output_t *output;
    int wake_fd;
    int64_t taken;                /* the number of the next frame */
    int64_t resumed[RIG_RESUMES]; /* the number at which it went on after an interruption */
    size_t resumes;
    uint32_t portion;
} rig_player_t;

/*  48,000 Hz in 3 periods of 256 frames. */
extern const zample_output_spec_t rig_spec;

/*  Opens "rig" with this script, and a fresh file for what it plays. */
rig_player_t rig_open (const char *script);

/*  One turn: waits, and writes in odd portions what there is room for. 0, or a negative errno. */
int64_t rig_turn (rig_player_t *self);

/*  Turns until so many frames were taken, or the device is lost. 0, or a negative errno. */
int64_t rig_run (rig_player_t *self, int64_t frames);

/*  Closes it. Then checks, frame for frame, that the card has played the numbers from 0 on, each once, and
    that after the frames `at` it went on with the numbers that were to be written then. */
void rig_close_and_check (rig_player_t *self, const int64_t *at, size_t count);

void rig_close (rig_player_t *self);

/*  Now, on a clock that is not set. */
double rig_now_sec (void);

#endif
