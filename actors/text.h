/*  Text of any origin (paths, messages of libraries) made fit for fixed fields and for JSON. */
#ifndef ZAMPLE_TEXT_H
#define ZAMPLE_TEXT_H

#include <stddef.h>

/*  Copies `from`, with U+FFFD in the place of each byte that is not UTF-8. What does not fit is cut out of the
    middle, between characters, and "..." stands for it. size is at least 8. */
void zample_text_copy (char *to, size_t size, const char *from);

#endif
