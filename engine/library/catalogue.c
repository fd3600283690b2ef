/*  The catalogue: what each root holds, as its last scan found it. Every scan makes a new index over all roots, shows it, and
    keeps the old ones until nobody reads them. */
#include "config.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/library/catalogue.h"
#include "engine/library/published.h"
#include "engine/why.h"

typedef struct {
    zample_index_item_t *items;
    uint32_t count;
    uint32_t room;
} s_list_t;

typedef struct {
    zample_scan_root_t place;
    s_list_t found;
} s_root_t;

/*  An index that is shown, or was. */
typedef struct s_edition {
    struct s_edition *before;
    zample_index_t *index;
} s_edition_t;

struct zample_catalogue {
    uint32_t sounds_max;
    bool symlinks;
    zample_names_t *paths; /* of sounds */
    zample_names_t *folders;
    s_root_t **roots;
    uint32_t root_count;
    s_edition_t *current;
    atomic_uint size; /* of paths, as they are shown */
    _Alignas (WIRE_APART) zample_published_t published;
};

/*  A scan under way. */
typedef struct {
    zample_catalogue_t *catalogue;
    const zample_catalogue_listener_t *listener;
    s_list_t found;
    uint64_t unfit;
    bool given_up;
} s_scan_t;

static bool
s_list_add (s_list_t *self, zample_index_item_t item)
{
    if (self->count == self->room) {
        uint32_t room = self->room ? 2 * self->room : 256;
        zample_index_item_t *items = realloc (self->items, room * sizeof *items);
        if (!items)
            return false;
        self->items = items;
        self->room = room;
    }
    self->items[self->count++] = item;
    return true;
}

static void
s_list_reset (s_list_t *self)
{
    free (self->items);
    *self = (s_list_t) { 0 };
}

static bool
s_goes_on (void *context)
{
    s_scan_t *self = context;
    self->given_up = !self->listener->goes_on (self->listener->context);
    return !self->given_up;
}

/* ---- editions */

/*  The index over the given list and what all other roots hold. */
static zample_index_t *
s_make_index (const zample_catalogue_t *self, const s_root_t *scanned, const s_list_t *list, s_scan_t *scan)
{
    uint64_t count = list->count;
    for (uint32_t i = 0; i < self->root_count; i++)
        count += self->roots[i] == scanned ? 0 : self->roots[i]->found.count;
    zample_index_item_t *items = count <= ZAMPLE_INDEX_ITEMS ? malloc ((count + 1) * sizeof *items) : NULL;
    if (!items)
        return NULL;
    zample_index_content_t content = { .items = items,
                                       .folders = self->folders,
                                       .paths = self->paths,
                                       .goes_on = scan ? s_goes_on : NULL,
                                       .context = scan };
    for (uint32_t i = 0; i < self->root_count; i++) {
        const s_list_t *part = self->roots[i] == scanned ? list : &self->roots[i]->found;
        if (part->count > 0)
            memcpy (items + content.count, part->items, part->count * sizeof *items);
        content.count += part->count;
    }
    zample_index_t *index = zample_index_new (&content);
    free (items);
    return index;
}

/*  Takes the index. */
static bool
s_show (zample_catalogue_t *self, zample_index_t *index)
{
    s_edition_t *edition = malloc (sizeof *edition);
    if (!edition || !index) {
        free (edition);
        zample_index_destroy (&index);
        return false;
    }
    *edition = (s_edition_t) { .before = self->current, .index = index };
    self->current = edition;
    zample_published_show (&self->published, edition);
    atomic_store_explicit (&self->size, zample_names_count (self->paths), memory_order_release);
    return true;
}

static void
s_free_editions (s_edition_t *newest)
{
    while (newest) {
        s_edition_t *before = newest->before;
        zample_index_destroy (&newest->index);
        free (newest);
        newest = before;
    }
}

bool
zample_catalogue_tidy (zample_catalogue_t *self)
{
    if (!self->current->before)
        return true;
    if (!zample_published_is_quiet (&self->published))
        return false;
    s_free_editions (self->current->before);
    self->current->before = NULL;
    return true;
}

/* ---- the whole */

static bool
s_begin (zample_catalogue_t *self)
{
    static const s_list_t nothing = { 0 };
    self->paths = zample_names_new ();
    self->folders = zample_names_new ();
    zample_published_init (&self->published, NULL);
    return self->paths && self->folders && s_show (self, s_make_index (self, NULL, &nothing, NULL));
}

zample_catalogue_t *
zample_catalogue_new (uint32_t sounds_max, bool symlinks)
{
    zample_catalogue_t *self = aligned_alloc (WIRE_APART, sizeof *self);
    if (!self)
        return NULL;
    memset (self, 0, sizeof *self);
    self->sounds_max = sounds_max;
    self->symlinks = symlinks;
    if (!s_begin (self))
        zample_catalogue_destroy (&self);
    return self;
}

void
zample_catalogue_destroy (zample_catalogue_t **self_p)
{
    zample_catalogue_t *self = *self_p;
    if (!self)
        return;
    s_free_editions (self->current);
    for (uint32_t i = 0; i < self->root_count; i++) {
        s_list_reset (&self->roots[i]->found);
        free (self->roots[i]);
    }
    free (self->roots);
    zample_names_destroy (&self->paths);
    zample_names_destroy (&self->folders);
    free (self);
    *self_p = NULL;
}

/* ---- roots */

static bool
s_refuse (zample_failure_t *failure, zample_failed_tag_t code, const char *path, const char *reason)
{
    failure->code = code;
    zample_why_path (failure->sentence, sizeof failure->sentence, path, reason);
    return false;
}

static bool
s_keep_root (zample_catalogue_t *self, const zample_scan_root_t *place)
{
    s_root_t **roots = realloc (self->roots, (self->root_count + 1) * sizeof *roots);
    s_root_t *root = malloc (sizeof *root);
    if (roots)
        self->roots = roots;
    if (!roots || !root) {
        free (root);
        return false;
    }
    *root = (s_root_t) { .place = *place };
    roots[self->root_count++] = root;
    return true;
}

bool
zample_catalogue_root (zample_catalogue_t *self, const char *directory, uint32_t *root,
                       zample_failure_t *failure)
{
    zample_scan_root_t place;
    if (!zample_scan_root (&place, directory, self->symlinks, failure))
        return false;
    for (*root = 0; *root < self->root_count; ++*root)
        if (strcmp (self->roots[*root]->place.path, place.path) == 0)
            return true;
    return s_keep_root (self, &place)
           || s_refuse (failure, FAILED_NO_MEMORY, directory, "there is no memory to add it");
}

uint32_t
zample_catalogue_roots (const zample_catalogue_t *self)
{
    return self->root_count;
}

const char *
zample_catalogue_root_path (const zample_catalogue_t *self, uint32_t root)
{
    return self->roots[root]->place.path;
}

/* ---- scanning */

static bool
s_at_folder (void *context, const char *path, bool fresh, double fraction)
{
    s_scan_t *self = context;
    return self->listener->at_folder (self->listener->context, path, fresh, fraction);
}

static bool
s_at_sound (void *context, const char *folder, const char *path)
{
    s_scan_t *self = context;
    zample_catalogue_t *catalogue = self->catalogue;
    zample_index_item_t item = { .sound = zample_names_find (catalogue->paths, path) };
    if (item.sound == ZAMPLE_NO_NUMBER) {
        if (zample_names_count (catalogue->paths) >= catalogue->sounds_max) {
            self->unfit++;
            return true;
        }
        item.sound = zample_names_take (catalogue->paths, path);
    }
    item.folder = zample_names_take (catalogue->folders, folder);
    return item.sound != ZAMPLE_NO_NUMBER && item.folder != ZAMPLE_NO_NUMBER
           && s_list_add (&self->found, item);
}

/*  Shows what was found. */
static bool
s_take (s_scan_t *self, s_root_t *root, zample_failure_t *failure)
{
    zample_catalogue_t *catalogue = self->catalogue;
    zample_index_t *index = s_make_index (catalogue, root, &self->found, self);
    if (self->given_up)
        return s_refuse (failure, FAILED_CANCELLED, root->place.path, "the scan was called off");
    if (!s_show (catalogue, index))
        return s_refuse (failure, FAILED_NO_MEMORY, root->place.path, "there is no memory for its names");
    s_list_reset (&root->found);
    root->found = self->found;
    self->found = (s_list_t) { 0 };
    zample_catalogue_tidy (catalogue);
    return true;
}

static bool
s_say_full (const s_scan_t *self, const s_root_t *root, zample_failure_t *failure)
{
    char reason[160];
    snprintf (reason, sizeof reason,
              "the library is full: %llu of its sounds did not fit, as it takes %u in all",
              (unsigned long long) self->unfit, self->catalogue->sounds_max);
    return s_refuse (failure, FAILED_LIBRARY_FULL, root->place.path, reason);
}

bool
zample_catalogue_scan (zample_catalogue_t *self, uint32_t root_number,
                       const zample_catalogue_listener_t *listener, zample_catalogue_counts_t *counts,
                       zample_failure_t *failure)
{
    s_root_t *root = self->roots[root_number];
    s_scan_t scan = { .catalogue = self, .listener = listener };
    zample_scan_listener_t ear = { .at_folder = s_at_folder, .at_sound = s_at_sound, .context = &scan };
    uint32_t paths = zample_names_count (self->paths), folders = zample_names_count (self->folders);
    *counts = (zample_catalogue_counts_t) { 0 };
    bool scanned = zample_scan (&root->place, self->symlinks, &ear, &counts->failed, failure);
    bool is_gone = !scanned && failure->code != FAILED_CANCELLED && failure->code != FAILED_NO_MEMORY;
    zample_failure_t unshown;
    bool shown = (scanned || is_gone) && s_take (&scan, root, scanned ? failure : &unshown);
    if (!shown) { /* nobody was told of the new ones */
        zample_names_forget (self->paths, paths);
        zample_names_forget (self->folders, folders);
    }
    s_list_reset (&scan.found);
    if (!scanned || !shown)
        return false;
    counts->sounds = root->found.count;
    counts->unfit = scan.unfit;
    return scan.unfit == 0 || s_say_full (&scan, root, failure);
}

const zample_index_t *
zample_catalogue_index (const zample_catalogue_t *self)
{
    return self->current->index;
}

uint32_t
zample_catalogue_number (const zample_catalogue_t *self, const char *path)
{
    return zample_names_find (self->paths, path);
}

/* ---- any thread */

static const zample_index_t *
s_enter (zample_catalogue_t *self)
{
    const s_edition_t *edition = zample_published_enter (&self->published);
    return edition->index;
}

uint32_t
zample_catalogue_size (const zample_catalogue_t *self)
{
    return atomic_load_explicit (&self->size, memory_order_acquire);
}

bool
zample_catalogue_find (zample_catalogue_t *self, const char *name, uint32_t *sound)
{
    bool found = zample_index_find (s_enter (self), name, sound);
    zample_published_leave (&self->published);
    return found;
}

bool
zample_catalogue_entry (zample_catalogue_t *self, uint32_t place, zample_catalogue_entry_t *entry)
{
    zample_index_entry_t at;
    bool found = zample_index_at (s_enter (self), place, &at);
    if (found) {
        entry->sound = at.sound;
        entry->index = at.index;
        entry->count = at.count;
        strcpy (entry->folder, at.folder);
        strcpy (entry->path, at.path);
    }
    zample_published_leave (&self->published);
    return found;
}

bool
zample_catalogue_path (zample_catalogue_t *self, uint32_t sound, char path[ZAMPLE_SCAN_PATH_SIZE])
{
    const char *text = zample_index_path (s_enter (self), sound);
    if (text)
        strcpy (path, text);
    zample_published_leave (&self->published);
    return text != NULL;
}
