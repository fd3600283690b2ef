/*  Walks a folder and all folders in it, and names the files that look like sounds. Opens none of them.

    Blocks on the disk; one folder is open at a time. What may be met: names of any bytes, folders that go away or may not be read,
    circles of links. A folder that cannot be read, is entered by a path longer than 4,095 bytes, or lies deeper than ZAMPLE_SCAN_LEVELS
    counts as failed; so does a file by so long a path. Names that begin with a dot are passed over. */
#ifndef ZAMPLE_LIBRARY_SCAN_H
#define ZAMPLE_LIBRARY_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/failure.h"

#define ZAMPLE_SCAN_PATH_SIZE 4096
#define ZAMPLE_SCAN_LEVELS 64

/*  Whether a file by this name is taken for a sound: by what stands behind its last dot. */
bool zample_scan_is_sound (const char *name);

/*  Where a scan begins. */
typedef struct {
    char path[ZAMPLE_SCAN_PATH_SIZE]; /* absolute, without links */
    char name[ZAMPLE_SCAN_PATH_SIZE]; /* its own */
} zample_scan_root_t;

/*  False on failure, which `failure` then holds: it is absent, no folder, or a symbolic link and `symlinks` is false. */
bool zample_scan_root (zample_scan_root_t *self, const char *directory, bool symlinks,
                       zample_failure_t *failure);

/*  Hears what is found, on the thread of the scan. */
typedef struct {
    /*  Before a folder is read, and again within large ones, with fresh = false. `path` is the folder's. fraction: of all folders
        known so far, 0.0 to 1.0, never falling. Returns false to give up: FAILED_CANCELLED. */
    bool (*at_folder) (void *context, const char *path, bool fresh, double fraction);

    /*  `folder` is what the library calls it: its path below the root, or the root's own name. Returns false if there is no
        memory: FAILED_NO_MEMORY. */
    bool (*at_sound) (void *context, const char *folder, const char *path);
    void *context;
} zample_scan_listener_t;

/*  False if it did not get through, which `failure` then tells. *failed counts what could not be read; the root
    itself is a failure. */
bool zample_scan (const zample_scan_root_t *root, bool symlinks, const zample_scan_listener_t *listener,
                  uint32_t *failed, zample_failure_t *failure);

#endif
