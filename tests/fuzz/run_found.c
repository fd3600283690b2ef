/*  Gives a fuzz target what was once found to do harm, in any build: the files named, or else all that are kept
    for the target in tests/fuzz/found. */
#include "config.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"

enum { SIZE_MAX_HERE = 1 << 20 };

static void
s_run (const char *path)
{
    printf ("%s\n", path);
    fflush (stdout);
    FILE *file = fopen (path, "rb");
    if (!file) {
        perror (path);
        exit (1);
    }
    /* As long as it is and no longer, so that a read behind its end is seen. */
    static uint8_t bytes[SIZE_MAX_HERE];
    size_t size = fread (bytes, 1, sizeof bytes, file);
    fclose (file);
    uint8_t *input = malloc (size > 0 ? size : 1);
    if (!input)
        exit (1);
    for (size_t i = 0; i < size; i++)
        input[i] = bytes[i];
    LLVMFuzzerTestOneInput (input, size);
    free (input);
}

static int
s_is_input (const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int
s_run_folder (const char *folder)
{
    struct dirent **entries;
    int count = scandir (folder, &entries, s_is_input, alphasort);
    for (int i = 0; i < count; i++) {
        char path[4096];
        snprintf (path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        s_run (path);
        free (entries[i]);
    }
    if (count >= 0)
        free (entries);
    return count;
}

int
main (int count, char **words)
{
    int runs = count - 1;
    for (int i = 1; i < count; i++)
        s_run (words[i]);
    if (runs == 0) {
        const char *source = getenv ("ZAMPLE_SRCDIR");
        char folder[2048];
        snprintf (folder, sizeof folder, "%s/tests/fuzz/found/" FUZZ_TARGET, source ? source : ".");
        runs = s_run_folder (folder);
    }
    printf ("%d passed, %d failed\n", runs > 0 ? runs : 0, runs > 0 ? 0 : 1);
    return runs > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
