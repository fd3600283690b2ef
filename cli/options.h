/*  Verbs and their options: one table each, from which both the parser and --help are made. */
#ifndef ZAMPLE_CLI_OPTIONS_H
#define ZAMPLE_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "zample.h"

/*  Exit codes. A signal that ends the command adds its number to 128. */
enum { CLI_OK = 0, CLI_FAILED = 1, CLI_WRONG_USE = 2, CLI_SIGNAL = 128 };

typedef struct {
    int key; /* the short option, or from 256 on if there is none; 0 ends the table */
    const char *name;
    const char *argument; /* how --help calls it; NULL if there is none */
    const char *help;
} cli_option_t;

typedef struct cli_verb cli_verb_t;
struct cli_verb {
    const char *name;
    const char *arguments;
    const char *summary;
    const cli_option_t *options;
    int (*run) (const cli_verb_t *self, int argc, char **argv);
};

extern const cli_verb_t cli_devices;
extern const cli_verb_t cli_play;
extern const cli_verb_t cli_render;
extern const cli_verb_t cli_monitor;

/*  What cli_next_option returns beside an option's key. */
enum {
    CLI_OPTIONS_END = -1,  /* optind is the first argument that is no option */
    CLI_OPTIONS_HELP = -2, /* the help was printed */
    CLI_OPTIONS_WRONG = -3 /* what is wrong was said */
};

/*  The next option of a verb; its argument is in optarg. */
int cli_next_option (const cli_verb_t *verb, int argc, char **argv);

/*  Says what is wrong with how the verb was called, and returns CLI_WRONG_USE. */
int cli_wrong_use (const cli_verb_t *verb, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

/*  How files are to sound: the options that `play` and `render` share. */
typedef struct {
    uint32_t rate_hz; /* 0: the engine's default */
    zample_play_t how;
} cli_sound_t;

enum { CLI_KEY_GAIN = 256, CLI_KEY_PAN, CLI_KEY_SPEED, CLI_KEY_OWN };

#define CLI_SOUND_OPTIONS                                                                                    \
    { 'r', "rate", "HZ", "the engine's rate, 8000 to 192000; 48000 if not given" },                          \
        { CLI_KEY_GAIN, "gain", "FACTOR", "how loud, linear, 0 to 16; 1 if not given" },                     \
        { CLI_KEY_PAN, "pan", "PLACE", "-1 is left, 0 the middle, 1 right; 0 if not given" },                \
        { CLI_KEY_SPEED, "speed", "FACTOR", "how fast and high, 0.01 to 16; 1 if not given" }

/*  Takes one of these options. False if its argument is wrong, which was said. */
bool cli_sound_take (cli_sound_t *self, const cli_verb_t *verb, int key, const char *argument);

#endif
