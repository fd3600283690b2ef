#include "config.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/decode/cache_rig.h"
#include "tests/decode/files.h"

const zample_decode_spec_t rig_spec = {
    .rate_hz = 48000,
    .quality = ZAMPLE_RESAMPLE_GOOD,
    .limits = { .bytes = 1 << 30,
                .frames = 1 << 30,
                .milliseconds = 60000,
                .channels = 64,
                .streams = 64,
                .least_share = 0.5 },
};

static uint32_t
s_random (uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

zample_cache_t *
rig_cache (const char *name)
{
    char why[ZAMPLE_SENTENCE_SIZE];
    zample_cache_t *cache = zample_cache_new (files_path (name), why, sizeof why);
    ck_assert_msg (cache != NULL, "%s", why);
    return cache;
}

zample_sound_t *
rig_sound (int64_t frames, uint32_t seed)
{
    zample_sound_t *sound = zample_sound_new (frames);
    ck_assert_ptr_nonnull (sound);
    float *data = zample_sound_writable (sound);
    for (int64_t i = 0; i < ZAMPLE_CHANNELS * frames; i++)
        data[i] = (float) s_random (&seed) * 0x1p-23f - 1.0f;
    sound->notes = (zample_sound_notes_t) { .warnings = WARNED_CORRUPT | WARNED_NAN,
                                            .damaged = s_random (&seed),
                                            .missing_frames = s_random (&seed) * INT64_C (100000),
                                            .silent_frames = s_random (&seed) * INT64_C (300000),
                                            .nan_values = s_random (&seed) * INT64_C (500000) };
    ck_assert (zample_peaks_finish (&sound->peaks, data, frames));
    return sound;
}

void
rig_must_be_same (const zample_sound_t *sound, const zample_sound_t *expected)
{
    ck_assert_ptr_nonnull (sound);
    ck_assert_int_eq (sound->frames, expected->frames);
    size_t size = (size_t) (sound->frames + 2 * ZAMPLE_GUARD_FRAMES) * ZAMPLE_CHANNELS * sizeof (float);
    int guard = ZAMPLE_GUARD_FRAMES * ZAMPLE_CHANNELS;
    ck_assert (memcmp (sound->data - guard, expected->data - guard, size) == 0);
    ck_assert_uint_eq (sound->notes.warnings, expected->notes.warnings);
    ck_assert_uint_eq (sound->notes.damaged, expected->notes.damaged);
    ck_assert_int_eq (sound->notes.missing_frames, expected->notes.missing_frames);
    ck_assert_int_eq (sound->notes.silent_frames, expected->notes.silent_frames);
    ck_assert_int_eq (sound->notes.nan_values, expected->notes.nan_values);
    ck_assert_uint_eq (zample_sound_bytes (sound), zample_sound_bytes (expected));
    for (int i = 0; i < ZAMPLE_PEAKS_LEVELS; i++) {
        const zample_peak_level_t *level = &sound->peaks.levels[i], *other = &expected->peaks.levels[i];
        ck_assert_int_eq (level->count, other->count);
        for (int64_t j = 0; j < level->count; j++)
            files_must (memcmp (&level->sums[j], &other->sums[j], sizeof *level->sums) == 0);
    }
}

zample_file_t
rig_file (const char *name, size_t size, uint32_t seed)
{
    unsigned char *bytes = malloc (size);
    ck_assert_ptr_nonnull (bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (unsigned char) s_random (&seed);
    const char *path = files_write (name, bytes, size);
    free (bytes);
    zample_file_t file;
    zample_failure_t failure;
    ck_assert_msg (zample_file_open (&file, path, false, rig_spec.limits.bytes, &failure), "%s",
                   failure.sentence);
    return file;
}

zample_cache_key_t
rig_key (const zample_file_t *file)
{
    zample_cache_key_t key;
    ck_assert (zample_cache_key (file, &rig_spec, NULL, &key));
    return key;
}

zample_cache_key_t
rig_keep (const zample_cache_t *cache, const zample_sound_t *sound, uint32_t seed)
{
    zample_file_t file = rig_file ("kept", 1000, seed);
    zample_cache_key_t key = rig_key (&file);
    ck_assert (zample_cache_keep (cache, &key, &file, sound, NULL));
    zample_file_close (&file);
    return key;
}

static int
s_look (const char *name, char *last, size_t size)
{
    const char *path = files_path (name);
    DIR *folder = opendir (path);
    ck_assert_msg (folder != NULL, "%s", path);
    const struct dirent *entry;
    int count = 0;
    while ((entry = readdir (folder)))
        if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0) {
            snprintf (last, size, "%s/%s", path, entry->d_name);
            count++;
        }
    closedir (folder);
    return count;
}

int
rig_count (const char *name)
{
    char last[1000];
    return s_look (name, last, sizeof last);
}

const char *
rig_only_file (const char *name)
{
    static char path[1000];
    ck_assert_int_eq (s_look (name, path, sizeof path), 1);
    return path;
}
