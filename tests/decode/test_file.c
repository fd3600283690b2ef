/*  Which files are opened, by what they are told apart, and what is said of all others. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/file.h"
#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

#define BYTES_MAX 1000

static void
s_must_not_open (const char *path, bool symlinks, zample_failed_tag_t code, const char *reason)
{
    char expected[700];
    zample_file_t file;
    zample_failure_t failure;
    snprintf (expected, sizeof (expected), "%s: %s", path, reason);
    ck_assert (!zample_file_open (&file, path, symlinks, BYTES_MAX, &failure));
    ck_assert_int_eq (failure.code, code);
    ck_assert_str_eq (failure.sentence, expected);
    ck_assert_int_eq (file.fd, -1);
    zample_file_close (&file);
}

START_TEST (links_are_followed_only_if_asked_for)
{
    zample_file_t file, through;
    zample_failure_t failure;
    const char *path = files_write_text ("real", "sound");
    ck_assert_int_eq (symlink ("real", files_path ("link")), 0);
    s_must_not_open (files_path ("link"), false, FAILED_SYMLINK,
                     "this is a symbolic link, and links are not followed");
    ck_assert (zample_file_open (&file, path, false, BYTES_MAX, &failure));
    ck_assert (zample_file_open (&through, files_path ("link"), true, BYTES_MAX, &failure));
    ck_assert_int_eq (failure.code, FAILED_NOT);
    ck_assert_mem_eq (&through.id, &file.id, sizeof (file.id));
    zample_file_close (&file);
    zample_file_close (&through);
}
END_TEST

START_TEST (folders_on_the_way_may_be_links)
{
    zample_file_t file;
    zample_failure_t failure;
    ck_assert_int_eq (mkdir (files_path ("folder"), 0700), 0);
    files_write_text ("folder/x", "sound");
    ck_assert_int_eq (symlink ("folder", files_path ("alias")), 0);
    ck_assert (zample_file_open (&file, files_path ("alias/x"), false, BYTES_MAX, &failure));
    zample_file_close (&file);
}
END_TEST

START_TEST (a_file_may_be_as_large_as_is_allowed)
{
    zample_file_t file;
    zample_failure_t failure;
    const char *path = files_write_text ("large", "");
    s_must_not_open (path, false, FAILED_EMPTY, "the file is empty");
    ck_assert_int_eq (truncate (path, BYTES_MAX), 0);
    ck_assert (zample_file_open (&file, path, false, BYTES_MAX, &failure));
    ck_assert_int_eq (file.id.size, BYTES_MAX);
    zample_file_close (&file);
    ck_assert_int_eq (truncate (path, BYTES_MAX + 1), 0);
    s_must_not_open (path, false, FAILED_TOO_LARGE,
                     "the file has 1001 bytes, and no more than 1000 are allowed");
}
END_TEST

static zample_file_id_t
s_id_of (const char *path)
{
    zample_file_t file;
    zample_failure_t failure;
    ck_assert (zample_file_open (&file, path, false, BYTES_MAX, &failure));
    zample_file_id_t id = file.id;
    zample_file_close (&file);
    return id;
}

START_TEST (what_changed_is_another_file)
{
    const char *path = files_write_text ("changing", "one");
    struct timespec times[2] = { { 1000, 5 }, { 1000, 5 } };
    ck_assert_int_eq (utimensat (AT_FDCWD, path, times, 0), 0);
    zample_file_id_t first = s_id_of (path);
    ck_assert_int_eq (first.changed_ns, INT64_C (1000000000005));
    times[1].tv_nsec++;
    ck_assert_int_eq (utimensat (AT_FDCWD, path, times, 0), 0);
    zample_file_id_t touched = s_id_of (path);
    ck_assert_int_eq (touched.changed_ns, first.changed_ns + 1);
    ck_assert_uint_eq (touched.inode, first.inode);
    files_write_text ("next", "two");
    zample_file_id_t next = s_id_of (files_path ("next"));
    ck_assert_uint_eq (next.device, first.device);
    ck_assert_uint_ne (next.inode, first.inode);
}
END_TEST

START_TEST (closing_twice_closes_nothing_else)
{
    zample_file_t file, none;
    zample_failure_t failure;
    ck_assert (zample_file_open (&file, files_write_text ("twice", "x"), false, BYTES_MAX, &failure));
    int fd = file.fd;
    zample_file_close (&file);
    ck_assert_int_eq (fcntl (fd, F_GETFD), -1);
    int other = open ("/dev/null", O_RDONLY);
    ck_assert_int_eq (other, fd);
    zample_file_close (&file);
    ck_assert_int_ge (fcntl (other, F_GETFD), 0);
    close (other);
    memset (&none, 0, sizeof (none));
    int standard = fcntl (0, F_GETFD);
    zample_file_close (&none);
    ck_assert_int_eq (fcntl (0, F_GETFD), standard);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("file");
    TCase *tests = tcase_create ("file");
    tcase_add_test (tests, links_are_followed_only_if_asked_for);
    tcase_add_test (tests, folders_on_the_way_may_be_links);
    tcase_add_test (tests, a_file_may_be_as_large_as_is_allowed);
    tcase_add_test (tests, what_changed_is_another_file);
    tcase_add_test (tests, closing_twice_closes_nothing_else);
    suite_add_tcase (suite, tests);
    files_begin ();
    int status = run_suite (suite);
    files_end ();
    return status;
}
