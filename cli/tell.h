/*  What the command says to a person: sentences and a line of progress, both on stderr. */
#ifndef ZAMPLE_CLI_TELL_H
#define ZAMPLE_CLI_TELL_H

#include <stddef.h>

/*  Says one sentence, begun with "zample: ". */
void cli_say (const char *format, ...) __attribute__ ((format (printf, 1, 2)));

/*  Draws a bar for `fraction` and a few words, in place, if stderr is a terminal; the next sentence or
    cli_progress_clear wipes it away. */
void cli_progress (double fraction, const char *words);
void cli_progress_clear (void);

/*  Makes text fit for a terminal: a control character becomes "?". */
void cli_make_printable (char *text);

/*  0 if all that was written to stdout got there, else CLI_FAILED, and says so. */
int cli_finish_stdout (void);

#endif
