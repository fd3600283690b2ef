/*  Sound files for tests: a folder of their own, WAV files byte by byte, what the ffmpeg command makes of
    them, and what they become when they are loaded. */
#ifndef ZAMPLE_TEST_FILES_H
#define ZAMPLE_TEST_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/decode.h"

/*  Check notes each assertion in a file, also one that holds: too slow for every value of a sound. */
#define files_must(holds)                                                                                    \
    do {                                                                                                     \
        if (!(holds))                                                                                        \
            ck_abort_msg ("not so: %s", #holds);                                                             \
    } while (0)

/*  Floats, to the bit. */
#define files_same(value, expected)                                                                          \
    do {                                                                                                     \
        double same_value = (double) (value), same_expected = (double) (expected);                           \
        if (!(same_value <= same_expected && same_value >= same_expected))                                   \
            ck_abort_msg ("%s is %.9g, not %.9g", #value, same_value, same_expected);                        \
    } while (0)

/*  Makes the folder, for all tests of a program, and takes it away with all that is in it. */
void files_begin (void);
void files_end (void);

/*  The path of a file in the folder; good until 64 more were asked for. */
const char *files_path (const char *name);

/*  These return the path as well. */
const char *files_write (const char *name, const void *bytes, size_t size);
const char *files_write_text (const char *name, const char *text);

/*  The whole file, to be freed. */
unsigned char *files_read (const char *path, size_t *size);

typedef enum { FILES_U8, FILES_S16, FILES_S24, FILES_S32, FILES_FLOAT, FILES_DOUBLE } files_format_t;

/*  `values` are interleaved, and such as a file of that format holds: bytes from 0, integers, floats. The
    header says that there are `declared` frames. */
typedef struct {
    files_format_t format;
    uint32_t rate_hz;
    uint32_t channels;
    int64_t frames;
    int64_t declared;
    const double *values;
} files_wav_t;

const char *files_write_wav (const char *name, const files_wav_t *wav);

/*  Floats of one channel or two. */
const char *files_write_floats (const char *name, uint32_t rate_hz, uint32_t channels, const float *frames,
                                int64_t count);

/*  Runs "ffmpeg ARGUMENTS", the arguments being separated by spaces; "@name" is a file of the folder. One run
    can make many files, and starting it is what takes time. Fails the test if it fails. */
bool files_have_ffmpeg (void);
void files_ffmpeg (const char *arguments);

/*  What the engine allows where it is not told otherwise. */
extern const zample_decode_limits_t files_limits;

/*  Opens, following links, and decodes as `spec` says. */
zample_sound_t *files_decode (const char *path, const zample_decode_spec_t *spec,
                              const zample_decode_watch_t *watch, zample_failure_t *failure);

/*  The same at a rate, with the limits above and nobody watching. */
zample_sound_t *files_try (const char *path, uint32_t rate_hz, zample_failure_t *failure);

/*  Loads; fails the test if that fails, or if the guard frames are not silent. */
zample_sound_t *files_load (const char *path, uint32_t rate_hz);

/*  The same for a file that nothing is wrong with: fails the test if a warning is given. */
zample_sound_t *files_load_intact (const char *path, uint32_t rate_hz);

/*  Fails the test if it loads; else returns why not, good until the next call. */
const zample_failure_t *files_load_fails (const char *path, uint32_t rate_hz);

/*  Whatever is printed between these two calls, by whomever, is counted in bytes. */
void files_listen (void);
long files_heard (void);

/*  A tone that begins and ends in silence, so that no resampler has to invent what was before or comes after.
    */
float files_tone (int64_t frame, int64_t frames, double hz, double rate_hz);

#endif
