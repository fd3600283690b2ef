/*  SIGINT, SIGTERM and SIGHUP as something to wait for. */
#ifndef ZAMPLE_CLI_SIGNALS_H
#define ZAMPLE_CLI_SIGNALS_H

/*  From here on these signals no longer end the process but make the descriptor readable. To be called
    before any thread is started. -1 on failure, which was said. */
int cli_signals_open (void);

/*  The exit code for the signal that came, or 0 if none did. */
int cli_signals_take (int signals);

/*  Waits for `wanted` or `signals` to be readable, milliseconds at the most (-1: for ever). */
void cli_signals_wait (int signals, int wanted, int milliseconds);

#endif
