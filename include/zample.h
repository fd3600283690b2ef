/*  zample - a sampler engine that you embed.

    Copyright (c) the zample authors. This Source Code Form is subject to the terms of the Mozilla Public
    License, v. 2.0. If a copy of the MPL was not distributed with this file, you can obtain one at
    http://mozilla.org/MPL/2.0/.

    An engine loads sounds in the background into numbered slots, plays them exact to the frame on a
    real-time thread of its own, and tells what happened: to this process through zample_poll, and to every
    other program through a ZeroMQ socket (docs/protocol.md).

    Words. A frame is one sample per channel; the engine is stereo. Time is the engine frame: it starts at
    0, never goes back, and runs on when a device is lost. A slot holds a loaded sound. A voice is one
    sounding of a slot. Gains are linear. A speed of 2.0 is one octave up.

    Threads. Every function may be called from any thread, and unless it says otherwise it neither blocks
    nor allocates. zample_destroy must be the last call on its engine. The library prints nothing and leaves
    signals, the random generator and the locale alone.

    Errors. Functions that can fail return a zample_status_t; a call that fails changes nothing.
    zample_why () says in a sentence why the last call of the same thread failed.
 */
#ifndef ZAMPLE_H
#define ZAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ZAMPLE_VERSION_MAJOR 0
#define ZAMPLE_VERSION_MINOR 1
#define ZAMPLE_VERSION_PATCH 0

#if defined(__GNUC__)
#define ZAMPLE_API __attribute__ ((visibility ("default")))
#else
#define ZAMPLE_API
#endif

typedef struct zample zample_t;

typedef enum {
    ZAMPLE_OK = 0,
    ZAMPLE_EMPTY,     /* nothing to poll; not a failure */
    ZAMPLE_FULL,      /* a bounded ring has no room now: try again after a block */
    ZAMPLE_INVALID,   /* NULL where something is needed, a number that is not finite, an unknown enumerator */
    ZAMPLE_RANGE,     /* a number outside the range that its description states */
    ZAMPLE_NO_MEMORY, /* the machine has no memory or no thread left */
    ZAMPLE_NO_DEVICE, /* the device does not open, or does not do what was asked */
    ZAMPLE_NO_SOCKET, /* the events cannot be published under that name */
    ZAMPLE_NO_FILE,   /* the recording cannot be written, or the cache's folder not made */
    ZAMPLE_NO_SOUND,  /* there is no sound by that name, or in that slot */
    ZAMPLE_NO_JOB,    /* no such load is on its way */
    ZAMPLE_MISUSE     /* not for this kind of engine */
} zample_status_t;

/*  The version of the library, as "0.1.0". */
ZAMPLE_API const char *zample_version (void);

/*  A status in a few words, never NULL. */
ZAMPLE_API const char *zample_status_text (zample_status_t status);

/*  Why the last failing call of this thread failed: one sentence that names what was wrong, "" if none
    failed yet. Valid until this thread's next failing call. */
ZAMPLE_API const char *zample_why (void);

/* ------------------------------------------------------------------ engine */

typedef enum {
    ZAMPLE_OUTPUT_ALSA = 0, /* a device, in time */
    ZAMPLE_OUTPUT_NULL,     /* no device, in time: the clock paces it */
    ZAMPLE_OUTPUT_OFFLINE   /* no device and no thread: frames are rendered by zample_render */
} zample_output_kind_t;

typedef enum {
    ZAMPLE_WAV_FLOAT32 = 0,
    ZAMPLE_WAV_S16 /* with triangular dither */
} zample_wav_format_t;

/*  What a stranger's file may cost; a load that would cost more is an error. */
typedef struct {
    uint64_t bytes;       /* of the file; default 4 GiB */
    uint64_t frames;      /* at the engine's rate; default and most: 2,147,483,136, 12 hours at 48 kHz */
    uint32_t seconds;     /* that a load may work, 1 to 86,400; default 600 */
    uint32_t channels;    /* 1 to 64; default 64 */
    uint32_t streams;     /* in the file, 1 to 1,024; default 64 */
    float least_share;    /* 0 to 1 of what the file says it has: less of it is an error; default 0.5 */
    uint64_t reserved[2]; /* zero */
} zample_limits_t;

/*  What an engine is made of. Zero means the default throughout, so start from
        zample_config_t config = { 0 };
    The strings are copied. */
typedef struct {
    zample_output_kind_t output;
    const char *device;        /* ALSA's name of the device; default "default" */
    uint32_t rate_hz;          /* 8,000 to 192,000; default: 48,000, or what the device does instead */
    uint32_t period_frames;    /* 16 to 8,192; default 256; the device may choose another */
    uint32_t periods;          /* 2 to 16 in the device's buffer; default 3 */
    uint32_t slots;            /* 1 to 65,536; default 1,024 */
    uint32_t voices;           /* 1 to 4,096; default 256 */
    uint32_t command_capacity; /* commands on their way, a power of two from 2 to 65,536; default 1,024 */
    uint32_t event_capacity;   /* reports on their way, a power of two from 2 to 65,536; default 1,024 */
    const char *record;        /* a WAV file that is made anew and takes all that is played; default none */
    zample_wav_format_t record_format;
    const char *name;        /* what other programs call this engine: 1 to 32 of A-Z a-z 0-9 . _ -, not first
                                a dot; default "engine-<process>-<number>" */
    uint32_t workers;        /* 1 to 64 threads that load, a file each; default: as many as processors */
    uint32_t library_sounds; /* that zample_library_add can take in all, up to 1,000,000; default 32,768 */
    uint64_t memory_bytes;   /* the most that sounds may take; default: half of the machine's memory */
    const char *cache;       /* a folder for decoded sounds, made if it is absent; it grows, and may be
                                emptied at any time; default none */
    bool symlinks;           /* load files, and look into folders, that are symbolic links; default not */
    bool library_watch;      /* take notice when files of the library change; default not */
    bool reserved_flags[6];  /* false */
    zample_limits_t limits;
    uint64_t reserved[8]; /* zero */
} zample_config_t;

/*  Makes an engine and starts it: when it returns, frames are being played (or, offline, can be rendered).
    Blocks while the device opens. config may be NULL for all defaults.

    ZAMPLE_INVALID, ZAMPLE_RANGE: config, or engine is NULL. ZAMPLE_NO_DEVICE. ZAMPLE_NO_SOCKET: another
    engine holds the name, or its folder cannot be made. ZAMPLE_NO_FILE. ZAMPLE_NO_MEMORY.
    On failure *engine is NULL. */
ZAMPLE_API zample_status_t zample_new (const zample_config_t *config, zample_t **engine);

/*  Stops the engine and frees all that it holds; what is already on its way to the device is still heard.
    Loads that are under way end with an error event for other programs. Sets *engine to NULL; forgives
    NULL. Blocks, for less than 0.5 s. */
ZAMPLE_API void zample_destroy (zample_t **engine);

ZAMPLE_API uint32_t zample_rate (const zample_t *engine);
ZAMPLE_API const char *zample_name (const zample_t *engine);

/*  Where other programs connect a SUB socket, such as "ipc:///run/user/1000/zample/engine-4711-1/events". */
ZAMPLE_API const char *zample_endpoint (const zample_t *engine);

/* ----------------------------------------------------------------- loading */

typedef enum { ZAMPLE_PRIORITY_SOON = 0, ZAMPLE_PRIORITY_NOW, ZAMPLE_PRIORITY_IDLE } zample_priority_t;

/*  How the rate is changed, where the file's is not the engine's. */
typedef enum {
    ZAMPLE_QUALITY_GOOD = 0, /* soxr, 20 bits */
    ZAMPLE_QUALITY_FAST,     /* libswresample's own */
    ZAMPLE_QUALITY_BEST      /* soxr, 28 bits */
} zample_quality_t;

/*  How to load. Zero means the default throughout. */
typedef struct {
    zample_priority_t priority; /* NOW goes before SOON, SOON before IDLE */
    zample_quality_t quality;
    int64_t deadline; /* the engine frame by which it is wanted, 0 for none: of one priority the earliest goes
                         first; `success` says by how many frames it was missed */
    bool pinned;      /* as by zample_pin, once it is loaded */
    bool reserved[7]; /* false */
} zample_load_t;

/*  Loads a file into a slot, in the background: its events say how it goes, and `success` comes when the
    audio thread has the sound, so that a play after it is heard. What the slot held before plays on until
    then, and is then faded out. A load that was asked for this slot before and has not got there is
    cancelled. A file that is in memory already, unchanged and of the same quality, is not read again: slots
    share it. A relative path is looked up when the load begins. how may be NULL for the default.

    Allocates, and takes a lock that is held for microseconds at most. *job, if not NULL, gets the number
    that the events carry.

    ZAMPLE_INVALID: engine or path is NULL, path is empty, an unknown enumerator. ZAMPLE_RANGE: slot, a
    negative deadline, or path is longer than 4,095 bytes. ZAMPLE_FULL: 1,000,000 loads are on their way, or
    there is no memory for one more. */
ZAMPLE_API zample_status_t zample_load (zample_t *engine, uint32_t slot, const char *path,
                                        const zample_load_t *how, uint64_t *job);

/*  Calls a load off, or a scan or a preload of the library, at any stage: within 20 ms it ends in
    `cancelled`, unless its sound was already on the way to the audio thread; then in `success`. The loads
    of a preload end with it, but for those that have ended. Takes the same lock as zample_load.
    ZAMPLE_INVALID: engine. ZAMPLE_NO_JOB: it has ended, or never began. */
ZAMPLE_API zample_status_t zample_cancel (zample_t *engine, uint64_t job);

/*  Puts a load that still waits elsewhere in the queue; of a preload, all that still wait. One that is being
    loaded goes on as it is. ZAMPLE_INVALID: engine, an unknown enumerator. ZAMPLE_RANGE: a negative deadline.
    ZAMPLE_NO_JOB. */
ZAMPLE_API zample_status_t zample_prioritise (zample_t *engine, uint64_t job, zample_priority_t priority,
                                              int64_t deadline);

/* ------------------------------------------------------------------ memory */

/*  What sounds take. When a load needs room, the sound that was not played for the longest time is evicted
    from its slots, and told in an `evicted` event; sounds that are pinned or playing stay. A play of a slot
    whose sound was evicted can load it anew: see zample_play_t.missing. */
typedef struct {
    uint64_t budget_bytes;
    uint64_t used_bytes;
    uint64_t pinned_bytes; /* of these */
    uint64_t sounds;       /* in memory, each once */
    uint64_t slots;        /* that hold one */
    uint64_t evictions;    /* so far */
    uint64_t shared;       /* loads so far that found their sound in memory */
    uint64_t cached;       /* loads so far that found it in the cache on disk */
    uint64_t reserved[4];
} zample_memory_t;

/*  Takes a lock for about a microsecond. ZAMPLE_INVALID. */
ZAMPLE_API zample_status_t zample_memory (zample_t *engine, zample_memory_t *memory);

/*  Keeps whatever the slot holds, now and later, from being evicted; or no longer. ZAMPLE_INVALID.
    ZAMPLE_RANGE: slot. */
ZAMPLE_API zample_status_t zample_pin (zample_t *engine, uint32_t slot, bool pinned);

/* ------------------------------------------------------------------ pictures */

/*  A stretch of a sound, left and right: its least and greatest value and its root mean square. */
typedef struct {
    float min[2];
    float max[2];
    float rms[2];
} zample_peak_t;

/*  Draws frames `start` up to `end` of a slot's sound into `width` columns, all of the same length to
    within a frame, exactly; a column of no frames shows the one where it begins. Looks at a few numbers a
    column, whatever the zoom: under 1 ms for a window's width. Waits for no load.
    ZAMPLE_INVALID: engine or peaks is NULL. ZAMPLE_RANGE: slot, width is 0 or above 65,536, or not 0 <=
    start < end <= the sound's frames. ZAMPLE_NO_SOUND: the slot is empty. */
ZAMPLE_API zample_status_t zample_peaks (zample_t *engine, uint32_t slot, int64_t start, int64_t end,
                                         uint32_t width, zample_peak_t *peaks);

/*  Copies frames of a slot's sound: interleaved stereo, 2 * count floats. Errors as above. */
ZAMPLE_API zample_status_t zample_frames (zample_t *engine, uint32_t slot, int64_t start, int64_t count,
                                          float *frames);

/* ----------------------------------------------------------------- library */

/*  Takes a folder of sounds into the library, with all folders in it, in the background: `success` says how
    many sounds were found. Files are told by their names (.wav .wave .w64 .aif .aiff .aifc .au .snd .caf
    .flac .ogg .oga .opus .mp3 .mp2 .aac .m4a .mp4 .wv); nothing is loaded yet. Names that begin with a dot
    are passed over.

    Each folder that holds sounds is called by its path below `directory`, such as "drums/kick", and
    `directory` itself by its own name; folders of the same name become one. In a folder the sounds stand in
    natural order ("kick 9" before "kick 10"). Each sound has a slot of its own, behind the config's
    `slots`, for as long as the engine lives. If there are more sounds than the library can take in, or
    folders that cannot be watched although they are to be, it ends in an error that says so, and what it
    could take in is there. A folder that cannot be read is passed over and counted in `failed`.

    ZAMPLE_INVALID: engine or directory is NULL, directory is empty. ZAMPLE_RANGE: longer than 4,095 bytes.
    ZAMPLE_FULL: as zample_load, or too many scans and preloads wait. */
ZAMPLE_API zample_status_t zample_library_add (zample_t *engine, const char *directory, uint64_t *job);

/*  The slot of a sound by its name: "folder:index", where the index counts from 0 and wraps around at the
    folder's size; "folder", its first one; or the name of a file, with or without what stands behind its
    last dot, and with or without folders before it. It is looked for in this order: folder:index, folder,
    folder/file, file, and the last two without what stands behind the dot; of several the first in order is
    meant. Takes no lock, does not allocate, and takes as many steps in a library of 100,000 as in one of 10.
    ZAMPLE_INVALID: an argument is NULL. ZAMPLE_NO_SOUND. */
ZAMPLE_API zample_status_t zample_library_find (zample_t *engine, const char *name, uint32_t *slot);

/*  One sound of the library. */
typedef struct {
    uint32_t slot;
    uint32_t index; /* in its folder */
    uint32_t count; /* of sounds in its folder */
    uint32_t reserved;
    char folder[256]; /* a longer name has "..." in its middle, and cannot be looked up by it */
    char path[4096];
} zample_library_entry_t;

/*  The sound at `place`, counted from 0, in order of folders and in each in natural order. As
    zample_library_find. ZAMPLE_INVALID. ZAMPLE_NO_SOUND: there are not so many. */
ZAMPLE_API zample_status_t zample_library_entry (zample_t *engine, uint32_t place,
                                                 zample_library_entry_t *entry);

/*  Loads one sound ("folder:index", or a file), a folder, or all (NULL), each into its slot, in the
    background. The job's events tell the progress of all together, and its `success` how many were loaded
    and how many failed; each sound has a job and events of its own besides. Errors as for zample_load and
    zample_library_find. */
ZAMPLE_API zample_status_t zample_library_preload (zample_t *engine, const char *name,
                                                   const zample_load_t *how, uint64_t *job);

/* ---------------------------------------------------------------- commands */

/*  A command goes onto the command ring and takes effect on the audio thread: at `frame`, exactly, or as
    soon as possible if frame is ZAMPLE_NOW. A frame that has passed is obeyed at once and told in a `late`
    event; a command that cannot be obeyed (the voice has ended, the slot is empty) is told in a `rejected`
    event. Commands for the same frame are obeyed in the order in which they came.

    ZAMPLE_INVALID: engine is NULL. ZAMPLE_RANGE: a negative frame, or what is said below. ZAMPLE_FULL. */
#define ZAMPLE_NOW 0

#define ZAMPLE_GAIN_MAX 16.0f
#define ZAMPLE_SPEED_MIN 0.01f
#define ZAMPLE_SPEED_MAX 16.0f

/*  What a play does whose slot holds no sound. */
typedef enum {
    ZAMPLE_MISSING_REJECT = 0, /* a `rejected` event; nothing is loaded */
    ZAMPLE_MISSING_SKIP, /* a `voice_skipped` event; the sound is loaded, so that a later play finds it. If
                            nothing can be loaded, as REJECT */
    ZAMPLE_MISSING_WAIT  /* a `voice_waiting` event; the sound is loaded and the voice starts as soon as it
                            is there, with a `late` event; if it cannot be, it ends with the reason `failed`.
                            Up to 256 wait at a time, more are rejected */
} zample_missing_t;

/*  How to play. Start from ZAMPLE_PLAY_DEFAULT. */
typedef struct {
    int64_t frame;    /* when it starts; ZAMPLE_NOW or an engine frame */
    float velocity;   /* 0 to 1, a linear gain */
    float gain;       /* 0 to ZAMPLE_GAIN_MAX, linear */
    float pan;        /* -1 left to 1 right: gains sqrt (1 - pan) and sqrt (1 + pan), of equal power */
    float speed;      /* ZAMPLE_SPEED_MIN to ZAMPLE_SPEED_MAX; off 1.0 it interpolates (cubic) */
    bool loop;        /* over the whole sound, until stopped */
    bool reserved[3]; /* zero */
    zample_missing_t missing; /* what to do if the slot holds no sound: one that can be loaded is a sound of
                                 the library, one that was evicted, and one whose load is under way */
} zample_play_t;

#ifdef __cplusplus
#define ZAMPLE_PLAY_DEFAULT                                                                                  \
    zample_play_t                                                                                            \
    {                                                                                                        \
        ZAMPLE_NOW, 1.0f, 1.0f, 0.0f, 1.0f, false, { false }, ZAMPLE_MISSING_REJECT                          \
    }
#else
#define ZAMPLE_PLAY_DEFAULT                                                                                  \
    ((zample_play_t) { .frame = ZAMPLE_NOW, .velocity = 1.0f, .gain = 1.0f, .pan = 0.0f, .speed = 1.0f })
#endif

/*  Starts a voice on a slot. how may be NULL for the default. *voice, if not NULL, gets the voice's number,
    which is never given again. When all voices are taken, one that is fading out anyway or, where none is,
    the one that started first gives up its place: it ends with the reason `stolen`, and its fade is still
    heard.
    ZAMPLE_INVALID: a number that is not finite, an unknown enumerator. ZAMPLE_RANGE: slot, or a number
    outside its range. */
ZAMPLE_API zample_status_t zample_play (zample_t *engine, uint32_t slot, const zample_play_t *how,
                                        uint64_t *voice);

/*  Fades a voice out, in 96 frames, and ends it; one that waits for its sound ends at once. ZAMPLE_RANGE: 0
    is no voice. */
ZAMPLE_API zample_status_t zample_stop (zample_t *engine, uint64_t voice, int64_t frame);

/*  The same for every voice of a slot. Nothing sounding is not an error. ZAMPLE_RANGE: slot. */
ZAMPLE_API zample_status_t zample_stop_slot (zample_t *engine, uint32_t slot, int64_t frame);

/*  The same for every voice. */
ZAMPLE_API zample_status_t zample_stop_all (zample_t *engine, int64_t frame);

/*  Fades a voice out and holds it where it is; fades it in and goes on. A voice that already is as asked
    stays so; for one that waits for its sound they are rejected, as is zample_seek. ZAMPLE_RANGE: 0 is no
    voice. */
ZAMPLE_API zample_status_t zample_pause (zample_t *engine, uint64_t voice, int64_t frame);
ZAMPLE_API zample_status_t zample_resume (zample_t *engine, uint64_t voice, int64_t frame);

/*  Goes on at another frame of the sound, with a crossfade. Rejected by an event if position lies behind
    the end. ZAMPLE_RANGE: 0 is no voice, position is negative. */
ZAMPLE_API zample_status_t zample_seek (zample_t *engine, uint64_t voice, int64_t position_frames,
                                        int64_t frame);

/*  Empties a slot: its voices are faded out, its memory is freed off the audio thread and told in a
    `retired` event. ZAMPLE_RANGE: slot. */
ZAMPLE_API zample_status_t zample_unload (zample_t *engine, uint32_t slot, int64_t frame);

/*  A slot's own gain, pan and speed, on top of what each voice was started with (gains and speeds multiply,
    pans add). Latest-value cells: move them as often as you like, the audio thread reads them once a block
    of 64 frames and ramps. Not commands: they cannot be full, and keep their value when the slot is loaded
    anew. Defaults 1, 0 and 1. ZAMPLE_INVALID: engine, or not finite. ZAMPLE_RANGE: slot, value: 0 to
    ZAMPLE_GAIN_MAX, -1 to 1, ZAMPLE_SPEED_MIN to ZAMPLE_SPEED_MAX. */
ZAMPLE_API zample_status_t zample_set_gain (zample_t *engine, uint32_t slot, float gain);
ZAMPLE_API zample_status_t zample_set_pan (zample_t *engine, uint32_t slot, float pan);
ZAMPLE_API zample_status_t zample_set_speed (zample_t *engine, uint32_t slot, float speed);

/* -------------------------------------------------------------------- time */

/*  Frame `frame` is the next to be rendered, `time_ns` is when that was so on CLOCK_MONOTONIC, and
    `delay_frames` lie between the engine and the ear. A frame f is heard at about
        time_ns + (f - frame + delay_frames) * 1e9 / rate. */
typedef struct {
    int64_t frame;
    int64_t time_ns;
    int64_t delay_frames;
    int64_t reserved;
} zample_clock_t;

ZAMPLE_API zample_status_t zample_clock (const zample_t *engine, zample_clock_t *clock);

/*  Levels of a window of 2,048 frames that ended at `frame`; not limited to 1, so that a clip is seen. */
typedef struct {
    int64_t frame;
    float peak[2];   /* left, right: the largest absolute value */
    uint32_t voices; /* taken at the end of the window */
    uint32_t reserved;
} zample_meter_t;

ZAMPLE_API zample_status_t zample_meter (const zample_t *engine, zample_meter_t *meter);

/*  Renders frames on the calling thread, as fast as it goes, for an engine whose output is
    ZAMPLE_OUTPUT_OFFLINE. The frames go to `out` (interleaved stereo, 2 * frames floats) unless that is
    NULL, and to the recording if there is one. The same commands with the same frames give the same bits.
    Blocks, also while another thread renders; allocates nothing. Between renders the engine obeys what is asked
    for ZAMPLE_NOW by itself, so that loads get ready without a frame being rendered.
    ZAMPLE_INVALID: engine. ZAMPLE_RANGE: frames is negative. ZAMPLE_MISUSE: another kind of engine.
    ZAMPLE_NO_FILE: the recording could not be written; all frames were rendered. */
ZAMPLE_API zample_status_t zample_render (zample_t *engine, int64_t frames, float *out);

/* ------------------------------------------------------------------ events */

typedef enum {
    ZAMPLE_EVENT_STARTED = 1,   /* a load: it was taken up */
    ZAMPLE_EVENT_PROGRESS,      /* a load: how far it is */
    ZAMPLE_EVENT_SUCCESS,       /* a load: the audio thread has the sound */
    ZAMPLE_EVENT_ERROR,         /* a load: it failed */
    ZAMPLE_EVENT_CANCELLED,     /* a load: it was called off, or another one took its slot */
    ZAMPLE_EVENT_EVICTED,       /* a sound had to make room; `retired` follows */
    ZAMPLE_EVENT_RETIRED,       /* a slot let go of a sound, whose memory is free if no other slot has it */
    ZAMPLE_EVENT_VOICE_SKIPPED, /* a play found no sound, and its slot is being loaded */
    ZAMPLE_EVENT_VOICE_WAITING, /* the same, and the voice will start when it is there */
    ZAMPLE_EVENT_VOICE_STARTED,
    ZAMPLE_EVENT_VOICE_PAUSED,
    ZAMPLE_EVENT_VOICE_RESUMED,
    ZAMPLE_EVENT_VOICE_ENDED,
    ZAMPLE_EVENT_REJECTED,  /* a command could not be obeyed */
    ZAMPLE_EVENT_LATE,      /* a command came after its frame and was obeyed at once, or a play waited */
    ZAMPLE_EVENT_DEVICE,    /* opened, lost, closed, or an interruption that was mended */
    ZAMPLE_EVENT_RECORDING, /* frames are missing in the recording */
    ZAMPLE_EVENT_LOST       /* this queue was full: so many events are missing here */
} zample_event_kind_t;

typedef enum {
    ZAMPLE_ENDED_FINISHED = 1, /* the sound was at its end */
    ZAMPLE_ENDED_STOPPED,
    ZAMPLE_ENDED_STOLEN,   /* all voices were taken, and this gave up its place */
    ZAMPLE_ENDED_REPLACED, /* its slot was loaded anew */
    ZAMPLE_ENDED_UNLOADED,
    ZAMPLE_ENDED_FAILED /* it waited for a sound that cannot be loaded */
} zample_ended_t;

typedef enum {
    ZAMPLE_DEVICE_OPENED = 1,
    ZAMPLE_DEVICE_XRUN,      /* frames came too late; playing again */
    ZAMPLE_DEVICE_SUSPENDED, /* the machine slept; playing again */
    ZAMPLE_DEVICE_LOST,      /* gone; the clock and the voices run on in silence */
    ZAMPLE_DEVICE_CLOSED     /* the engine ends; its last event */
} zample_device_state_t;

typedef enum {
    ZAMPLE_COMMAND_LOAD = 1,
    ZAMPLE_COMMAND_UNLOAD,
    ZAMPLE_COMMAND_PLAY,
    ZAMPLE_COMMAND_STOP,
    ZAMPLE_COMMAND_STOP_SLOT,
    ZAMPLE_COMMAND_STOP_ALL,
    ZAMPLE_COMMAND_PAUSE,
    ZAMPLE_COMMAND_RESUME,
    ZAMPLE_COMMAND_SEEK
} zample_command_kind_t;

/*  What is wrong, for programs; the sentence beside it is for people. */
typedef enum {
    ZAMPLE_CODE_NOT_FOUND = 1,
    ZAMPLE_CODE_DENIED,
    ZAMPLE_CODE_NOT_A_FILE, /* a directory, a pipe, a device */
    ZAMPLE_CODE_NOT_A_FOLDER,
    ZAMPLE_CODE_SYMLINK, /* a symbolic link, and zample_config_t.symlinks is false */
    ZAMPLE_CODE_EMPTY,
    ZAMPLE_CODE_UNKNOWN_FORMAT,
    ZAMPLE_CODE_UNSUPPORTED, /* a known kind of file, coded in a way that is not known */
    ZAMPLE_CODE_DAMAGED,     /* less of it than zample_limits_t.least_share can be decoded */
    ZAMPLE_CODE_TOO_LARGE,   /* these five: zample_limits_t */
    ZAMPLE_CODE_TOO_LONG,
    ZAMPLE_CODE_TOO_MANY_CHANNELS,
    ZAMPLE_CODE_TOO_MANY_STREAMS,
    ZAMPLE_CODE_TOO_SLOW,
    ZAMPLE_CODE_NO_MEMORY,
    ZAMPLE_CODE_OVER_BUDGET, /* zample_config_t.memory_bytes, and nothing is left that could be evicted */
    ZAMPLE_CODE_IO,
    ZAMPLE_CODE_LIBRARY_FULL, /* zample_config_t.library_sounds */
    ZAMPLE_CODE_CANCELLED,    /* never in an event: `cancelled` is one of its own */
    ZAMPLE_CODE_CLOSED        /* the engine ended first */
} zample_code_t;

/*  What was not as it should be in a file that was loaded. Bits. */
typedef enum {
    ZAMPLE_WARNING_TRUNCATED = 1, /* the file says that it is longer: `missing_frames` */
    ZAMPLE_WARNING_CORRUPT = 2,   /* parts could not be decoded: `damaged`, `silent_frames` */
    ZAMPLE_WARNING_LENGTH = 4,    /* the file says that it is shorter; all of it was loaded */
    ZAMPLE_WARNING_NAN = 8        /* `nan_values` were no finite numbers and became 0 */
} zample_warning_t;

#define ZAMPLE_NO_SLOT UINT32_MAX

/*  One event, in memory of the caller. Which member of the union holds depends on kind. Text is UTF-8 and
    ends with a zero; where it had to be cut, "..." stands for what is missing. */
typedef struct {
    zample_event_kind_t kind;
    uint32_t slot;     /* ZAMPLE_NO_SLOT where there is none */
    uint64_t sequence; /* counts all events of this engine from 1, without a gap */
    int64_t frame;     /* the engine frame at which it happened */
    uint64_t job; /* STARTED to RETIRED: the number zample_load gave, or one the engine took itself, else 0 */
    uint64_t voice; /* VOICE_*, REJECTED, LATE: the number zample_play gave, else 0 */
    union {
        struct {
            char path[448];
        } started;
        struct {
            double percent; /* 0.0 to 1.0, never falling; 1.0 comes before success */
            char stage[64]; /* "<Task>" or "<Task> (<Subtask>)" */
        } progress;
        struct {
            double duration_sec;
            int64_t frames;         /* at the engine's rate */
            int64_t late_frames;    /* behind the deadline */
            uint32_t warnings;      /* of zample_warning_t */
            uint32_t damaged;       /* packets that could not be decoded */
            int64_t missing_frames; /* these two at the file's rate */
            int64_t silent_frames;  /* in place of what was damaged */
            int64_t nan_values;
            uint32_t sounds; /* a scan: found; a preload: loaded; else 1 */
            uint32_t failed; /* a scan: could not be read; a preload: not loaded */
        } success;
        struct {
            zample_code_t code;
            char msg[440];
        } error;
        struct {
            uint64_t bytes;
        } evicted;
        struct {
            zample_ended_t reason;
        } voice_ended;
        struct {
            uint64_t number; /* the command's, counted from 1 as they come; a play's is its voice's */
            zample_command_kind_t command;
            char msg[96];
        } rejected;
        struct {
            uint64_t number;
            zample_command_kind_t command;
            int64_t frames; /* so many too late */
        } late;
        struct {
            zample_device_state_t state;
            uint32_t rate_hz;
            uint32_t period_frames;
            uint32_t buffer_frames;
            bool realtime;   /* the audio thread has SCHED_FIFO */
            char format[16]; /* as ALSA calls it, "FLOAT_LE"; "" without a device */
            uint64_t count;  /* XRUN, SUSPENDED: how many since it was opened */
            char device[128];
            char msg[192]; /* a sentence for people */
        } device;
        struct {
            uint64_t count; /* frames (RECORDING) or events (LOST) */
        } lost;
        uint64_t reserved[59];
    } u;
} zample_event_t;

/*  Takes the next event, if there is one. Never blocks, from any thread. Up to 4,096 events wait; when more
    come, the newest are counted, and a LOST event says how many as soon as there is room.
    ZAMPLE_EMPTY: nothing waits, or another thread is taking an event at this moment. ZAMPLE_INVALID. */
ZAMPLE_API zample_status_t zample_poll (zample_t *engine, zample_event_t *event);

/*  A descriptor that is readable while events wait: for poll, select, epoll or an event loop. It belongs to
    the engine; do not read from it. */
ZAMPLE_API int zample_poll_fd (const zample_t *engine);

/*  The names that events carry in JSON, as "success", "stolen", "xrun", "play", "not_found", "truncated";
    "unknown" for anything else. */
ZAMPLE_API const char *zample_event_name (zample_event_kind_t kind);
ZAMPLE_API const char *zample_ended_name (zample_ended_t reason);
ZAMPLE_API const char *zample_device_state_name (zample_device_state_t state);
ZAMPLE_API const char *zample_command_name (zample_command_kind_t command);
ZAMPLE_API const char *zample_code_name (zample_code_t code);
ZAMPLE_API const char *zample_warning_name (zample_warning_t warning); /* of one bit */

/* ----------------------------------------------------------------- devices */

typedef struct {
    char name[128];        /* what zample_config_t.device takes */
    char description[256]; /* ALSA's own words, in one line */
} zample_device_t;

/*  Lists ALSA's playback devices. Allocates *devices, which zample_devices_free frees; blocks while ALSA
    reads its configuration. ZAMPLE_INVALID. ZAMPLE_NO_DEVICE: ALSA cannot tell. ZAMPLE_NO_MEMORY. */
ZAMPLE_API zample_status_t zample_devices (zample_device_t **devices, size_t *count);
ZAMPLE_API void zample_devices_free (zample_device_t **devices);

#ifdef __cplusplus
}
#endif
#endif
