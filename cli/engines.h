/*  Finds the engines of this user that run, by their folders (docs/protocol.md, "Where"). */
#ifndef ZAMPLE_CLI_ENGINES_H
#define ZAMPLE_CLI_ENGINES_H

#include <stddef.h>

typedef struct {
    char name[33];
    char endpoint[512];
} cli_engine_t;

/*  Allocates *engines, in the order of their names, and returns how many there are; the caller frees it. */
size_t cli_engines_find (cli_engine_t **engines);

#endif
