/*  Files that are cut off and files with wrong bits, through a whole engine with many workers: each load ends exactly
    once, and the engine goes on. What becomes of each file is tests/decode's. ZAMPLE_SEED=n does it from another seed. */
#include "config.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/decode/files.h"
#include "tests/support/follow.h"
#include "tests/support/run_suite.h"

enum { HURT = 2000, HURT_INSTRUMENTED = 400, BATCH = 200 };

static const char *const s_codings[] = {
    "s16.wav -c:a pcm_s16le", "x.aiff -c:a pcm_s16be", "x.flac -c:a flac",         "x.mp3 -c:a libmp3lame",
    "x.ogg -c:a libvorbis",   "x.opus -c:a libopus",   "x.m4a -c:a aac",           "alac.m4a -c:a alac",
    "x.wv -c:a wavpack",      "x.caf -c:a pcm_s16le",  "six.flac -c:a flac -ac 6",
};
#define CODINGS ((int) (sizeof s_codings / sizeof *s_codings))

static uint64_t s_state;
static unsigned char *s_bytes[CODINGS];
static size_t s_sizes[CODINGS];

static size_t
s_random (size_t below)
{
    s_state = s_state * UINT64_C (6364136223846793005) + UINT64_C (1442695040888963407);
    return (size_t) (s_state >> 33) % below;
}

static void
s_open (void)
{
    follow_private_runtime ();
    files_begin ();
    if (!files_have_ffmpeg ())
        return;
    char arguments[4000] =
        "-f lavfi -i aevalsrc=0.4*sin(2*PI*441*t)+0.2*random(0)|0.3*sin(2*PI*99*t):s=48000:d=0.3";
    for (int i = 0; i < CODINGS; i++) {
        char name[32];
        size_t used = strlen (arguments), length = strcspn (s_codings[i], " ");
        snprintf (name, sizeof name, "%.*s", (int) length, s_codings[i]);
        snprintf (arguments + used, sizeof arguments - used, "%s @%s", s_codings[i] + length, name);
    }
    files_ffmpeg (arguments);
    for (int i = 0; i < CODINGS; i++) {
        char name[32];
        snprintf (name, sizeof name, "%.*s", (int) strcspn (s_codings[i], " "), s_codings[i]);
        s_bytes[i] = files_read (files_path (name), &s_sizes[i]);
    }
}

static void
s_close (void)
{
    for (int i = 0; i < CODINGS; i++)
        free (s_bytes[i]);
    files_end ();
}

static void
s_cut (unsigned char *bytes, size_t *size)
{
    (void) bytes;
    *size = s_random (*size);
}

static void
s_flip (unsigned char *bytes, size_t *size)
{
    for (size_t left = 1 + s_random (8); left > 0; left--)
        bytes[s_random (*size)] ^= (unsigned char) (1 << s_random (8));
}

/*  Asks for a file that is hurt. */
static void
s_load_hurt (zample_t *engine, uint32_t slot, void (*hurt) (unsigned char *bytes, size_t *size))
{
    char name[32];
    int which = (int) s_random ((size_t) CODINGS);
    size_t size = s_sizes[which];
    unsigned char *bytes = malloc (size);
    ck_assert_ptr_nonnull (bytes);
    memcpy (bytes, s_bytes[which], size);
    hurt (bytes, &size);
    snprintf (name, sizeof name, "%u.hurt", slot);
    const char *path = files_write (name, bytes, size);
    free (bytes);
    ck_assert_int_eq (zample_load (engine, slot, path, NULL, NULL), ZAMPLE_OK);
}

/*  Waits until so many loads have ended, each once. */
static void
s_await_ends (zample_t *engine, int loads, uint8_t *ends)
{
    while (loads > 0) {
        zample_event_t event = follow_next (engine);
        ck_assert_int_ne (event.kind, ZAMPLE_EVENT_LOST);
        ck_assert_int_ne (event.kind, ZAMPLE_EVENT_CANCELLED);
        if (event.kind == ZAMPLE_EVENT_ERROR) {
            ck_assert_str_ne (zample_code_name (event.u.error.code), "unknown");
            ck_assert_ptr_nonnull (strstr (event.u.error.msg, ".hurt: "));
        }
        if (event.kind != ZAMPLE_EVENT_ERROR && event.kind != ZAMPLE_EVENT_SUCCESS)
            continue;
        ck_assert_uint_eq (ends[event.job]++, 0);
        loads--;
    }
}

static void
s_load_all (void (*hurt) (unsigned char *bytes, size_t *size))
{
    const char *tool = getenv ("ZAMPLE_INSTRUMENT"), *seed = getenv ("ZAMPLE_SEED");
    int count = tool && strcmp (tool, "none") != 0 ? HURT_INSTRUMENTED : HURT;
    zample_config_t config = { .output = ZAMPLE_OUTPUT_OFFLINE, .workers = 4, .symlinks = true };
    static uint8_t ends[HURT + 2];
    zample_t *engine;
    if (!s_bytes[0])
        return;
    s_state = seed ? strtoull (seed, NULL, 10) : 1;
    ck_assert_int_eq (zample_new (&config, &engine), ZAMPLE_OK);
    for (int done = 0; done < count; done += BATCH) {
        for (uint32_t slot = 0; slot < BATCH; slot++)
            s_load_hurt (engine, slot, hurt);
        s_await_ends (engine, BATCH, ends);
    }
    const char *whole = files_write ("whole", s_bytes[0], s_sizes[0]);
    ck_assert_int_eq (follow_load (engine, 0, whole).u.success.frames, 14400);
    zample_destroy (&engine);
}

START_TEST (each_of_many_files_that_are_cut_off_ends_once)
{
    s_load_all (s_cut);
}
END_TEST

START_TEST (each_of_many_files_with_wrong_bits_ends_once)
{
    s_load_all (s_flip);
}
END_TEST

int
main (void)
{
    TCase *tcase = tcase_create ("damage");
    tcase_add_unchecked_fixture (tcase, s_open, s_close);
    tcase_add_test (tcase, each_of_many_files_that_are_cut_off_ends_once);
    tcase_add_test (tcase, each_of_many_files_with_wrong_bits_ends_once);
    Suite *suite = suite_create ("loading of damaged files");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
