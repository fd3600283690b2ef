/*  Reads golden files; model.py says what stands in them. */
#ifndef ZAMPLE_TEST_SCENARIO_H
#define ZAMPLE_TEST_SCENARIO_H

#include <stdio.h>

#include "tests/support/stage_fixture.h"

enum {
    SCENARIO_CELLS_MAX = 16,
    SCENARIO_EVENTS_MAX = 64,
    SCENARIO_SAMPLES_MAX = 8,
    SCENARIO_EVENT_SIZE = 64
};

typedef struct {
    int64_t frame;
    zample_cell_t *cell;
    float value;
} scenario_cell_t;

typedef struct {
    zample_stage_shape_t shape;
    stage_fixture_t stage; /* all commands are on its ring */
    int64_t frames;
    scenario_cell_t cells[SCENARIO_CELLS_MAX]; /* in the order of their frames */
    int cell_count;
    struct {
        char name[16];
        zample_sample_t *sample;
    } samples[SCENARIO_SAMPLES_MAX];
    int sample_count;
    char events[SCENARIO_EVENTS_MAX][SCENARIO_EVENT_SIZE];
    int event_count;
    uint32_t *bits; /* 2 * frames */
    int64_t bit_count;
} scenario_t;

/*  The test fails if the file cannot be read. */
void scenario_open (scenario_t *self, const char *path);
void scenario_close (scenario_t *self);

/*  Renders all of it in blocks of `block` frames, and sets the cells on the way. */
void scenario_render (scenario_t *self, float *out, int64_t block);

/*  Fails unless the stage has told just the events that the file has. */
void scenario_check_events (scenario_t *self);

#endif
