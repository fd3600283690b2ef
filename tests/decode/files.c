#include "config.h"

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/decode/files.h"

#define PI 3.14159265358979323846
#define WORDS_MAX 512

const zample_decode_limits_t files_limits = {
    .bytes = INT64_C (4) << 30,
    .frames = ZAMPLE_SOUND_FRAMES_MAX,
    .milliseconds = 600000,
    .channels = 64,
    .streams = 64,
    .least_share = 0.5,
};

static char s_folder[256];
static zample_failure_t s_failure;
static int s_kept[2] = { -1, -1 };

void
files_begin (void)
{
    const char *root = getenv ("TMPDIR");
    snprintf (s_folder, sizeof (s_folder), "%s/zample-decode-XXXXXX", root ? root : "/tmp");
    if (!mkdtemp (s_folder)) {
        perror (s_folder);
        exit (99);
    }
}

static int
s_remove (const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void) status, (void) kind, (void) walk;
    return remove (path);
}

void
files_end (void)
{
    nftw (s_folder, s_remove, 8, FTW_DEPTH | FTW_PHYS);
}

const char *
files_path (const char *name)
{
    static char paths[64][600];
    static unsigned next;
    char *path = paths[next++ % 64];
    snprintf (path, sizeof (paths[0]), "%s/%s", s_folder, name);
    return path;
}

const char *
files_write (const char *name, const void *bytes, size_t size)
{
    const char *path = files_path (name);
    FILE *file = fopen (path, "wb");
    ck_assert_msg (file != NULL, "%s", path);
    ck_assert_uint_eq (fwrite (bytes, 1, size, file), size);
    ck_assert_int_eq (fclose (file), 0);
    return path;
}

const char *
files_write_text (const char *name, const char *text)
{
    return files_write (name, text, strlen (text));
}

unsigned char *
files_read (const char *path, size_t *size)
{
    FILE *file = fopen (path, "rb");
    ck_assert_msg (file != NULL, "%s", path);
    ck_assert_int_eq (fseek (file, 0, SEEK_END), 0);
    *size = (size_t) ftell (file);
    rewind (file);
    unsigned char *bytes = malloc (*size + 1);
    ck_assert_ptr_nonnull (bytes);
    ck_assert_uint_eq (fread (bytes, 1, *size, file), *size);
    fclose (file);
    return bytes;
}

static unsigned
s_value_size (files_format_t format)
{
    static const unsigned sizes[] = { 1, 2, 3, 4, 4, 8 };
    return sizes[format];
}

static unsigned char *
s_put (unsigned char *at, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        *at++ = (unsigned char) (value >> (8 * i));
    return at;
}

static uint64_t
s_bits (files_format_t format, double value)
{
    uint64_t bits = 0;
    float single = (float) value;
    if (format == FILES_FLOAT)
        memcpy (&bits, &single, sizeof (single));
    else if (format == FILES_DOUBLE)
        memcpy (&bits, &value, sizeof (value));
    else
        bits = (uint64_t) (int64_t) value;
    return bits;
}

const char *
files_write_wav (const char *name, const files_wav_t *wav)
{
    unsigned value_size = s_value_size (wav->format);
    unsigned frame_size = value_size * wav->channels;
    size_t size = (size_t) wav->frames * frame_size;
    uint64_t declared = (uint64_t) wav->declared * frame_size;
    unsigned char *bytes = malloc (44 + size);
    ck_assert_ptr_nonnull (bytes);
    memcpy (bytes, "RIFF....WAVEfmt ", 16);
    s_put (bytes + 4, declared + 36, 4);
    unsigned char *at = s_put (bytes + 16, 16, 4);
    at = s_put (at, wav->format >= FILES_FLOAT ? 3 : 1, 2);
    at = s_put (at, wav->channels, 2);
    at = s_put (at, wav->rate_hz, 4);
    at = s_put (at, wav->rate_hz * frame_size, 4);
    at = s_put (at, frame_size, 2);
    at = s_put (at, 8 * value_size, 2);
    memcpy (at, "data", 4);
    at = s_put (at + 4, declared, 4);
    for (int64_t i = 0; i < wav->frames * wav->channels; i++)
        at = s_put (at, s_bits (wav->format, wav->values[i]), value_size);
    const char *path = files_write (name, bytes, (size_t) (at - bytes));
    free (bytes);
    return path;
}

const char *
files_write_floats (const char *name, uint32_t rate_hz, uint32_t channels, const float *frames, int64_t count)
{
    double *values = malloc (((size_t) count * channels + 1) * sizeof (double));
    ck_assert_ptr_nonnull (values);
    for (int64_t i = 0; i < count * channels; i++)
        values[i] = (double) frames[i];
    files_wav_t wav = { FILES_FLOAT, rate_hz, channels, count, count, values };
    const char *path = files_write_wav (name, &wav);
    free (values);
    return path;
}

static int
s_run (char *const words[])
{
    pid_t child = fork ();
    if (child == 0) {
        int nothing = open ("/dev/null", O_RDWR);
        dup2 (nothing, 0);
        dup2 (nothing, 1);
        dup2 (nothing, 2);
        execvp (words[0], words);
        _exit (127);
    }
    int status = -1;
    if (child > 0)
        waitpid (child, &status, 0);
    return status;
}

bool
files_have_ffmpeg (void)
{
    char program[] = "ffmpeg", argument[] = "-version";
    return s_run ((char *[]) { program, argument, NULL }) == 0;
}

void
files_ffmpeg (const char *arguments)
{
    char line[8192];
    ck_assert_uint_lt (strlen (arguments), sizeof (line) - 100);
    snprintf (line, sizeof (line), "ffmpeg -nostdin -v error -y %s", arguments);
    char *words[WORDS_MAX] = { NULL };
    int count = 0;
    char *rest = NULL;
    char *word = strtok_r (line, " ", &rest);
    for (; word && count < WORDS_MAX - 1; word = strtok_r (NULL, " ", &rest))
        words[count++] = *word == '@' ? (char *) (uintptr_t) files_path (word + 1) : word;
    ck_assert_msg (s_run (words) == 0, "failed: ffmpeg %s", arguments);
}

static void
s_guards_must_be_silent (const zample_sound_t *sound)
{
    for (int i = 0; i < ZAMPLE_GUARD_FRAMES * ZAMPLE_CHANNELS; i++) {
        files_same (sound->data[-1 - i], 0.0f);
        files_same (sound->data[sound->frames * ZAMPLE_CHANNELS + i], 0.0f);
    }
}

zample_sound_t *
files_decode (const char *path, const zample_decode_spec_t *spec, const zample_decode_watch_t *watch,
              zample_failure_t *failure)
{
    zample_file_t file;
    zample_sound_t *sound = NULL;
    if (zample_file_open (&file, path, true, spec->limits.bytes, failure))
        sound = zample_decode_file (&file, spec, watch, failure);
    zample_file_close (&file);
    return sound;
}

zample_sound_t *
files_try (const char *path, uint32_t rate_hz, zample_failure_t *failure)
{
    zample_decode_spec_t spec = { .rate_hz = rate_hz, .limits = files_limits };
    return files_decode (path, &spec, NULL, failure);
}

zample_sound_t *
files_load (const char *path, uint32_t rate_hz)
{
    zample_sound_t *sound = files_try (path, rate_hz, &s_failure);
    ck_assert_msg (sound != NULL, "%s", s_failure.sentence);
    ck_assert_str_eq (s_failure.sentence, "");
    ck_assert_int_eq (s_failure.code, FAILED_NOT);
    s_guards_must_be_silent (sound);
    return sound;
}

zample_sound_t *
files_load_intact (const char *path, uint32_t rate_hz)
{
    zample_sound_t *sound = files_load (path, rate_hz);
    const zample_sound_notes_t *notes = &sound->notes;
    if (notes->warnings || notes->damaged || notes->missing_frames || notes->silent_frames
        || notes->nan_values)
        ck_abort_msg ("%s: warnings %x, %u damaged, %lld missing, %lld silent, %lld not finite", path,
                      notes->warnings, notes->damaged, (long long) notes->missing_frames,
                      (long long) notes->silent_frames, (long long) notes->nan_values);
    return sound;
}

const zample_failure_t *
files_load_fails (const char *path, uint32_t rate_hz)
{
    zample_sound_t *sound = files_try (path, rate_hz, &s_failure);
    ck_assert_msg (sound == NULL, "%s was loaded", path);
    ck_assert_msg (*s_failure.sentence != '\0', "%s failed without a reason", path);
    ck_assert_int_ne (s_failure.code, FAILED_NOT);
    return &s_failure;
}

void
files_listen (void)
{
    fflush (stdout);
    fflush (stderr);
    int file = open (files_path ("printed"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert_int_ge (file, 0);
    for (int i = 0; i < 2; i++) {
        s_kept[i] = dup (i + 1);
        ck_assert_int_ge (s_kept[i], 0);
        dup2 (file, i + 1);
    }
    close (file);
}

long
files_heard (void)
{
    fflush (stdout);
    fflush (stderr);
    for (int i = 0; i < 2; i++) {
        dup2 (s_kept[i], i + 1);
        close (s_kept[i]);
    }
    size_t size;
    unsigned char *bytes = files_read (files_path ("printed"), &size);
    if (size > 0)
        fprintf (stderr, "printed: %.*s\n", size < 2000 ? (int) size : 2000, (const char *) bytes);
    free (bytes);
    return (long) size;
}

float
files_tone (int64_t frame, int64_t frames, double hz, double rate_hz)
{
    double window = 0.5 - 0.5 * cos (2 * PI * (double) frame / (double) (frames - 1));
    return (float) (0.5 * window * window * sin (2 * PI * hz * (double) frame / rate_hz));
}
