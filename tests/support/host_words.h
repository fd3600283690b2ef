/*  Taking the words of a command one by one, and answering it. What takes a word leaves `rest` behind it and returns false if
    there is none, or another than it should be. */
#ifndef ZAMPLE_TEST_HOST_WORDS_H
#define ZAMPLE_TEST_HOST_WORDS_H

#include "zample.h"

/*  Cuts the next word off; NULL when none is left. */
char *host_word (char **rest);

bool host_take_i64 (char **rest, int64_t *value);
bool host_take_u64 (char **rest, uint64_t *value);
bool host_take_slot (char **rest, uint32_t *slot);

/*  The last word of most commands: the frame, which may be left out. */
bool host_take_frame (char **rest, int64_t *frame);

/*  Nothing is left. */
bool host_is_end (char **rest);

/*  Takes "nan" and "inf" too: the library has to refuse them. */
bool host_read_float (const char *word, float *value);

/*  The number of a word among `count` names. */
bool host_take_name (const char *word, const char *const *names, unsigned count, unsigned *number);

/*  Each answers, and returns true. */
bool host_refuse (zample_status_t status);
bool host_answer (zample_status_t status);
bool host_answer_number (zample_status_t status, uint64_t number);

#endif
