/*  Runs on the thread of the test. */
#include "config.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/engine/recorded.h"

#define FRAME_SIZE (2 * sizeof (float))

void
recorded_open (recorded_t *self)
{
    const char *folder = getenv ("TMPDIR");
    *self = (recorded_t) { .count = 0 };
    if (!folder || strlen (folder) > 40)
        folder = "/tmp";
    snprintf (self->folder, sizeof self->folder, "%s/zample-XXXXXX", folder);
    ck_assert_ptr_nonnull (mkdtemp (self->folder));
    snprintf (self->path, sizeof self->path, "%s/taken.wav", self->folder);
}

/*  Goes from chunk to chunk until the frames come. */
static uint32_t
s_find_data (FILE *file)
{
    char name[12];
    uint32_t size = 0;
    ck_assert_uint_eq (fread (name, 1, 12, file), 12);
    ck_assert_int_eq (memcmp (name, "RIFF", 4), 0);
    for (;;) {
        ck_assert_uint_eq (fread (name, 1, 4, file), 4);
        ck_assert_uint_eq (fread (&size, 4, 1, file), 1);
        if (memcmp (name, "data", 4) == 0)
            return size;
        ck_assert_int_eq (fseek (file, (long) size, SEEK_CUR), 0);
    }
}

void
recorded_read (recorded_t *self)
{
    FILE *file = fopen (self->path, "rb");
    ck_assert_ptr_nonnull (file);
    uint32_t size = s_find_data (file);
    self->count = (int64_t) (size / FRAME_SIZE);
    self->frames = malloc (size + 1);
    ck_assert_ptr_nonnull (self->frames);
    ck_assert_uint_eq (fread (self->frames, 1, size, file), size);
    fclose (file);
}

void
recorded_close (recorded_t *self)
{
    unlink (self->path);
    rmdir (self->folder);
    free (self->frames);
}
