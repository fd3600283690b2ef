/*  The watch over real folders. The system queues an event before the call that caused it returns, so nothing is waited for. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/library/watch.h"
#include "tests/library/tree.h"
#include "tests/support/run_suite.h"

static zample_watch_t *s_watch;
static int s_error; /* of the next watches, 0: none */

int __real_inotify_add_watch (int fd, const char *path, uint32_t mask);
int __wrap_inotify_add_watch (int fd, const char *path, uint32_t mask);

int
__wrap_inotify_add_watch (int fd, const char *path, uint32_t mask)
{
    errno = s_error;
    return s_error ? -1 : __real_inotify_add_watch (fd, path, mask);
}

static void
s_begin (void)
{
    tree_begin ();
    tree_folder ("kit");
    tree_folder ("more");
    s_watch = zample_watch_new ();
    ck_assert_ptr_nonnull (s_watch);
    zample_watch_begin (s_watch);
    ck_assert (zample_watch_folder (s_watch, tree_path ("kit"), 3));
}

static void
s_end (void)
{
    zample_watch_destroy (&s_watch);
    ck_assert_ptr_null (s_watch);
    tree_end ();
}

/*  What has happened since it was asked last: so many paths were written, the first of them this one. */
static void
s_must_see (bool stale, uint32_t written, const char *first)
{
    ck_assert (zample_watch_read (s_watch) == (stale || written > 0));
    ck_assert (zample_watch_is_stale (s_watch, 3) == stale);
    const zample_names_t *names = zample_watch_written (s_watch);
    ck_assert_uint_eq (zample_names_count (names), written);
    if (written > 0)
        ck_assert_str_eq (zample_names_text (names, 0), tree_path (first));
    ck_assert (!zample_watch_has_lost (s_watch));
    zample_watch_clear (s_watch);
    ck_assert (!zample_watch_is_stale (s_watch, 3));
    ck_assert_uint_eq (zample_names_count (names), 0);
}

/*  How many the system keeps for us. */
static int
s_system_watches (void)
{
    char name[64], line[256];
    int count = 0;
    snprintf (name, sizeof name, "/proc/self/fdinfo/%d", zample_watch_fd (s_watch));
    FILE *about = fopen (name, "r");
    ck_assert_ptr_nonnull (about);
    while (fgets (line, sizeof line, about))
        count += strncmp (line, "inotify ", 8) == 0;
    fclose (about);
    return count;
}

START_TEST (nothing_is_nothing)
{
    s_must_see (false, 0, "");
}
END_TEST

START_TEST (a_new_file_is_a_name_and_written)
{
    tree_file ("kit/a.wav");
    s_must_see (true, 1, "kit/a.wav");
}
END_TEST

START_TEST (a_file_that_is_written_again_is_only_written)
{
    tree_file ("kit/a.wav");
    zample_watch_read (s_watch);
    zample_watch_clear (s_watch);
    tree_file ("kit/a.wav");
    tree_file ("kit/a.wav");
    s_must_see (false, 1, "kit/a.wav");
}
END_TEST

START_TEST (a_file_that_comes_by_moving_is_written)
{
    tree_file ("a.wav");
    tree_rename ("a.wav", "kit/b.wav");
    s_must_see (true, 1, "kit/b.wav");
    tree_rename ("kit/b.wav", "kit/c.wav");
    s_must_see (true, 1, "kit/c.wav");
    tree_rename ("kit/c.wav", "a.wav");
    s_must_see (true, 0, "");
}
END_TEST

START_TEST (names_that_the_library_does_not_have_do_not_matter)
{
    tree_file ("kit/.a.wav");
    tree_file ("kit/a.txt");
    tree_file ("kit/a.wav~");
    tree_folder ("kit/.git");
    tree_remove ("kit/a.txt");
    s_must_see (false, 0, "");
}
END_TEST

START_TEST (a_file_that_goes_is_a_name)
{
    tree_file ("kit/a.wav");
    zample_watch_read (s_watch);
    zample_watch_clear (s_watch);
    tree_remove ("kit/a.wav");
    s_must_see (true, 0, "");
}
END_TEST

START_TEST (folders_that_come_and_go_are_names)
{
    tree_folder ("kit/new");
    s_must_see (true, 0, "");
    tree_rename ("kit/new", "kit/old");
    s_must_see (true, 0, "");
    tree_remove ("kit/old");
    s_must_see (true, 0, "");
    tree_rename ("kit", "away");
    s_must_see (true, 0, "");
}
END_TEST

START_TEST (a_folder_that_is_gone_is_forgotten)
{
    tree_remove ("kit");
    s_must_see (true, 0, "");
    tree_file ("kit/a.wav");
    s_must_see (false, 0, "");
    ck_assert (zample_watch_folder (s_watch, tree_path ("nothing"), 3));
}
END_TEST

START_TEST (a_folder_that_no_scan_meets_any_more_is_not_watched)
{
    ck_assert (zample_watch_folder (s_watch, tree_path ("more"), 3));
    zample_watch_end (s_watch, 3);
    tree_file ("more/a.wav");
    s_must_see (true, 1, "more/a.wav");
    ck_assert_int_eq (s_system_watches (), 2);
    zample_watch_begin (s_watch);
    ck_assert (zample_watch_folder (s_watch, tree_path ("kit"), 3));
    zample_watch_end (s_watch, 3);
    ck_assert_int_eq (s_system_watches (), 1);
    tree_file ("more/b.wav");
    s_must_see (false, 0, "");
    tree_file ("kit/b.wav");
    s_must_see (true, 1, "kit/b.wav");
}
END_TEST

START_TEST (what_another_root_watches_stays_watched)
{
    ck_assert (zample_watch_folder (s_watch, tree_path ("kit"), 5));
    zample_watch_begin (s_watch);
    zample_watch_end (s_watch, 5);
    tree_file ("kit/a.wav");
    ck_assert (zample_watch_read (s_watch));
    ck_assert (zample_watch_is_stale (s_watch, 3));
    ck_assert (!zample_watch_is_stale (s_watch, 5));
}
END_TEST

START_TEST (a_folder_of_two_roots_is_both_theirs)
{
    ck_assert (zample_watch_folder (s_watch, tree_path ("kit"), 5));
    tree_file ("kit/a.wav");
    ck_assert (zample_watch_read (s_watch));
    ck_assert (zample_watch_is_stale (s_watch, 3));
    ck_assert (zample_watch_is_stale (s_watch, 5));
    ck_assert_uint_eq (zample_names_count (zample_watch_written (s_watch)), 1);
}
END_TEST

START_TEST (a_folder_that_was_renamed_goes_by_its_new_name)
{
    tree_rename ("kit", "renamed");
    s_must_see (true, 0, "");
    zample_watch_begin (s_watch);
    ck_assert (zample_watch_folder (s_watch, tree_path ("renamed"), 3));
    zample_watch_end (s_watch, 3);
    tree_file ("renamed/a.wav");
    s_must_see (true, 1, "renamed/a.wav");
}
END_TEST

START_TEST (many_folders_are_told_apart)
{
    for (int i = 0; i < 1000; i++) {
        char name[32];
        snprintf (name, sizeof name, "more/%d", i);
        ck_assert (zample_watch_folder (s_watch, tree_folder (name), 3));
    }
    tree_file ("more/567/a.wav");
    s_must_see (true, 1, "more/567/a.wav");
}
END_TEST

START_TEST (when_too_much_happens_it_says_that_something_is_missing)
{
    FILE *limit = fopen ("/proc/sys/fs/inotify/max_queued_events", "r");
    int events = 16384;
    if (limit) {
        ck_assert_int_eq (fscanf (limit, "%d", &events), 1);
        fclose (limit);
    }
    for (int i = 0; i <= events / 2; i++) {
        tree_file ("kit/a.wav");
        tree_file ("kit/b.wav");
    }
    ck_assert (zample_watch_read (s_watch));
    ck_assert (zample_watch_has_lost (s_watch));
    zample_watch_clear (s_watch);
    ck_assert (!zample_watch_has_lost (s_watch));
}
END_TEST

START_TEST (without_watches_or_memory_it_says_no)
{
    s_error = ENOSPC;
    ck_assert (!zample_watch_folder (s_watch, tree_path ("more"), 3));
    s_error = ENOMEM;
    ck_assert (!zample_watch_folder (s_watch, tree_path ("more"), 3));
    s_error = 0;
    ck_assert (zample_watch_folder (s_watch, tree_path ("more"), 3));
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("watch");
    TCase *tests = tcase_create ("watch");
    tcase_add_checked_fixture (tests, s_begin, s_end);
    tcase_add_test (tests, nothing_is_nothing);
    tcase_add_test (tests, a_new_file_is_a_name_and_written);
    tcase_add_test (tests, a_file_that_is_written_again_is_only_written);
    tcase_add_test (tests, a_file_that_comes_by_moving_is_written);
    tcase_add_test (tests, names_that_the_library_does_not_have_do_not_matter);
    tcase_add_test (tests, a_file_that_goes_is_a_name);
    tcase_add_test (tests, folders_that_come_and_go_are_names);
    tcase_add_test (tests, a_folder_that_is_gone_is_forgotten);
    tcase_add_test (tests, a_folder_that_no_scan_meets_any_more_is_not_watched);
    tcase_add_test (tests, what_another_root_watches_stays_watched);
    tcase_add_test (tests, a_folder_of_two_roots_is_both_theirs);
    tcase_add_test (tests, a_folder_that_was_renamed_goes_by_its_new_name);
    tcase_add_test (tests, many_folders_are_told_apart);
    tcase_add_test (tests, when_too_much_happens_it_says_that_something_is_missing);
    tcase_add_test (tests, without_watches_or_memory_it_says_no);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
