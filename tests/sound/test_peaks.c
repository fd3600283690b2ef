/*  Peaks: what is drawn is what is there, frame by frame, however the sound came and however it ended. The
    reallocations of this program are fakes that fail on demand (the linker's --wrap).

    Sounds, spans and widths are random; a failure names the seed. ZAMPLE_SEED=n runs that seed alone. */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/peaks.h"
#include "engine/sound.h"
#include "tests/support/failing.h"
#include "tests/support/run_suite.h"

#define SEEDS 60
#define FRAMES_MAX 70000
#define WIDTH_MAX 3000

#define NEED(condition)                                                                                      \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            ck_abort_msg ("ZAMPLE_SEED=%" PRIu64 ": %s", s_seed, #condition);                                \
    } while (0)

static uint64_t s_seed, s_state;
static float s_data[2 * FRAMES_MAX];
static zample_peak_column_t s_columns[WIDTH_MAX];

/* Where levels begin and end, to the frame on both sides. */
static const int64_t s_edges[] = { 1,    2,     63,    64,    65,    127,   128,  255,
                                   256,  257,   1023,  1024,  1025,  4095,  4096, 4097,
                                   4160, 16383, 16384, 16385, 65535, 65536, 65537 };
#define EDGES (sizeof s_edges / sizeof s_edges[0])

static uint64_t
s_random (uint64_t below)
{
    s_state = s_state * UINT64_C (6364136223846793005) + UINT64_C (1442695040888963407);
    return (s_state >> 33) % below;
}

/*  Noise that swells and fades, silence, and now and then a click: so that each frame matters somewhere. */
static int64_t
s_make_sound (uint64_t seed)
{
    s_seed = s_state = seed;
    float level[2] = { 0.5f, 0.01f };
    for (int64_t i = 0; i < 2 * FRAMES_MAX; i++) {
        if (s_random (500) == 0)
            level[i % 2] = (float) s_random (5) / 4.0f;
        s_data[i] = level[i % 2] * ((float) s_random (20001) / 10000.0f - 1.0f);
        if (s_random (3000) == 0)
            s_data[i] = 8.0f * s_data[i] + 3.0f;
    }
    return s_random (2) == 0 ? s_edges[s_random (EDGES)] : 1 + (int64_t) s_random (FRAMES_MAX);
}

static void
s_for_all_seeds (void (*property) (int64_t frames))
{
    const char *wanted = getenv ("ZAMPLE_SEED");
    uint64_t first = wanted ? strtoull (wanted, NULL, 10) : 1;
    for (uint64_t seed = first; seed < first + (wanted ? 1 : SEEDS); seed++)
        property (s_make_sound (seed));
}

/* -------------------------------------------------------- what must be drawn */

static bool
s_same (float a, float b)
{
    return a >= b && a <= b;
}

static bool
s_is_near (float value, double expected)
{
    return fabs ((double) value - expected) <= 1e-5 * expected;
}

static void
s_column_must_be (const zample_peak_column_t *column, int64_t start, int64_t end)
{
    for (int channel = 0; channel < 2; channel++) {
        float min = s_data[2 * start + channel], max = min;
        double squares = 0.0;
        for (int64_t i = start; i < end; i++) {
            float value = s_data[2 * i + channel];
            min = fminf (value, min);
            max = fmaxf (value, max);
            squares += (double) value * (double) value;
        }
        NEED (s_same (column->min[channel], min));
        NEED (s_same (column->max[channel], max));
        NEED (s_is_near (column->rms[channel], sqrt (squares / (double) (end - start))));
    }
}

/*  All columns, by the definition and nothing else. */
static void
s_must_draw (const zample_peaks_t *peaks, int64_t start, int64_t end, uint32_t width)
{
    memset (s_columns, 0x55, sizeof s_columns);
    zample_peaks_draw (peaks, s_data, start, end, width, s_columns);
    for (int64_t i = 0; i < width; i++) {
        int64_t from = start + i * (end - start) / width, to = start + (i + 1) * (end - start) / width;
        s_column_must_be (&s_columns[i], from, to > from ? to : from + 1);
    }
    zample_peak_column_t untouched;
    memset (&untouched, 0x55, sizeof untouched);
    if (width < WIDTH_MAX)
        NEED (memcmp (&s_columns[width], &untouched, sizeof untouched) == 0);
}

/*  Some spans of a sound: all of it, a few frames, from and to anywhere. */
static void
s_must_draw_all (const zample_peaks_t *peaks, int64_t frames)
{
    s_must_draw (peaks, 0, frames, 1);
    for (int i = 0; i < 12; i++) {
        int64_t start = (int64_t) s_random ((uint64_t) frames);
        int64_t most = s_random (3) == 0 && frames - start > 300 ? 300 : frames - start;
        int64_t end = start + 1 + (int64_t) s_random ((uint64_t) most);
        uint32_t width = 1 + (uint32_t) s_random (s_random (2) == 0 ? 5 : WIDTH_MAX);
        s_must_draw (peaks, start, end, width);
    }
}

static bool
s_are_same (const zample_peaks_t *a, const zample_peaks_t *b)
{
    for (int i = 0; i < ZAMPLE_PEAKS_LEVELS; i++) {
        const zample_peak_level_t *one = &a->levels[i], *other = &b->levels[i];
        if (one->count != other->count)
            return false;
        if (one->count > 0 && memcmp (one->sums, other->sums, (size_t) one->count * sizeof *one->sums) != 0)
            return false;
    }
    return true;
}

/* --------------------------------------------------------------------- tests */

static void
s_draws_what_is_there (int64_t frames)
{
    zample_peaks_t peaks = { 0 };
    NEED (zample_peaks_finish (&peaks, s_data, frames));
    s_must_draw_all (&peaks, frames);
    zample_peaks_reset (&peaks);
}

START_TEST (any_span_of_any_width_is_drawn_as_it_is)
{
    s_for_all_seeds (s_draws_what_is_there);
}
END_TEST

START_TEST (every_edge_of_a_level_is_drawn_as_it_is)
{
    s_make_sound (1);
    zample_peaks_t peaks = { 0 };
    ck_assert (zample_peaks_finish (&peaks, s_data, FRAMES_MAX));
    for (size_t from = 0; from < EDGES; from++)
        for (size_t to = from + 1; to < EDGES; to++) {
            s_must_draw (&peaks, s_edges[from], s_edges[to], 1);
            s_must_draw (&peaks, s_edges[from], s_edges[to], 7);
        }
    zample_peaks_reset (&peaks);
}
END_TEST

static void
s_pieces_do_not_matter (int64_t frames)
{
    zample_peaks_t whole = { 0 }, pieces = { 0 };
    NEED (zample_peaks_finish (&whole, s_data, frames));
    int64_t largest = 1 + (int64_t) s_random (s_random (2) == 0 ? 100 : 10000);
    for (int64_t done = 0; done < frames;) {
        done += 1 + (int64_t) s_random ((uint64_t) largest);
        done = done < frames ? done : frames;
        NEED (zample_peaks_follow (&pieces, s_data, done));
    }
    NEED (zample_peaks_finish (&pieces, s_data, frames));
    NEED (s_are_same (&whole, &pieces));
    zample_peaks_reset (&whole);
    zample_peaks_reset (&pieces);
}

START_TEST (a_sound_that_came_in_pieces_has_the_same_peaks)
{
    s_for_all_seeds (s_pieces_do_not_matter);
}
END_TEST

/*  It was followed to `frames`, and then it is of another length. */
static void
s_ends_elsewhere (int64_t frames)
{
    int64_t end = s_random (2) == 0 ? s_edges[s_random (EDGES)] : (int64_t) s_random (FRAMES_MAX);
    zample_peaks_t expected = { 0 }, peaks = { 0 };
    NEED (zample_peaks_finish (&expected, s_data, end));
    NEED (zample_peaks_follow (&peaks, s_data, frames));
    NEED (zample_peaks_finish (&peaks, s_data, end));
    NEED (s_are_same (&expected, &peaks));
    NEED (zample_peaks_bytes (&peaks) == zample_peaks_bytes_of (end));
    if (end > 0)
        s_must_draw_all (&peaks, end);
    zample_peaks_reset (&expected);
    zample_peaks_reset (&peaks);
}

START_TEST (a_sound_that_is_trimmed_or_padded_has_the_peaks_of_its_new_length)
{
    s_for_all_seeds (s_ends_elsewhere);
}
END_TEST

START_TEST (no_frames_have_no_peaks)
{
    zample_peaks_t peaks = { 0 };
    ck_assert (zample_peaks_follow (&peaks, s_data, 0));
    ck_assert (zample_peaks_finish (&peaks, s_data, 0));
    ck_assert_uint_eq (zample_peaks_bytes (&peaks), 0);
    ck_assert_uint_eq (zample_peaks_bytes_of (0), 0);
    ck_assert_uint_eq (zample_peaks_bytes_of (63), 0);
    ck_assert_uint_eq (zample_peaks_bytes_of (256), 5 * sizeof (zample_peak_sum_t));
    zample_peaks_reset (&peaks);
}
END_TEST

START_TEST (what_is_louder_than_any_loudspeaker_is_drawn_with_numbers)
{
    for (int64_t i = 0; i < 2 * FRAMES_MAX; i++)
        s_data[i] = i % 4 < 2 ? 1e30f : -2e30f;
    zample_peaks_t peaks = { 0 };
    ck_assert (zample_peaks_finish (&peaks, s_data, FRAMES_MAX));
    zample_peaks_draw (&peaks, s_data, 0, FRAMES_MAX, 10, s_columns);
    for (int i = 0; i < 10; i++) {
        ck_assert (s_same (s_columns[i].min[1], -2e30f));
        ck_assert (s_same (s_columns[i].max[1], 1e30f));
        ck_assert (s_same (s_columns[i].rms[1], 2e30f));
    }
    zample_peaks_reset (&peaks);
}
END_TEST

START_TEST (without_memory_it_can_be_tried_again)
{
    s_make_sound (1);
    zample_peaks_t expected = { 0 };
    ck_assert (zample_peaks_finish (&expected, s_data, FRAMES_MAX));
    int failing = 0;
    for (bool done = false; !done; failing++) {
        zample_peaks_t peaks = { 0 };
        failing_after (failing);
        done = zample_peaks_follow (&peaks, s_data, 1000) && zample_peaks_follow (&peaks, s_data, FRAMES_MAX)
               && zample_peaks_finish (&peaks, s_data, FRAMES_MAX);
        done = !failing_stop () && done;
        ck_assert (zample_peaks_finish (&peaks, s_data, FRAMES_MAX));
        ck_assert (s_are_same (&expected, &peaks));
        zample_peaks_reset (&peaks);
    }
    ck_assert_int_gt (failing, 8);
    zample_peaks_reset (&expected);
}
END_TEST

START_TEST (a_sound_counts_its_peaks_and_frees_them)
{
    zample_sound_t *sound = zample_sound_new (FRAMES_MAX);
    size_t without = zample_sound_bytes (sound);
    ck_assert_uint_lt (without, zample_sound_bytes_of (FRAMES_MAX));
    ck_assert (zample_peaks_finish (&sound->peaks, sound->data, FRAMES_MAX));
    ck_assert_uint_eq (zample_sound_bytes (sound), zample_sound_bytes_of (FRAMES_MAX));
    ck_assert_uint_eq (zample_sound_bytes (sound) - without, zample_peaks_bytes (&sound->peaks));
    zample_sound_release (&sound);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("peaks");
    TCase *tests = tcase_create ("peaks");
    tcase_set_timeout (tests, 120);
    tcase_add_test (tests, any_span_of_any_width_is_drawn_as_it_is);
    tcase_add_test (tests, every_edge_of_a_level_is_drawn_as_it_is);
    tcase_add_test (tests, a_sound_that_came_in_pieces_has_the_same_peaks);
    tcase_add_test (tests, a_sound_that_is_trimmed_or_padded_has_the_peaks_of_its_new_length);
    tcase_add_test (tests, no_frames_have_no_peaks);
    tcase_add_test (tests, what_is_louder_than_any_loudspeaker_is_drawn_with_numbers);
    tcase_add_test (tests, without_memory_it_can_be_tried_again);
    tcase_add_test (tests, a_sound_counts_its_peaks_and_frees_them);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
