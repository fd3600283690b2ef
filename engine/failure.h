/*  Why a file or a folder did not become what it should: a code for programs, and a sentence for people. */
#ifndef ZAMPLE_FAILURE_H
#define ZAMPLE_FAILURE_H

#define ZAMPLE_SENTENCE_SIZE 440

typedef enum {
    FAILED_NOT = 0,
    FAILED_NOT_FOUND,
    FAILED_DENIED,
    FAILED_NOT_A_FILE, /* a directory, a pipe, a device */
    FAILED_NOT_A_FOLDER,
    FAILED_SYMLINK,
    FAILED_EMPTY,
    FAILED_UNKNOWN_FORMAT, /* no sound file that zample knows */
    FAILED_UNSUPPORTED, /* a known kind of file with a coder, a rate or so many channels that it cannot have */
    FAILED_DAMAGED,
    FAILED_TOO_LARGE, /* more bytes than the configuration allows */
    FAILED_TOO_LONG,  /* more frames */
    FAILED_TOO_MANY_CHANNELS,
    FAILED_TOO_MANY_STREAMS,
    FAILED_TOO_SLOW, /* more time */
    FAILED_NO_MEMORY,
    FAILED_OVER_BUDGET, /* the memory that sounds may take is used up */
    FAILED_IO,
    FAILED_LIBRARY_FULL,
    FAILED_CANCELLED,
    FAILED_CLOSED /* the engine ended */
} zample_failed_tag_t;

typedef struct {
    zample_failed_tag_t code;
    char sentence[ZAMPLE_SENTENCE_SIZE]; /* names the path and what is wrong */
} zample_failure_t;

#endif
