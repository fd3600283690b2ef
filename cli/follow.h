/*  Follows an engine by the rules of docs/protocol.md, "Following". */
#ifndef ZAMPLE_CLI_FOLLOW_H
#define ZAMPLE_CLI_FOLLOW_H

#include <stdbool.h>

typedef struct {
    const char *endpoint;
    bool json;  /* print what comes as it is, not in words */
    bool meter; /* telemetry as well */
} cli_follow_t;

/*  Prints what the engine tells until it closes, a signal comes, or it goes away. Returns the exit code. */
int cli_follow (const cli_follow_t *what, int signals);

#endif
