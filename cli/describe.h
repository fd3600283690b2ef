/*  Puts what an engine publishes into words, a line each, on stdout. */
#ifndef ZAMPLE_CLI_DESCRIBE_H
#define ZAMPLE_CLI_DESCRIBE_H

#include <jansson.h>

/*  An event or telemetry; `raw` is how it came, and is shown for a type that is not known. */
void cli_describe (const json_t *message, json_int_t rate_hz, const char *raw);

void cli_describe_snapshot (const json_t *snapshot);

#endif
