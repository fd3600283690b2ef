/*  Lists of commands made up from a seed, and runs of a stage that obeys one and keeps all that it told. */
#ifndef ZAMPLE_TEST_RANDOM_LIST_H
#define ZAMPLE_TEST_RANDOM_LIST_H

#include "tests/support/stage_fixture.h"

enum { LIST_COMMANDS_MAX = 160, LIST_FRAMES = 2500, LIST_SLOTS = 4, LIST_TOLD_MAX = 2048 };

typedef struct {
    uint64_t state;
} random_t;

random_t random_from (uint64_t seed);

/*  0 to below `limit`. */
uint32_t random_below (random_t *self, uint32_t limit);

/*  LOADs have no sample yet: each run makes its own, noise or constant, of `sample_frames`. */
typedef struct {
    uint32_t voices;
    int count;
    zample_command_t commands[LIST_COMMANDS_MAX];
    int64_t sample_frames[LIST_COMMANDS_MAX];
} list_t;

/*  Every frame is at least 1, so that all commands can be scheduled before the first is obeyed. */
void list_make (list_t *self, uint64_t seed);

/*  What the bounds on steps can be told for: loops of a constant, never over before they are stopped. */
void list_make_constant (list_t *self, uint64_t seed);

typedef struct {
    int64_t block;           /* 0: of random sizes, 1 to 1,024 */
    uint32_t event_capacity; /* of the ring of reports */
    bool stalls;             /* reports are taken now and then, and few at a time */
    bool pushes_late;        /* commands come around their frames, some too late, some for at once */
    bool constant;
    uint64_t seed; /* of all that is random in the run */
} run_shape_t;

typedef struct {
    float out[LIST_FRAMES * ZAMPLE_CHANNELS];
    uint32_t active[LIST_FRAMES]; /* after each frame, in blocks of 1 */
    zample_report_t told[LIST_TOLD_MAX];
    uint64_t jobs[LIST_TOLD_MAX]; /* of the sample that was told of: its place in the list, from 1 */
    int told_count;
    int pushed; /* so many of the list's commands found their way */
} run_t;

/*  Obeys the list, then stops all, empties all slots and goes on until all has been told. Memory that is
    given back is filled with NaN, and freed only at the end. */
void run_list (run_t *self, const list_t *list, run_shape_t shape);

#endif
