/*  One voice by itself: where it reads, at which speed, and how its level moves. */
#include "config.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>

#include "engine/sample.h"
#include "tests/support/run_suite.h"
#include "tests/support/stage_fixture.h"

enum { FRAMES = 2048 };

static zample_slot_cells_t s_cells;
static zample_voice_t s_voice;
static float s_out[FRAMES * ZAMPLE_CHANNELS];

static void
s_set_cells (void)
{
    zample_cell_set (&s_cells.gain, 1.0f);
    zample_cell_set (&s_cells.pan, 0.0f);
    zample_cell_set (&s_cells.speed, 1.0f);
    memset (s_out, 0, sizeof s_out);
}

static void
s_start (zample_sample_t *sample, fixture_play_t how)
{
    zample_command_t play = {
        .kind = COMMAND_PLAY,
        .u.play = { .gain = how.gain, .pan = how.pan, .speed = how.speed, .loop = how.loop },
    };
    zample_voice_start (&s_voice, 1, sample, &play, &s_cells);
}

/*  Without the ramp: at its full level from the first frame on. */
static void
s_start_at_once (zample_sample_t *sample, fixture_play_t how)
{
    s_start (sample, how);
    memcpy (s_voice.level, s_voice.full, sizeof s_voice.level);
    s_voice.ramp_left = 0;
}

/*  The cubic through the frames around `position`, in double precision; of a loop if `loop`. */
static double
s_cubic_at (const zample_sample_t *sample, double position, int64_t channel, bool loop)
{
    double in[4], fraction = position - floor (position);
    for (int tap = 0; tap < 4; tap++) {
        int64_t frame = (int64_t) floor (position) + tap - 1;
        if (loop)
            frame = (frame % sample->frames + sample->frames) % sample->frames;
        bool within = frame >= 0 && frame < sample->frames;
        in[tap] = within ? (double) sample->data[2 * frame + channel] : 0.0;
    }
    /* As the four weights that Catmull-Rom gives its neighbours, not in Horner's form. */
    double f = fraction, f2 = f * f, f3 = f2 * f;
    return in[0] * (-0.5 * f + f2 - 0.5 * f3) + in[1] * (1.0 - 2.5 * f2 + 1.5 * f3)
           + in[2] * (0.5 * f + 2.0 * f2 - 1.5 * f3) + in[3] * (0.5 * f3 - 0.5 * f2);
}

START_TEST (the_level_goes_up_in_a_straight_line_and_stays)
{
    zample_sample_t *sample = fixture_constant (FRAMES, 1.0f);
    s_start (sample, (fixture_play_t) { .gain = 0.5f, .speed = 1.0f });
    ck_assert_int_eq (zample_voice_render (&s_voice, s_out, 256), 256);
    for (int i = 0; i < 256; i++) {
        int steps = i + 1 < ZAMPLE_RAMP_FRAMES ? i + 1 : ZAMPLE_RAMP_FRAMES;
        NEED_NEAR (s_out[2 * i], 0.5 * steps / ZAMPLE_RAMP_FRAMES, 1e-6);
    }
    NEED_EQUAL (s_out[2 * 255], 0.5f);
    zample_sample_destroy (&sample);
}
END_TEST

START_TEST (pan_keeps_the_power_and_leaves_the_centre_as_it_is)
{
    zample_sample_t *sample = fixture_constant (64, 1.0f);
    for (int i = -4; i <= 4; i++) {
        memset (s_out, 0, sizeof s_out);
        s_start_at_once (sample, (fixture_play_t) { .gain = 1.0f, .pan = (float) i / 4.0f, .speed = 1.0f });
        zample_voice_render (&s_voice, s_out, 1);
        NEED_NEAR (s_out[0] * s_out[0] + s_out[1] * s_out[1], 2.0, 1e-6);
        NEED_NEAR (s_out[0], sqrt (1.0 - i / 4.0), 1e-6);
        NEED_NEAR (s_out[1], sqrt (1.0 + i / 4.0), 1e-6);
    }
    zample_sample_destroy (&sample);
}
END_TEST

START_TEST (pans_add_and_stop_at_the_side)
{
    zample_sample_t *sample = fixture_constant (64, 1.0f);
    zample_cell_set (&s_cells.pan, -0.75f);
    s_start_at_once (sample, (fixture_play_t) { .gain = 1.0f, .pan = -0.5f, .speed = 1.0f });
    zample_voice_render (&s_voice, s_out, 1);
    NEED_EQUAL (s_out[0], sqrtf (2.0f));
    NEED_EQUAL (s_out[1], 0.0f);
    zample_sample_destroy (&sample);
}
END_TEST

START_TEST (at_the_original_speed_frames_come_out_as_they_are)
{
    zample_sample_t *sample = fixture_noise (300, 1);
    s_start_at_once (sample, FIXTURE_ONCE);
    ck_assert_int_eq (zample_voice_render (&s_voice, s_out, 500), 300);
    ck_assert_int_eq (memcmp (s_out, sample->data, 300 * 2 * sizeof *s_out), 0);
    NEED_EQUAL (s_out[600], 0.0f);
    zample_sample_destroy (&sample);
}
END_TEST

static const float s_speeds[] = { 0.01f, 0.5f, 0.73f, 0.999f, 1.0001f, 1.5f, 2.0f, 7.3f, 16.0f };

START_TEST (off_the_original_speed_it_is_the_cubic_through_four_neighbours)
{
    zample_sample_t *sample = fixture_noise (400, 2);
    float speed = s_speeds[_i];
    s_start_at_once (sample, (fixture_play_t) { .gain = 1.0f, .speed = speed });
    int64_t sounded = zample_voice_render (&s_voice, s_out, FRAMES);
    for (int64_t i = 0; i < 2 * sounded; i++)
        NEED_NEAR (s_out[i], s_cubic_at (sample, (double) (i / 2) * (double) speed, i % 2, false), 1e-5);
    int64_t frames = (int64_t) ceil (400.0 / (double) speed);
    ck_assert_int_eq (sounded, frames < FRAMES ? frames : FRAMES);
    zample_sample_destroy (&sample);
}
END_TEST

/*  Loops of 1 to 5 frames and a longer one, at each speed: the seam and steps beyond the loop's length. */
START_TEST (a_loop_is_read_around_its_seam)
{
    static const int64_t lengths[] = { 1, 2, 3, 4, 5, 61 };
    float speed = s_speeds[_i];
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        zample_sample_t *sample = fixture_noise (lengths[l], 3);
        memset (s_out, 0, sizeof s_out);
        s_start_at_once (sample, (fixture_play_t) { .gain = 1.0f, .speed = speed, .loop = true });
        ck_assert_int_eq (zample_voice_render (&s_voice, s_out, FRAMES), FRAMES);
        for (int64_t i = 0; i < FRAMES; i++) {
            double position = fmod ((double) i * ((double) s_voice.step / 0x1p32), (double) lengths[l]);
            NEED_NEAR (s_out[2 * i], s_cubic_at (sample, position, 0, true), 2e-5);
        }
        zample_sample_destroy (&sample);
    }
}
END_TEST

START_TEST (a_loop_at_the_original_speed_comes_round_to_the_bit)
{
    zample_sample_t *sample = fixture_noise (_i, 4);
    s_start_at_once (sample, FIXTURE_LOOP);
    zample_voice_render (&s_voice, s_out, 1000);
    for (int64_t i = 0; i < 2000; i++)
        NEED_EQUAL (s_out[i], sample->data[i % (2 * _i)]);
    zample_sample_destroy (&sample);
}
END_TEST

START_TEST (a_loop_that_was_stepped_over_goes_on_within_itself)
{
    zample_sample_t *sample = fixture_noise (3, 4);
    s_start_at_once (sample, (fixture_play_t) { .gain = 1.0f, .speed = 16.0f, .loop = true });
    zample_voice_render (&s_voice, s_out + 40, 10);
    zample_cell_set (&s_cells.speed, 0.0625f);
    zample_voice_follow (&s_voice, &s_cells);
    zample_voice_render (&s_voice, s_out + 60, 10);
    for (int64_t i = 0; i < 10; i++) {
        NEED_NEAR (s_out[40 + 2 * i], sample->data[2 * (16 * i % 3)], 1e-6);
        NEED_EQUAL (s_out[60 + 2 * i], sample->data[2 * ((160 + i) % 3)]);
    }
    zample_sample_destroy (&sample);
}
END_TEST

START_TEST (a_sound_of_no_frames_is_over_at_once_even_as_a_loop)
{
    zample_sample_t *sample = fixture_constant (0, 0.0f);
    s_start (sample, (fixture_play_t) { .gain = 1.0f, .speed = _i ? 0.7f : 1.0f, .loop = true });
    ck_assert_int_eq (zample_voice_render (&s_voice, s_out, 64), 0);
    zample_sample_destroy (&sample);
}
END_TEST

START_TEST (pieces_of_any_length_give_the_same_bits)
{
    static float pieces[FRAMES * ZAMPLE_CHANNELS];
    zample_sample_t *sample = fixture_noise (97, 5);
    fixture_play_t how = { .gain = 0.7f, .pan = 0.2f, .speed = s_speeds[_i], .loop = true };
    s_start (sample, how);
    zample_voice_render (&s_voice, s_out, FRAMES);
    s_start (sample, how);
    memset (pieces, 0, sizeof pieces);
    for (int64_t done = 0, count = 1; done < FRAMES; done += count, count = 1 + (7 * count + done) % 131)
        zample_voice_render (&s_voice, pieces + 2 * done, count < FRAMES - done ? count : FRAMES - done);
    ck_assert_int_eq (memcmp (s_out, pieces, sizeof pieces), 0);
    zample_sample_destroy (&sample);
}
END_TEST

START_TEST (a_voice_adds_to_what_is_there)
{
    zample_sample_t *sample = fixture_constant (64, 0.25f);
    s_out[1] = 0.5f;
    s_start_at_once (sample, FIXTURE_ONCE);
    zample_voice_render (&s_voice, s_out, 1);
    NEED_EQUAL (s_out[0], 0.25f);
    NEED_EQUAL (s_out[1], 0.75f);
    zample_sample_destroy (&sample);
}
END_TEST

START_TEST (back_at_the_original_speed_between_two_frames_it_goes_on_interpolating)
{
    zample_sample_t *sample = fixture_count (400);
    s_start_at_once (sample, (fixture_play_t) { .gain = 1.0f, .speed = 0.5f });
    zample_voice_render (&s_voice, s_out, 21);
    zample_cell_set (&s_cells.speed, 2.0f);
    zample_voice_follow (&s_voice, &s_cells);
    zample_voice_render (&s_voice, s_out + 42, 20);
    for (int i = 2; i < 41; i++) {
        double frame = i < 21 ? 0.5 * i : 10.5 + (i - 21);
        NEED_EQUAL (s_out[2 * i] * 65536.0f, frame + 1.0);
    }
    zample_sample_destroy (&sample);
}
END_TEST

/*  The longest sound there is: address space that reads as silence, but for what the test writes. */
static bool
s_longest_sample (zample_sample_t *sample, float **memory, size_t *size)
{
    int64_t frames = ZAMPLE_SOUND_FRAMES_MAX;
    *size = (size_t) (frames + 2 * ZAMPLE_GUARD_FRAMES) * ZAMPLE_CHANNELS * sizeof (float);
    *memory = mmap (NULL, *size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    *sample = (zample_sample_t) { .data = *memory + ZAMPLE_GUARD_FRAMES * ZAMPLE_CHANNELS, .frames = frames };
    return *memory != MAP_FAILED;
}

/*  Its last 104 frames count down to 1, its first 2,000 count down from -1. */
static void
s_mark_ends (const zample_sample_t *sample, float *memory)
{
    float *data = memory + ZAMPLE_GUARD_FRAMES * ZAMPLE_CHANNELS;
    for (int64_t i = 0; i < 104; i++)
        data[2 * (sample->frames - 1 - i)] = (float) (i + 1);
    for (int64_t i = 0; i < 2000; i++)
        data[2 * i] = (float) -(i + 1);
}

START_TEST (the_longest_sound_comes_round_to_the_frame_at_any_speed)
{
    static const float speeds[] = { 1.0f, 0.5f, 16.0f, 256.0f };
    zample_sample_t sample;
    float *memory;
    size_t size;
    if (!s_longest_sample (&sample, &memory, &size))
        return; /* a machine that does not give 16 GB of address space cannot hold such a sound either */
    s_mark_ends (&sample, memory);
    zample_cell_set (&s_cells.speed, speeds[_i] > 16.0f ? 16.0f : 1.0f);
    fixture_play_t how = { .gain = 1.0f, .speed = fminf (speeds[_i], 16.0f), .loop = true };
    s_start_at_once (&sample, how);
    ck_assert_int_eq (zample_voice_render (&s_voice, s_out, 1), 1);
    s_voice.position = (sample.frames - 100) << 32;
    memset (s_out, 0, sizeof s_out);
    int64_t frames = speeds[_i] > 16.0f ? 8 : 120;
    ck_assert_int_eq (zample_voice_render (&s_voice, s_out, frames), frames);
    for (int64_t i = 0; i < frames; i++) {
        double place = (double) i * (double) speeds[_i] - 100.0;
        if (place < -2.0 || place >= 1.0)
            NEED_EQUAL (s_out[2 * i], place < 0.0 ? -place : -(place + 1.0));
    }
    munmap (memory, size);
}
END_TEST

int
main (void)
{
    int speeds = sizeof s_speeds / sizeof *s_speeds;
    TCase *tcase = tcase_create ("voice");
    tcase_add_checked_fixture (tcase, s_set_cells, NULL);
    tcase_add_test (tcase, the_level_goes_up_in_a_straight_line_and_stays);
    tcase_add_test (tcase, pan_keeps_the_power_and_leaves_the_centre_as_it_is);
    tcase_add_test (tcase, pans_add_and_stop_at_the_side);
    tcase_add_test (tcase, at_the_original_speed_frames_come_out_as_they_are);
    tcase_add_loop_test (tcase, off_the_original_speed_it_is_the_cubic_through_four_neighbours, 0, speeds);
    tcase_add_loop_test (tcase, a_loop_is_read_around_its_seam, 0, speeds);
    tcase_add_loop_test (tcase, a_loop_at_the_original_speed_comes_round_to_the_bit, 1, 6);
    tcase_add_test (tcase, a_loop_that_was_stepped_over_goes_on_within_itself);
    tcase_add_loop_test (tcase, a_sound_of_no_frames_is_over_at_once_even_as_a_loop, 0, 2);
    tcase_add_loop_test (tcase, pieces_of_any_length_give_the_same_bits, 0, speeds);
    tcase_add_test (tcase, a_voice_adds_to_what_is_there);
    tcase_add_test (tcase, back_at_the_original_speed_between_two_frames_it_goes_on_interpolating);
    tcase_add_loop_test (tcase, the_longest_sound_comes_round_to_the_frame_at_any_speed, 0, 4);
    Suite *suite = suite_create ("voice");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
