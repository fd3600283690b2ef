/*  The bytes are a file that is loaded. Whatever they are, it becomes a sound or a reason why not, within the
    limits. */
#include "config.h"

#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/decode.h"
#include "tests/fuzz/fuzz.h"

/*  The file, which is the same for all inputs: made anew for each, the kernel would do most of the work. */
static const char *
s_write (const uint8_t *bytes, size_t size)
{
    static char path[64];
    static int fd = -1;
    if (fd < 0) {
        fd = memfd_create ("fuzz", MFD_CLOEXEC);
        snprintf (path, sizeof path, "/proc/self/fd/%d", fd);
    }
    fuzz_must (ftruncate (fd, 0) == 0 && pwrite (fd, bytes, size, 0) == (ssize_t) size);
    return path;
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    char why[440];
    zample_sound_t *sound = zample_decode_file (s_write (bytes, size), 48000, NULL, why, sizeof why);
    fuzz_must ((sound != NULL) == (*why == '\0'));
    if (!sound)
        return 0;
    fuzz_must (sound->frames > 0);
    for (int64_t i = -2 * ZAMPLE_GUARD_FRAMES; i < 2 * (sound->frames + ZAMPLE_GUARD_FRAMES); i++)
        fuzz_must (isfinite (sound->data[i]));
    zample_sound_release (&sound);
    return 0;
}
