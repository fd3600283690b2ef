/*  Looks into an index: any thread, any number of them. The sounds lie sorted in one row, each folder's together; a table of
    open addressing, at most half full, leads from the hash of a name to what is called so, and there the name
    itself is compared. The index keeps no text of its own. */
#include "config.h"

#include <string.h>

#include "engine/library/index_inside.h"

static bool
s_is_called (const zample_index_t *self, zample_index_cell_t cell, const char *name, size_t length)
{
    if (cell.kind == NAMES_FOLDER) {
        const zample_index_folder_t *folder = &self->folders[cell.at];
        return folder->length == length && memcmp (folder->name, name, length) == 0;
    }
    const zample_index_sound_t *sound = &self->sounds[cell.at];
    bool is_stem = cell.kind == NAMES_PATH_STEM || cell.kind == NAMES_STEM;
    size_t file_length = is_stem ? sound->stem_length : sound->name_length;
    if (cell.kind == NAMES_PATH || cell.kind == NAMES_PATH_STEM) {
        const zample_index_folder_t *folder = &self->folders[sound->folder];
        if (length != folder->length + 1 + file_length || name[folder->length] != '/'
            || memcmp (name, folder->name, folder->length) != 0)
            return false;
        name += folder->length + 1;
        length = file_length;
    }
    return length == file_length && memcmp (name, sound->path + sound->name_at, length) == 0;
}

zample_index_cell_t *
zample_index_cell (const zample_index_t *self, uint32_t hash, const char *name, size_t length)
{
    for (size_t at = hash & self->mask;; at = (at + 1) & self->mask) {
        zample_index_cell_t *cell = &self->cells[at];
        if (cell->kind == NAMES_NOTHING || (cell->hash == hash && s_is_called (self, *cell, name, length)))
            return cell;
    }
}

static zample_index_cell_t
s_look (const zample_index_t *self, const char *name, size_t length)
{
    return *zample_index_cell (self, (uint32_t) zample_siphash (&self->key, name, length), name, length);
}

/*  "<folder>:<index>": the place. */
static bool
s_find_in_folder (const zample_index_t *self, const char *name, uint32_t *place)
{
    const char *colon = strrchr (name, ':');
    if (!colon || !colon[1] || colon[1 + strspn (colon + 1, "0123456789")])
        return false;
    zample_index_cell_t cell = s_look (self, name, (size_t) (colon - name));
    if (cell.kind != NAMES_FOLDER)
        return false;
    const zample_index_folder_t *folder = &self->folders[cell.at];
    uint64_t index = 0;
    for (const char *digit = colon + 1; *digit; digit++)
        index = (10 * index + (uint64_t) (*digit - '0')) % folder->count;
    *place = folder->first + (uint32_t) index;
    return true;
}

bool
zample_index_range (const zample_index_t *self, const char *name, uint32_t *first, uint32_t *count)
{
    *count = 1;
    if (s_find_in_folder (self, name, first))
        return true;
    zample_index_cell_t cell = s_look (self, name, strlen (name));
    if (cell.kind == NAMES_FOLDER) {
        *first = self->folders[cell.at].first;
        *count = self->folders[cell.at].count;
    }
    else
        *first = cell.at;
    return cell.kind != NAMES_NOTHING;
}

bool
zample_index_find (const zample_index_t *self, const char *name, uint32_t *sound)
{
    uint32_t first, count;
    if (!zample_index_range (self, name, &first, &count))
        return false;
    *sound = self->sounds[first].sound;
    return true;
}

uint32_t
zample_index_count (const zample_index_t *self)
{
    return self->count;
}

bool
zample_index_at (const zample_index_t *self, uint32_t place, zample_index_entry_t *entry)
{
    if (place >= self->count)
        return false;
    const zample_index_sound_t *sound = &self->sounds[place];
    const zample_index_folder_t *folder = &self->folders[sound->folder];
    *entry = (zample_index_entry_t) {
        .sound = sound->sound,
        .index = place - folder->first,
        .count = folder->count,
        .folder = folder->name,
        .path = sound->path,
    };
    return true;
}

const char *
zample_index_path (const zample_index_t *self, uint32_t sound)
{
    return sound < self->path_count ? self->paths[sound] : NULL;
}
