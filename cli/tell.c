/*  Talks to the person at the terminal. Names of files and messages of other programs pass through here, so
    what could command a terminal is taken out of them.
 */
#include "config.h"
#include "cli/tell.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/options.h"

#define BAR_WIDTH 24

static bool s_progress_is_shown;

void
cli_make_printable (char *text)
{
    for (unsigned char *at = (unsigned char *) text; *at; at++) {
        if (*at < 0x20 || *at == 0x7f)
            *at = '?';
        else if (*at == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0) /* U+0080 to U+009F in UTF-8 */
            at[0] = at[1] = '?';
    }
}

void
cli_progress_clear (void)
{
    if (s_progress_is_shown)
        fputs ("\r\033[K", stderr);
    s_progress_is_shown = false;
}

void
cli_say (const char *format, ...)
{
    char text[8192];
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (text, sizeof text, format, arguments);
    va_end (arguments);
    cli_make_printable (text);
    cli_progress_clear ();
    fprintf (stderr, "zample: %s\n", text);
}

static int
s_terminal_columns (void)
{
    struct winsize size;
    if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return 80;
    return size.ws_col;
}

void
cli_progress (double fraction, const char *words)
{
    static const char full[] = "########################";
    if (!isatty (STDERR_FILENO))
        return;

    char text[512];
    int filled = (int) (fraction * BAR_WIDTH);
    snprintf (text, sizeof text, "[%-*.*s] %3d %%  %s", BAR_WIDTH, filled, full, (int) (fraction * 100.0),
              words);
    cli_make_printable (text);
    /*  A line that wraps could not be wiped away by a carriage return. */
    fprintf (stderr, "\r\033[K%.*s", s_terminal_columns () - 1, text);
    s_progress_is_shown = true;
}

int
cli_finish_stdout (void)
{
    if (fflush (stdout) == 0 && !ferror (stdout))
        return CLI_OK;
    cli_say ("the output could not be written: %s", strerror (errno));
    return CLI_FAILED;
}
