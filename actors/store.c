/*  The store: any thread but the audio thread, behind its lock. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "actors/store_inside.h"

#define AWAIT_NS 2000000

/* ------------------------------------------------------------------- entries */

/*  FNV-1a; http://www.isthe.com/chongo/tech/comp/fnv/ */
static size_t
s_hash (const void *key)
{
    const unsigned char *bytes = key;
    uint64_t hash = UINT64_C (14695981039346656037);
    for (size_t i = 0; i < sizeof (zample_store_key_t); i++)
        hash = (hash ^ bytes[i]) * UINT64_C (1099511628211);
    return (size_t) hash;
}

static int
s_compare (const void *a, const void *b)
{
    return memcmp (a, b, sizeof (zample_store_key_t));
}

static void
s_unlink (zample_store_t *self, zample_store_entry_t *entry)
{
    *(entry->older ? &entry->older->newer : &self->oldest) = entry->newer;
    *(entry->newer ? &entry->newer->older : &self->newest) = entry->older;
}

static void
s_link_newest (zample_store_t *self, zample_store_entry_t *entry)
{
    entry->older = self->newest;
    entry->newer = NULL;
    *(self->newest ? &self->newest->newer : &self->oldest) = entry;
    self->newest = entry;
}

static void
s_touch (zample_store_t *self, zample_store_entry_t *entry)
{
    s_unlink (self, entry);
    s_link_newest (self, entry);
}

static zample_store_entry_t *
s_entry_new (zample_store_t *self, const zample_store_key_t *key)
{
    zample_store_entry_t *entry = calloc (1, sizeof *entry);
    if (!entry)
        return NULL;
    entry->key = *key;
    zhashx_insert (self->entries, &entry->key, entry);
    s_link_newest (self, entry);
    return entry;
}

/*  Takes out an entry that nobody has any more. Returns its sound, NULL if it has none or stays: letting go of that may take
    a while, and is done outside the lock. */
static zample_sound_t *
s_drop_unused (zample_store_t *self, zample_store_entry_t *entry)
{
    if (entry->claims > 0 || entry->samples > 0)
        return NULL;
    zample_sound_t *sound = entry->sound;
    zhashx_delete (self->entries, &entry->key);
    s_unlink (self, entry);
    self->memory.used_bytes -= entry->bytes;
    self->memory.sounds -= sound != NULL;
    free (entry);
    return sound;
}

/* ---------------------------------------------------------------------- life */

zample_store_t *
zample_store_new (uint32_t slots, uint64_t budget_bytes)
{
    zample_store_t *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    pthread_condattr_t steady;
    pthread_condattr_init (&steady);
    pthread_condattr_setclock (&steady, CLOCK_MONOTONIC);
    pthread_mutex_init (&self->lock, NULL);
    pthread_cond_init (&self->changed, &steady);
    pthread_condattr_destroy (&steady);
    self->memory.budget_bytes = budget_bytes;
    self->slot_count = slots;
    self->slots = calloc (slots, sizeof *self->slots);
    self->entries = zhashx_new ();
    if (!self->slots || !self->entries) {
        zample_store_destroy (&self);
        return NULL;
    }
    zhashx_set_key_duplicator (self->entries, NULL);
    zhashx_set_key_destructor (self->entries, NULL);
    zhashx_set_key_hasher (self->entries, s_hash);
    zhashx_set_key_comparator (self->entries, s_compare);
    return self;
}

static void
s_unhook (zample_sample_t *sample)
{
    zample_store_entry_t *entry = sample->keeper;
    *(sample->keeper_previous ? &sample->keeper_previous->keeper_next : &entry->first) = sample->keeper_next;
    if (sample->keeper_next)
        sample->keeper_next->keeper_previous = sample->keeper_previous;
    entry->samples--;
}

void
zample_store_destroy (zample_store_t **self_p)
{
    zample_store_t *self = *self_p;
    if (!self)
        return;
    while (self->oldest) {
        zample_store_entry_t *entry = self->oldest;
        while (entry->first) {
            zample_sample_t *sample = entry->first;
            s_unhook (sample);
            zample_sample_destroy (&sample);
        }
        entry->claims = 0;
        zample_sound_t *sound = s_drop_unused (self, entry);
        zample_sound_release (&sound);
    }
    for (uint32_t slot = 0; self->slots && slot < self->slot_count; slot++)
        free (self->slots[slot].evicted_path);
    zhashx_destroy (&self->entries);
    pthread_cond_destroy (&self->changed);
    pthread_mutex_destroy (&self->lock);
    free (self->slots);
    free (self);
    *self_p = NULL;
}

/* ------------------------------------------------------------------- claiming */

zample_store_claim_t
zample_store_claim (zample_store_t *self, const zample_store_key_t *key, zample_claim_t *claim)
{
    zample_store_claim_t answer = STORE_MINE;
    pthread_mutex_lock (&self->lock);
    zample_store_entry_t *entry = zhashx_lookup (self->entries, key);
    if (!entry)
        entry = s_entry_new (self, key);
    else
        answer = entry->sound ? STORE_FOUND : STORE_BUSY;
    if (!entry)
        answer = STORE_NO_MEMORY;
    else if (answer != STORE_BUSY) {
        entry->claims++;
        entry->leaving = false;
        *claim = (zample_claim_t) { .entry = entry, .since = self->turn };
        self->memory.shared += answer == STORE_FOUND;
    }
    pthread_mutex_unlock (&self->lock);
    return answer;
}

void
zample_store_await (zample_store_t *self)
{
    struct timespec until;
    clock_gettime (CLOCK_MONOTONIC, &until);
    until.tv_nsec += AWAIT_NS;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock (&self->lock);
    pthread_cond_timedwait (&self->changed, &self->lock, &until);
    pthread_mutex_unlock (&self->lock);
}

void
zample_store_fill (zample_store_t *self, zample_claim_t *claim, zample_sound_t *sound, bool from_cache)
{
    pthread_mutex_lock (&self->lock);
    zample_store_entry_t *entry = claim->entry;
    self->memory.used_bytes -= entry->bytes;
    entry->bytes = zample_sound_bytes (sound);
    self->memory.used_bytes += entry->bytes;
    entry->sound = sound;
    self->memory.sounds++;
    self->memory.cached += from_cache;
    pthread_cond_broadcast (&self->changed);
    pthread_mutex_unlock (&self->lock);
}

static zample_sound_t *
s_end_claim (zample_store_t *self, zample_claim_t *claim)
{
    claim->entry->claims--;
    zample_sound_t *unused = s_drop_unused (self, claim->entry);
    claim->entry = NULL;
    pthread_cond_broadcast (&self->changed);
    return unused;
}

zample_sample_t *
zample_store_sample (zample_store_t *self, zample_claim_t *claim, uint64_t job, const char *path)
{
    zample_store_entry_t *entry = claim->entry;
    zample_sample_t *sample = zample_sample_new (entry->sound, path);
    pthread_mutex_lock (&self->lock);
    if (sample) {
        sample->job = job;
        sample->keeper = entry;
        sample->keeper_next = entry->first;
        if (entry->first)
            entry->first->keeper_previous = sample;
        entry->first = sample;
        entry->samples++;
    }
    zample_sound_t *unused = s_end_claim (self, claim);
    pthread_mutex_unlock (&self->lock);
    zample_sound_release (&unused);
    return sample;
}

void
zample_store_abandon (zample_store_t *self, zample_claim_t *claim)
{
    if (!claim->entry)
        return;
    pthread_mutex_lock (&self->lock);
    zample_sound_t *unused = s_end_claim (self, claim);
    pthread_mutex_unlock (&self->lock);
    zample_sound_release (&unused);
}

/* ---------------------------------------------------------------- what is told */

/*  Counts a slot that has the sample in (by 1) or out (by -1). */
static void
s_count_slot (zample_store_t *self, const zample_sample_t *sample, bool pinned, int by)
{
    zample_store_entry_t *entry = sample->keeper;
    entry->there += (uint32_t) by;
    self->memory.slots += (uint64_t) by;
    if (!pinned)
        return;
    bool before = entry->pins > 0;
    entry->pins += (uint32_t) by;
    if (before != (entry->pins > 0))
        self->memory.pinned_bytes += (uint64_t) by * entry->bytes;
}

static void
s_forget (zample_store_slot_t *slot)
{
    free (slot->evicted_path);
    slot->evicted_path = NULL;
}

static void
s_take_from_slot (zample_store_t *self, zample_store_slot_t *slot)
{
    if (!slot->sample)
        return;
    zample_store_entry_t *entry = slot->sample->keeper;
    entry->leaving = false;
    s_count_slot (self, slot->sample, slot->pinned, -1);
    slot->sample = NULL;
}

/*  Voices may still have what was there. */
static void
s_replace (zample_store_t *self, zample_store_slot_t *slot)
{
    zample_sample_t *before = slot->sample;
    s_take_from_slot (self, slot);
    if (!before)
        return;
    zample_store_entry_t *entry = before->keeper;
    before->keeper_replaced = true;
    entry->replaced++;
}

void
zample_store_enter (zample_store_t *self, zample_sample_t *sample, uint32_t number)
{
    pthread_mutex_lock (&self->lock);
    zample_store_slot_t *slot = &self->slots[number];
    s_replace (self, slot);
    slot->sample = sample;
    slot->pinned |= sample->keeper_pins;
    s_count_slot (self, sample, slot->pinned, 1);
    s_forget (slot);
    s_touch (self, sample->keeper);
    pthread_mutex_unlock (&self->lock);
}

void
zample_store_release (zample_store_t *self, zample_sample_t **sample_p)
{
    zample_sample_t *sample = *sample_p;
    zample_store_entry_t *entry = sample->keeper;
    pthread_mutex_lock (&self->lock);
    zample_store_slot_t *slot = &self->slots[sample->slot];
    if (slot->sample == sample) {
        s_take_from_slot (self, slot);
        if (sample->leaving == ENDED_EVICTED) {
            slot->evicted_path = strdup (zample_sample_path (sample));
            self->memory.evictions++;
        }
    }
    entry->replaced -= sample->keeper_replaced;
    s_unhook (sample);
    zample_sample_destroy (&sample);
    zample_sound_t *unused = s_drop_unused (self, entry);
    pthread_cond_broadcast (&self->changed);
    pthread_mutex_unlock (&self->lock);
    zample_sound_release (&unused);
    *sample_p = NULL;
}

void
zample_store_played (zample_store_t *self, uint32_t slot)
{
    pthread_mutex_lock (&self->lock);
    if (self->slots[slot].sample)
        s_touch (self, self->slots[slot].sample->keeper);
    pthread_mutex_unlock (&self->lock);
}

/* ---------------------------------------------------------------- what is asked */

zample_sound_t *
zample_store_sound (zample_store_t *self, uint32_t slot)
{
    pthread_mutex_lock (&self->lock);
    zample_sample_t *sample = self->slots[slot].sample;
    zample_sound_t *sound = sample ? zample_sound_hold (zample_sample_sound (sample)) : NULL;
    pthread_mutex_unlock (&self->lock);
    return sound;
}

bool
zample_store_holds (zample_store_t *self, uint32_t slot, zample_quality_t *quality)
{
    pthread_mutex_lock (&self->lock);
    const zample_sample_t *sample = self->slots[slot].sample;
    const zample_store_entry_t *entry = sample ? sample->keeper : NULL;
    if (entry && quality)
        *quality = (zample_quality_t) entry->key.quality;
    pthread_mutex_unlock (&self->lock);
    return entry != NULL;
}

bool
zample_store_evicted_path (zample_store_t *self, uint32_t slot, char *path, size_t size)
{
    pthread_mutex_lock (&self->lock);
    const char *evicted = self->slots[slot].evicted_path;
    if (evicted)
        snprintf (path, size, "%s", evicted);
    pthread_mutex_unlock (&self->lock);
    return evicted != NULL;
}

void
zample_store_forget (zample_store_t *self, uint32_t slot)
{
    pthread_mutex_lock (&self->lock);
    s_forget (&self->slots[slot]);
    pthread_mutex_unlock (&self->lock);
}

void
zample_store_pin (zample_store_t *self, uint32_t number, bool pinned)
{
    pthread_mutex_lock (&self->lock);
    zample_store_slot_t *slot = &self->slots[number];
    if (slot->sample)
        s_count_slot (self, slot->sample, slot->pinned, -1);
    slot->pinned = pinned;
    if (slot->sample)
        s_count_slot (self, slot->sample, slot->pinned, 1);
    pthread_mutex_unlock (&self->lock);
}

zample_memory_t
zample_store_memory (zample_store_t *self)
{
    pthread_mutex_lock (&self->lock);
    zample_memory_t memory = self->memory;
    pthread_mutex_unlock (&self->lock);
    return memory;
}
