/*  How FFmpeg is kept from printing. It prints by a level that belongs to the whole process, and so to the
    host, who alone may change it. But each context can add to the level of what it says. */
#ifndef ZAMPLE_HUSH_H
#define ZAMPLE_HUSH_H

/* Levels begin at 8 and end at 56, so this lifts all of them above any level that is shown. No more: some
   parts add 127 themselves, and of the sum only eight bits are read. */
#define ZAMPLE_HUSH 64

#endif
