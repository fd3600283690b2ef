/*  A file that is to be decoded, open: regular, no larger than allowed, and told apart from all others.
    Reading it never waits for anything but the disk. */
#ifndef ZAMPLE_FILE_H
#define ZAMPLE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/failure.h"

/*  What tells one state of one file from any other. */
typedef struct {
    uint64_t device;
    uint64_t inode;
    int64_t size;
    int64_t changed_ns; /* mtime */
} zample_file_id_t;

typedef struct {
    const char *path; /* the caller's */
    int fd;
    zample_file_id_t id;
} zample_file_t;

/*  False on failure, which `failure` then holds. A symbolic link is refused unless `symlinks` (only as the
    last part of the path: folders on the way may be links). */
bool zample_file_open (zample_file_t *self, const char *path, bool symlinks, int64_t bytes_max,
                       zample_failure_t *failure);

/*  Forgives a file that is all zeros, that did not open, or that is closed. */
void zample_file_close (zample_file_t *self);

#endif
