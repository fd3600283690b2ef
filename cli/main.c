/*  zample, the command: finds the verb and lets it run. It is an ordinary user of the library, through
    include/zample.h and the socket alone.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "cli/tell.h"

static const cli_verb_t *const s_verbs[] = { &cli_devices, &cli_play, &cli_render, &cli_monitor };

#define VERBS (sizeof s_verbs / sizeof *s_verbs)

static int
s_print_help (void)
{
    printf ("zample VERB [OPTION]... [ARGUMENT]...\n\n"
            "Plays sounds, renders them into a file, and shows what engines of zample do.\n\n");
    for (size_t i = 0; i < VERBS; i++)
        printf ("  %-24s %s\n", s_verbs[i]->name, s_verbs[i]->summary);
    printf ("\n  -h, --help               prints this help; after a VERB, that verb's\n"
            "  -V, --version            prints the version\n");
    return cli_finish_stdout ();
}

static int
s_print_version (void)
{
    printf ("zample %s\n", zample_version ());
    return cli_finish_stdout ();
}

int
main (int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : NULL;
    if (!word) {
        cli_say ("a verb is missing; see \"zample --help\"");
        return CLI_WRONG_USE;
    }
    if (strcmp (word, "-h") == 0 || strcmp (word, "--help") == 0)
        return s_print_help ();
    if (strcmp (word, "-V") == 0 || strcmp (word, "--version") == 0)
        return s_print_version ();
    for (size_t i = 0; i < VERBS; i++)
        if (strcmp (word, s_verbs[i]->name) == 0)
            return s_verbs[i]->run (s_verbs[i], argc - 1, argv + 1);
    cli_say ("%s is no verb; see \"zample --help\"", word);
    return CLI_WRONG_USE;
}
