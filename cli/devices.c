/*  `zample devices`: what `zample play --device` takes. */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "cli/tell.h"

static void
s_print (zample_device_t *devices, size_t count)
{
    int widest = 0;
    for (size_t i = 0; i < count; i++) {
        cli_make_printable (devices[i].name);
        cli_make_printable (devices[i].description);
        int width = (int) strlen (devices[i].name);
        widest = width > widest ? width : widest;
    }
    for (size_t i = 0; i < count; i++)
        printf ("%-*s  %s\n", widest, devices[i].name, devices[i].description);
}

static int
s_run (const cli_verb_t *self, int argc, char **argv)
{
    int key = cli_next_option (self, argc, argv);
    if (key != CLI_OPTIONS_END)
        return key == CLI_OPTIONS_HELP ? CLI_OK : CLI_WRONG_USE;
    if (optind < argc)
        return cli_wrong_use (self, "it takes no argument, such as \"%s\"", argv[optind]);

    zample_device_t *devices;
    size_t count;
    if (zample_devices (&devices, &count) != ZAMPLE_OK) {
        cli_say ("%s", zample_why ());
        return CLI_FAILED;
    }
    if (count == 0)
        cli_say ("there is no device to play on");
    s_print (devices, count);
    zample_devices_free (&devices);
    return cli_finish_stdout ();
}

static const cli_option_t s_options[] = { { 0 } };

const cli_verb_t cli_devices = {
    .name = "devices",
    .arguments = "",
    .summary = "lists ALSA's playback devices, a name and a description each",
    .options = s_options,
    .run = s_run,
};
