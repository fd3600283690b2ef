/*  Folders that were seen before, by device and inode. One thread at a time. */
#ifndef ZAMPLE_LIBRARY_SEEN_H
#define ZAMPLE_LIBRARY_SEEN_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t device;
    uint64_t inode;
} zample_seen_folder_t;

/*  Start from all zeros. */
typedef struct {
    zample_seen_folder_t *cells; /* inode 0 is empty: no folder has it */
    size_t size;                 /* a power of two, or 0 */
    size_t count;
} zample_seen_t;

typedef enum { SEEN_NEW, SEEN_BEFORE, SEEN_NO_MEMORY } zample_seen_answer_t;

zample_seen_answer_t zample_seen_look (zample_seen_t *self, uint64_t device, uint64_t inode);
void zample_seen_reset (zample_seen_t *self);

#endif
