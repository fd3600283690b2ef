/* The public header stands alone, as strict C++17, and links there. */
#include "zample.h"

int
main ()
{
    zample_config_t config {};
    zample_play_t how = ZAMPLE_PLAY_DEFAULT;
    zample_t *engine = nullptr;
    config.output = ZAMPLE_OUTPUT_OFFLINE;
    config.rate_hz = 1;
    return zample_new (&config, &engine) == ZAMPLE_RANGE && how.speed == 1.0f ? 0 : 1;
}
