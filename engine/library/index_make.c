/*  Makes an index: sorts, groups, and enters every name. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/library/index_inside.h"
#include "engine/library/natural.h"

#define STEPS_AT_ONCE 4096 /* between two looks at whether to go on */

/*  What is needed while it is made. */
typedef struct {
    const zample_index_content_t *content;
    zample_index_t *index;
    uint32_t *ranks; /* by a folder's number: its place */
    unsigned steps;
    bool stopped;
} s_making_t;

/*  Counts a step. */
static bool
s_goes_on (s_making_t *self)
{
    if (++self->steps % STEPS_AT_ONCE == 0 && self->content->goes_on
        && !self->content->goes_on (self->content->context))
        self->stopped = true;
    return !self->stopped;
}

static const char *
s_file (const zample_index_sound_t *sound)
{
    return sound->path + sound->name_at;
}

/* ---- order */

static int
s_compare_folders (const void *left, const void *right)
{
    return zample_natural_compare (((const zample_index_folder_t *) left)->name,
                                   ((const zample_index_folder_t *) right)->name);
}

static int
s_compare_sounds (const zample_index_sound_t *left, const zample_index_sound_t *right)
{
    if (left->folder != right->folder)
        return left->folder < right->folder ? -1 : 1;
    int by_name = zample_natural_compare (s_file (left), s_file (right));
    return by_name ? by_name : zample_natural_compare (left->path, right->path);
}

/*  Merges two sorted neighbours, of which the second begins at `middle`. */
static void
s_merge (s_making_t *self, const zample_index_sound_t *from, zample_index_sound_t *to, size_t middle,
         size_t count)
{
    size_t left = 0, right = middle;
    for (size_t i = 0; i < count && s_goes_on (self); i++) {
        bool takes_left =
            right == count || (left < middle && s_compare_sounds (from + left, from + right) <= 0);
        to[i] = takes_left ? from[left++] : from[right++];
    }
}

/*  By merging, because qsort cannot be told to give up. The result is in one of both. */
static zample_index_sound_t *
s_sort (s_making_t *self, zample_index_sound_t *sounds, zample_index_sound_t *spare, size_t count)
{
    for (size_t run = 1; run < count && !self->stopped; run *= 2) {
        for (size_t at = 0; at < count; at += 2 * run) {
            size_t length = count - at < 2 * run ? count - at : 2 * run;
            s_merge (self, sounds + at, spare + at, length < run ? length : run, length);
        }
        zample_index_sound_t *sorted = spare;
        spare = sounds;
        sounds = sorted;
    }
    return sounds;
}

/* ---- making */

/*  All folders that hold something, in order. */
static bool
s_take_folders (s_making_t *self)
{
    const zample_index_content_t *content = self->content;
    zample_index_t *index = self->index;
    uint32_t known = zample_names_count (content->folders), count = 0;
    self->ranks = malloc ((known + 1) * sizeof *self->ranks);
    index->folders = calloc (known + 1, sizeof *index->folders);
    if (!self->ranks || !index->folders)
        return false;
    memset (self->ranks, 0xff, known * sizeof *self->ranks);
    for (uint32_t i = 0; i < content->count; i++) {
        uint32_t number = content->items[i].folder;
        if (self->ranks[number] != ZAMPLE_NO_NUMBER)
            continue;
        self->ranks[number] = count;
        const char *name = zample_names_text (content->folders, number);
        index->folders[count++] =
            (zample_index_folder_t) { .name = name, .length = strlen (name), .number = number };
    }
    qsort (index->folders, count, sizeof *index->folders, s_compare_folders);
    for (uint32_t i = 0; i < count; i++)
        self->ranks[index->folders[i].number] = i;
    index->folder_count = count;
    return true;
}

static zample_index_sound_t
s_sound (const s_making_t *self, zample_index_item_t item)
{
    const char *path = zample_names_text (self->content->paths, item.sound);
    const char *slash = strrchr (path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr (name, '.');
    return (zample_index_sound_t) {
        .path = path,
        .sound = item.sound,
        .folder = self->ranks[item.folder],
        .name_at = (uint16_t) (name - path),
        .name_length = (uint16_t) strlen (name),
        .stem_length = (uint16_t) (dot && dot > name ? dot - name : (ptrdiff_t) strlen (name)),
    };
}

/*  Two folders of the same name are one, and a sound that came there twice is in it once. */
static void
s_group (zample_index_t *index)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < index->count; i++) {
        zample_index_sound_t sound = index->sounds[i];
        const zample_index_sound_t *last = count > 0 ? &index->sounds[count - 1] : NULL;
        if (last && last->sound == sound.sound && last->folder == sound.folder)
            continue;
        zample_index_folder_t *folder = &index->folders[sound.folder];
        if (folder->count++ == 0)
            folder->first = count;
        index->sounds[count++] = sound;
    }
    index->count = count;
}

static bool
s_take_sounds (s_making_t *self)
{
    uint32_t count = self->content->count;
    size_t size = ((size_t) count + 1) * sizeof (zample_index_sound_t);
    zample_index_sound_t *sounds = malloc (size), *spare = malloc (size);
    if (!sounds || !spare) {
        free (sounds);
        free (spare);
        return false;
    }
    for (uint32_t i = 0; i < count && s_goes_on (self); i++)
        sounds[i] = s_sound (self, self->content->items[i]);
    zample_index_sound_t *sorted = s_sort (self, sounds, spare, count);
    free (sorted == sounds ? spare : sounds);
    self->index->sounds = sorted;
    self->index->count = count;
    if (!self->stopped)
        s_group (self->index);
    return true;
}

static bool
s_take_paths (s_making_t *self)
{
    const zample_names_t *paths = self->content->paths;
    uint32_t count = zample_names_count (paths);
    self->index->paths = malloc (((size_t) count + 1) * sizeof *self->index->paths);
    if (!self->index->paths)
        return false;
    for (uint32_t i = 0; i < count; i++)
        self->index->paths[i] = zample_names_text (paths, i);
    self->index->path_count = count;
    return true;
}

/*  The first that comes keeps the name. */
static void
s_enter (zample_index_t *index, zample_index_kind_t kind, uint32_t at, const char *name, size_t length)
{
    uint32_t hash = (uint32_t) zample_siphash (&index->key, name, length);
    zample_index_cell_t *cell = zample_index_cell (index, hash, name, length);
    if (cell->kind == NAMES_NOTHING)
        *cell =
            (zample_index_cell_t) { .hash = hash, .kind = kind & 15, .at = at & (ZAMPLE_INDEX_ITEMS - 1) };
}

/*  What a sound is called, if names of that kind were all. `buffer` holds the longest. */
static const char *
s_name (const zample_index_t *index, zample_index_kind_t kind, uint32_t at, char *buffer, size_t *length)
{
    const zample_index_sound_t *sound = &index->sounds[at];
    const zample_index_folder_t *folder = &index->folders[sound->folder];
    const char *file = sound->path + sound->name_at;
    *length = kind == NAMES_PATH || kind == NAMES_FILE ? sound->name_length : sound->stem_length;
    if (kind == NAMES_FILE || kind == NAMES_STEM)
        return file;
    memcpy (buffer, folder->name, folder->length);
    buffer[folder->length] = '/';
    memcpy (buffer + folder->length + 1, file, *length);
    *length += folder->length + 1;
    return buffer;
}

static bool
s_enter_names (s_making_t *self)
{
    zample_index_t *index = self->index;
    size_t names = (size_t) index->folder_count + 4 * (size_t) index->count, size = 16;
    size_t longest = 0, length;
    for (uint32_t i = 0; i < index->folder_count; i++)
        longest = index->folders[i].length > longest ? index->folders[i].length : longest;
    char *buffer = malloc (longest + 1 + UINT16_MAX);
    while (size < 2 * names)
        size *= 2;
    index->mask = size - 1;
    index->cells = calloc (size, sizeof *index->cells);
    if (!buffer || !index->cells) {
        free (buffer);
        return false;
    }
    for (uint32_t i = 0; i < index->folder_count; i++)
        s_enter (index, NAMES_FOLDER, i, index->folders[i].name, index->folders[i].length);
    for (zample_index_kind_t kind = NAMES_PATH; kind <= NAMES_STEM; kind++)
        for (uint32_t i = 0; i < index->count && s_goes_on (self); i++) {
            const char *name = s_name (index, kind, i, buffer, &length);
            s_enter (index, kind, i, name, length);
        }
    free (buffer);
    return true;
}

zample_index_t *
zample_index_new (const zample_index_content_t *content)
{
    s_making_t self = { .content = content, .index = calloc (1, sizeof (zample_index_t)) };
    if (!self.index)
        return NULL;
    self.index->key = zample_siphash_key ();
    if (!s_take_folders (&self) || !s_take_sounds (&self) || !s_take_paths (&self) || self.stopped
        || !s_enter_names (&self) || self.stopped)
        zample_index_destroy (&self.index);
    free (self.ranks);
    return self.index;
}

void
zample_index_destroy (zample_index_t **self_p)
{
    zample_index_t *self = *self_p;
    if (!self)
        return;
    free (self->sounds);
    free (self->folders);
    free (self->paths);
    free (self->cells);
    free (self);
    *self_p = NULL;
}
