/*  The host's commands for loads, memory and the library. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/host_loading.h"
#include "tests/support/host_words.h"

static bool
s_take_priority (const char *word, zample_priority_t *priority)
{
    static const char *const names[] = {
        [ZAMPLE_PRIORITY_SOON] = "soon", [ZAMPLE_PRIORITY_NOW] = "now", [ZAMPLE_PRIORITY_IDLE] = "idle"
    };
    unsigned number;
    bool taken = host_take_name (word, names, sizeof names / sizeof *names, &number);
    *priority = (zample_priority_t) number;
    return taken;
}

static bool
s_take_load_word (char *word, zample_load_t *how)
{
    static const char *const qualities[] = {
        [ZAMPLE_QUALITY_GOOD] = "good", [ZAMPLE_QUALITY_FAST] = "fast", [ZAMPLE_QUALITY_BEST] = "best"
    };
    char *value = strchr (word, '=') + 1;
    unsigned number;
    if (strncmp (word, "priority=", 9) == 0)
        return s_take_priority (value, &how->priority);
    if (strncmp (word, "deadline=", 9) == 0)
        return host_take_i64 (&value, &how->deadline);
    bool taken = host_take_name (value, qualities, sizeof qualities / sizeof *qualities, &number);
    how->quality = (zample_quality_t) number;
    return taken;
}

/*  The options that stand before a path: a path that looks like one must begin with "./". */
static bool
s_take_how (char **rest, zample_load_t *how)
{
    while (strncmp (*rest, "priority=", 9) == 0 || strncmp (*rest, "quality=", 8) == 0
           || strncmp (*rest, "deadline=", 9) == 0)
        if (!s_take_load_word (host_word (rest), how))
            return false;
    return true;
}

bool
host_load (zample_t *engine, char *rest)
{
    uint32_t slot;
    zample_load_t how = { 0 };
    if (!host_take_slot (&rest, &slot) || !s_take_how (&rest, &how))
        return false;
    uint64_t job = 0;
    zample_status_t status = zample_load (engine, slot, rest, &how, &job);
    return host_answer_number (status, job);
}

bool
host_cancel (zample_t *engine, char *rest)
{
    uint64_t job;
    return host_take_u64 (&rest, &job) && host_is_end (&rest) && host_answer (zample_cancel (engine, job));
}

bool
host_prioritise (zample_t *engine, char *rest)
{
    uint64_t job;
    zample_priority_t priority;
    int64_t deadline;
    if (!host_take_u64 (&rest, &job))
        return false;
    const char *word = host_word (&rest);
    return word && s_take_priority (word, &priority) && host_take_frame (&rest, &deadline)
           && host_answer (zample_prioritise (engine, job, priority, deadline));
}

bool
host_pin (zample_t *engine, char *rest)
{
    uint32_t slot;
    return host_take_slot (&rest, &slot) && host_is_end (&rest)
           && host_answer (zample_pin (engine, slot, true));
}

/*  Answers with the budget, what is used and pinned of it, and how many sounds, slots with one, evictions and shared loads
    there are. */
bool
host_memory (zample_t *engine, char *rest)
{
    zample_memory_t memory;
    if (!host_is_end (&rest))
        return false;
    zample_status_t status = zample_memory (engine, &memory);
    if (status != ZAMPLE_OK)
        return host_refuse (status);
    printf ("ok %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
            memory.budget_bytes, memory.used_bytes, memory.pinned_bytes, memory.sounds, memory.slots,
            memory.evictions, memory.shared);
    return true;
}

/* ----------------------------------------------------------------- library */

bool
host_add (zample_t *engine, char *rest)
{
    uint64_t job = 0;
    zample_status_t status = zample_library_add (engine, rest, &job);
    return host_answer_number (status, job);
}

bool
host_find (zample_t *engine, char *rest)
{
    uint32_t slot = 0;
    zample_status_t status = zample_library_find (engine, rest, &slot);
    return host_answer_number (status, slot);
}

bool
host_preload (zample_t *engine, char *rest)
{
    uint64_t job = 0;
    zample_status_t status = zample_library_preload (engine, *rest ? rest : NULL, NULL, &job);
    return host_answer_number (status, job);
}
