/*  What an engine is made of, for the facade alone (zample.c, commands.c). */
#ifndef ZAMPLE_ENGINE_H
#define ZAMPLE_ENGINE_H

#include "actors/audio.h"
#include "actors/broker.h"
#include "actors/configure.h"
#include "actors/folder.h"
#include "actors/library.h"
#include "actors/loader.h"

struct zample {
    char name[ZAMPLE_NAME_MAX + 1];
    bool offline;
    uint32_t own_slots; /* those of the library come behind them */
    void *context;
    zample_doorway_t *doorway;
    zample_folder_t *folder;
    zample_inbox_t *inbox;
    zample_broker_t *broker;
    zample_told_t *told;
    zample_store_t *store;
    zample_jobs_t *jobs;
    zample_library_t *library;
    zample_cache_t *cache; /* NULL: none */
    zample_audio_t *audio;
    zample_loader_t *loader;
};

#endif
