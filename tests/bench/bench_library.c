/*  What it costs to find a sound of the library by its name, in a library of 10 and in one of 100,000; and to scan them.

    The files are empty and lie in memory (/dev/shm), so that the scan is ours and the kernel's. Each look-up goes through the catalogue, as
    a play's does. "Few" asks for the same 64 names over and over, as a player does, "any" for names all over the library, of
    which the processor has hardly one at hand. Medians of rounds. */
#include "config.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/library/catalogue.h"

enum { NAMES = 65536, FEW = 64, ROUNDS = 31, SCANS = 5, NAME_SIZE = 48 };

typedef enum { FOLDER_INDEX, FILE_NAME, FILE_STEM, NOTHING } s_kind_t;

static char s_names[NAMES][NAME_SIZE];

static double
s_now_ns (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return 1e9 * (double) now.tv_sec + (double) now.tv_nsec;
}

static int
s_compare (const void *left, const void *right)
{
    double a = *(const double *) left, b = *(const double *) right;
    return (a > b) - (a < b);
}

static int
s_remove (const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void) about, (void) kind, (void) walk;
    return remove (path);
}

static void
s_make_files (const char *root, int folders, int files)
{
    char path[256];
    for (int folder = 0; folder < folders; folder++) {
        snprintf (path, sizeof path, "%s/folder-%d", root, folder);
        mkdir (path, 0700);
        for (int file = 0; file < files; file++) {
            snprintf (path, sizeof path, "%s/folder-%d/some sound %d-%d.wav", root, folder, folder, file);
            close (open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        }
    }
}

static uint32_t
s_random (uint32_t below)
{
    static uint64_t state = 1;
    state = state * UINT64_C (6364136223846793005) + UINT64_C (1442695040888963407);
    return (uint32_t) ((state >> 33) % below);
}

static void
s_make_names (s_kind_t kind, int folders, int files)
{
    for (int i = 0; i < NAMES; i++) {
        uint32_t folder = s_random ((uint32_t) folders), file = s_random ((uint32_t) files);
        switch (kind) {
        case FOLDER_INDEX:
            snprintf (s_names[i], NAME_SIZE, "folder-%u:%u", folder, file + 7 * (uint32_t) files);
            break;
        case FILE_NAME: snprintf (s_names[i], NAME_SIZE, "some sound %u-%u.wav", folder, file); break;
        case FILE_STEM: snprintf (s_names[i], NAME_SIZE, "some sound %u-%u", folder, file); break;
        case NOTHING: snprintf (s_names[i], NAME_SIZE, "some other sound %u-%u", folder, file); break;
        }
    }
}

/*  ns a look-up. */
static double
s_look (zample_catalogue_t *catalogue, int different, bool is_there)
{
    double took[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t found = 0, sound;
        double began = s_now_ns ();
        for (int i = 0; i < NAMES; i++)
            found += zample_catalogue_find (catalogue, s_names[i % different], &sound);
        took[round] = (s_now_ns () - began) / NAMES;
        if (found != (is_there ? NAMES : 0)) {
            fprintf (stderr, "bench_library: %u of %d names were found\n", found, NAMES);
            exit (1);
        }
    }
    qsort (took, ROUNDS, sizeof *took, s_compare);
    return took[ROUNDS / 2];
}

static bool
s_at_folder (void *context, const char *path, bool fresh, double fraction)
{
    (void) context, (void) path, (void) fresh, (void) fraction;
    return true;
}

static bool
s_goes_on (void *context)
{
    (void) context;
    return true;
}

/*  ms a scan, the index included. */
static double
s_scan (zample_catalogue_t *catalogue, const char *path)
{
    zample_catalogue_listener_t listener = { .at_folder = s_at_folder, .goes_on = s_goes_on };
    zample_catalogue_counts_t counts;
    zample_failure_t failure;
    uint32_t root;
    double took[SCANS];
    for (int i = 0; i < SCANS; i++) {
        double began = s_now_ns ();
        if (!zample_catalogue_root (catalogue, path, &root, &failure)
            || !zample_catalogue_scan (catalogue, root, &listener, &counts, &failure)) {
            fprintf (stderr, "bench_library: %s\n", failure.sentence);
            exit (1);
        }
        took[i] = (s_now_ns () - began) / 1e6;
    }
    qsort (took, SCANS, sizeof *took, s_compare);
    return took[SCANS / 2];
}

static void
s_bench (int folders, int files)
{
    static const char *const kinds[] = { "folder:index", "file.wav", "file", "(nothing)" };
    char root[] = "/dev/shm/zample-bench-XXXXXX";
    zample_catalogue_t *catalogue = zample_catalogue_new (1000000, false);
    if (!catalogue || !mkdtemp (root)) {
        fprintf (stderr, "bench_library: cannot make a folder in /dev/shm\n");
        exit (1);
    }
    s_make_files (root, folders, files);
    printf ("%d sounds in %d folders: scanned in %.2f ms\n", folders * files, folders,
            s_scan (catalogue, root));
    for (s_kind_t kind = FOLDER_INDEX; kind <= NOTHING; kind++) {
        s_make_names (kind, folders, files);
        double few = s_look (catalogue, FEW, kind != NOTHING),
               any = s_look (catalogue, NAMES, kind != NOTHING);
        printf ("    %-14s %6.1f ns (few) %6.1f ns (any)\n", kinds[kind], few, any);
    }
    nftw (root, s_remove, 16, FTW_DEPTH | FTW_PHYS);
    zample_catalogue_destroy (&catalogue);
}

int
main (void)
{
    s_bench (2, 5);
    s_bench (200, 500);
    return 0;
}
