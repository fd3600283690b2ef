/*  The bytes are a file that is loaded. Whatever they are, it becomes a sound within the limits, or a reason
    why not. */
#include "config.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/decode.h"
#include "tests/fuzz/fuzz.h"

enum {
    FRAMES_MAX = 200000,
    CHANNELS_MAX = 8,
    STREAMS_MAX = 4,
    MILLISECONDS = 3000,
    KILOBYTES_MAX = 200 << 10
};

typedef struct {
    double fraction; /* as last told */
    size_t bytes;    /* as last asked for */
} s_heard_t;

/*  In memory, and the same for all inputs: made anew for each, the kernel would do most of the work. */
static zample_file_t
s_write (const uint8_t *bytes, size_t size)
{
    static int fd = -1;
    static int64_t count;
    if (fd < 0)
        fd = memfd_create ("fuzz", MFD_CLOEXEC);
    fuzz_must (ftruncate (fd, 0) == 0 && pwrite (fd, bytes, size, 0) == (ssize_t) size);
    return (zample_file_t) { .path = "a file",
                             .fd = fd,
                             .id = { .size = (int64_t) size, .changed_ns = ++count } };
}

static bool
s_at_chunk (void *context, double fraction)
{
    s_heard_t *heard = context;
    fuzz_must (fraction >= heard->fraction && fraction <= 1.0);
    heard->fraction = fraction;
    return true;
}

static bool
s_make_room (void *context, size_t bytes)
{
    s_heard_t *heard = context;
    fuzz_must (bytes <= 2 * zample_sound_bytes_of (FRAMES_MAX));
    heard->bytes = bytes;
    return true;
}

static void
s_look_at_sound (const zample_sound_t *sound, const s_heard_t *heard)
{
    fuzz_must (sound->frames > 0 && sound->frames <= FRAMES_MAX);
    fuzz_must (zample_sound_bytes (sound) <= heard->bytes);
    for (int64_t i = -2 * ZAMPLE_GUARD_FRAMES; i < 2 * (sound->frames + ZAMPLE_GUARD_FRAMES); i++)
        fuzz_must (isfinite (sound->data[i]));
    const zample_sound_notes_t *notes = &sound->notes;
    fuzz_must (notes->warnings <= (WARNED_TRUNCATED | WARNED_CORRUPT | WARNED_LENGTH | WARNED_NAN));
    fuzz_must (notes->missing_frames >= 0 && notes->silent_frames >= 0 && notes->nan_values >= 0);
    fuzz_must ((notes->warnings & WARNED_NAN) != 0 || notes->nan_values == 0);
    fuzz_must ((notes->warnings & WARNED_CORRUPT) != 0 || notes->damaged == 0);
    fuzz_must ((notes->warnings & WARNED_TRUNCATED) != 0 || notes->missing_frames == 0);
}

static void
s_look_at_failure (const zample_failure_t *failure)
{
    fuzz_must (memchr (failure->sentence, '\0', sizeof failure->sentence) && *failure->sentence);
    fuzz_must (failure->code > FAILED_NOT && failure->code <= FAILED_CLOSED);
    /* Nothing of the kind happened. */
    fuzz_must (failure->code != FAILED_CANCELLED && failure->code != FAILED_OVER_BUDGET);
    fuzz_must (failure->code != FAILED_IO && failure->code != FAILED_CLOSED);
}

/*  The most memory that this process has had so far. */
static long
s_kilobytes (void)
{
    struct rusage used;
    fuzz_must (getrusage (RUSAGE_SELF, &used) == 0);
    return used.ru_maxrss;
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    zample_file_t file = s_write (bytes, size);
    s_heard_t heard = { 0 };
    zample_decode_watch_t watch = { s_at_chunk, s_make_room, &heard };
    /* The length chooses what the file is loaded with, so that the bytes need hold nothing but the file. */
    zample_decode_spec_t spec = {
        .rate_hz = size % 2 ? 48000 : 44100,
        .quality = (zample_resample_quality_t) (size / 2 % 3),
        .limits = { (int64_t) size, FRAMES_MAX, MILLISECONDS, CHANNELS_MAX, STREAMS_MAX, 0.5 },
    };
    zample_failure_t failure = { 0 };
    long before = s_kilobytes ();
    zample_sound_t *sound = zample_decode_file (&file, &spec, &watch, &failure);
    fuzz_must (s_kilobytes () - before < KILOBYTES_MAX);
    if (sound) {
        fuzz_must (failure.code == FAILED_NOT);
        s_look_at_sound (sound, &heard);
    }
    else
        s_look_at_failure (&failure);
    zample_sound_release (&sound);
    return 0;
}
