/*  Preloads: on the library's thread, which asks for each sound; loading is the workers'. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "actors/library_inside.h"
#include "actors/text.h"

#define ASKS_AT_ONCE 64 /* between two looks at whether to go on */

/*  What of the index is meant. */
typedef struct {
    const zample_index_t *index;
    uint32_t first;
    uint32_t count;
    unsigned char *met; /* a bit for each sound: of all that are meant, one may stand in several folders */
} s_range_t;

static bool
s_range_init (s_range_t *self, const zample_catalogue_t *catalogue, const zample_request_t *request)
{
    *self = (s_range_t) { .index = zample_catalogue_index (catalogue) };
    if (request->kind == REQUEST_LOAD)
        return zample_index_range (self->index, request->text, &self->first, &self->count);
    self->count = zample_index_count (self->index);
    self->met = calloc (zample_catalogue_size (catalogue) / 8 + 1, 1);
    return self->met != NULL;
}

static bool
s_meets_again (s_range_t *self, uint32_t sound)
{
    if (!self->met)
        return false;
    unsigned char bit = (unsigned char) (1 << sound % 8);
    bool again = self->met[sound / 8] & bit;
    self->met[sound / 8] |= bit;
    return again;
}

static void
s_tell_started (zample_librarian_t *self, const zample_request_t *request)
{
    zample_event_t event = zample_jobs_event (self->jobs, request->job, ZAMPLE_NO_SLOT, ZAMPLE_EVENT_STARTED);
    zample_text_copy (event.u.started.path, sizeof event.u.started.path, request->text);
    zample_jobs_tell (self->jobs, &event);
}

/*  Returns how many were asked for. */
static uint32_t
s_ask_for_all (zample_librarian_t *self, s_range_t *range, const zample_request_t *request)
{
    uint32_t asked = 0;
    for (uint32_t i = 0; i < range->count; i++) {
        zample_index_entry_t entry;
        if (i % ASKS_AT_ONCE == 0) {
            zample_librarian_listen (self);
            if (!zample_librarian_goes_on (self, request->job))
                break;
        }
        zample_index_at (range->index, range->first + i, &entry);
        if (s_meets_again (range, entry.sound))
            continue;
        zample_ask_t ask = { .slot = self->spec->base + entry.sound,
                             .path = entry.path,
                             .how = request->how,
                             .group = request->job };
        zample_jobs_ask (self->jobs, &ask);
        asked++;
    }
    return asked;
}

void
zample_librarian_load (zample_librarian_t *self, const zample_request_t *request)
{
    s_range_t range;
    s_tell_started (self, request);
    if (s_range_init (&range, self->catalogue, request))
        zample_jobs_gather (self->jobs, request->job, s_ask_for_all (self, &range, request));
    else if (request->kind == REQUEST_LOAD_ALL)
        zample_jobs_fail (self->jobs, request->job, ZAMPLE_CODE_NO_MEMORY,
                          "there is no memory to load the library");
    else {
        char sentence[ZAMPLE_PATH_MAX + 64];
        snprintf (sentence, sizeof sentence, "%s: the library has no sound or folder of this name",
                  request->text);
        zample_jobs_fail (self->jobs, request->job, ZAMPLE_CODE_NOT_FOUND, sentence);
    }
    free (range.met);
}
