/*  `zample monitor`: finds the engine that is meant and follows it. */
#include "config.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/engines.h"
#include "cli/follow.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "cli/tell.h"

static int
s_list (void)
{
    cli_engine_t *engines;
    size_t count = cli_engines_find (&engines);
    if (count == 0)
        cli_say ("no engine runs");
    for (size_t i = 0; i < count; i++)
        printf ("%-24s  %s\n", engines[i].name, engines[i].endpoint);
    free (engines);
    return cli_finish_stdout ();
}

/*  The endpoint of the engine called `name`, or of the only one if name is NULL, in memory that the caller
    frees; NULL if there is none such, which was said. */
static char *
s_find (const char *name)
{
    cli_engine_t *engines;
    char *endpoint = NULL;
    size_t count = cli_engines_find (&engines);
    if (!name && count == 1)
        endpoint = strdup (engines[0].endpoint);
    for (size_t i = 0; name && i < count && !endpoint; i++)
        if (strcmp (engines[i].name, name) == 0)
            endpoint = strdup (engines[i].endpoint);
    if (!endpoint && name)
        cli_say ("no engine called %s runs", name);
    else if (!endpoint && count == 0)
        cli_say ("no engine runs");
    else if (!endpoint)
        cli_say ("%zu engines run, so name one of those that \"zample monitor --list\" lists", count);
    free (engines);
    return endpoint;
}

static int
s_monitor (cli_follow_t *what, const char *name)
{
    int signals = cli_signals_open ();
    if (signals < 0)
        return CLI_FAILED;
    int code = CLI_FAILED;
    char *found = what->endpoint ? NULL : s_find (name);
    if (found)
        what->endpoint = found;
    if (what->endpoint)
        code = cli_follow (what, signals);
    free (found);
    close (signals);
    return code;
}

enum { KEY_LIST = 256, KEY_ENDPOINT, KEY_JSON, KEY_METER };

static int
s_run (const cli_verb_t *self, int argc, char **argv)
{
    cli_follow_t what = { 0 };
    bool list = false;
    for (int key; (key = cli_next_option (self, argc, argv)) != CLI_OPTIONS_END;) {
        if (key == CLI_OPTIONS_HELP || key == CLI_OPTIONS_WRONG)
            return key == CLI_OPTIONS_HELP ? CLI_OK : CLI_WRONG_USE;
        if (key == KEY_LIST)
            list = true;
        else if (key == KEY_ENDPOINT)
            what.endpoint = optarg;
        else if (key == KEY_JSON)
            what.json = true;
        else
            what.meter = true;
    }
    const char *name = optind < argc ? argv[optind] : NULL;
    if (optind + 1 < argc)
        return cli_wrong_use (self, "it follows one engine, so %s is too much", argv[optind + 1]);
    if ((name != NULL) + (what.endpoint != NULL) + list > 1)
        return cli_wrong_use (self, "a NAME, --endpoint and --list exclude each other");
    return list ? s_list () : s_monitor (&what, name);
}

static const cli_option_t s_options[] = {
    { KEY_LIST, "list", NULL, "lists the engines that run, a name and an endpoint each" },
    { KEY_ENDPOINT, "endpoint", "ENDPOINT", "follows what publishes there" },
    { KEY_JSON, "json", NULL, "prints what is published as it is, a JSON object a line" },
    { KEY_METER, "meter", NULL, "shows telemetry too: levels, many times a second" },
    { 0 },
};

const cli_verb_t cli_monitor = {
    .name = "monitor",
    .arguments = "[OPTION]... [NAME]",
    .summary = "shows what a running engine does, as it happens",
    .options = s_options,
    .run = s_run,
};
