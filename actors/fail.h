/*  The sentence behind a failed call, kept for the thread that made it. */
#ifndef ZAMPLE_FAIL_H
#define ZAMPLE_FAIL_H

#include "zample.h"

/*  Keeps the sentence and returns the status, so that a check is one line. */
zample_status_t zample_fail (zample_status_t status, const char *format, ...)
    __attribute__ ((format (printf, 2, 3)));

#endif
