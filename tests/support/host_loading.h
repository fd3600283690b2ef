/*  The host's commands for loads, memory and the library: each takes what stands after its name, and answers. False: that was not what its
    usage says (host.c). */
#ifndef ZAMPLE_TEST_HOST_LOADING_H
#define ZAMPLE_TEST_HOST_LOADING_H

#include "zample.h"

bool host_load (zample_t *engine, char *rest);
bool host_cancel (zample_t *engine, char *rest);
bool host_prioritise (zample_t *engine, char *rest);
bool host_pin (zample_t *engine, char *rest);
bool host_memory (zample_t *engine, char *rest);
bool host_add (zample_t *engine, char *rest);
bool host_find (zample_t *engine, char *rest);
bool host_preload (zample_t *engine, char *rest);

#endif
