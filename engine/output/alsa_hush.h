/*  ALSA reports on stderr unless told otherwise. A library prints nothing: its words are kept for a sentence
    of ours, or swallowed. Only the calling thread is concerned, and a handler that the host has set for
    itself is left alone.
 */
#ifndef ZAMPLE_ALSA_HUSH_H
#define ZAMPLE_ALSA_HUSH_H

#include <alsa/asoundlib.h>

/*  From here on, this thread's first message is kept. */
snd_local_error_handler_t zample_alsa_listen (void);

/*  What was heard, "" if nothing; valid until the thread listens again. */
const char *zample_alsa_heard (void);

/*  Puts back the handler that was there before. */
void zample_alsa_listen_end (snd_local_error_handler_t before);

/*  Swallows this thread's messages for good. For the audio thread: the handler does nothing at all. */
void zample_alsa_hush (void);

#endif
