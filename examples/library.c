/*  library - plays out of a folder of sounds.

        library FOLDER [NAME]...

    Takes the folder into the library, loads the folder of the first NAME ahead with one bar for all of its sounds, and plays
    each NAME after the other: "kick:3", "kick", or the name of a file. What is not in memory yet is waited for. Without a
    NAME it lists what there is. It plays on the default ALSA device or, where there is none, in time without one.

    Build it with:  cc library.c $(pkg-config --cflags --libs zample)
 */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zample.h>

static void
s_fail (const char *what, const char *why)
{
    fprintf (stderr, "library: %s: %s\n", what, why);
    exit (EXIT_FAILURE);
}

static void
s_must (zample_status_t status, const char *what)
{
    if (status != ZAMPLE_OK)
        s_fail (what, zample_why ());
}

/*  The next event; sleeps until there is one. */
static zample_event_t
s_next (zample_t *engine)
{
    zample_event_t event;
    while (zample_poll (engine, &event) != ZAMPLE_OK) {
        struct pollfd wait = { .fd = zample_poll_fd (engine), .events = POLLIN };
        poll (&wait, 1, -1);
    }
    return event;
}

/*  Waits until a scan or a preload has ended, and shows how far it is. */
static void
s_finish (zample_t *engine, uint64_t job)
{
    for (;;) {
        zample_event_t event = s_next (engine);
        if (event.kind == ZAMPLE_EVENT_ERROR)
            fprintf (stderr, "\r\033[Klibrary: %s\n", event.u.error.msg);
        if (event.job != job)
            continue;
        if (event.kind == ZAMPLE_EVENT_PROGRESS)
            fprintf (stderr, "\r\033[K%3.0f %%  %s", event.u.progress.percent * 100.0,
                     event.u.progress.stage);
        if (event.kind == ZAMPLE_EVENT_SUCCESS)
            fprintf (stderr, "\r\033[K%" PRIu32 " sounds, %" PRIu32 " failed\n", event.u.success.sounds,
                     event.u.success.failed);
        if (event.kind == ZAMPLE_EVENT_SUCCESS || event.kind == ZAMPLE_EVENT_ERROR)
            return;
    }
}

static void
s_list (zample_t *engine)
{
    zample_library_entry_t entry;
    for (uint32_t place = 0; zample_library_entry (engine, place, &entry) == ZAMPLE_OK; place++)
        printf ("%s:%" PRIu32 "\t%s\n", entry.folder, entry.index, entry.path);
}

/*  Plays one sound to its end. */
static void
s_play (zample_t *engine, const char *name)
{
    uint32_t slot;
    uint64_t voice;
    zample_play_t how = ZAMPLE_PLAY_DEFAULT;
    how.missing = ZAMPLE_MISSING_WAIT;
    s_must (zample_library_find (engine, name, &slot), name);
    s_must (zample_play (engine, slot, &how, &voice), name);
    for (zample_event_t event = { 0 }; event.kind != ZAMPLE_EVENT_VOICE_ENDED || event.voice != voice;) {
        event = s_next (engine);
        if (event.kind == ZAMPLE_EVENT_VOICE_STARTED)
            printf ("%s: slot %" PRIu32 ", from frame %" PRId64 "\n", name, event.slot, event.frame);
        if (event.kind == ZAMPLE_EVENT_ERROR)
            fprintf (stderr, "library: %s\n", event.u.error.msg);
        if (event.kind == ZAMPLE_EVENT_REJECTED)
            s_fail (name, event.u.rejected.msg);
    }
}

int
main (int argc, char **argv)
{
    if (argc < 2) {
        fprintf (stderr, "usage: library FOLDER [NAME]...\n");
        return EXIT_FAILURE;
    }
    zample_t *engine;
    zample_config_t config = { 0 };
    if (zample_new (&config, &engine) == ZAMPLE_NO_DEVICE) {
        config.output = ZAMPLE_OUTPUT_NULL;
        zample_new (&config, &engine);
    }
    if (!engine)
        s_fail ("the engine does not start", zample_why ());

    uint64_t job;
    s_must (zample_library_add (engine, argv[1], &job), argv[1]);
    s_finish (engine, job);
    if (argc == 2)
        s_list (engine);
    else {
        char folder[4096];
        snprintf (folder, sizeof folder, "%.*s", (int) strcspn (argv[2], ":"), argv[2]);
        s_must (zample_library_preload (engine, folder, NULL, &job), folder);
        s_finish (engine, job);
    }
    for (int i = 2; i < argc; i++)
        s_play (engine, argv[i]);
    zample_destroy (&engine);
    return EXIT_SUCCESS;
}
