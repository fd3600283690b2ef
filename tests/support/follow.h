/*  For tests of whole engines: a runtime folder of the test's own, and events that are waited for, with a limit that only a
    hang can reach.
 */
#ifndef ZAMPLE_TEST_FOLLOW_H
#define ZAMPLE_TEST_FOLLOW_H

#include "zample.h"

#define FOLLOW_LIMIT_MS 60000

/*  Sets XDG_RUNTIME_DIR to a new folder, whose path it returns. Removed at exit of the process that made it. */
const char *follow_private_runtime (void);

/*  The next event, waited for. Fails the test after FOLLOW_LIMIT_MS. */
zample_event_t follow_next (zample_t *engine);

/*  Goes on until an event of that kind comes, and returns it. */
zample_event_t follow_until (zample_t *engine, zample_event_kind_t kind);

/*  Loads a file and waits for its success. Returns it. */
zample_event_t follow_load (zample_t *engine, uint32_t slot, const char *path);

/*  An engine, or the test fails with its sentence. */
zample_t *follow_engine (zample_output_kind_t output);

/*  A WAV file of `frames` frames of 16-bit stereo at 48 kHz in the runtime folder: both channels hold frame / 32768. Returns its path,
    valid until the next call. */
const char *follow_make_ramp (const char *name, int frames);

/*  A path in the runtime folder, valid until the next call. */
const char *follow_path (const char *name);

#endif
