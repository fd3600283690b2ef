/* A whole engine on a sound card of the tests' own, through real ALSA, and what it does when that goes away. */
#include "config.h"

#include <check.h>
#include <string.h>

#include "tests/output/rig.h"
#include "tests/support/follow.h"
#include "tests/support/run_suite.h"

static zample_t *
s_open (const char *script)
{
    zample_t *engine;
    zample_config_t config = { .device = "rig" };
    rig_reset ();
    rig_set ("RIG_SCRIPT", script);
    ck_assert_msg (zample_new (&config, &engine) == ZAMPLE_OK, "%s", zample_why ());
    return engine;
}

static zample_event_t
s_until_device (zample_t *engine, zample_device_state_t state)
{
    zample_event_t event;
    do
        event = follow_until (engine, ZAMPLE_EVENT_DEVICE);
    while (event.u.device.state != state);
    return event;
}

START_TEST (what_the_device_agreed_to_is_told)
{
    zample_t *engine = s_open ("");
    zample_event_t event = follow_next (engine);
    ck_assert_int_eq (event.u.device.state, ZAMPLE_DEVICE_OPENED);
    ck_assert_str_eq (event.u.device.device, "rig");
    ck_assert_str_eq (event.u.device.format, "FLOAT_LE");
    ck_assert_uint_eq (event.u.device.rate_hz, 48000);
    ck_assert_uint_eq (event.u.device.period_frames, 256);
    ck_assert_uint_eq (event.u.device.buffer_frames, 768);
    zample_destroy (&engine);
}
END_TEST

START_TEST (an_interruption_is_told_and_playing_goes_on)
{
    zample_t *engine = s_open ("xrun@48000;suspend@96000");
    zample_event_t event = s_until_device (engine, ZAMPLE_DEVICE_XRUN);
    ck_assert_uint_ge (event.u.device.count, 1);
    s_until_device (engine, ZAMPLE_DEVICE_SUSPENDED);
    follow_load (engine, 0, follow_make_ramp ("ramp.wav", 480));
    ck_assert_int_eq (zample_play (engine, 0, NULL, NULL), ZAMPLE_OK);
    event = follow_until (engine, ZAMPLE_EVENT_VOICE_ENDED);
    ck_assert_int_eq (event.u.voice_ended.reason, ZAMPLE_ENDED_FINISHED);
    zample_destroy (&engine);
}
END_TEST

/*  The card plays as fast as it can, so the voice starts before the loss or after it, as it happens. */
START_TEST (a_lost_device_is_told_and_everything_goes_on)
{
    static const char *const losses[] = { "nodev@400000", "hangup@400000", "broken@400000", "dead@400000",
                                          "stall@400000" };
    zample_play_t how = ZAMPLE_PLAY_DEFAULT;
    uint64_t voice = 0;
    how.loop = true;
    zample_t *engine = s_open (losses[_i]);
    ck_assert_int_eq (zample_load (engine, 0, follow_make_ramp ("ramp.wav", 4800), NULL, NULL), ZAMPLE_OK);
    bool started = false, lost = false;
    zample_event_t event;
    while (!started || !lost) {
        event = follow_next (engine);
        ck_assert_int_ne (event.kind, ZAMPLE_EVENT_VOICE_ENDED);
        if (event.kind == ZAMPLE_EVENT_SUCCESS)
            ck_assert_int_eq (zample_play (engine, 0, &how, &voice), ZAMPLE_OK);
        started |= event.kind == ZAMPLE_EVENT_VOICE_STARTED;
        if (event.kind == ZAMPLE_EVENT_DEVICE && event.u.device.state == ZAMPLE_DEVICE_LOST) {
            lost = true;
            ck_assert_ptr_nonnull (strstr (event.u.device.msg, "the device is lost: "));
        }
    }
    zample_clock_t now, later;
    zample_clock (engine, &now);
    do
        zample_clock (engine, &later);
    while (later.frame < now.frame + 4800);
    follow_load (engine, 1, follow_path ("ramp.wav"));
    ck_assert_int_eq (zample_stop (engine, voice, ZAMPLE_NOW), ZAMPLE_OK);
    event = follow_until (engine, ZAMPLE_EVENT_VOICE_ENDED);
    ck_assert_uint_eq (event.voice, voice);
    ck_assert_int_eq (event.u.voice_ended.reason, ZAMPLE_ENDED_STOPPED);
    zample_destroy (&engine);
}
END_TEST

int
main (void)
{
    follow_private_runtime ();
    rig_begin ("");
    Suite *suite = suite_create ("device");
    TCase *all = tcase_create ("device");
    tcase_add_test (all, what_the_device_agreed_to_is_told);
    tcase_add_test (all, an_interruption_is_told_and_playing_goes_on);
    tcase_add_loop_test (all, a_lost_device_is_told_and_everything_goes_on, 0, 5);
    suite_add_tcase (suite, all);
    int result = run_suite (suite);
    rig_end ();
    return result;
}
