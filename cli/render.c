/*  `zample render`: plays files one after the other into a WAV file, as fast as it goes. Files are loaded in
    the background while those before them are rendered; what is written does not depend on how long
    that takes, because no frame is rendered before its sound is there.
 */
#include "config.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/load.h"
#include "cli/now.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "cli/tell.h"

#define CHUNK_FRAMES 16384 /* rendered between two looks at the signals */

typedef struct {
    zample_t *engine;
    int signals;
    cli_loads_t loads;
    zample_play_t how;
    int64_t frame; /* the next to be rendered */
    bool trouble;
} renderer_t;

static void
s_take_all (renderer_t *self)
{
    zample_event_t event;
    while (zample_poll (self->engine, &event) == ZAMPLE_OK) {
        cli_loads_take (&self->loads, &event);
        if (event.kind == ZAMPLE_EVENT_RECORDING) {
            cli_say ("%" PRIu64 " frames could not be written and are silence", event.u.lost.count);
            self->trouble = true;
        }
    }
}

/*  Returns 0 as soon as the turn is loaded or has failed, or a signal's exit code. */
static int
s_await (renderer_t *self, size_t turn)
{
    bool all = self->loads.count - turn < self->loads.width;
    for (;;) {
        s_take_all (self);
        cli_loads_ask (&self->loads, turn, all ? self->loads.count : turn + self->loads.width);
        cli_load_state_t state = cli_loads_turn (&self->loads, turn)->state;
        if (self->loads.asked > turn && state != CLI_LOAD_RUNNING)
            return 0;
        cli_signals_wait (self->signals, zample_poll_fd (self->engine), -1);
        int code = cli_signals_take (self->signals);
        if (code)
            return code;
    }
}

static int
s_render_frames (renderer_t *self, int64_t frames)
{
    while (frames > 0) {
        int64_t count = frames < CHUNK_FRAMES ? frames : CHUNK_FRAMES;
        if (zample_render (self->engine, count, NULL) != ZAMPLE_OK) {
            cli_say ("%s", zample_why ());
            return CLI_FAILED;
        }
        self->frame += count;
        frames -= count;
        s_take_all (self);
        int code = cli_signals_take (self->signals);
        if (code)
            return code;
    }
    return 0;
}

static int
s_render_turn (renderer_t *self, size_t turn)
{
    int code = s_await (self, turn);
    const cli_load_t *load = cli_loads_turn (&self->loads, turn);
    if (code || load->state == CLI_LOAD_FAILED)
        return code;

    zample_play_t how = self->how;
    how.frame = self->frame;
    if (zample_play (self->engine, (uint32_t) (turn % self->loads.width), &how, NULL) != ZAMPLE_OK) {
        cli_say ("%s", zample_why ());
        return CLI_FAILED;
    }
    return s_render_frames (self, cli_frames_at_speed (load->frames, how.speed));
}

static int
s_render_all (renderer_t *self)
{
    for (size_t turn = 0; turn < self->loads.count; turn++) {
        int code = s_render_turn (self, turn);
        if (code)
            return code;
    }
    return self->trouble || self->loads.failures ? CLI_FAILED : CLI_OK;
}

static void
s_tell_speed (int64_t frames, uint32_t rate_hz, int64_t took_ns)
{
    double took_sec = (double) took_ns * 1e-9;
    double sec = (double) frames / rate_hz;
    cli_say ("%" PRId64 " frames, %.3f s, in %.3f s: %.0f times real time", frames, sec, took_sec,
             took_sec > 0.0 ? sec / took_sec : 0.0);
}

/*  A file that was made and got no frame would only look like a result. */
static void
s_remove_empty (const char *path)
{
    struct stat about;
    if (stat (path, &about) == 0 && S_ISREG (about.st_mode))
        unlink (path);
}

static int
s_render (const zample_config_t *config, const cli_sound_t *sound, char *const *paths, size_t count)
{
    renderer_t self = { .how = sound->how };
    int64_t begin_ns = cli_now_ns ();
    self.signals = cli_signals_open ();
    if (self.signals < 0)
        return CLI_FAILED;
    int code = CLI_FAILED;
    uint32_t rate_hz = 0;
    if (zample_new (config, &self.engine) != ZAMPLE_OK)
        cli_say ("%s", zample_why ());
    else if (cli_loads_init (&self.loads, self.engine, paths, count)) {
        code = s_render_all (&self);
        cli_loads_reset (&self.loads);
        rate_hz = zample_rate (self.engine);
    }
    zample_destroy (&self.engine);
    close (self.signals);
    if (self.frame > 0)
        s_tell_speed (self.frame, rate_hz, cli_now_ns () - begin_ns);
    else if (rate_hz)
        s_remove_empty (config->record);
    return code;
}

/*  Whether one of the files to be read is the file to be written. */
static const char *
s_clash (const char *output, char *const *paths, size_t count)
{
    struct stat out, in;
    if (stat (output, &out) != 0)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (stat (paths[i], &in) == 0 && in.st_dev == out.st_dev && in.st_ino == out.st_ino)
            return paths[i];
    return NULL;
}

enum { KEY_S16 = CLI_KEY_OWN };

static int
s_run (const cli_verb_t *self, int argc, char **argv)
{
    zample_config_t config = { .output = ZAMPLE_OUTPUT_OFFLINE };
    cli_sound_t sound = { .how = ZAMPLE_PLAY_DEFAULT };
    for (int key; (key = cli_next_option (self, argc, argv)) != CLI_OPTIONS_END;) {
        if (key == CLI_OPTIONS_HELP || key == CLI_OPTIONS_WRONG)
            return key == CLI_OPTIONS_HELP ? CLI_OK : CLI_WRONG_USE;
        if (key == 'o')
            config.record = optarg;
        else if (key == KEY_S16)
            config.record_format = ZAMPLE_WAV_S16;
        else if (!cli_sound_take (&sound, self, key, optarg))
            return CLI_WRONG_USE;
    }
    char *const *paths = argv + optind;
    size_t count = (size_t) (argc - optind);
    if (count == 0)
        return cli_wrong_use (self, "a file is missing");
    if (!config.record)
        return cli_wrong_use (self, "--output is missing");
    const char *clash = s_clash (config.record, paths, count);
    if (clash)
        return cli_wrong_use (self, "%s would be overwritten before it is read", clash);
    config.rate_hz = sound.rate_hz;
    config.slots = cli_loads_slots (count);
    config.symlinks = true; /* who names one means what is there */
    return s_render (&config, &sound, paths, count);
}

static const cli_option_t s_options[] = {
    { 'o', "output", "FILE", "the WAV file to write; one that is there is overwritten" },
    { KEY_S16, "s16", NULL, "writes 16 bits with dither instead of 32-bit float" },
    CLI_SOUND_OPTIONS,
    { 0 },
};

const cli_verb_t cli_render = {
    .name = "render",
    .arguments = "[OPTION]... FILE... -o OUT.wav",
    .summary = "writes files, played one after the other, into a WAV file",
    .options = s_options,
    .run = s_run,
};
