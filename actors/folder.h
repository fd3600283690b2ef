/*  The folder of an engine, where its socket lies: <runtime folder>/zample/<name>, mode 0700, held by a lock on the
    file `lock` in it for as long as the engine lives. Off the audio thread; blocks on the file system.
 */
#ifndef ZAMPLE_FOLDER_H
#define ZAMPLE_FOLDER_H

#include <stddef.h>

typedef struct zample_folder zample_folder_t;

/*  NULL on failure: `why` then holds a sentence. */
zample_folder_t *zample_folder_new (const char *name, char *why, size_t why_size);

/*  The endpoint of the socket that may be bound there. What a killed engine left in its place is gone. */
const char *zample_folder_endpoint (const zample_folder_t *self);

/*  Removes the folder and lets go of the name. */
void zample_folder_destroy (zample_folder_t **self);

#endif
