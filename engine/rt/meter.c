/*  The meter: runs on the audio thread, inside the block. */
#include "config.h"

#include <math.h>

#include "engine/rt/meter.h"

void
zample_meter_init (zample_meter_state_t *self, zample_latest_t *cell)
{
    *self = (zample_meter_state_t) { .cell = cell, .left = ZAMPLE_METER_FRAMES };
}

static void
s_look (zample_meter_state_t *self, const float *frames, int64_t count)
{
    float left = self->peak[0], right = self->peak[1];
    for (int64_t i = 0; i < count; i++) {
        float a = fabsf (frames[2 * i]), b = fabsf (frames[2 * i + 1]);
        left = a > left ? a : left;
        right = b > right ? b : right;
    }
    self->peak[0] = left;
    self->peak[1] = right;
}

static void
s_publish (zample_meter_state_t *self, int64_t frame, uint32_t voices)
{
    zample_meter_record_t record = { .frame = frame,
                                     .peak = { self->peak[0], self->peak[1] },
                                     .voices = voices };
    uint64_t words[ZAMPLE_LATEST_WORDS];
    memcpy (words, &record, sizeof record);
    zample_latest_write (self->cell, words);
    zample_meter_init (self, self->cell);
}

void
zample_meter_watch (zample_meter_state_t *self, const float *frames, int64_t count, int64_t frame,
                    uint32_t voices)
{
    while (count > 0) {
        int64_t piece = count < self->left ? count : self->left;
        s_look (self, frames, piece);
        self->left -= piece;
        frames += 2 * piece;
        frame += piece;
        count -= piece;
        if (self->left == 0)
            s_publish (self, frame, voices);
    }
}
