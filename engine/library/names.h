/*  Names that keep their number: each new one gets the next, counted from 0, and has it for good. One thread at a time. */
#ifndef ZAMPLE_LIBRARY_NAMES_H
#define ZAMPLE_LIBRARY_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#define ZAMPLE_NO_NUMBER UINT32_MAX

typedef struct zample_names zample_names_t;

/*  NULL if there is no memory. */
zample_names_t *zample_names_new (void);

/*  Forgives NULL. */
void zample_names_destroy (zample_names_t **self);

/*  How many there are. */
uint32_t zample_names_count (const zample_names_t *self);

/*  The number of a name, ZAMPLE_NO_NUMBER if it has none. */
uint32_t zample_names_find (const zample_names_t *self, const char *name);

/*  The same, and a new name gets one. ZAMPLE_NO_NUMBER: no memory. */
uint32_t zample_names_take (zample_names_t *self, const char *name);

/*  Stays where it is until it is forgotten or all are destroyed: any thread may read it. */
const char *zample_names_text (const zample_names_t *self, uint32_t number);

/*  Forgets all from number `count` on; they may be given again. For names that nobody was told of. */
void zample_names_forget (zample_names_t *self, uint32_t count);

#endif
