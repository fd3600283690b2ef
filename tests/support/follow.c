#include "config.h"

#include <check.h>
#include <errno.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/follow.h"

static char s_folder[64];
static pid_t s_owner;

static int
s_remove (const char *path, const struct stat *found, int kind, struct FTW *where)
{
    (void) found, (void) kind, (void) where;
    return remove (path);
}

static void
s_clean_up (void)
{
    if (getpid () == s_owner)
        nftw (s_folder, s_remove, 16, FTW_DEPTH | FTW_PHYS);
}

const char *
follow_private_runtime (void)
{
    strcpy (s_folder, "/tmp/zample-test-XXXXXX");
    if (!mkdtemp (s_folder))
        abort ();
    s_owner = getpid ();
    atexit (s_clean_up);
    setenv ("XDG_RUNTIME_DIR", s_folder, 1);
    return s_folder;
}

zample_event_t
follow_next (zample_t *engine)
{
    zample_event_t event;
    struct pollfd fd = { .fd = zample_poll_fd (engine), .events = POLLIN };
    for (;;) {
        zample_status_t status = zample_poll (engine, &event);
        if (status == ZAMPLE_OK)
            return event;
        ck_assert_int_eq (status, ZAMPLE_EMPTY);
        int ready = poll (&fd, 1, FOLLOW_LIMIT_MS);
        if (ready < 0 && errno == EINTR)
            continue;
        ck_assert_msg (ready == 1, "no event came");
    }
}

zample_event_t
follow_until (zample_t *engine, zample_event_kind_t kind)
{
    for (;;) {
        zample_event_t event = follow_next (engine);
        if (event.kind == kind)
            return event;
        ck_assert_msg (event.kind != ZAMPLE_EVENT_ERROR, "%s", event.u.error.msg);
    }
}

zample_event_t
follow_load (zample_t *engine, uint32_t slot, const char *path)
{
    uint64_t job;
    ck_assert_msg (zample_load (engine, slot, path, NULL, &job) == ZAMPLE_OK, "%s", zample_why ());
    zample_event_t event = follow_until (engine, ZAMPLE_EVENT_SUCCESS);
    ck_assert_uint_eq (event.job, job);
    return event;
}

zample_t *
follow_engine (zample_output_kind_t output)
{
    zample_config_t config = { .output = output };
    zample_t *engine;
    ck_assert_msg (zample_new (&config, &engine) == ZAMPLE_OK, "%s", zample_why ());
    return engine;
}

const char *
follow_path (const char *name)
{
    static char path[256];
    snprintf (path, sizeof path, "%s/%s", s_folder, name);
    return path;
}

static void
s_put (FILE *file, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        fputc ((int) (value >> 8 * i & 0xff), file);
}

const char *
follow_make_ramp (const char *name, int frames)
{
    const char *path = follow_path (name);
    FILE *file = fopen (path, "wb");
    ck_assert_ptr_nonnull (file);
    uint32_t size = (uint32_t) frames * 4;
    fputs ("RIFF", file);
    s_put (file, 36 + size, 4);
    fputs ("WAVEfmt ", file);
    s_put (file, 16, 4);
    s_put (file, 1, 2);
    s_put (file, 2, 2);
    s_put (file, 48000, 4);
    s_put (file, 192000, 4);
    s_put (file, 4, 2);
    s_put (file, 16, 2);
    fputs ("data", file);
    s_put (file, size, 4);
    for (int i = 0; i < frames; i++) {
        s_put (file, (uint32_t) i, 2);
        s_put (file, (uint32_t) i, 2);
    }
    ck_assert_int_eq (fclose (file), 0);
    return path;
}
