/*  Loads a list of files in the background, a few ahead of the one that is played, so that a long list does
    not fill the memory, and fewer where memory is short. `play` and `render` share it.

    Files are counted in turns: turn t is file t, and when a list is played over and over, t modulo the number
    of files. A turn has slot t modulo `width`.
 */
#ifndef ZAMPLE_CLI_LOAD_H
#define ZAMPLE_CLI_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zample.h"

typedef enum { CLI_LOAD_NONE = 0, CLI_LOAD_RUNNING, CLI_LOAD_READY, CLI_LOAD_FAILED } cli_load_state_t;

typedef struct {
    size_t file;
    cli_load_state_t state;
    uint64_t job;
    size_t oldest; /* the first turn that was needed when it was asked for */
    int64_t frames;
} cli_load_t;

typedef struct {
    zample_t *engine;
    char *const *paths;
    size_t count;
    size_t width;   /* so many are loaded at the same time */
    size_t oldest;  /* the first turn that is still needed */
    size_t asked;   /* turns before this were asked for */
    size_t leaving; /* loads that were called off and have not ended */
    bool scarce;    /* not all fit at the same time */
    bool full;      /* the turn that is to be asked for may fit when the oldest has been played */
    bool alone;     /* the oldest is to be loaded before any other is asked for */
    cli_load_t *cells;
    bool *failed; /* by file */
    size_t failures;
} cli_loads_t;

/*  How many slots an engine needs for `count` files. */
uint32_t cli_loads_slots (size_t count);

/*  False, and says so, if there is no memory. The paths stay the caller's. */
bool cli_loads_init (cli_loads_t *self, zample_t *engine, char *const *paths, size_t count);
void cli_loads_reset (cli_loads_t *self);

/*  Begins to load the turns before `end` that were not asked for yet, as far as there is room. `oldest` is the first turn that is
    still needed. To be called again after each event. */
void cli_loads_ask (cli_loads_t *self, size_t oldest, size_t end);

/*  Takes an event, if it is a load's; says what failed or was damaged, and shows what goes on. */
void cli_loads_take (cli_loads_t *self, const zample_event_t *event);

/*  Of a turn that is needed. NONE: it was not asked for yet. */
const cli_load_t *cli_loads_turn (const cli_loads_t *self, size_t turn);

/*  How many frames of the engine a sound of so many frames takes at a speed. */
int64_t cli_frames_at_speed (int64_t frames, float speed);

#endif
