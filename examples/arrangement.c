/*  arrangement - a small band in one file.

        arrangement [-w] FOLDER [RECORDING.wav]

    Loads the sounds of Debian's sonic-pi-samples from FOLDER, hands a whole piece of music to the engine at once,
    every note with the frame at which it is to start, and waits until the last one has died away. It plays on
    the default ALSA device or, where there is none, in time without one. With -w it says where it can be followed
    and waits for a line on its standard input before it begins (examples/watch.py sends one).

    Build it with:  cc arrangement.c $(pkg-config --cflags --libs zample) -lm
 */
#include <math.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zample.h>

#define BEATS_PER_MINUTE 120
#define BEATS_IN_BAR 4

/*  The band. A sound's number is its slot. */
enum { COWBELL, KICK, HAT, CRASH, AMEN, TABLA, ELECTRIC, SCRATCH, BASS, BELL, GUITAR, CHOIR, CROW, SOUNDS };

typedef struct {
    const char *file;
    float gain;
    float pan;
    int semitones; /* by how many it must be raised to sound a C */
    bool choke;    /* a new note ends the one before */
} sound_t;

static const sound_t s_sounds[SOUNDS] = {
    [COWBELL] = { "drum_cowbell", 0.20f, 0.3f, 0, false },
    [KICK] = { "bd_haus", 0.30f, 0.0f, 0, false },
    [HAT] = { "drum_cymbal_closed", 0.16f, 0.4f, 0, false },
    [CRASH] = { "drum_splash_hard", 0.22f, -0.3f, 0, false },
    [AMEN] = { "loop_amen", 0.26f, 0.0f, 0, false },
    [TABLA] = { "loop_tabla", 0.42f, -0.5f, 0, false },
    [ELECTRIC] = { "loop_electric", 0.50f, 0.5f, 0, false },
    [SCRATCH] = { "vinyl_scratch", 0.25f, 0.0f, 0, false },
    [BASS] = { "bass_woodsy_c", 0.16f, 0.0f, 0, true },
    [BELL] = { "elec_bell", 0.12f, 0.5f, 12, false },
    [GUITAR] = { "guit_harmonics", 1.20f, -0.25f, 1, true },
    [CHOIR] = { "ambi_choir", 0.20f, 0.0f, 0, false },
    [CROW] = { "misc_crow", 0.40f, 0.0f, 0, false },
};

typedef struct {
    zample_t *engine;
    int64_t start;            /* the frame of the first beat */
    double bar_frames;
    int64_t frames[SOUNDS];   /* how long each sound is */
    uint64_t voices[SOUNDS];  /* the newest voice of each */
    uint64_t asked, ended;    /* voices */
} piece_t;

static void
s_fail (const char *what, const char *why)
{
    fprintf (stderr, "arrangement: %s: %s\n", what, why);
    exit (EXIT_FAILURE);
}

static void
s_must (zample_status_t status, const char *what)
{
    if (status != ZAMPLE_OK)
        s_fail (what, zample_why ());
}

/* ---------------------------------------------------------------- events */

/*  Takes what the engine has told; sleeps until it tells something. */
static void
s_listen (piece_t *piece, int *loaded)
{
    struct pollfd wait = { .fd = zample_poll_fd (piece->engine), .events = POLLIN };
    poll (&wait, 1, -1);
    zample_event_t event;
    while (zample_poll (piece->engine, &event) == ZAMPLE_OK) {
        switch (event.kind) {
        case ZAMPLE_EVENT_SUCCESS:
            piece->frames[event.slot] = event.u.success.frames;
            *loaded += 1;
            break;
        case ZAMPLE_EVENT_ERROR:
            s_fail ("a load", event.u.error.msg);
            break;
        case ZAMPLE_EVENT_REJECTED:
            s_fail (zample_command_name (event.u.rejected.command), event.u.rejected.msg);
            break;
        case ZAMPLE_EVENT_VOICE_ENDED:
            piece->ended++;
            break;
        default:
            break;
        }
    }
}

static void
s_load (piece_t *piece, const char *folder)
{
    for (uint32_t slot = 0; slot < SOUNDS; slot++) {
        char path[4096];
        snprintf (path, sizeof path, "%s/%s.flac", folder, s_sounds[slot].file);
        s_must (zample_load (piece->engine, slot, path, NULL, NULL), path);
    }
    for (int loaded = 0; loaded < SOUNDS;)
        s_listen (piece, &loaded);
}

/* ----------------------------------------------------------------- music */

/*  The frame of a bar and of a part of it; 2.5 is the middle of the third bar. */
static int64_t
s_frame (const piece_t *piece, double bar)
{
    return piece->start + llround (bar * piece->bar_frames);
}

static void
s_note (piece_t *piece, uint32_t slot, double bar, int semitones, float velocity)
{
    const sound_t *sound = &s_sounds[slot];
    zample_play_t how = ZAMPLE_PLAY_DEFAULT;
    how.frame = s_frame (piece, bar);
    how.velocity = velocity;
    how.gain = sound->gain;
    how.pan = sound->pan;
    how.speed = exp2f ((float) semitones / 12.0f);
    if (sound->choke && piece->voices[slot])
        s_must (zample_stop (piece->engine, piece->voices[slot], how.frame), sound->file);
    s_must (zample_play (piece->engine, slot, &how, &piece->voices[slot]), sound->file);
    piece->asked++;
}

/*  A bar, written as so many equal steps: '.' nothing, 'x' a hit, 'o' a soft one, 'a' to 'g' a note of C major
    up from C, 'A' to 'G' the same an octave lower. */
static void
s_bar (piece_t *piece, uint32_t slot, double bar, const char *steps)
{
    static const int semitones[] = { 9, 11, 0, 2, 4, 5, 7 };
    size_t count = strlen (steps);
    for (size_t i = 0; i < count; i++) {
        double when = bar + (double) i / (double) count;
        char step = steps[i];
        if (step == 'x' || step == 'o')
            s_note (piece, slot, when, 0, step == 'x' ? 1.0f : 0.5f);
        else if (step >= 'a' && step <= 'g')
            s_note (piece, slot, when, s_sounds[slot].semitones + semitones[step - 'a'], 1.0f);
        else if (step >= 'A' && step <= 'G')
            s_note (piece, slot, when, s_sounds[slot].semitones + semitones[step - 'A'] - 12, 1.0f);
    }
}

/*  A loop from one bar to another, at the speed that makes it `beats` long. */
static void
s_loop (piece_t *piece, uint32_t slot, int from, int to, int beats)
{
    zample_play_t how = ZAMPLE_PLAY_DEFAULT;
    how.frame = s_frame (piece, from);
    how.gain = s_sounds[slot].gain;
    how.pan = s_sounds[slot].pan;
    how.speed = (float) ((double) piece->frames[slot] * BEATS_IN_BAR / (beats * piece->bar_frames));
    how.loop = true;
    uint64_t voice;
    s_must (zample_play (piece->engine, slot, &how, &voice), s_sounds[slot].file);
    s_must (zample_stop (piece->engine, voice, s_frame (piece, to)), s_sounds[slot].file);
    piece->asked++;
}

static void
s_play (piece_t *piece)
{
    static const char *const tune[] = { "e.e.f.g.", "g.f.e.d.", "c.c.d.e.", "e..dd...",
                                        "e.e.f.g.", "g.f.e.d.", "c.c.d.e.", "d..cc..." };
    static const char *const bells[] = { "c.c.d.e.", "e.d.c.B.", "A.A.B.c.", "c..BB.gg",
                                         "c.c.d.e.", "e.d.c.B.", "A.A.B.c.", "B..cc.gc" };
    static const char *const bass[] = { "c...c.cG", "G...G.GB", "c...c.cG", "G...G..." };

    s_bar (piece, COWBELL, 0, "x.x.x.xx");
    s_bar (piece, SCRATCH, 0, "......x.");
    s_loop (piece, AMEN, 1, 9, 4);
    s_loop (piece, ELECTRIC, 3, 9, 4);
    s_loop (piece, TABLA, 5, 9, 16);
    for (int bar = 1; bar <= 8; bar++) {
        s_bar (piece, KICK, bar, bar == 8 ? "x...x...x.x.xoxo" : "x...x...x...x...");
        s_bar (piece, HAT, bar, "..o...o...o...ox");
        s_bar (piece, BASS, bar, bass[(bar - 1) % 4]);
        s_bar (piece, GUITAR, bar, tune[bar - 1]);
        if (bar >= 5)
            s_bar (piece, BELL, bar, bells[bar - 1]);
    }
    s_bar (piece, CRASH, 1, "x");
    s_bar (piece, CRASH, 5, "x");
    s_bar (piece, CHOIR, 5, "x");

    s_bar (piece, CRASH, 9, "x");
    s_bar (piece, KICK, 9, "x");
    s_bar (piece, BASS, 9, "c");
    s_bar (piece, GUITAR, 9, "c");
    s_bar (piece, BELL, 9, "cegc");
    s_bar (piece, CROW, 9, ".....xx.");
}

/* ------------------------------------------------------------------ main */

int
main (int argc, char **argv)
{
    bool wait = argc > 1 && strcmp (argv[1], "-w") == 0;
    char **arguments = argv + 1 + wait;
    int count = argc - 1 - wait;
    if (count < 1 || count > 2) {
        fprintf (stderr, "usage: arrangement [-w] FOLDER [RECORDING.wav]\n");
        return EXIT_FAILURE;
    }

    piece_t piece = { 0 };
    zample_config_t config = { .record = count == 2 ? arguments[1] : NULL };
    if (zample_new (&config, &piece.engine) == ZAMPLE_NO_DEVICE) {
        config.output = ZAMPLE_OUTPUT_NULL;
        zample_new (&config, &piece.engine);
    }
    if (!piece.engine)
        s_fail ("the engine does not start", zample_why ());

    if (wait) {
        printf ("%s\n", zample_endpoint (piece.engine));
        fflush (stdout);
        while (getchar () != '\n' && !feof (stdin))
            ;
    }

    s_load (&piece, arguments[0]);
    uint32_t rate = zample_rate (piece.engine);
    zample_clock_t now;
    s_must (zample_clock (piece.engine, &now), "the clock");
    piece.start = now.frame + rate / 2;
    piece.bar_frames = 60.0 * BEATS_IN_BAR * rate / BEATS_PER_MINUTE;
    s_play (&piece);
    while (piece.ended < piece.asked)
        s_listen (&piece, &(int) { 0 });
    zample_destroy (&piece.engine);
    return EXIT_SUCCESS;
}
