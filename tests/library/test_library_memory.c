/*  What the library does when there is no memory, or a folder stops in the middle. The allocations of this program, and its readdir, are
    fakes that fail on demand (the linker's --wrap). */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "engine/library/catalogue.h"
#include "engine/library/watch.h"
#include "tests/library/tree.h"
#include "tests/support/failing.h"
#include "tests/support/run_suite.h"

static int s_names_until_failure = -1;

static bool
s_fails (int *left)
{
    return *left >= 0 && (*left)-- == 0;
}

void *__real_malloc (size_t size);
void *__wrap_malloc (size_t size);
char *__real_strdup (const char *text);
char *__wrap_strdup (const char *text);
char *__real_realpath (const char *path, char *real);
char *__wrap_realpath (const char *path, char *real);
struct dirent *__real_readdir (DIR *folder);
struct dirent *__wrap_readdir (DIR *folder);

void *
__wrap_malloc (size_t size)
{
    return failing_now () ? NULL : __real_malloc (size);
}

char *
__wrap_strdup (const char *text)
{
    return failing_now () ? NULL : __real_strdup (text);
}

char *
__wrap_realpath (const char *path, char *real)
{
    errno = ENOMEM;
    return failing_now () ? NULL : __real_realpath (path, real);
}

struct dirent *
__wrap_readdir (DIR *folder)
{
    if (!s_fails (&s_names_until_failure))
        return __real_readdir (folder);
    errno = EIO;
    return NULL;
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

static const zample_catalogue_listener_t s_listener = { .at_folder = s_at_folder, .goes_on = s_goes_on };
static zample_failure_t s_failure;
static zample_catalogue_counts_t s_counts;

static bool
s_add (zample_catalogue_t *catalogue, const char *name)
{
    uint32_t root;
    return zample_catalogue_root (catalogue, tree_path (name), &root, &s_failure)
           && zample_catalogue_scan (catalogue, root, &s_listener, &s_counts, &s_failure);
}

/*  Enough of everything that each table grows. */
static void
s_make_many (const char *root)
{
    for (int i = 0; i < 700; i++) {
        char name[64];
        snprintf (name, sizeof name, "%s/%d/%d.wav", root, i % 150, i);
        tree_file (name);
    }
}

START_TEST (without_memory_there_is_no_catalogue)
{
    zample_catalogue_t *catalogue = NULL;
    int calls = 0;
    while (!catalogue) {
        failing_after (calls++);
        catalogue = zample_catalogue_new (1000, false);
    }
    failing_stop ();
    ck_assert_int_gt (calls, 10);
    zample_catalogue_destroy (&catalogue);
}
END_TEST

START_TEST (without_memory_a_scan_changes_nothing)
{
    uint32_t sound;
    zample_catalogue_t *catalogue = zample_catalogue_new (1000, false);
    tree_file ("kit/a.wav");
    s_make_many ("more");
    ck_assert (s_add (catalogue, "kit"));
    int calls = 0;
    for (;;) {
        failing_after (calls++);
        bool added = s_add (catalogue, "more");
        failing_stop ();
        if (added)
            break;
        ck_assert_int_eq (s_failure.code, FAILED_NO_MEMORY);
        ck_assert_ptr_nonnull (strstr (s_failure.sentence, "memory"));
        ck_assert (zample_catalogue_find (catalogue, "kit:0", &sound) && sound == 0);
        ck_assert (!zample_catalogue_find (catalogue, "1.wav", &sound));
        ck_assert_uint_eq (zample_catalogue_size (catalogue), 1);
    }
    ck_assert_int_gt (calls, 150);
    ck_assert_uint_eq (s_counts.sounds, 700);
    ck_assert_uint_eq (zample_catalogue_size (catalogue), 701);
    zample_catalogue_destroy (&catalogue);
}
END_TEST

START_TEST (without_memory_there_is_no_watch)
{
    zample_watch_t *watch = NULL;
    int calls = 0;
    while (!watch) {
        failing_after (calls++);
        watch = zample_watch_new ();
    }
    failing_stop ();
    ck_assert_int_gt (calls, 4);
    zample_watch_destroy (&watch);
}
END_TEST

START_TEST (without_memory_a_watch_says_no_or_that_something_is_missing)
{
    zample_watch_t *watch = zample_watch_new ();
    const char *kit = tree_folder ("kit");
    failing_after (0);
    ck_assert (!zample_watch_folder (watch, kit, 0));
    failing_stop ();
    ck_assert (zample_watch_folder (watch, kit, 0));
    for (int calls = 0; calls < 2; calls++) {
        tree_file ("kit/a.wav");
        failing_after (calls);
        ck_assert (zample_watch_read (watch));
        failing_stop ();
        ck_assert (zample_watch_has_lost (watch));
        zample_watch_clear (watch);
        tree_remove ("kit/a.wav");
        zample_watch_read (watch);
        zample_watch_clear (watch);
    }
    zample_watch_destroy (&watch);
}
END_TEST

START_TEST (a_folder_that_stops_in_the_middle_is_counted)
{
    zample_catalogue_t *catalogue = zample_catalogue_new (1000, false);
    s_make_many ("kit");
    s_names_until_failure = 500;
    ck_assert (s_add (catalogue, "kit"));
    ck_assert_uint_eq (s_counts.failed, 1);
    ck_assert_uint_lt (s_counts.sounds, 700);
    ck_assert_uint_gt (s_counts.sounds, 600);
    zample_catalogue_destroy (&catalogue);
}
END_TEST

static void
s_begin (void)
{
    tree_begin ();
}

int
main (void)
{
    Suite *suite = suite_create ("library memory");
    TCase *tests = tcase_create ("library memory");
    tcase_add_checked_fixture (tests, s_begin, tree_end);
    tcase_add_test (tests, without_memory_there_is_no_catalogue);
    tcase_add_test (tests, without_memory_a_scan_changes_nothing);
    tcase_add_test (tests, without_memory_there_is_no_watch);
    tcase_add_test (tests, without_memory_a_watch_says_no_or_that_something_is_missing);
    tcase_add_test (tests, a_folder_that_stops_in_the_middle_is_counted);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
