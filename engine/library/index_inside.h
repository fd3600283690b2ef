/*  What an index is made of, for its two files alone. */
#ifndef ZAMPLE_LIBRARY_INDEX_INSIDE_H
#define ZAMPLE_LIBRARY_INDEX_INSIDE_H

#include <stddef.h>

#include "engine/library/index.h"
#include "engine/library/siphash.h"

typedef struct {
    const char *path;
    uint32_t sound;
    uint32_t folder; /* its place among the folders */
    uint16_t name_at;
    uint16_t name_length;
    uint16_t stem_length;
} zample_index_sound_t;

typedef struct {
    const char *name;
    size_t length;
    uint32_t number;
    uint32_t first;
    uint32_t count;
} zample_index_folder_t;

/*  What a name can be. In this order they are entered, and the first that comes keeps the name. */
typedef enum {
    NAMES_NOTHING,
    NAMES_FOLDER,
    NAMES_PATH,
    NAMES_FILE,
    NAMES_PATH_STEM,
    NAMES_STEM
} zample_index_kind_t;

typedef struct {
    uint32_t hash;
    uint32_t kind : 4; /* zample_index_kind_t */
    uint32_t at : 28;  /* of the folder or the sound */
} zample_index_cell_t;

struct zample_index {
    zample_index_sound_t *sounds;
    uint32_t count;
    zample_index_folder_t *folders;
    uint32_t folder_count;
    const char **paths; /* by number */
    uint32_t path_count;
    zample_index_cell_t *cells;
    size_t mask;
    zample_siphash_key_t key;
};

/*  The cell of a name, or the empty one where it belongs. */
zample_index_cell_t *zample_index_cell (const zample_index_t *self, uint32_t hash, const char *name,
                                        size_t length);

#endif
