/*  Debian's own sounds, frame by frame against libsndfile, an independent decoder: 165 FLAC files (package
    sonic-pi-samples) and nine WAV files (alsa-utils). */
#include "config.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sndfile.h>

#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

static const char *const s_folders[] = { "/usr/share/sonic-pi/samples", "/usr/share/sounds/alsa" };
static const char *const s_endings[] = { ".flac", ".wav" };

static float *
s_read_independently (const char *path, SF_INFO *info)
{
    memset (info, 0, sizeof (*info));
    SNDFILE *file = sf_open (path, SFM_READ, info);
    ck_assert_msg (file != NULL, "%s: %s", path, sf_strerror (NULL));
    float *frames = malloc ((size_t) info->frames * (size_t) info->channels * sizeof (float));
    ck_assert_ptr_nonnull (frames);
    ck_assert_int_eq (sf_readf_float (file, frames, info->frames), info->frames);
    sf_close (file);
    return frames;
}

static void
s_must_be_the_same (const char *path)
{
    SF_INFO info;
    float *frames = s_read_independently (path, &info);
    zample_sound_t *sound = files_load (path, (uint32_t) info.samplerate);
    ck_assert_int_eq (sound->frames, info.frames);
    for (int64_t i = 0; i < sound->frames; i++) {
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
s_must_be_as_long (const char *path, uint32_t rate_hz)
{
    SF_INFO info = { 0 };
    SNDFILE *file = sf_open (path, SFM_READ, &info);
    ck_assert_ptr_nonnull (file);
    sf_close (file);
    zample_sound_t *sound = files_load (path, rate_hz);
    ck_assert_int_eq (sound->frames, llround ((double) info.frames * rate_hz / info.samplerate));
    zample_sound_release (&sound);
}

/*  Returns how many there are. */
static int
s_for_each (int folder, void (*look) (const char *path))
{
    char path[1000];
    int count = 0;
    DIR *listing = opendir (s_folders[folder]);
    if (!listing)
        return 0;
    for (struct dirent *entry = readdir (listing); entry; entry = readdir (listing)) {
        const char *ending = strrchr (entry->d_name, '.');
        if (!ending || strcmp (ending, s_endings[folder]) != 0)
            continue;
        snprintf (path, sizeof (path), "%s/%s", s_folders[folder], entry->d_name);
        if (look)
            look (path);
        count++;
    }
    closedir (listing);
    return count;
}

START_TEST (every_frame_is_what_libsndfile_reads)
{
    files_listen ();
    int count = s_for_each (_i, s_must_be_the_same);
    ck_assert_int_eq (files_heard (), 0);
    ck_assert_int_gt (count, 0);
}
END_TEST

static void
s_must_resample (const char *path)
{
    s_must_be_as_long (path, 48000);
}

START_TEST (every_length_is_exact_at_another_rate)
{
    ck_assert_int_gt (s_for_each (_i, s_must_resample), 0);
}
END_TEST

int
main (void)
{
    if (s_for_each (0, NULL) == 0 || s_for_each (1, NULL) == 0) {
        puts ("skipped: it needs the sounds of the packages sonic-pi-samples and alsa-utils");
        return 77;
    }
    Suite *suite = suite_create ("decode_sounds");
    TCase *tests = tcase_create ("decode_sounds");
    tcase_set_timeout (tests, 300);
    tcase_add_loop_test (tests, every_frame_is_what_libsndfile_reads, 0, 2);
    tcase_add_loop_test (tests, every_length_is_exact_at_another_rate, 0, 2);
    suite_add_tcase (suite, tests);
    files_begin ();
    int status = run_suite (suite);
    files_end ();
    return status;
}
