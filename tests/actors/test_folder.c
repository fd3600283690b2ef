#include "config.h"

#include <check.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "actors/folder.h"
#include "tests/support/follow.h"
#include "tests/support/run_suite.h"

static char s_why[512];

static const char *
s_in_zample (const char *name)
{
    static _Thread_local char path[300];
    snprintf (path, sizeof path, "%s/zample/%s", getenv ("XDG_RUNTIME_DIR"), name);
    return path;
}

START_TEST (the_folder_is_this_users_alone_and_goes_with_the_engine)
{
    struct stat found;
    zample_folder_t *folder = zample_folder_new ("one", s_why, sizeof s_why);
    ck_assert_msg (folder != NULL, "%s", s_why);
    ck_assert_int_eq (stat (s_in_zample ("one"), &found), 0);
    ck_assert_int_eq (found.st_mode & 0777, 0700);
    ck_assert_ptr_nonnull (strstr (zample_folder_endpoint (folder), "/zample/one/events"));
    zample_folder_destroy (&folder);
    ck_assert_ptr_null (folder);
    ck_assert_int_ne (stat (s_in_zample ("one"), &found), 0);
}
END_TEST

START_TEST (a_name_belongs_to_one_engine_at_a_time)
{
    zample_folder_t *first = zample_folder_new ("same", s_why, sizeof s_why);
    ck_assert_ptr_null (zample_folder_new ("same", s_why, sizeof s_why));
    ck_assert_str_eq (s_why, "another engine is called \"same\"");
    zample_folder_destroy (&first);
    zample_folder_t *second = zample_folder_new ("same", s_why, sizeof s_why);
    ck_assert_ptr_nonnull (second);
    zample_folder_destroy (&second);
}
END_TEST

/* Whoever lists the engines holds the lock shared, and only for a moment. */
static atomic_bool s_looked_enough;

static void *
s_look (void *unused)
{
    (void) unused;
    while (!atomic_load (&s_looked_enough)) {
        int lock = open (s_in_zample ("looked-at/lock"), O_RDONLY);
        if (lock < 0)
            continue;
        flock (lock, LOCK_SH | LOCK_NB);
        close (lock);
    }
    return NULL;
}

START_TEST (looking_at_a_name_does_not_take_it)
{
    pthread_t looker;
    ck_assert_int_eq (pthread_create (&looker, NULL, s_look, NULL), 0);
    for (int i = 0; i < 2000; i++) {
        zample_folder_t *folder = zample_folder_new ("looked-at", s_why, sizeof s_why);
        ck_assert_msg (folder != NULL, "%s", s_why);
        zample_folder_destroy (&folder);
    }
    atomic_store (&s_looked_enough, true);
    pthread_join (looker, NULL);
}
END_TEST

START_TEST (what_a_killed_engine_left_is_taken_over)
{
    zample_folder_t *folder = zample_folder_new ("dead", s_why, sizeof s_why);
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    strcpy (address.sun_path, zample_folder_endpoint (folder) + strlen ("ipc://"));
    zample_folder_destroy (&folder);
    mkdir (s_in_zample ("dead"), 0700);
    int left = socket (AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_eq (bind (left, (struct sockaddr *) &address, sizeof address), 0);
    close (left);
    folder = zample_folder_new ("dead", s_why, sizeof s_why);
    ck_assert_msg (folder != NULL, "%s", s_why);
    ck_assert_int_ne (access (address.sun_path, F_OK), 0);
    zample_folder_destroy (&folder);
}
END_TEST

START_TEST (a_file_in_the_sockets_place_is_left_alone)
{
    mkdir (follow_path ("zample"), 0700);
    mkdir (s_in_zample ("taken"), 0700);
    FILE *file = fopen (s_in_zample ("taken/events"), "w");
    fclose (file);
    ck_assert_ptr_null (zample_folder_new ("taken", s_why, sizeof s_why));
    ck_assert_ptr_nonnull (strstr (s_why, "taken/events is in the way: it is not a socket"));
    ck_assert_int_eq (access (s_in_zample ("taken/events"), F_OK), 0);
}
END_TEST

START_TEST (a_folder_that_others_can_enter_is_refused)
{
    mkdir (follow_path ("zample"), 0700);
    mkdir (s_in_zample ("open"), 0700);
    chmod (s_in_zample ("open"), 0755);
    ck_assert_ptr_null (zample_folder_new ("open", s_why, sizeof s_why));
    ck_assert_ptr_nonnull (strstr (s_why, "is not this user's alone"));
}
END_TEST

START_TEST (a_link_in_the_folders_place_is_refused)
{
    mkdir (follow_path ("zample"), 0700);
    ck_assert_int_eq (symlink ("/tmp", s_in_zample ("link")), 0);
    ck_assert_ptr_null (zample_folder_new ("link", s_why, sizeof s_why));
    ck_assert_ptr_nonnull (strstr (s_why, "is in the way: it is not a folder"));
}
END_TEST

START_TEST (a_path_too_long_for_a_socket_is_refused)
{
    char longer[160];
    snprintf (longer, sizeof longer, "%s/%070d", follow_path ("zample"), 0);
    mkdir (follow_path ("zample"), 0700);
    mkdir (longer, 0700);
    setenv ("XDG_RUNTIME_DIR", longer, 1);
    ck_assert_ptr_null (zample_folder_new ("name", s_why, sizeof s_why));
    ck_assert_ptr_nonnull (strstr (s_why, "is longer than the 107 bytes that a socket's path may have"));
}
END_TEST

START_TEST (without_a_runtime_folder_one_in_tmp_stands_in)
{
    char expected[64];
    unsetenv ("XDG_RUNTIME_DIR");
    snprintf (expected, sizeof expected, "ipc:///tmp/zample-%u/zample/in-tmp/events", (unsigned) geteuid ());
    zample_folder_t *folder = zample_folder_new ("in-tmp", s_why, sizeof s_why);
    ck_assert_msg (folder != NULL, "%s", s_why);
    ck_assert_str_eq (zample_folder_endpoint (folder), expected);
    zample_folder_destroy (&folder);
}
END_TEST

int
main (void)
{
    follow_private_runtime ();
    Suite *suite = suite_create ("folder");
    TCase *all = tcase_create ("folder");
    tcase_add_test (all, the_folder_is_this_users_alone_and_goes_with_the_engine);
    tcase_add_test (all, a_name_belongs_to_one_engine_at_a_time);
    tcase_add_test (all, looking_at_a_name_does_not_take_it);
    tcase_add_test (all, what_a_killed_engine_left_is_taken_over);
    tcase_add_test (all, a_file_in_the_sockets_place_is_left_alone);
    tcase_add_test (all, a_folder_that_others_can_enter_is_refused);
    tcase_add_test (all, a_link_in_the_folders_place_is_refused);
    tcase_add_test (all, a_path_too_long_for_a_socket_is_refused);
    tcase_add_test (all, without_a_runtime_folder_one_in_tmp_stands_in);
    suite_add_tcase (suite, all);
    return run_suite (suite);
}
