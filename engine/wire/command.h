/*  What any thread may ask of the stage. With its turn on the ring, a command is one cache line. */
#ifndef ZAMPLE_WIRE_COMMAND_H
#define ZAMPLE_WIRE_COMMAND_H

#include <assert.h>
#include <stdint.h>

#include "engine/wire/sample.h"

typedef enum {
    COMMAND_LOAD = 1,
    COMMAND_UNLOAD,
    COMMAND_PLAY,
    COMMAND_STOP,
    COMMAND_STOP_SLOT,
    COMMAND_STOP_ALL,
    COMMAND_PAUSE,
    COMMAND_RESUME,
    COMMAND_SEEK,
    COMMAND_EVICT,  /* of the engine itself: as UNLOAD, of that very sample, unless it is playing */
    COMMAND_GIVE_UP /* of the engine itself: what waits for this slot's sound waits in vain */
} zample_command_tag_t;

/*  What a PLAY does whose slot is empty. */
typedef enum { MISSING_REJECT, MISSING_SKIP, MISSING_WAIT } zample_missing_tag_t;

typedef struct {
    uint32_t kind;  /* zample_command_tag_t */
    uint32_t slot;  /* LOAD, UNLOAD, PLAY, STOP_SLOT, EVICT, GIVE_UP */
    int64_t frame;  /* when; 0 is as soon as possible */
    uint64_t voice; /* STOP, PAUSE, RESUME, SEEK; a PLAY's voice is its own number */
    union {
        struct {
            zample_sample_t *sample;
            uint32_t keep_voices; /* that play in the slot: they end when they will */
        } load;
        struct {
            uint64_t job; /* of the sample that is meant */
        } evict;
        struct {
            float gain; /* velocity included */
            float pan;
            float speed;
            uint32_t loop;
            uint32_t missing; /* zample_missing_tag_t */
        } play;
        struct {
            int64_t position_frames;
        } seek;
        uint64_t words_[4];
    } u;
} zample_command_t;

#define RING zample_command_ring
#define RING_ITEM zample_command_t
#include "engine/wire/mpsc_ring.h"

static_assert (sizeof (zample_command_t) == 56, "a command leaves room for its turn");
static_assert (sizeof (zample_command_ring_cell_t) == 64, "a command and its turn are one cache line");

/*  A command's number: its place on the ring, counted from 1. A voice is named by the PLAY that started it. */
static inline uint64_t
zample_command_number (uint64_t ticket)
{
    return ticket + 1;
}

#endif
