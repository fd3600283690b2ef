/*  Keeps ALSA quiet, and its first message at hand: the first names the cause, those that follow only who
    passed it on. */
#include "config.h"

#include <stdio.h>

#include "engine/output/alsa_hush.h"

static _Thread_local char s_heard[192];

static void
s_keep (const char *file, int line, const char *function, int error, const char *format, va_list arguments)
{
    (void) file;
    (void) line;
    (void) function;
    (void) error;
    if (s_heard[0] == '\0')
        vsnprintf (s_heard, sizeof s_heard, format, arguments);
}

static void
s_swallow (const char *file, int line, const char *function, int error, const char *format, va_list arguments)
{
    (void) file;
    (void) line;
    (void) function;
    (void) error;
    (void) format;
    (void) arguments;
}

snd_local_error_handler_t
zample_alsa_listen (void)
{
    s_heard[0] = '\0';
    return snd_lib_error_set_local (s_keep);
}

const char *
zample_alsa_heard (void)
{
    return s_heard;
}

void
zample_alsa_listen_end (snd_local_error_handler_t before)
{
    snd_lib_error_set_local (before);
}

void
zample_alsa_hush (void)
{
    snd_lib_error_set_local (s_swallow);
}
