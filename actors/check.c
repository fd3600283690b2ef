/*  Checks: any thread. */
#include "config.h"

#include "actors/check.h"
#include "actors/fail.h"

zample_status_t
zample_check_engine (const zample_t *self)
{
    return self ? ZAMPLE_OK : zample_fail (ZAMPLE_INVALID, "engine is NULL");
}

static zample_status_t
s_out_of_range (uint32_t slot, uint32_t slots)
{
    return zample_fail (ZAMPLE_RANGE, "slot %u is out of range: this engine has 0 to %u", slot, slots - 1);
}

zample_status_t
zample_check_slot (const zample_t *self, uint32_t slot)
{
    if (!self)
        return zample_check_engine (self);
    if (slot < self->own_slots)
        return ZAMPLE_OK;
    uint32_t slots = self->own_slots + zample_library_size (self->library);
    return slot < slots ? ZAMPLE_OK : s_out_of_range (slot, slots);
}

zample_status_t
zample_check_own_slot (const zample_t *self, uint32_t slot)
{
    zample_status_t status = zample_check_slot (self, slot);
    if (status != ZAMPLE_OK || slot < self->own_slots)
        return status;
    return zample_fail (ZAMPLE_RANGE, "slot %u is the library's: only its own sound can be loaded there",
                        slot);
}
