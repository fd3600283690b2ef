/*  The words of the host's commands, and its answers. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/host_words.h"

static const char *
s_status_name (zample_status_t status)
{
    static const char *const names[] = { "OK",      "EMPTY",     "FULL",      "INVALID",
                                         "RANGE",   "NO_MEMORY", "NO_DEVICE", "NO_SOCKET",
                                         "NO_FILE", "NO_SOUND",  "NO_JOB",    "MISUSE" };
    return (size_t) status < sizeof names / sizeof *names ? names[status] : "UNKNOWN";
}

bool
host_refuse (zample_status_t status)
{
    printf ("error %s %s\n", s_status_name (status), zample_why ());
    return true;
}

bool
host_answer (zample_status_t status)
{
    if (status != ZAMPLE_OK)
        return host_refuse (status);
    puts ("ok");
    return true;
}

bool
host_answer_number (zample_status_t status, uint64_t number)
{
    if (status != ZAMPLE_OK)
        return host_refuse (status);
    printf ("ok %" PRIu64 "\n", number);
    return true;
}

char *
host_word (char **rest)
{
    char *word = *rest + strspn (*rest, " ");
    if (!*word)
        return NULL;
    char *end = word + strcspn (word, " ");
    *rest = *end ? end + 1 : end;
    *end = 0;
    return word;
}

static bool
s_is_whole (const char *word, const char *end)
{
    return *word && !*end && errno == 0;
}

bool
host_take_i64 (char **rest, int64_t *value)
{
    char *word = host_word (rest);
    if (!word)
        return false;
    char *end;
    errno = 0;
    *value = strtoll (word, &end, 10);
    return s_is_whole (word, end);
}

bool
host_take_u64 (char **rest, uint64_t *value)
{
    char *word = host_word (rest);
    if (!word)
        return false;
    char *end;
    errno = 0;
    *value = strtoull (word, &end, 10);
    return s_is_whole (word, end);
}

bool
host_take_slot (char **rest, uint32_t *slot)
{
    uint64_t value;
    if (!host_take_u64 (rest, &value) || value > UINT32_MAX)
        return false;
    *slot = (uint32_t) value;
    return true;
}

bool
host_read_float (const char *word, float *value)
{
    char *end;
    errno = 0;
    *value = strtof (word, &end);
    return s_is_whole (word, end);
}

bool
host_is_end (char **rest)
{
    return !host_word (rest);
}

bool
host_take_frame (char **rest, int64_t *frame)
{
    *frame = ZAMPLE_NOW;
    return !(*rest)[strspn (*rest, " ")] || (host_take_i64 (rest, frame) && host_is_end (rest));
}

bool
host_take_name (const char *word, const char *const *names, unsigned count, unsigned *number)
{
    for (*number = 0; *number < count; ++*number)
        if (strcmp (word, names[*number]) == 0)
            return true;
    return false;
}
