/*  Hears what is played into a JACK server: `jack_capture FILE`. Not a test, but what one starts.

    Connects to the server that JACK_DEFAULT_SERVER names, as "zample_capture" with the ports in_1 and in_2;
    waits for up to 20 s until there is such a server. Says "ready" on the standard output, then keeps every
    frame until the standard input ends, or the server does; then writes them to FILE, interleaved floats.
    Where JACK itself has skipped a cycle, a frame of two NaN stands.
 */
#include "config.h"

#include <jack/jack.h>
#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FRAMES (48000 * 60)

static jack_port_t *s_ports[2];
static float *s_heard;
static size_t s_count;
static jack_nframes_t s_next_frame;
static atomic_bool s_done;

static void
s_keep (float left, float right)
{
    if (s_count == FRAMES)
        return;
    s_heard[2 * s_count] = left;
    s_heard[2 * s_count + 1] = right;
    s_count++;
}

static int
s_process (jack_nframes_t count, void *client)
{
    if (atomic_load (&s_done))
        return 0;
    jack_nframes_t frame = jack_last_frame_time (client);
    if (s_count > 0 && frame != s_next_frame)
        s_keep (NAN, NAN);
    s_next_frame = frame + count;
    const float *left = jack_port_get_buffer (s_ports[0], count);
    const float *right = jack_port_get_buffer (s_ports[1], count);
    for (jack_nframes_t i = 0; i < count; i++)
        s_keep (left[i], right[i]);
    return 0;
}

static void
s_shutdown (void *unused)
{
    (void) unused;
    _exit (0); /* the server is dead: nothing more is heard, and a closing client would wait for it */
}

static void
s_ignore (const char *message)
{
    (void) message;
}

static jack_client_t *
s_connect (void)
{
    jack_set_error_function (s_ignore); /* that there is no server yet */
    for (int i = 0; i < 400; i++) {
        jack_options_t options = JackNoStartServer | JackUseExactName;
        jack_client_t *client = jack_client_open ("zample_capture", options, NULL);
        if (client)
            return client;
        usleep (50000);
    }
    return NULL;
}

static int
s_write (const char *path)
{
    FILE *file = fopen (path, "wb");
    if (!file || fwrite (s_heard, 2 * sizeof (float), s_count, file) != s_count || fclose (file) != 0) {
        perror (path);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

int
main (int argc, char **argv)
{
    s_heard = calloc (FRAMES, 2 * sizeof *s_heard);
    jack_client_t *client = argc == 2 && s_heard ? s_connect () : NULL;
    if (!client) {
        fprintf (stderr, "usage: jack_capture FILE (and a JACK server must run)\n");
        return EXIT_FAILURE;
    }
    /*  No page of it is touched first by the listening thread. */
    memset (s_heard, 0, FRAMES * 2 * sizeof *s_heard);
    s_ports[0] = jack_port_register (client, "in_1", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
    s_ports[1] = jack_port_register (client, "in_2", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
    jack_set_process_callback (client, s_process, client);
    jack_on_shutdown (client, s_shutdown, NULL);
    if (jack_activate (client) != 0) {
        fprintf (stderr, "jack_capture: the server does not let it in\n");
        return EXIT_FAILURE;
    }
    printf ("ready\n");
    fflush (stdout);
    char byte;
    while (read (STDIN_FILENO, &byte, 1) > 0)
        continue;
    atomic_store (&s_done, true);
    jack_client_close (client);
    return s_write (argv[1]);
}
