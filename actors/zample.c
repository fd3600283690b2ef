/*  The facade: implements include/zample.h but for loading (loading.c), the commands (commands.c) and the
    names (names.c).

    An engine is built from the listener backwards, so that nobody ever speaks to one who is not there yet: folder and inbox,
    broker, jobs and store, library, audio, loader. It is taken down in the opposite order.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "actors/engine.h"
#include "actors/fail.h"
#include "engine/output/devices.h"
#include "engine/stage_setup.h"

static_assert (sizeof (zample_event_t) == 512, "the size of an event is part of the interface");

/* -------------------------------------------------------------------- life */

static zample_status_t
s_open_publishing (zample_t *self)
{
    char why[512];
    self->folder = zample_folder_new (self->name, why, sizeof why);
    if (!self->folder)
        return zample_fail (ZAMPLE_NO_SOCKET, "%s", why);
    self->inbox = zample_inbox_new ();
    self->context = zmq_ctx_new ();
    if (!self->inbox || !self->context)
        return zample_fail (ZAMPLE_NO_MEMORY, "there is no memory or no descriptor left for an engine");
    self->broker = zample_broker_new (self->context, self->name, zample_folder_endpoint (self->folder),
                                      self->inbox, why, sizeof why);
    if (!self->broker)
        return zample_fail (ZAMPLE_NO_SOCKET, "%s", why);
    self->told = zample_told_new (self->context);
    return self->told ? ZAMPLE_OK : zample_fail (ZAMPLE_NO_MEMORY, "there is no socket left for an engine");
}

static zample_status_t
s_open_loading (zample_t *self, const zample_config_t *config)
{
    uint32_t slots = config->slots + config->library_sounds;
    zample_stage_shape_t shape = {
        .slots = slots,
        .voices = config->voices,
        .command_capacity = 2 * config->command_capacity, /* half of them for the engine's own */
        .event_capacity = config->event_capacity,
    };
    self->doorway = zample_doorway_new (&shape);
    self->store = zample_store_new (slots, config->memory_bytes);
    if (!self->doorway || !self->store)
        return zample_fail (ZAMPLE_NO_MEMORY, "there is no memory for an engine of this size");
    self->jobs = zample_jobs_new (self->doorway, self->told);
    if (!self->jobs)
        return zample_fail (ZAMPLE_NO_MEMORY, "there is no memory for an engine of this size");
    zample_library_spec_t spec = { .base = config->slots,
                                   .sounds_max = config->library_sounds,
                                   .symlinks = config->symlinks,
                                   .watch = config->library_watch };
    self->library = zample_library_new (self->context, &spec, self->jobs, self->store);
    return self->library
               ? ZAMPLE_OK
               : zample_fail (ZAMPLE_NO_MEMORY, "there is no memory or no thread left for the library");
}

static zample_status_t
s_open_audio (zample_t *self, const zample_config_t *config)
{
    char why[512];
    zample_status_t status;
    zample_audio_others_t others = { .doorway = self->doorway,
                                     .told = self->told,
                                     .jobs = self->jobs,
                                     .store = self->store,
                                     .library = self->library };
    self->audio = zample_audio_new (self->context, config, &others, &status, why, sizeof why);
    return self->audio ? ZAMPLE_OK : zample_fail (status, "%s", why);
}

static zample_status_t
s_open_loader (zample_t *self, const zample_config_t *config)
{
    char why[512];
    const zample_limits_t *limits = &config->limits;
    if (config->cache) {
        self->cache = zample_cache_new (config->cache, why, sizeof why);
        if (!self->cache)
            return zample_fail (ZAMPLE_NO_FILE, "%s", why);
    }
    zample_worker_arguments_t with = {
        .jobs = self->jobs,
        .store = self->store,
        .doorway = self->doorway,
        .symlinks = config->symlinks,
        .cache = self->cache,
        .spec = { .rate_hz = zample_audio_rate (self->audio),
                  .limits = { .bytes = (int64_t) limits->bytes,
                              .frames = (int64_t) limits->frames,
                              .milliseconds = 1000 * (int64_t) limits->seconds,
                              .channels = limits->channels,
                              .streams = limits->streams,
                              .least_share = (double) limits->least_share } },
    };
    self->loader = zample_loader_new (self->context, &with, config->workers);
    return self->loader ? ZAMPLE_OK
                        : zample_fail (ZAMPLE_NO_MEMORY, "there is no memory or no thread left for loading");
}

zample_status_t
zample_new (const zample_config_t *asked, zample_t **engine)
{
    zample_config_t config;
    if (!engine)
        return zample_fail (ZAMPLE_INVALID, "engine is NULL");
    *engine = NULL;
    zample_t *self = calloc (1, sizeof *self);
    if (!self)
        return zample_fail (ZAMPLE_NO_MEMORY, "there is no memory for an engine");
    zample_status_t status = zample_configure (asked, &config, self->name);
    self->offline = config.output == ZAMPLE_OUTPUT_OFFLINE;
    self->own_slots = config.slots;
    if (status == ZAMPLE_OK)
        status = s_open_publishing (self);
    if (status == ZAMPLE_OK)
        status = s_open_loading (self, &config);
    if (status == ZAMPLE_OK)
        status = s_open_audio (self, &config);
    if (status == ZAMPLE_OK)
        status = s_open_loader (self, &config);
    if (status == ZAMPLE_OK)
        *engine = self;
    else
        zample_destroy (&self);
    return status;
}

void
zample_destroy (zample_t **self_p)
{
    if (!self_p || !*self_p)
        return;
    zample_t *self = *self_p;
    if (self->jobs)
        zample_jobs_close (self->jobs);
    if (self->library)
        zample_library_stop (self->library);
    zample_loader_destroy (&self->loader);
    zample_audio_destroy (&self->audio);
    zample_library_destroy (&self->library);
    zample_jobs_destroy (&self->jobs);
    zample_told_destroy (&self->told);
    zample_broker_destroy (&self->broker);
    if (self->context)
        zmq_ctx_term (self->context);
    zample_folder_destroy (&self->folder); /* last: until then ZeroMQ may still remove its socket there */
    zample_inbox_destroy (&self->inbox);
    zample_doorway_destroy (&self->doorway);
    zample_store_destroy (&self->store);
    zample_cache_destroy (&self->cache);
    free (self);
    *self_p = NULL;
}

/* ------------------------------------------------------------------ asking */

uint32_t
zample_rate (const zample_t *self)
{
    return self ? zample_audio_rate (self->audio) : 0;
}

const char *
zample_name (const zample_t *self)
{
    return self ? self->name : "";
}

const char *
zample_endpoint (const zample_t *self)
{
    return self ? zample_folder_endpoint (self->folder) : "";
}

zample_status_t
zample_clock (const zample_t *self, zample_clock_t *clock)
{
    if (!self || !clock)
        return zample_fail (ZAMPLE_INVALID, "%s is NULL", self ? "clock" : "engine");
    zample_clock_record_t record = zample_doorway_clock (self->doorway);
    *clock = (zample_clock_t) { .frame = record.frame,
                                .time_ns = record.time_ns,
                                .delay_frames = record.delay_frames };
    return ZAMPLE_OK;
}

zample_status_t
zample_meter (const zample_t *self, zample_meter_t *meter)
{
    if (!self || !meter)
        return zample_fail (ZAMPLE_INVALID, "%s is NULL", self ? "meter" : "engine");
    zample_meter_record_t record = zample_doorway_meter (self->doorway);
    *meter = (zample_meter_t) { .frame = record.frame,
                                .peak = { record.peak[0], record.peak[1] },
                                .voices = record.voices };
    return ZAMPLE_OK;
}

/* --------------------------------------------------------------- rendering */

zample_status_t
zample_render (zample_t *self, int64_t frames, float *out)
{
    if (!self)
        return zample_fail (ZAMPLE_INVALID, "engine is NULL");
    if (frames < 0)
        return zample_fail (ZAMPLE_RANGE, "%lld frames cannot be rendered", (long long) frames);
    if (!self->offline)
        return zample_fail (ZAMPLE_MISUSE,
                            "this engine plays by itself: only one with ZAMPLE_OUTPUT_OFFLINE is rendered");
    if (zample_audio_render (self->audio, frames, out))
        return ZAMPLE_OK;
    return zample_fail (ZAMPLE_NO_FILE, "the recording could not be written: it lacks frames");
}

/* ------------------------------------------------------------------ events */

zample_status_t
zample_poll (zample_t *self, zample_event_t *event)
{
    if (!self || !event)
        return zample_fail (ZAMPLE_INVALID, "%s is NULL", self ? "event" : "engine");
    return zample_inbox_take (self->inbox, event) ? ZAMPLE_OK : ZAMPLE_EMPTY;
}

int
zample_poll_fd (const zample_t *self)
{
    return self ? zample_inbox_fd (self->inbox) : -1;
}

/* ----------------------------------------------------------------- devices */

static_assert (sizeof (zample_device_t) == sizeof (zample_output_device_t),
               "the facade hands on what the output lists");

zample_status_t
zample_devices (zample_device_t **devices, size_t *count)
{
    if (!devices || !count)
        return zample_fail (ZAMPLE_INVALID, "%s is NULL", devices ? "count" : "devices");
    zample_output_device_t *found;
    int error = zample_output_devices (&found, count);
    *devices = (zample_device_t *) found;
    if (error == 0)
        return ZAMPLE_OK;
    return zample_fail (error == -ENOMEM ? ZAMPLE_NO_MEMORY : ZAMPLE_NO_DEVICE,
                        "the devices cannot be listed: %s", strerror (-error));
}

void
zample_devices_free (zample_device_t **devices)
{
    if (!devices)
        return;
    free (*devices);
    *devices = NULL;
}
