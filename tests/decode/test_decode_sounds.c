/*  Debian's own sounds: all of them load, nothing is said against any, and libsndfile, an independent
    decoder, finds the same length and, in those that lose nothing, the same frames. */
#include "config.h"

#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sndfile.h>

#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

/* The first two are needed; where another is not installed, there is less to look at. */
static const struct {
    const char *package;
    const char *folder;
    int count; /* at least */
} s_sounds[] = {
    { "sonic-pi-samples", "/usr/share/sonic-pi", 165 },
    { "alsa-utils", "/usr/share/sounds/alsa", 9 },
    { "hydrogen-drumkits", "/usr/share/hydrogen/data/drumkits", 700 },
    { "sound-theme-freedesktop", "/usr/share/sounds/freedesktop", 20 },
    { "colobot-common-sounds", "/usr/share/games/colobot", 100 },
    { "supercollider-common", "/usr/share/SuperCollider/sounds", 3 },
};
#define FOLDERS ((int) (sizeof (s_sounds) / sizeof (s_sounds[0])))

/* With instrumentation it would take minutes. */
#define EVERY_INSTRUMENTED 16

static bool
s_is_lossless (const SF_INFO *info)
{
    switch (info->format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_U8:
    case SF_FORMAT_PCM_S8:
    case SF_FORMAT_PCM_16:
    case SF_FORMAT_PCM_24:
    case SF_FORMAT_PCM_32:
    case SF_FORMAT_FLOAT: return true;
    default: return false;
    }
}

static float *
s_read_independently (const char *path, SF_INFO *info)
{
    memset (info, 0, sizeof (*info));
    SNDFILE *file = sf_open (path, SFM_READ, info);
    ck_assert_msg (file != NULL, "%s: %s", path, sf_strerror (NULL));
    float *frames = NULL;
    if (s_is_lossless (info)) {
        frames = malloc ((size_t) info->frames * (size_t) info->channels * sizeof (float));
        ck_assert_ptr_nonnull (frames);
        ck_assert_int_eq (sf_readf_float (file, frames, info->frames), info->frames);
    }
    sf_close (file);
    return frames;
}

static void
s_must_be_the_same (const char *path)
{
    SF_INFO info;
    float *frames = s_read_independently (path, &info);
    zample_sound_t *sound = files_load_intact (path, (uint32_t) info.samplerate);
    if (sound->frames != info.frames)
        ck_abort_msg ("%s: %lld frames, not %lld", path, (long long) sound->frames, (long long) info.frames);
    for (int64_t i = 0; frames && info.channels <= 2 && i < sound->frames; i++) {
        for (int side = 0; side < 2; side++) {
            int channel = side < info.channels ? side : 0;
            float expected = frames[i * info.channels + channel];
            if (fabsf (sound->data[2 * i + side] - expected) > 0.0f)
                ck_abort_msg ("%s differs at frame %lld", path, (long long) i);
        }
    }
    zample_sound_release (&sound);
    free (frames);
}

static void
s_must_be_as_long (const char *path)
{
    SF_INFO info = { 0 };
    SNDFILE *file = sf_open (path, SFM_READ, &info);
    ck_assert_ptr_nonnull (file);
    sf_close (file);
    zample_sound_t *sound = files_load_intact (path, 48000);
    ck_assert_int_eq (sound->frames, llround ((double) info.frames * 48000 / info.samplerate));
    zample_sound_release (&sound);
}

static void (*s_look) (const char *path);
static int s_count, s_every;

static int
s_look_at (const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    static const char *const endings[] = { ".wav", ".flac", ".aiff", ".aif", ".ogg", ".oga" };
    const char *ending = strrchr (path + walk->base, '.');
    (void) status;
    for (int i = 0; kind == FTW_F && ending && i < 6; i++) {
        if (strcasecmp (ending, endings[i]) != 0)
            continue;
        if (s_look && s_count % s_every == 0)
            s_look (path);
        s_count++;
    }
    return 0;
}

/*  Returns how many there are. */
static int
s_for_each (int folder, int every, void (*look) (const char *path))
{
    s_look = look;
    s_count = 0;
    s_every = every;
    nftw (s_sounds[folder].folder, s_look_at, 16, FTW_PHYS);
    return s_count;
}

static int
s_usual_step (void)
{
    const char *tool = getenv ("ZAMPLE_INSTRUMENT");
    return tool && strcmp (tool, "none") != 0 ? EVERY_INSTRUMENTED : 1;
}

START_TEST (every_frame_is_what_libsndfile_reads)
{
    files_listen ();
    int count = s_for_each (_i, s_usual_step (), s_must_be_the_same);
    ck_assert_int_eq (files_heard (), 0);
    ck_assert (count == 0 || count >= s_sounds[_i].count);
}
END_TEST

/*  One in four is enough. */
START_TEST (every_length_is_exact_at_another_rate)
{
    s_for_each (_i, 4 * s_usual_step (), s_must_be_as_long);
}
END_TEST

int
main (void)
{
    for (int i = 0; i < FOLDERS; i++) {
        if (s_for_each (i, 1, NULL) > 0)
            continue;
        printf ("%s: it needs the sounds of the package %s\n", i < 2 ? "skipped" : "less to look at",
                s_sounds[i].package);
        if (i < 2)
            return 77;
    }
    Suite *suite = suite_create ("decode_sounds");
    TCase *tests = tcase_create ("decode_sounds");
    tcase_set_timeout (tests, 300);
    tcase_add_loop_test (tests, every_frame_is_what_libsndfile_reads, 0, FOLDERS);
    tcase_add_loop_test (tests, every_length_is_exact_at_another_rate, 0, FOLDERS);
    suite_add_tcase (suite, tests);
    files_begin ();
    int status = run_suite (suite);
    files_end ();
    return status;
}
