/*  A stage in a test: doorway, stage and the samples it has, all driven by the one thread that tests. */
#ifndef ZAMPLE_TEST_STAGE_FIXTURE_H
#define ZAMPLE_TEST_STAGE_FIXTURE_H

#include <check.h>

#include "engine/stage_setup.h"

#define FIXTURE_BLOCK 64

/* Check's own for floats pass floats as doubles without saying so, which the build's warnings do not have. */
#define NEED_EQUAL(is, should) ck_assert_double_eq ((double) (is), (double) (should))
#define NEED_OTHER(is, other) ck_assert_double_ne ((double) (is), (double) (other))
#define NEED_NEAR(is, should, tolerance) ck_assert_double_eq_tol ((double) (is), (double) (should), tolerance)

typedef struct {
    zample_doorway_t *doorway;
    zample_stage_t *stage;
    zample_sample_t *kept; /* what the stage has, linked by keeper_next */
} stage_fixture_t;

/*  How to play; the same members that a PLAY carries. */
typedef struct {
    float gain, pan, speed;
    bool loop;
} fixture_play_t;

#define FIXTURE_ONCE ((fixture_play_t) { .gain = 1.0f, .speed = 1.0f })
#define FIXTURE_LOOP ((fixture_play_t) { .gain = 1.0f, .speed = 1.0f, .loop = true })

/*  Rings of 1,024. */
void fixture_open (stage_fixture_t *self, uint32_t slots, uint32_t voices);
void fixture_open_shape (stage_fixture_t *self, const zample_stage_shape_t *shape);

/*  Takes what was reported and frees all. */
void fixture_close (stage_fixture_t *self);

/*  Noise that a 32-bit congruential generator makes, exact in a float; tests/golden/model.py has the same. */
zample_sample_t *fixture_noise (int64_t frames, uint32_t seed);
zample_sample_t *fixture_constant (int64_t frames, float value);

/*  Frame i is (i + 1) / 65,536 on the left, and the negative of it on the right. */
zample_sample_t *fixture_count (int64_t frames);

/*  Each pushes one command and returns its number, which is a PLAY's voice. */
uint64_t fixture_push (stage_fixture_t *self, const zample_command_t *command);
uint64_t fixture_load (stage_fixture_t *self, int64_t frame, uint32_t slot, zample_sample_t *sample);
uint64_t fixture_play (stage_fixture_t *self, int64_t frame, uint32_t slot, fixture_play_t how);
uint64_t fixture_seek (stage_fixture_t *self, int64_t frame, uint64_t voice, int64_t position_frames);
uint64_t fixture_tell_voice (stage_fixture_t *self, int64_t frame, zample_command_tag_t kind, uint64_t voice);
uint64_t fixture_tell_slot (stage_fixture_t *self, int64_t frame, zample_command_tag_t kind, uint32_t slot);

/*  In blocks of `block` frames, into `out` unless it is NULL. */
void fixture_render_blocks (stage_fixture_t *self, float *out, int64_t frames, int64_t block);
void fixture_render (stage_fixture_t *self, float *out, int64_t frames);

/*  Takes the next report. A sample that was READY is kept, one that was RETIRED is freed. */
bool fixture_next_report (stage_fixture_t *self, zample_report_t *report);

/*  Takes reports until one of that kind comes; the test fails if none does. */
zample_report_t fixture_find_report (stage_fixture_t *self, zample_report_tag_t kind);

/*  Takes all reports that wait and returns how many were of that kind. */
int fixture_count_reports (stage_fixture_t *self, zample_report_tag_t kind);

#endif
