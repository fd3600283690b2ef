/*  From what the stage reports to what everybody is told. */
#ifndef ZAMPLE_TRANSLATE_H
#define ZAMPLE_TRANSLATE_H

#include "engine/wire/report.h"
#include "zample.h"

/*  All but a device's report, which needs to know the device. The samples in a report are read, and stay whose
    they are. */
zample_event_t zample_translate (const zample_report_t *report, uint32_t rate_hz);

/*  A play that found its slot empty, and nothing to fill it with, becomes a REJECTED. */
void zample_translate_as_empty (zample_event_t *event);

#endif
