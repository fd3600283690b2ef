/*  What the three rooms of the ALSA output share, and nobody else: alsa.c plays (on the audio thread),
    alsa_recover.c mends (there too), alsa_setup.c opens and closes (off it).
 */
#ifndef ZAMPLE_ALSA_H
#define ZAMPLE_ALSA_H

#include <alsa/asoundlib.h>
#include <poll.h>
#include <time.h>

#include "engine/output/format.h"
#include "engine/output/output.h"

/*  No wait is longer. */
#define ZAMPLE_ALSA_WAIT_NS INT64_C (100000000)

/*  A device that plays nothing for so long, while it has frames, is lost. */
#define ZAMPLE_ALSA_STALL_NS INT64_C (1000000000)

/*  A device that sleeps and answers "not yet" for so long is started anew. */
#define ZAMPLE_ALSA_RESUME_NS INT64_C (1000000000)

/*  So many errors in a row without a frame played between them, and the device is lost. */
#define ZAMPLE_ALSA_ERRORS 4

typedef struct {
    zample_output_t output; /* first, so that a pointer to it is one to this */
    snd_pcm_t *pcm;
    zample_format_t format;
    uint32_t channels;
    zample_dither_t dither;
    void *converted;       /* buffer_frames in the device's format */
    struct pollfd *polled; /* the first is the wake_fd */
    unsigned polled_count; /* the device's, without it */
    int64_t stall_ns;

    bool hushed;          /* ALSA's messages of this thread are swallowed */
    int error;            /* that a write met and the next wait mends, or 0 */
    bool refused;         /* the last write took nothing */
    int64_t avail_frames; /* that it takes, by the last look and the writes since */
    int64_t last_delay_frames;

    /*  How the hardware gets on, since the last prepare. */
    int64_t written_frames;
    int64_t played_frames;
    int64_t progress_ns; /* when it last played, or took, a frame */
    int64_t written_ns;  /* when it last took one */
    unsigned errors;     /* since it last played one */

    int64_t resume_until_ns; /* 0 unless it is asleep */
} zample_alsa_t;

static inline int64_t
zample_alsa_now_ns (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline int64_t
zample_alsa_ns (const zample_alsa_t *self, int64_t frames)
{
    return frames * 1000000000 / self->output.rate_hz;
}

/*  -- alsa.c */

/*  Fills in the four functions. */
void zample_alsa_bind (zample_alsa_t *self);

/*  Until wake_fd is readable (true) or the time is over (false). */
bool zample_alsa_sleep (zample_alsa_t *self, int wake_fd, int milliseconds);

/*  -- alsa_setup.c */

void zample_alsa_destroy (zample_output_t *output);

/*  -- alsa_recover.c */

/*  Where the device is now. Returns how many frames it takes, or a negative errno. Starts it when it is
    full. */
int64_t zample_alsa_look (zample_alsa_t *self);

/*  Notes that it took some. */
void zample_alsa_note_written (zample_alsa_t *self, int64_t frames);

/*  After an error: 0 when it can take frames again, 1 when it is still asleep, or a negative errno: it is
    lost. */
int zample_alsa_mend (zample_alsa_t *self, int error, int wake_fd);

#endif
