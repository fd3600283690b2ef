/*  Lists ALSA's playback devices, for people to choose from. */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "engine/output/alsa_hush.h"
#include "engine/output/devices.h"

/*  In one line; where it must be cut, between two characters of UTF-8 and with "..." for the rest. */
static void
s_describe (const char *text, char *description, size_t size)
{
    size_t length = strlen (text);
    bool cut = length >= size;
    if (cut) {
        length = size - sizeof "...";
        while (length > 0 && ((unsigned char) text[length] & 0xc0) == 0x80)
            length--;
    }
    for (size_t i = 0; i < length; i++)
        description[i] = text[i] == '\n' ? ' ' : text[i];
    memcpy (description + length, cut ? "..." : "", cut ? sizeof "..." : 1);
}

/*  A hint names what it is for as "Input" or "Output", and nothing if it is for both. A name that does not
    fit opens nothing once it is cut, so it is left out. */
static bool
s_take (const void *hint, zample_output_device_t *device)
{
    char *name = snd_device_name_get_hint (hint, "NAME");
    char *description = snd_device_name_get_hint (hint, "DESC");
    char *direction = snd_device_name_get_hint (hint, "IOID");
    bool plays = !direction || strcmp (direction, "Output") == 0;
    bool taken = plays && name && strlen (name) < sizeof device->name;
    if (taken) {
        strcpy (device->name, name);
        s_describe (description ? description : "", device->description, sizeof device->description);
    }
    free (name);
    free (description);
    free (direction);
    return taken;
}

static int
s_list (void **hints, zample_output_device_t **devices, size_t *count)
{
    size_t all = 0;
    while (hints[all])
        all++;
    *devices = calloc (all + 1, sizeof **devices);
    if (!*devices)
        return -ENOMEM;
    for (size_t i = 0; i < all; i++)
        *count += s_take (hints[i], *devices + *count);
    return 0;
}

int
zample_output_devices (zample_output_device_t **devices, size_t *count)
{
    *devices = NULL;
    *count = 0;
    snd_local_error_handler_t before = zample_alsa_listen ();
    void **hints = NULL;
    int error = snd_device_name_hint (-1, "pcm", &hints);
    if (error == 0) {
        error = s_list (hints, devices, count);
        snd_device_name_free_hint (hints);
    }
    zample_alsa_listen_end (before);
    return error;
}
