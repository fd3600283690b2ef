/*  The store: which sounds are in memory, who has them, and how much they take. Any thread but the audio thread; one lock,
    held for a moment.

    A sound is there once, however many slots have it. Its life:

        claim -> (MINE: make room, decode, fill) -> sample, one for each slot -> the stage -> release

    When room is short, those that were not played for the longest time go: the store names them, the worker asks the
    stage, and the room is there when the stage has given them back. So what sounds take never exceeds the budget. */
#ifndef ZAMPLE_STORE_H
#define ZAMPLE_STORE_H

#include "engine/file.h"
#include "engine/sample.h"
#include "engine/wire/report.h"
#include "zample.h"

typedef struct zample_store zample_store_t;
typedef struct zample_store_entry zample_store_entry_t;

typedef struct {
    zample_file_id_t file;
    uint32_t quality;
    uint32_t unused_; /* 0: keys are compared as bytes */
} zample_store_key_t;

/*  A load's hold on what it makes, or shares. All zeros to begin with. */
typedef struct {
    zample_store_entry_t *entry;
    uint64_t since; /* what has been found playing since then is not asked again */
} zample_claim_t;

/*  NULL if there is no memory. `slots` is the number of all there are. */
zample_store_t *zample_store_new (uint32_t slots, uint64_t budget_bytes);

/*  Frees what the stage had, which must be gone. */
void zample_store_destroy (zample_store_t **self);

/* ---- a worker's */

typedef enum {
    STORE_FOUND, /* it is in memory, and the claim shares it */
    STORE_MINE,  /* it is for the claimer to make */
    STORE_BUSY,  /* another worker is making it: await and claim again */
    STORE_NO_MEMORY
} zample_store_claim_t;

zample_store_claim_t zample_store_claim (zample_store_t *self, const zample_store_key_t *key,
                                         zample_claim_t *claim);

typedef struct {
    uint64_t job; /* of the sample */
    uint32_t slot;
} zample_store_victim_t;

#define ZAMPLE_STORE_VICTIMS 32

typedef enum {
    STORE_ROOM,  /* `bytes` in all are set aside for the claim */
    STORE_LATER, /* the victims are to be evicted by the stage, or others are already: await and ask again */
    STORE_NEVER  /* it does not fit, whatever goes */
} zample_store_room_t;

/*  Names up to ZAMPLE_STORE_VICTIMS victims. */
zample_store_room_t zample_store_make_room (zample_store_t *self, zample_claim_t *claim, uint64_t bytes,
                                            zample_store_victim_t *victims, uint32_t *count);

/*  Waits until something was let go of, or a few milliseconds. */
void zample_store_await (zample_store_t *self);

/*  The sound is made: the store takes it, and from now on others find it. */
void zample_store_fill (zample_store_t *self, zample_claim_t *claim, zample_sound_t *sound, bool from_cache);

/*  A sample for one slot, which it pins once it is there if its keeper_pins is set. Ends the claim. NULL if there is no
    memory. */
zample_sample_t *zample_store_sample (zample_store_t *self, zample_claim_t *claim, uint64_t job,
                                      const char *path);

/*  Ends a claim of which nothing came. Forgives one that has ended. */
void zample_store_abandon (zample_store_t *self, zample_claim_t *claim);

/* ---- the audio actor's, as the stage reports */

/*  A slot has it. */
void zample_store_enter (zample_store_t *self, zample_sample_t *sample, uint32_t slot);

/*  The stage has given it back, or it never got there. Sets the pointer to NULL. */
void zample_store_release (zample_store_t *self, zample_sample_t **sample);

void zample_store_played (zample_store_t *self, uint32_t slot);

/*  What this slot has plays, and was not evicted. */
void zample_store_kept (zample_store_t *self, uint32_t slot);

/* ---- anyone's */

/*  The sound that a slot has, held once more; NULL if it has none. */
zample_sound_t *zample_store_sound (zample_store_t *self, uint32_t slot);

/*  Whether the slot has a sound, and of which quality. `quality` may be NULL. */
bool zample_store_holds (zample_store_t *self, uint32_t slot, zample_quality_t *quality);

/*  Where the sound came from that was evicted from this slot; false if none was, or another came. */
bool zample_store_evicted_path (zample_store_t *self, uint32_t slot, char *path, size_t size);

/*  The slot was unloaded: what was evicted from it is not to come back. */
void zample_store_forget (zample_store_t *self, uint32_t slot);

void zample_store_pin (zample_store_t *self, uint32_t slot, bool pinned);
zample_memory_t zample_store_memory (zample_store_t *self);

#endif
