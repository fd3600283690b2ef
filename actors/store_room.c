/*  Room in the store: a worker's thread asks, the audio actor's tells what was kept; behind the lock. */
#include "config.h"

#include "actors/store_inside.h"

static bool
s_can_go (const zample_store_entry_t *entry)
{
    return entry->sound && entry->claims == 0 && entry->pins == 0 && entry->there > 0
           && entry->there == entry->samples;
}

/*  Whether it could go in a moment: it is being made, or on its way to a slot. */
static bool
s_can_go_soon (const zample_store_entry_t *entry)
{
    if (!entry->sound)
        return !entry->is_short;
    return entry->pins == 0 && (entry->claims > 0 || entry->there + entry->replaced < entry->samples);
}

/*  What could go if it were asked, goes already, or can be asked in a moment. */
static uint64_t
s_evictable (const zample_store_t *self, const zample_claim_t *claim)
{
    uint64_t bytes = 0;
    for (zample_store_entry_t *entry = self->oldest; entry; entry = entry->newer) {
        bool can_go =
            entry->leaving || s_can_go_soon (entry) || (s_can_go (entry) && entry->kept_turn <= claim->since);
        if (can_go && entry != claim->entry)
            bytes += entry->bytes;
    }
    return bytes;
}

/*  Names the samples of one entry, if there is room for all. */
static bool
s_name_victims (zample_store_entry_t *entry, zample_store_victim_t *victims, uint32_t *count)
{
    if (entry->samples > ZAMPLE_STORE_VICTIMS - *count)
        return false;
    entry->leaving = true;
    for (zample_sample_t *sample = entry->first; sample; sample = sample->keeper_next)
        victims[(*count)++] = (zample_store_victim_t) { .job = sample->job, .slot = sample->slot };
    return true;
}

static void
s_choose_victims (zample_store_t *self, const zample_claim_t *claim, uint64_t short_bytes,
                  zample_store_victim_t *victims, uint32_t *count)
{
    uint64_t going = 0;
    for (zample_store_entry_t *entry = self->oldest; entry && going < short_bytes; entry = entry->newer) {
        bool chosen = entry->leaving;
        if (!chosen && s_can_go (entry) && entry->kept_turn <= claim->since)
            chosen = s_name_victims (entry, victims, count);
        going += chosen ? entry->bytes : 0;
    }
}

zample_store_room_t
zample_store_make_room (zample_store_t *self, zample_claim_t *claim, uint64_t bytes,
                        zample_store_victim_t *victims, uint32_t *count)
{
    zample_store_room_t answer = STORE_ROOM;
    *count = 0;
    pthread_mutex_lock (&self->lock);
    uint64_t others = self->memory.used_bytes - claim->entry->bytes;
    uint64_t budget = self->memory.budget_bytes;
    if (bytes <= budget && others <= budget - bytes) {
        claim->entry->bytes = bytes;
        self->memory.used_bytes = others + bytes;
    }
    else if (bytes > budget || others - s_evictable (self, claim) > budget - bytes)
        answer = STORE_NEVER;
    else {
        s_choose_victims (self, claim, others + bytes - budget, victims, count);
        answer = STORE_LATER;
    }
    claim->entry->is_short = answer == STORE_LATER;
    pthread_mutex_unlock (&self->lock);
    return answer;
}

void
zample_store_kept (zample_store_t *self, uint32_t slot)
{
    pthread_mutex_lock (&self->lock);
    if (self->slots[slot].sample) {
        zample_store_entry_t *entry = self->slots[slot].sample->keeper;
        entry->leaving = false;
        entry->kept_turn = ++self->turn;
    }
    pthread_cond_broadcast (&self->changed);
    pthread_mutex_unlock (&self->lock);
}
