#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/library/kit.h"
#include "tests/support/run_suite.h"

zample_t *kit_engine;

void
kit_begin (void)
{
    follow_private_runtime ();
    ck_assert_int_eq (mkdir (follow_path ("kit"), 0700), 0);
    ck_assert_int_eq (mkdir (follow_path ("kit/snare"), 0700), 0);
}

void
kit_end (void)
{
    zample_destroy (&kit_engine);
}

void
kit_open (zample_config_t config)
{
    config.output = ZAMPLE_OUTPUT_OFFLINE;
    config.slots = KIT_OWN_SLOTS;
    ck_assert_msg (zample_new (&config, &kit_engine) == ZAMPLE_OK, "%s", zample_why ());
}

void
kit_make (void)
{
    follow_make_ramp ("kit/kick 10.wav", 1000);
    follow_make_ramp ("kit/kick 9.wav", 900);
    follow_make_ramp ("kit/snare/tight.wav", 100);
}

void
kit_make_many (const char *folder, int count)
{
    ck_assert_int_eq (mkdir (follow_path (folder), 0700), 0);
    for (int i = 0; i < count; i++) {
        char name[64];
        snprintf (name, sizeof name, "%s/%d.wav", folder, i);
        FILE *file = fopen (follow_path (name), "w");
        ck_assert_ptr_nonnull (file);
        fclose (file);
    }
}

uint64_t
kit_add (const char *name)
{
    uint64_t job;
    ck_assert_msg (zample_library_add (kit_engine, follow_path (name), &job) == ZAMPLE_OK, "%s",
                   zample_why ());
    ck_assert_uint_gt (job, 0);
    return job;
}

bool
kit_is_end (zample_event_kind_t kind)
{
    return kind == ZAMPLE_EVENT_SUCCESS || kind == ZAMPLE_EVENT_ERROR || kind == ZAMPLE_EVENT_CANCELLED;
}

zample_event_t
kit_end_of (uint64_t job)
{
    double percent = -1.0;
    for (;;) {
        zample_event_t event = follow_next (kit_engine);
        if (event.job != job)
            continue;
        if (event.kind == ZAMPLE_EVENT_PROGRESS) {
            ck_assert_double_ge (event.u.progress.percent, percent);
            percent = event.u.progress.percent;
        }
        if (!kit_is_end (event.kind))
            continue;
        ck_assert_uint_eq (event.slot, ZAMPLE_NO_SLOT);
        ck_assert (event.kind != ZAMPLE_EVENT_SUCCESS || (percent >= 1.0 && percent <= 1.0));
        return event;
    }
}

void
kit_must_add (const char *name, uint32_t sounds)
{
    zample_event_t end = kit_end_of (kit_add (name));
    ck_assert_msg (end.kind == ZAMPLE_EVENT_SUCCESS, "%s", end.u.error.msg);
    ck_assert_uint_eq (end.u.success.sounds, sounds);
    ck_assert_uint_eq (end.u.success.failed, 0);
}

void
kit_must_fail (uint64_t job, zample_code_t code, const char *reason)
{
    zample_event_t end = kit_end_of (job);
    ck_assert_int_eq (end.kind, ZAMPLE_EVENT_ERROR);
    ck_assert_int_eq (end.u.error.code, code);
    ck_assert_msg (strstr (end.u.error.msg, reason) != NULL, "%s", end.u.error.msg);
}

uint32_t
kit_find (const char *name)
{
    uint32_t slot;
    ck_assert_msg (zample_library_find (kit_engine, name, &slot) == ZAMPLE_OK, "%s", zample_why ());
    return slot;
}

uint64_t
kit_preload (const char *name)
{
    uint64_t job;
    ck_assert_msg (zample_library_preload (kit_engine, name, NULL, &job) == ZAMPLE_OK, "%s", zample_why ());
    return job;
}

float
kit_play (uint32_t slot, uint64_t *voice)
{
    float frames[2 * 8];
    ck_assert_msg (zample_play (kit_engine, slot, NULL, voice) == ZAMPLE_OK, "%s", zample_why ());
    ck_assert_int_eq (zample_render (kit_engine, 8, frames), ZAMPLE_OK);
    follow_until (kit_engine, ZAMPLE_EVENT_VOICE_STARTED);
    return frames[2 * 7];
}
