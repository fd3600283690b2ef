/*  The files that bench_load loads: made anew from real sounds by the ffmpeg command, in a folder of their own
    that goes when the program ends. */
#ifndef ZAMPLE_BENCH_LOAD_FILES_H
#define ZAMPLE_BENCH_LOAD_FILES_H

#include <stdbool.h>
#include <stddef.h>

enum { LOAD_LONG_SEC = 180, LOAD_KINDS = 6, LOAD_SHOTS = 1000 };

typedef struct {
    const char *name;   /* as people call it */
    const char *ending; /* of its files */
    const char *coding; /* for ffmpeg */
} load_kind_t;

extern const load_kind_t load_kinds[LOAD_KINDS];

/*  False, with a word on why, if there is no ffmpeg or no real sound here. */
bool load_files_make (void);

/*  LOAD_LONG_SEC of stereo at 44,100 Hz (Opus: 48,000). Valid until the end. */
const char *load_files_long (int kind);

/*  One of LOAD_SHOTS sounds of less than half a second, in all kinds. Valid until the end. */
const char *load_files_shot (int shot);

/*  Takes the sounds of less than half a second out of the page cache. */
void load_files_chill (void);

/*  Makes a long file another one to whom it matters: its time of change is now. */
void load_files_touch (const char *path);

#endif
