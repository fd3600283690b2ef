/*  What the files of the store share: store.c (who has what) and store_room.c (who has to go). All of it is behind the
    lock. */
#ifndef ZAMPLE_STORE_INSIDE_H
#define ZAMPLE_STORE_INSIDE_H

#include <czmq.h>
#include <pthread.h>

#include "actors/store.h"

/*  A sound, or one that is being made. */
struct zample_store_entry {
    zample_store_key_t key;
    zample_sound_t *sound; /* NULL until it is filled */
    uint64_t bytes;        /* that count against the budget: set aside, or taken */
    uint32_t claims;
    uint32_t pins; /* slots that have it and are pinned */
    uint32_t samples;
    uint32_t there;    /* of these: slots have them */
    uint32_t replaced; /* of these: only voices have them; the rest is crossing */
    zample_sample_t *first;
    bool leaving;       /* the stage was asked to evict it */
    bool is_short;      /* its maker waits for room */
    uint64_t kept_turn; /* when it was last found playing */
    zample_store_entry_t *older, *newer;
};

typedef struct {
    zample_sample_t *sample;
    char *evicted_path;
    bool pinned;
} zample_store_slot_t;

struct zample_store {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    zhashx_t *entries;
    zample_store_entry_t *oldest, *newest; /* played */
    zample_store_slot_t *slots;
    uint32_t slot_count;
    uint64_t turn;
    zample_memory_t memory;
};

#endif
