/*  Sentences that name a file and what is wrong with it. Any thread. */
#ifndef ZAMPLE_WHY_H
#define ZAMPLE_WHY_H

#include <stddef.h>

#include "engine/failure.h"

/*  "<path>: <reason>". A path that leaves no room for the reason loses its middle, which "..." stands for. */
void zample_why_path (char *why, size_t why_size, const char *path, const char *reason);

/*  The same, the reason being what errno means for a file. */
void zample_why_errno (char *why, size_t why_size, const char *path, int error);

/*  The code and the sentence at once. */
void zample_why_failed (zample_failure_t *failure, zample_failed_tag_t code, const char *path,
                        const char *reason);
void zample_why_failed_errno (zample_failure_t *failure, const char *path, int error);

#endif
