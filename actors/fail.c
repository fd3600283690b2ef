/*  Any thread. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>

#include "actors/fail.h"

static _Thread_local char s_why[512];

zample_status_t
zample_fail (zample_status_t status, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (s_why, sizeof s_why, format, arguments);
    va_end (arguments);
    return status;
}

const char *
zample_why (void)
{
    return s_why;
}
