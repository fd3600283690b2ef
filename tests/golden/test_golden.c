/*  Renders each golden file's scenario and compares to the bit. model.py has written the files, and
    check-model compares them with it again; the stage had no part in them. */
#include "config.h"

#include <glob.h>
#include <string.h>

#include "engine/player.h"
#include "tests/golden/scenario.h"
#include "tests/support/run_suite.h"

#define FRAMES_MAX 1024

static glob_t s_files;
static float s_out[FRAMES_MAX * ZAMPLE_CHANNELS];

static uint32_t
s_bits (float value)
{
    uint32_t bits;
    memcpy (&bits, &value, sizeof bits);
    return bits;
}

static void
s_check_bits (const scenario_t *self, const char *path, int64_t block)
{
    for (int64_t i = 0; i < 2 * self->frames; i++)
        if (s_bits (s_out[i]) != self->bits[i])
            ck_abort_msg ("%s, blocks of %d: frame %d, channel %d is %08x; the file has %08x", path, (int) block,
                          (int) (i / 2), (int) (i % 2), s_bits (s_out[i]), self->bits[i]);
}

static void
s_check_in_blocks (const char *path, int64_t block)
{
    scenario_t scenario;
    scenario_open (&scenario, path);
    ck_assert_int_le (scenario.frames, FRAMES_MAX);
    scenario_render (&scenario, s_out, block);
    s_check_bits (&scenario, path, block);
    scenario_check_events (&scenario);
    scenario_close (&scenario);
}

START_TEST (the_render_is_the_golden_file_to_the_bit)
{
    s_check_in_blocks (s_files.gl_pathv[_i], 64);
}
END_TEST

START_TEST (the_render_is_the_same_in_blocks_of_any_size)
{
    static const int64_t blocks[] = { 1, 5, 63, 65, 96, 1024 };
    scenario_t scenario;
    scenario_open (&scenario, s_files.gl_pathv[_i]);
    bool has_cells = scenario.cell_count > 0; /* which are read once a block, and so may not be the same */
    scenario_close (&scenario);
    for (size_t i = 0; !has_cells && i < sizeof blocks / sizeof *blocks; i++)
        s_check_in_blocks (s_files.gl_pathv[_i], blocks[i]);
}
END_TEST

START_TEST (an_offline_player_gives_the_golden_file_to_the_bit)
{
    scenario_t scenario;
    char why[128];
    scenario_open (&scenario, s_files.gl_pathv[_i]);
    if (scenario.cell_count == 0) {
        zample_player_t *player = zample_player_new (scenario.stage.stage, NULL, NULL, why, sizeof why);
        ck_assert_ptr_nonnull (player);
        ck_assert (zample_player_render (player, scenario.frames, s_out));
        s_check_bits (&scenario, s_files.gl_pathv[_i], 64);
        zample_player_destroy (&player);
    }
    scenario_close (&scenario);
}
END_TEST

int
main (void)
{
    char pattern[4096];
    const char *srcdir = getenv ("ZAMPLE_SRCDIR");
    snprintf (pattern, sizeof pattern, "%s/tests/golden/*.golden", srcdir ? srcdir : ".");
    if (glob (pattern, 0, NULL, &s_files) != 0) {
        fprintf (stderr, "there are no golden files: set ZAMPLE_SRCDIR to the top of the source\n");
        return EXIT_FAILURE;
    }
    int files = (int) s_files.gl_pathc;
    TCase *tcase = tcase_create ("golden");
    tcase_add_loop_test (tcase, the_render_is_the_golden_file_to_the_bit, 0, files);
    tcase_add_loop_test (tcase, the_render_is_the_same_in_blocks_of_any_size, 0, files);
    tcase_add_loop_test (tcase, an_offline_player_gives_the_golden_file_to_the_bit, 0, files);
    Suite *suite = suite_create ("golden");
    suite_add_tcase (suite, tcase);
    int status = run_suite (suite);
    globfree (&s_files);
    return status;
}
