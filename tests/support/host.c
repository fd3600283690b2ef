/*  A program that embeds the engine and obeys its standard input: the tests in other languages drive a real
    engine with it. It knows include/zample.h only, as any program that embeds the engine does.

    Each line is a command, and gets one line of answer: "ok", "ok" and numbers or text, or
    "error STATUS sentence". The first line it writes is the answer to its own start, "ok ENDPOINT".
    It ends, with the engine, at "quit" or when its input ends. */
#define _POSIX_C_SOURCE 200809L
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/host_loading.h"
#include "tests/support/host_words.h"

typedef struct {
    const char *name;
    const char *usage;
    /*  Takes what stands after the name, and answers. False: that was not what usage says. */
    bool (*obey) (zample_t *engine, char *rest);
} verb_t;

/* ---------------------------------------------------------------- commands */

static bool
s_take_missing (const char *word, zample_missing_t *missing)
{
    static const char *const names[] = {
        [ZAMPLE_MISSING_REJECT] = "reject", [ZAMPLE_MISSING_SKIP] = "skip", [ZAMPLE_MISSING_WAIT] = "wait"
    };
    unsigned number;
    bool taken = host_take_name (word, names, sizeof names / sizeof *names, &number);
    *missing = (zample_missing_t) number;
    return taken;
}

static bool
s_take_play_word (char *word, zample_play_t *how)
{
    if (strcmp (word, "loop") == 0) {
        how->loop = true;
        return true;
    }
    char *value = strchr (word, '=');
    if (!value)
        return false;
    *value++ = 0;
    if (strcmp (word, "frame") == 0)
        return host_take_i64 (&value, &how->frame);
    if (strcmp (word, "velocity") == 0)
        return host_read_float (value, &how->velocity);
    if (strcmp (word, "gain") == 0)
        return host_read_float (value, &how->gain);
    if (strcmp (word, "pan") == 0)
        return host_read_float (value, &how->pan);
    if (strcmp (word, "missing") == 0)
        return s_take_missing (value, &how->missing);
    return strcmp (word, "speed") == 0 && host_read_float (value, &how->speed);
}

static bool
s_play (zample_t *engine, char *rest)
{
    uint32_t slot;
    if (!host_take_slot (&rest, &slot))
        return false;
    zample_play_t how = ZAMPLE_PLAY_DEFAULT;
    for (char *word = host_word (&rest); word; word = host_word (&rest))
        if (!s_take_play_word (word, &how))
            return false;
    uint64_t voice = 0;
    zample_status_t status = zample_play (engine, slot, &how, &voice);
    return host_answer_number (status, voice);
}

/*  The commands that name a voice, or a slot, and perhaps a frame. */
static bool
s_for_voice (zample_t *engine, char *rest, zample_status_t (*command) (zample_t *, uint64_t, int64_t))
{
    uint64_t voice;
    int64_t frame;
    return host_take_u64 (&rest, &voice) && host_take_frame (&rest, &frame)
           && host_answer (command (engine, voice, frame));
}

static bool
s_for_slot (zample_t *engine, char *rest, zample_status_t (*command) (zample_t *, uint32_t, int64_t))
{
    uint32_t slot;
    int64_t frame;
    return host_take_slot (&rest, &slot) && host_take_frame (&rest, &frame)
           && host_answer (command (engine, slot, frame));
}

static bool
s_stop (zample_t *engine, char *rest)
{
    return s_for_voice (engine, rest, zample_stop);
}

static bool
s_pause (zample_t *engine, char *rest)
{
    return s_for_voice (engine, rest, zample_pause);
}

static bool
s_resume (zample_t *engine, char *rest)
{
    return s_for_voice (engine, rest, zample_resume);
}

static bool
s_stop_slot (zample_t *engine, char *rest)
{
    return s_for_slot (engine, rest, zample_stop_slot);
}

static bool
s_unload (zample_t *engine, char *rest)
{
    return s_for_slot (engine, rest, zample_unload);
}

static bool
s_stop_all (zample_t *engine, char *rest)
{
    int64_t frame;
    return host_take_frame (&rest, &frame) && host_answer (zample_stop_all (engine, frame));
}

static bool
s_seek (zample_t *engine, char *rest)
{
    uint64_t voice;
    int64_t position_frames;
    int64_t frame;
    return host_take_u64 (&rest, &voice) && host_take_i64 (&rest, &position_frames)
           && host_take_frame (&rest, &frame)
           && host_answer (zample_seek (engine, voice, position_frames, frame));
}

/* --------------------------------------------------------- time and events */

static bool
s_render (zample_t *engine, char *rest)
{
    int64_t frames;
    if (!host_take_i64 (&rest, &frames) || !host_is_end (&rest))
        return false;
    return host_answer (zample_render (engine, frames, NULL));
}

static bool
s_clock (zample_t *engine, char *rest)
{
    zample_clock_t clock;
    if (!host_is_end (&rest))
        return false;
    zample_status_t status = zample_clock (engine, &clock);
    if (status != ZAMPLE_OK)
        return host_refuse (status);
    printf ("ok %" PRId64 " %" PRId64 " %" PRId64 "\n", clock.frame, clock.time_ns, clock.delay_frames);
    return true;
}

static void
s_print_detail (const zample_event_t *event)
{
    switch (event->kind) {
    case ZAMPLE_EVENT_STARTED: printf (" %s", event->u.started.path); break;
    case ZAMPLE_EVENT_PROGRESS:
        printf (" %.17g %s", event->u.progress.percent, event->u.progress.stage);
        break;
    case ZAMPLE_EVENT_SUCCESS:
        printf (" %.17g %" PRId64, event->u.success.duration_sec, event->u.success.frames);
        break;
    case ZAMPLE_EVENT_ERROR:
        printf (" %s %s", zample_code_name (event->u.error.code), event->u.error.msg);
        break;
    case ZAMPLE_EVENT_EVICTED: printf (" %" PRIu64, event->u.evicted.bytes); break;
    case ZAMPLE_EVENT_VOICE_ENDED: printf (" %s", zample_ended_name (event->u.voice_ended.reason)); break;
    case ZAMPLE_EVENT_REJECTED:
        printf (" %s %s", zample_command_name (event->u.rejected.command), event->u.rejected.msg);
        break;
    case ZAMPLE_EVENT_LATE:
        printf (" %s %" PRId64, zample_command_name (event->u.late.command), event->u.late.frames);
        break;
    case ZAMPLE_EVENT_DEVICE:
        printf (" %s %s", zample_device_state_name (event->u.device.state), event->u.device.msg);
        break;
    case ZAMPLE_EVENT_RECORDING:
    case ZAMPLE_EVENT_LOST: printf (" %" PRIu64, event->u.lost.count); break;
    default: break;
    }
}

/*  Answers "ok empty", or "ok KIND SEQUENCE FRAME SLOT JOB VOICE DETAIL" with "-" for no slot. */
static bool
s_poll (zample_t *engine, char *rest)
{
    int64_t timeout_ms = 0;
    if (!host_take_frame (&rest, &timeout_ms) || timeout_ms < 0 || timeout_ms > INT32_MAX)
        return false;
    zample_event_t event;
    zample_status_t status = zample_poll (engine, &event);
    if (status == ZAMPLE_EMPTY && timeout_ms > 0) {
        struct pollfd wait = { .fd = zample_poll_fd (engine), .events = POLLIN };
        poll (&wait, 1, (int) timeout_ms);
        status = zample_poll (engine, &event);
    }
    if (status == ZAMPLE_EMPTY) {
        puts ("ok empty");
        return true;
    }
    if (status != ZAMPLE_OK)
        return host_refuse (status);
    printf ("ok %s %" PRIu64 " %" PRId64, zample_event_name (event.kind), event.sequence, event.frame);
    if (event.slot == ZAMPLE_NO_SLOT)
        fputs (" -", stdout);
    else
        printf (" %" PRIu32, event.slot);
    printf (" %" PRIu64 " %" PRIu64, event.job, event.voice);
    s_print_detail (&event);
    putchar ('\n');
    return true;
}

static bool
s_endpoint (zample_t *engine, char *rest)
{
    return host_is_end (&rest) && printf ("ok %s\n", zample_endpoint (engine)) > 0;
}

static bool
s_name (zample_t *engine, char *rest)
{
    return host_is_end (&rest) && printf ("ok %s\n", zample_name (engine)) > 0;
}

static bool
s_rate (zample_t *engine, char *rest)
{
    return host_is_end (&rest) && host_answer_number (ZAMPLE_OK, zample_rate (engine));
}

/* --------------------------------------------------------------- the doors */

static const verb_t s_verbs[] = {
    { "load", "load SLOT [priority=now|soon|idle] [quality=fast|good|best] [deadline=F] PATH", host_load },
    { "cancel", "cancel JOB", host_cancel },
    { "prioritise", "prioritise JOB now|soon|idle [DEADLINE]", host_prioritise },
    { "pin", "pin SLOT", host_pin },
    { "memory", "memory", host_memory },
    { "add", "add FOLDER", host_add },
    { "find", "find NAME", host_find },
    { "preload", "preload [NAME]", host_preload },
    { "play", "play SLOT [loop] [frame=F] [velocity=X] [gain=X] [pan=X] [speed=X] [missing=reject|skip|wait]",
      s_play },
    { "stop", "stop VOICE [FRAME]", s_stop },
    { "stop_slot", "stop_slot SLOT [FRAME]", s_stop_slot },
    { "stop_all", "stop_all [FRAME]", s_stop_all },
    { "pause", "pause VOICE [FRAME]", s_pause },
    { "resume", "resume VOICE [FRAME]", s_resume },
    { "seek", "seek VOICE POSITION [FRAME]", s_seek },
    { "unload", "unload SLOT [FRAME]", s_unload },
    { "render", "render FRAMES", s_render },
    { "clock", "clock", s_clock },
    { "poll", "poll [MILLISECONDS]", s_poll },
    { "endpoint", "endpoint", s_endpoint },
    { "name", "name", s_name },
    { "rate", "rate", s_rate },
};

/*  False at "quit". */
static bool
s_obey (zample_t *engine, char *line)
{
    char *rest = line;
    const char *name = host_word (&rest);
    if (!name) {
        puts ("error USAGE an empty line");
        return true;
    }
    if (strcmp (name, "quit") == 0)
        return false;
    for (size_t i = 0; i < sizeof s_verbs / sizeof *s_verbs; i++) {
        if (strcmp (name, s_verbs[i].name) != 0)
            continue;
        if (!s_verbs[i].obey (engine, rest))
            printf ("error USAGE %s\n", s_verbs[i].usage);
        return true;
    }
    printf ("error USAGE there is no command %s\n", name);
    return true;
}

static void
s_serve (zample_t *engine)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    bool goes_on = true;
    while (goes_on && (length = getline (&line, &size, stdin)) > 0) {
        if (line[length - 1] == '\n')
            line[length - 1] = 0;
        goes_on = s_obey (engine, line);
        fflush (stdout);
    }
    free (line);
}

static bool
s_take_output (const char *text, zample_output_kind_t *output)
{
    static const char *const names[] = {
        [ZAMPLE_OUTPUT_ALSA] = "alsa", [ZAMPLE_OUTPUT_NULL] = "null", [ZAMPLE_OUTPUT_OFFLINE] = "offline"
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp (text, names[i]) == 0) {
            *output = (zample_output_kind_t) i;
            return true;
        }
    return false;
}

static bool
s_take_option (int option, char *text, zample_config_t *config)
{
    switch (option) {
    case 'o': return s_take_output (text, &config->output);
    case 'd': config->device = text; return true;
    case 'n': config->name = text; return true;
    case 'v': return host_take_slot (&text, &config->voices);
    case 's': return host_take_slot (&text, &config->slots);
    case 'c': return host_take_slot (&text, &config->command_capacity);
    case 'e': return host_take_slot (&text, &config->event_capacity);
    case 'r': return host_take_slot (&text, &config->rate_hz);
    case 'w': return host_take_slot (&text, &config->workers);
    case 'm': return host_take_u64 (&text, &config->memory_bytes);
    default: return false;
    }
}

int
main (int argc, char **argv)
{
    static const struct option options[] = { { "output", required_argument, NULL, 'o' },
                                             { "device", required_argument, NULL, 'd' },
                                             { "name", required_argument, NULL, 'n' },
                                             { "voices", required_argument, NULL, 'v' },
                                             { "slots", required_argument, NULL, 's' },
                                             { "command-capacity", required_argument, NULL, 'c' },
                                             { "event-capacity", required_argument, NULL, 'e' },
                                             { "rate", required_argument, NULL, 'r' },
                                             { "workers", required_argument, NULL, 'w' },
                                             { "memory", required_argument, NULL, 'm' },
                                             { NULL, 0, NULL, 0 } };
    zample_config_t config = { .output = ZAMPLE_OUTPUT_NULL };
    int option;
    while ((option = getopt_long (argc, argv, "", options, NULL)) != -1)
        if (!s_take_option (option, optarg, &config))
            return 2;
    zample_t *engine;
    zample_status_t status = zample_new (&config, &engine);
    if (status != ZAMPLE_OK) {
        host_refuse (status);
        return 1;
    }
    printf ("ok %s\n", zample_endpoint (engine));
    fflush (stdout);
    s_serve (engine);
    zample_destroy (&engine);
    puts ("ok");
    return 0;
}
