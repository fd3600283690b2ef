/*  For tests of whole engines with a library: one engine without a device, a kit of real files in the test's own folder, and the ends of
    jobs. Whatever does not go well fails the test. */
#ifndef ZAMPLE_TEST_KIT_H
#define ZAMPLE_TEST_KIT_H

#include "tests/support/follow.h"

#define KIT_OWN_SLOTS 8 /* those of the library are behind them */

extern zample_t *kit_engine;

/*  Makes the folders "kit" and "kit/snare", see follow_path. */
void kit_begin (void);
void kit_end (void);

void kit_open (zample_config_t config);

/*  "kit/kick 9.wav", "kit/kick 10.wav" and "kit/snare/tight.wav": ramps of 900, 1000 and 100 frames. */
void kit_make (void);

/*  Many files in a new folder that are found and cannot be loaded. */
void kit_make_many (const char *folder, int count);

/*  Return the job. */
uint64_t kit_add (const char *name);
uint64_t kit_preload (const char *name);

bool kit_is_end (zample_event_kind_t kind);

/*  Waits for the end of a job of the library. Its progress has gone to 1 before a success, and never fallen. */
zample_event_t kit_end_of (uint64_t job);

/*  Adds and waits for the success. */
void kit_must_add (const char *name, uint32_t sounds);
void kit_must_fail (uint64_t job, zample_code_t code, const char *reason);

/*  The slot of that name. */
uint32_t kit_find (const char *name);

/*  Plays, and returns a value of the left channel a few frames behind the start. */
float kit_play (uint32_t slot, uint64_t *voice);

#endif
