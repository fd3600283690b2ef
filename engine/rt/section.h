/*  A section is one block on the stage, from enter to exit: nothing in it may wait.

    A guard build (./configure --enable-rtguard) watches each section and ends the process at the first
    call that might wait, with a line that names it; guard.c says how. In every other build a section is
    nothing.
 */
#ifndef ZAMPLE_SECTION_H
#define ZAMPLE_SECTION_H

/* Here and not left to the includer: one that forgot it would go unwatched without a word. */
#include "config.h"

#ifdef ZAMPLE_RTGUARD

#include <stdbool.h>

/*  Once on the audio thread, before its first block and after its last one. A thread that renders without
    them (the caller's, offline) is watched as well, at the price of two system calls around each block. */
void zample_section_thread_begin (void);
void zample_section_thread_end (void);

/*  Around a block. Sections do not nest. */
void zample_section_enter (void);
void zample_section_exit (void);

/*  Which guards watch, for the guards' own tests: both, unless this was called before the first section. */
void zample_section_arm (bool rtsan, bool dispatch);

/*  Whether this kernel has Syscall User Dispatch. If not, RealtimeSanitizer watches alone. */
bool zample_section_has_dispatch (void);

/*  How a process ends that made a system call in a section. */
#define ZAMPLE_SECTION_CAUGHT 86

#else

static inline void
zample_section_thread_begin (void)
{
}

static inline void
zample_section_thread_end (void)
{
}

static inline void
zample_section_enter (void)
{
}

static inline void
zample_section_exit (void)
{
}

#endif
#endif
