/*  Reads what was asked for. getopt_long does the reading, and a verb's own table is what it reads by. */
#include "config.h"
#include "cli/options.h"

#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/tell.h"

#define OPTIONS_MAX 16

static const cli_option_t s_help_option = { 'h', "help", NULL, "prints this help" };

static void
s_print_option (const cli_option_t *option)
{
    char left[64];
    snprintf (left, sizeof left, "%s%c%s--%s%s%s", option->key < 256 ? "-" : " ",
              option->key < 256 ? option->key : ' ', option->key < 256 ? ", " : "  ", option->name,
              option->argument ? " " : "", option->argument ? option->argument : "");
    printf ("  %-24s %s\n", left, option->help);
}

static int
s_print_help (const cli_verb_t *verb)
{
    printf ("zample %s%s%s\n\n%s\n\n", verb->name, *verb->arguments ? " " : "", verb->arguments,
            verb->summary);
    for (const cli_option_t *option = verb->options; option->key; option++)
        s_print_option (option);
    s_print_option (&s_help_option);
    return cli_finish_stdout () == CLI_OK ? CLI_OPTIONS_HELP : CLI_OPTIONS_WRONG;
}

/*  The two forms in which getopt_long wants the table. */
typedef struct {
    char brief[2 * OPTIONS_MAX + 4];
    struct option words[OPTIONS_MAX + 2];
} forms_t;

static void
s_forms_add (forms_t *self, size_t index, const cli_option_t *option)
{
    self->words[index] = (struct option) { .name = option->name,
                                           .has_arg = option->argument ? required_argument : no_argument,
                                           .val = option->key };
    if (option->key < 256) {
        size_t length = strlen (self->brief);
        self->brief[length] = (char) option->key;
        if (option->argument)
            self->brief[length + 1] = ':';
    }
}

static void
s_forms_init (forms_t *self, const cli_verb_t *verb)
{
    /*  The colon in front tells a missing argument from an unknown option. */
    *self = (forms_t) { .brief = ":" };
    size_t count = 0;
    s_forms_add (self, count++, &s_help_option);
    for (const cli_option_t *option = verb->options; option->key; option++)
        s_forms_add (self, count++, option);
}

int
cli_wrong_use (const cli_verb_t *verb, const char *format, ...)
{
    char text[4096];
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (text, sizeof text, format, arguments);
    va_end (arguments);
    cli_say ("%s: %s; see \"zample %s --help\"", verb->name, text, verb->name);
    return CLI_WRONG_USE;
}

static const cli_option_t *
s_find (const cli_verb_t *verb, int key)
{
    if (key == s_help_option.key)
        return &s_help_option;
    for (const cli_option_t *option = verb->options; option->key; option++)
        if (option->key == key)
            return option;
    return NULL;
}

int
cli_next_option (const cli_verb_t *verb, int argc, char **argv)
{
    forms_t forms;
    s_forms_init (&forms, verb);
    opterr = 0;
    int key = getopt_long (argc, argv, forms.brief, forms.words, NULL);
    if (key == 'h')
        return s_print_help (verb);
    if (key != ':' && key != '?')
        return key;

    const cli_option_t *known = s_find (verb, optopt);
    if (key == ':' && known)
        cli_wrong_use (verb, "--%s needs an argument", known->name);
    else if (known)
        cli_wrong_use (verb, "--%s takes no argument", known->name);
    else if (optopt)
        cli_wrong_use (verb, "-%c is no option of it", optopt);
    else
        cli_wrong_use (verb, "%s is no option of it", argv[optind - 1]);
    return CLI_OPTIONS_WRONG;
}

/*  Reads a number that fills the whole argument. */
static bool
s_number (const cli_verb_t *verb, const char *name, const char *text, double least, double most,
          double *number)
{
    char *end;
    *number = strtod (text, &end);
    if (end != text && *end == 0 && isfinite (*number) && *number >= least && *number <= most)
        return true;
    cli_wrong_use (verb, "--%s takes a number from %g to %g, not \"%s\"", name, least, most, text);
    return false;
}

bool
cli_sound_take (cli_sound_t *self, const cli_verb_t *verb, int key, const char *argument)
{
    double number;
    switch (key) {
    case 'r':
        if (!s_number (verb, "rate", argument, 8000, 192000, &number))
            return false;
        self->rate_hz = (uint32_t) number;
        return true;
    case CLI_KEY_GAIN:
        if (!s_number (verb, "gain", argument, 0.0, (double) ZAMPLE_GAIN_MAX, &number))
            return false;
        self->how.gain = (float) number;
        return true;
    case CLI_KEY_PAN:
        if (!s_number (verb, "pan", argument, -1.0, 1.0, &number))
            return false;
        self->how.pan = (float) number;
        return true;
    default:
        /*  ZAMPLE_SPEED_MIN is a float, and so a little less than the 0.01 that a person reads. */
        if (!s_number (verb, "speed", argument, 0.01, (double) ZAMPLE_SPEED_MAX, &number))
            return false;
        self->how.speed = (float) number;
        return true;
    }
}
