/* Bad arguments get a status and a sentence, and change nothing. */
#include "config.h"

#include <check.h>
#include <math.h>
#include <string.h>

#include "tests/support/follow.h"
#include "tests/support/run_suite.h"

static zample_t *s_engine;

static void
s_open (void)
{
    s_engine = follow_engine (ZAMPLE_OUTPUT_OFFLINE);
    ck_assert_int_eq (follow_next (s_engine).kind, ZAMPLE_EVENT_DEVICE);
}

/*  Nothing that was refused has reached the stage. */
static void
s_close (void)
{
    zample_event_t event;
    uint64_t voice;
    ck_assert_int_eq (zample_play (s_engine, 0, NULL, &voice), ZAMPLE_OK);
    ck_assert_uint_eq (voice, 1);
    ck_assert_int_eq (zample_render (s_engine, 64, NULL), ZAMPLE_OK);
    event = follow_next (s_engine);
    ck_assert_int_eq (event.kind, ZAMPLE_EVENT_REJECTED);
    ck_assert_uint_eq (event.u.rejected.number, 1);
    zample_destroy (&s_engine);
}

#define REFUSED(call, status, sentence)                                                                      \
    do {                                                                                                     \
        ck_assert_int_eq ((call), (status));                                                                 \
        ck_assert_str_eq (zample_why (), sentence);                                                          \
    } while (0)

START_TEST (null_is_invalid)
{
    zample_event_t event;
    zample_clock_t clock;
    zample_meter_t meter;
    REFUSED (zample_play (NULL, 0, NULL, NULL), ZAMPLE_INVALID, "engine is NULL");
    REFUSED (zample_stop (NULL, 1, 0), ZAMPLE_INVALID, "engine is NULL");
    REFUSED (zample_stop_slot (NULL, 0, 0), ZAMPLE_INVALID, "engine is NULL");
    REFUSED (zample_stop_all (NULL, 0), ZAMPLE_INVALID, "engine is NULL");
    REFUSED (zample_pause (NULL, 1, 0), ZAMPLE_INVALID, "engine is NULL");
    REFUSED (zample_resume (NULL, 1, 0), ZAMPLE_INVALID, "engine is NULL");
    REFUSED (zample_seek (NULL, 1, 0, 0), ZAMPLE_INVALID, "engine is NULL");
    REFUSED (zample_unload (NULL, 0, 0), ZAMPLE_INVALID, "engine is NULL");
    REFUSED (zample_set_gain (NULL, 0, 1), ZAMPLE_INVALID, "engine is NULL");
    REFUSED (zample_set_pan (NULL, 0, 0), ZAMPLE_INVALID, "engine is NULL");
    REFUSED (zample_set_speed (NULL, 0, 1), ZAMPLE_INVALID, "engine is NULL");
    REFUSED (zample_load (NULL, 0, "x", NULL, NULL), ZAMPLE_INVALID, "engine is NULL");
    REFUSED (zample_load (s_engine, 0, NULL, NULL, NULL), ZAMPLE_INVALID, "path is NULL");
    REFUSED (zample_load (s_engine, 0, "", NULL, NULL), ZAMPLE_INVALID, "path is empty");
    REFUSED (zample_clock (NULL, &clock), ZAMPLE_INVALID, "engine is NULL");
    REFUSED (zample_clock (s_engine, NULL), ZAMPLE_INVALID, "clock is NULL");
    REFUSED (zample_meter (NULL, &meter), ZAMPLE_INVALID, "engine is NULL");
    REFUSED (zample_meter (s_engine, NULL), ZAMPLE_INVALID, "meter is NULL");
    REFUSED (zample_render (NULL, 64, NULL), ZAMPLE_INVALID, "engine is NULL");
    REFUSED (zample_poll (NULL, &event), ZAMPLE_INVALID, "engine is NULL");
    REFUSED (zample_poll (s_engine, NULL), ZAMPLE_INVALID, "event is NULL");
    REFUSED (zample_new (NULL, NULL), ZAMPLE_INVALID, "engine is NULL");
    ck_assert_int_eq (zample_poll_fd (NULL), -1);
    ck_assert_uint_eq (zample_rate (NULL), 0);
    zample_destroy (NULL);
}
END_TEST

START_TEST (a_slot_is_one_of_the_engines)
{
    static const char sentence[] = "slot 1024 is out of range: this engine has 0 to 1023";
    REFUSED (zample_play (s_engine, 1024, NULL, NULL), ZAMPLE_RANGE, sentence);
    REFUSED (zample_load (s_engine, 1024, "x", NULL, NULL), ZAMPLE_RANGE, sentence);
    REFUSED (zample_unload (s_engine, 1024, 0), ZAMPLE_RANGE, sentence);
    REFUSED (zample_stop_slot (s_engine, 1024, 0), ZAMPLE_RANGE, sentence);
    REFUSED (zample_set_gain (s_engine, 1024, 1), ZAMPLE_RANGE, sentence);
    REFUSED (zample_set_pan (s_engine, 1024, 0), ZAMPLE_RANGE, sentence);
    REFUSED (zample_set_speed (s_engine, 1024, 1), ZAMPLE_RANGE, sentence);
    REFUSED (zample_play (s_engine, ZAMPLE_NO_SLOT, NULL, NULL), ZAMPLE_RANGE,
             "slot 4294967295 is out of range: this engine has 0 to 1023");
}
END_TEST

START_TEST (a_voice_is_not_0)
{
    static const char sentence[] = "voice 0 is no voice: they count from 1";
    REFUSED (zample_stop (s_engine, 0, 0), ZAMPLE_RANGE, sentence);
    REFUSED (zample_pause (s_engine, 0, 0), ZAMPLE_RANGE, sentence);
    REFUSED (zample_resume (s_engine, 0, 0), ZAMPLE_RANGE, sentence);
    REFUSED (zample_seek (s_engine, 0, 0, 0), ZAMPLE_RANGE, sentence);
}
END_TEST

START_TEST (a_frame_is_not_negative)
{
    zample_play_t how = ZAMPLE_PLAY_DEFAULT;
    how.frame = -1;
    REFUSED (zample_play (s_engine, 0, &how, NULL), ZAMPLE_RANGE, "frame -1 is before the first");
    REFUSED (zample_stop (s_engine, 1, -2), ZAMPLE_RANGE, "frame -2 is before the first");
    REFUSED (zample_stop_all (s_engine, INT64_MIN), ZAMPLE_RANGE,
             "frame -9223372036854775808 is before the first");
    REFUSED (zample_unload (s_engine, 0, -1), ZAMPLE_RANGE, "frame -1 is before the first");
    REFUSED (zample_seek (s_engine, 1, -1, 0), ZAMPLE_RANGE, "position -1 is before the beginning");
    REFUSED (zample_render (s_engine, -1, NULL), ZAMPLE_RANGE, "-1 frames cannot be rendered");
}
END_TEST

START_TEST (a_number_is_finite_and_in_its_range)
{
    zample_play_t how = ZAMPLE_PLAY_DEFAULT;
    how.velocity = NAN;
    REFUSED (zample_play (s_engine, 0, &how, NULL), ZAMPLE_INVALID, "velocity is not a finite number");
    how.velocity = 1.5f;
    REFUSED (zample_play (s_engine, 0, &how, NULL), ZAMPLE_RANGE,
             "velocity is 1.5: it must lie between 0 and 1");
    how = ZAMPLE_PLAY_DEFAULT;
    how.gain = INFINITY;
    REFUSED (zample_play (s_engine, 0, &how, NULL), ZAMPLE_INVALID, "gain is not a finite number");
    how = ZAMPLE_PLAY_DEFAULT;
    how.pan = -1.25f;
    REFUSED (zample_play (s_engine, 0, &how, NULL), ZAMPLE_RANGE,
             "pan is -1.25: it must lie between -1 and 1");
    how = ZAMPLE_PLAY_DEFAULT;
    how.speed = 0.0f;
    REFUSED (zample_play (s_engine, 0, &how, NULL), ZAMPLE_RANGE,
             "speed is 0: it must lie between 0.01 and 16");
    REFUSED (zample_set_gain (s_engine, 0, -0.5f), ZAMPLE_RANGE,
             "gain is -0.5: it must lie between 0 and 16");
    REFUSED (zample_set_pan (s_engine, 0, NAN), ZAMPLE_INVALID, "pan is not a finite number");
    REFUSED (zample_set_speed (s_engine, 0, 17.0f), ZAMPLE_RANGE,
             "speed is 17: it must lie between 0.01 and 16");
}
END_TEST

START_TEST (a_path_has_an_end)
{
    static char path[5000];
    memset (path, 'x', sizeof path - 1);
    REFUSED (zample_load (s_engine, 0, path, NULL, NULL), ZAMPLE_RANGE,
             "the path is 4999 bytes long: it may have 4095");
}
END_TEST

static void
s_not_made (zample_config_t config, zample_status_t status, const char *sentence)
{
    zample_t *engine = s_engine;
    REFUSED (zample_new (&config, &engine), status, sentence);
    ck_assert_ptr_null (engine);
}

START_TEST (a_configuration_is_checked)
{
    s_not_made ((zample_config_t) { .rate_hz = 7999 }, ZAMPLE_RANGE,
                "rate_hz is 7999: it must lie between 8000 and 192000");
    s_not_made ((zample_config_t) { .command_capacity = 1000 }, ZAMPLE_RANGE,
                "command_capacity is 1000: it must be a power of two");
    s_not_made ((zample_config_t) { .event_capacity = 1 }, ZAMPLE_RANGE,
                "event_capacity is 1: it must lie between 2 and 65536");
    s_not_made ((zample_config_t) { .voices = 4097 }, ZAMPLE_RANGE,
                "voices is 4097: it must lie between 1 and 4096");
    s_not_made ((zample_config_t) { .output = (zample_output_kind_t) 9 }, ZAMPLE_INVALID,
                "output is 9: there is no such output");
    s_not_made ((zample_config_t) { .name = "a/b" }, ZAMPLE_INVALID,
                "the name \"a/b\" must be made of A-Z a-z 0-9 . _ - and not begin with a dot");
    s_not_made ((zample_config_t) { .name = "" }, ZAMPLE_RANGE,
                "the name is 0 bytes long: it must have 1 to 32");
    s_not_made ((zample_config_t) { .reserved = { 1 } }, ZAMPLE_INVALID,
                "reserved is not zero: start from an empty zample_config_t");
    s_not_made ((zample_config_t) { .output = ZAMPLE_OUTPUT_OFFLINE, .record = "/nowhere/x.wav" },
                ZAMPLE_NO_FILE, zample_why ());
    ck_assert_ptr_nonnull (strstr (zample_why (), "/nowhere/x.wav"));
}
END_TEST

START_TEST (a_device_that_is_not_there_is_named)
{
    zample_t *engine;
    zample_config_t config = { .device = "no-such-device" };
    ck_assert_int_eq (zample_new (&config, &engine), ZAMPLE_NO_DEVICE);
    ck_assert_ptr_null (engine);
    ck_assert_ptr_nonnull (strstr (zample_why (), "no-such-device"));
}
END_TEST

START_TEST (a_paced_engine_is_not_rendered)
{
    zample_t *engine = follow_engine (ZAMPLE_OUTPUT_NULL);
    REFUSED (zample_render (engine, 64, NULL), ZAMPLE_MISUSE,
             "this engine plays by itself: only one with ZAMPLE_OUTPUT_OFFLINE is rendered");
    zample_destroy (&engine);
}
END_TEST

START_TEST (a_full_ring_is_an_answer)
{
    zample_t *engine;
    zample_config_t config = { .output = ZAMPLE_OUTPUT_OFFLINE, .command_capacity = 2 };
    ck_assert_int_eq (zample_new (&config, &engine), ZAMPLE_OK);
    /* The engine empties it every few milliseconds, so it takes a few tries. */
    zample_status_t status = ZAMPLE_OK;
    for (int i = 0; i < 1000000 && status == ZAMPLE_OK; i++)
        status = zample_stop_all (engine, 0);
    ck_assert_int_eq (status, ZAMPLE_FULL);
    ck_assert_str_eq (zample_why (), "the command ring is full");
    zample_destroy (&engine);
}
END_TEST

int
main (void)
{
    follow_private_runtime ();
    Suite *suite = suite_create ("arguments");
    TCase *with = tcase_create ("with an engine");
    tcase_add_checked_fixture (with, s_open, s_close);
    tcase_add_test (with, null_is_invalid);
    tcase_add_test (with, a_slot_is_one_of_the_engines);
    tcase_add_test (with, a_voice_is_not_0);
    tcase_add_test (with, a_frame_is_not_negative);
    tcase_add_test (with, a_number_is_finite_and_in_its_range);
    tcase_add_test (with, a_path_has_an_end);
    suite_add_tcase (suite, with);
    TCase *without = tcase_create ("without");
    tcase_add_test (without, a_configuration_is_checked);
    tcase_add_test (without, a_device_that_is_not_there_is_named);
    tcase_add_test (without, a_paced_engine_is_not_rendered);
    tcase_add_test (without, a_full_ring_is_an_answer);
    suite_add_tcase (suite, without);
    return run_suite (suite);
}
