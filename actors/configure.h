/*  What was asked for, checked, with the defaults in their places. */
#ifndef ZAMPLE_CONFIGURE_H
#define ZAMPLE_CONFIGURE_H

#include "zample.h"

#define ZAMPLE_NAME_MAX 32

/*  Completes a copy of `asked` (or of all defaults, if NULL) in `config`. The strings are still the caller's, but for the
    default name, which is put into `name`. */
zample_status_t zample_configure (const zample_config_t *asked, zample_config_t *config,
                                  char name[ZAMPLE_NAME_MAX + 1]);

#endif
