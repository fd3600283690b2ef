/*  Turns the signals that end a command into a descriptor, so that each verb ends from its own loop. */
#include "config.h"
#include "cli/signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/tell.h"

int
cli_signals_open (void)
{
    static const int ending[] = { SIGINT, SIGTERM, SIGHUP };
    sigset_t set;
    sigemptyset (&set);
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        /*  What nohup or a shell's & made us ignore stays ignored. */
        struct sigaction action;
        if (sigaction (ending[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset (&set, ending[i]);
    }
    sigprocmask (SIG_BLOCK, &set, NULL);
    int signals = signalfd (-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0)
        cli_say ("signals cannot be waited for: %s", strerror (errno));
    return signals;
}

int
cli_signals_take (int signals)
{
    struct signalfd_siginfo taken;
    if (read (signals, &taken, sizeof taken) != (ssize_t) sizeof taken)
        return 0;
    return CLI_SIGNAL + (int) taken.ssi_signo;
}

void
cli_signals_wait (int signals, int wanted, int milliseconds)
{
    struct pollfd ready[] = { { .fd = signals, .events = POLLIN }, { .fd = wanted, .events = POLLIN } };
    poll (ready, 2, milliseconds);
}
