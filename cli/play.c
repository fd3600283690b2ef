/*  `zample play`: a player. Files are loaded in the background while others sound; each begins at the frame
    at which the one before ends, if it is loaded by then.

        turn:      0        1        2        3 ...
                ended    sounding  following  loading
                            |          |
                         started     played for the frame at which `sounding` ends
 */
#include "config.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/load.h"
#include "cli/now.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "cli/tell.h"

#define FADE_MS 1000 /* how long the voices' last fade may take */

typedef struct {
    uint64_t number; /* 0: none */
    size_t turn;
    int64_t end_frame;
} voice_t;

typedef struct {
    zample_t *engine;
    int signals;
    cli_loads_t loads;
    zample_play_t how;
    size_t turns; /* SIZE_MAX: over and over */
    size_t turn;  /* the next to be played */
    voice_t sounding;
    voice_t following;
    uint64_t xruns;
    bool trouble; /* something could not be played */
    bool broken;  /* nothing can be played any more */
} player_t;

static bool
s_is_silent (const player_t *self)
{
    return !self->sounding.number && !self->following.number;
}

/*  The oldest turn whose slot is still needed. */
static size_t
s_oldest_turn (const player_t *self)
{
    if (self->sounding.number)
        return self->sounding.turn;
    return self->following.number ? self->following.turn : self->turn;
}

static void
s_ask (player_t *self)
{
    size_t oldest = s_oldest_turn (self);
    bool all = self->turns - oldest < self->loads.width;
    cli_loads_ask (&self->loads, oldest, all ? self->turns : oldest + self->loads.width);
}

static bool
s_is_done (const player_t *self)
{
    return self->broken
           || (s_is_silent (self)
               && (self->turn == self->turns || self->loads.failures == self->loads.count));
}

static void
s_play_turn (player_t *self)
{
    uint32_t slot = (uint32_t) (self->turn % self->loads.width);
    zample_play_t how = self->how;
    how.frame = self->sounding.number ? self->sounding.end_frame : ZAMPLE_NOW;
    self->following = (voice_t) { .turn = self->turn++ };
    if (zample_play (self->engine, slot, &how, &self->following.number) != ZAMPLE_OK) {
        cli_say ("%s", zample_why ());
        self->trouble = true;
    }
}

/*  Plays the next turn as soon as it can be known when; passes over those that did not load. */
static void
s_go_on (player_t *self)
{
    while (!self->following.number && self->turn < self->turns && self->loads.failures < self->loads.count) {
        s_ask (self);
        if (self->turn >= self->loads.asked)
            return;
        const cli_load_t *load = cli_loads_turn (&self->loads, self->turn);
        if (load->state == CLI_LOAD_RUNNING)
            return;
        if (load->state == CLI_LOAD_READY)
            s_play_turn (self);
        else
            self->turn++;
    }
}

static void
s_voice_started (player_t *self, const zample_event_t *event)
{
    if (event->voice != self->following.number)
        return;
    const cli_load_t *load = cli_loads_turn (&self->loads, self->following.turn);
    self->sounding = self->following;
    self->sounding.end_frame = event->frame + cli_frames_at_speed (load->frames, self->how.speed);
    self->following = (voice_t) { 0 };
    double seconds = (double) (self->sounding.end_frame - event->frame) / zample_rate (self->engine);
    cli_say ("playing %s, %.2f s%s", self->loads.paths[load->file], seconds,
             self->how.loop ? ", over and over" : "");
    s_ask (self);
}

static void
s_voice_ended (player_t *self, const zample_event_t *event)
{
    if (event->voice == self->sounding.number)
        self->sounding = (voice_t) { 0 };
    if (event->voice == self->following.number)
        self->following = (voice_t) { 0 };
}

static void
s_rejected (player_t *self, const zample_event_t *event)
{
    if (event->voice != self->following.number)
        return;
    size_t file = cli_loads_turn (&self->loads, self->following.turn)->file;
    cli_say ("%s was not played: %s", self->loads.paths[file], event->u.rejected.msg);
    self->following = (voice_t) { 0 };
    self->trouble = true;
}

static void
s_device (player_t *self, const zample_event_t *event)
{
    if (event->u.device.state == ZAMPLE_DEVICE_OPENED)
        cli_say ("%s", event->u.device.msg);
    else if (event->u.device.state == ZAMPLE_DEVICE_XRUN)
        self->xruns++;
    else if (event->u.device.state == ZAMPLE_DEVICE_LOST) {
        cli_say ("%s", event->u.device.msg);
        self->broken = true;
    }
}

static void
s_take (player_t *self, const zample_event_t *event)
{
    switch (event->kind) {
    case ZAMPLE_EVENT_VOICE_STARTED: s_voice_started (self, event); break;
    case ZAMPLE_EVENT_VOICE_ENDED: s_voice_ended (self, event); break;
    case ZAMPLE_EVENT_REJECTED: s_rejected (self, event); break;
    case ZAMPLE_EVENT_DEVICE: s_device (self, event); break;
    case ZAMPLE_EVENT_LOST:
        /*  The end of a voice may have been among them, and would be waited for in vain. */
        cli_say ("%" PRIu64 " events of the engine were lost", event->u.lost.count);
        self->broken = true;
        break;
    default: cli_loads_take (&self->loads, event);
    }
}

static void
s_take_all (player_t *self)
{
    zample_event_t event;
    while (zample_poll (self->engine, &event) == ZAMPLE_OK)
        s_take (self, &event);
}

/*  Fades out what sounds. */
static void
s_hush (player_t *self)
{
    int64_t deadline = cli_now_ms () + FADE_MS;
    cli_progress_clear ();
    if (zample_stop_all (self->engine, ZAMPLE_NOW) != ZAMPLE_OK)
        return;
    for (;;) {
        s_take_all (self);
        int64_t left = deadline - cli_now_ms ();
        if (!self->sounding.number || self->broken || left <= 0)
            return;
        cli_signals_wait (-1, zample_poll_fd (self->engine), (int) left);
    }
}

static int
s_play_all (player_t *self)
{
    for (;;) {
        s_take_all (self);
        s_go_on (self);
        if (s_is_done (self))
            break;
        cli_signals_wait (self->signals, zample_poll_fd (self->engine), -1);
        int code = cli_signals_take (self->signals);
        if (code) {
            s_hush (self);
            return code;
        }
    }
    if (self->xruns)
        cli_say ("the device was interrupted %" PRIu64 " times", self->xruns);
    return self->trouble || self->broken || self->loads.failures ? CLI_FAILED : CLI_OK;
}

/*  Opens what was asked for; without a word about the device and without one, the null output will do. */
static zample_t *
s_open (zample_config_t *config)
{
    zample_t *engine = NULL;
    zample_status_t status = zample_new (config, &engine);
    if (status == ZAMPLE_NO_DEVICE && config->output == ZAMPLE_OUTPUT_ALSA && !config->device) {
        cli_say ("there is no sound card to play on, so nothing will be heard (%s)", zample_why ());
        config->output = ZAMPLE_OUTPUT_NULL;
        status = zample_new (config, &engine);
    }
    if (status != ZAMPLE_OK)
        cli_say ("%s", zample_why ());
    return engine;
}

static int
s_play (zample_config_t *config, const cli_sound_t *sound, bool loop, char *const *paths, size_t count)
{
    player_t self = { .how = sound->how, .turns = loop && count > 1 ? SIZE_MAX : count };
    /*  One file alone is looped by its voice, without a ramp at the seam. */
    self.how.loop = loop && count == 1;
    config->rate_hz = sound->rate_hz;
    config->slots = cli_loads_slots (count);
    config->symlinks = true; /* who names one means what is there */
    self.signals = cli_signals_open ();
    if (self.signals < 0)
        return CLI_FAILED;
    int code = CLI_FAILED;
    self.engine = s_open (config);
    if (self.engine && cli_loads_init (&self.loads, self.engine, paths, count)) {
        code = s_play_all (&self);
        cli_loads_reset (&self.loads);
    }
    zample_destroy (&self.engine);
    close (self.signals);
    return code;
}

enum { KEY_LOOP = CLI_KEY_OWN };

static int
s_run (const cli_verb_t *self, int argc, char **argv)
{
    zample_config_t config = { 0 };
    cli_sound_t sound = { .how = ZAMPLE_PLAY_DEFAULT };
    bool loop = false;
    for (int key; (key = cli_next_option (self, argc, argv)) != CLI_OPTIONS_END;) {
        if (key == CLI_OPTIONS_HELP || key == CLI_OPTIONS_WRONG)
            return key == CLI_OPTIONS_HELP ? CLI_OK : CLI_WRONG_USE;
        if (key == 'D')
            config.device = optarg;
        else if (key == 'n')
            config.output = ZAMPLE_OUTPUT_NULL;
        else if (key == KEY_LOOP)
            loop = true;
        else if (!cli_sound_take (&sound, self, key, optarg))
            return CLI_WRONG_USE;
    }
    if (config.device && config.output == ZAMPLE_OUTPUT_NULL)
        return cli_wrong_use (self, "--device and --null exclude each other");
    if (optind == argc)
        return cli_wrong_use (self, "a file is missing");
    return s_play (&config, &sound, loop, argv + optind, (size_t) (argc - optind));
}

static const cli_option_t s_options[] = {
    { 'D', "device", "NAME", "the device to play on, as \"zample devices\" lists it" },
    { 'n', "null", NULL, "plays on no device, in time" },
    { KEY_LOOP, "loop", NULL, "plays over and over, until it is interrupted" },
    CLI_SOUND_OPTIONS,
    { 0 },
};

const cli_verb_t cli_play = {
    .name = "play",
    .arguments = "[OPTION]... FILE...",
    .summary = "plays files one after the other",
    .options = s_options,
    .run = s_run,
};
