/*  Scans of real folders: what is found, what is passed over, and what cannot be read. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/library/scan.h"
#include "tests/library/tree.h"
#include "tests/support/run_suite.h"

/*  All that a scan told. */
static struct {
    char found[65536]; /* "<folder>|<path below the tree>\n" for each sound, sorted */
    int sounds;
    int folders;
    int calls;
    int give_up_at; /* this call; 0: never */
    int fail_at;    /* this sound */
    double fraction;
    bool fell;
    uint32_t failed;
    zample_failure_t failure;
} s_told;

static bool
s_at_folder (void *context, const char *path, bool fresh, double fraction)
{
    (void) context;
    ck_assert_int_eq (strncmp (path, tree_path (""), strlen (tree_path (""))), 0);
    s_told.folders += fresh;
    s_told.fell = s_told.fell || fraction < s_told.fraction || fraction > 1.0;
    s_told.fraction = fraction;
    return ++s_told.calls != s_told.give_up_at;
}

/*  Keeps the lines in order. */
static void
s_insert (const char *line)
{
    char *at = s_told.found;
    while (*at && strcmp (at, line) < 0)
        at = strchr (at, '\n') + 1;
    memmove (at + strlen (line), at, strlen (at) + 1);
    memcpy (at, line, strlen (line));
}

static bool
s_at_sound (void *context, const char *folder, const char *path)
{
    char line[9000];
    (void) context;
    if (++s_told.sounds == s_told.fail_at)
        return false;
    snprintf (line, sizeof line, "%s|%s\n", folder, path + strlen (tree_path ("")) + 1);
    if (strlen (s_told.found) + strlen (line) < sizeof s_told.found)
        s_insert (line);
    return true;
}

static const zample_scan_listener_t s_listener = { .at_folder = s_at_folder, .at_sound = s_at_sound };

static bool
s_scan (const char *directory, bool symlinks)
{
    static zample_scan_root_t root;
    int give_up_at = s_told.give_up_at, fail_at = s_told.fail_at;
    memset (&s_told, 0, sizeof s_told);
    s_told.give_up_at = give_up_at;
    s_told.fail_at = fail_at;
    return zample_scan_root (&root, directory, symlinks, &s_told.failure)
           && zample_scan (&root, symlinks, &s_listener, &s_told.failed, &s_told.failure);
}

/*  The tree's root is called "root" in what is expected: its own name is random. */
static void
s_must_find (const char *directory, bool symlinks, const char *expected)
{
    ck_assert_msg (s_scan (directory, symlinks), "%s", s_told.failure.sentence);
    ck_assert_str_eq (s_told.found, expected);
    ck_assert (!s_told.fell);
}

static void
s_must_refuse (const char *directory, bool symlinks, zample_failed_tag_t code, const char *reason)
{
    ck_assert (!s_scan (directory, symlinks));
    ck_assert_int_eq (s_told.failure.code, code);
    ck_assert_ptr_nonnull (strstr (s_told.failure.sentence, directory));
    ck_assert_msg (strstr (s_told.failure.sentence, reason) != NULL, "%s", s_told.failure.sentence);
    ck_assert_int_eq (s_told.sounds, 0);
}

static void
s_begin (void)
{
    tree_begin ();
    memset (&s_told, 0, sizeof s_told);
}

START_TEST (sounds_are_found_in_all_folders)
{
    tree_file ("kit/kick 9.wav");
    tree_file ("kit/kick 10.wav");
    tree_file ("kit/drums/snare/one.flac");
    tree_file ("kit/drums/two.ogg");
    tree_folder ("kit/empty");
    s_must_find (tree_path ("kit"), false,
                 "drums/snare|kit/drums/snare/one.flac\n"
                 "drums|kit/drums/two.ogg\n"
                 "kit|kit/kick 10.wav\n"
                 "kit|kit/kick 9.wav\n");
    ck_assert_int_eq (s_told.folders, 4);
    ck_assert_uint_eq (s_told.failed, 0);
}
END_TEST

START_TEST (a_sound_is_told_by_what_stands_behind_its_last_dot)
{
    static const char *const kinds[] = { "wav", "wave", "w64",  "aif", "aiff", "aifc", "au",
                                         "snd", "caf",  "flac", "ogg", "oga",  "opus", "mp3",
                                         "mp2", "aac",  "m4a",  "mp4", "wv" };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        char name[32];
        snprintf (name, sizeof name, "a.b.%s", kinds[i]);
        ck_assert_msg (zample_scan_is_sound (name), "%s", name);
    }
    ck_assert (zample_scan_is_sound ("LOUD.WaV"));
    ck_assert (!zample_scan_is_sound ("wav"));
    ck_assert (!zample_scan_is_sound (".wav"));
    ck_assert (!zample_scan_is_sound ("a."));
    ck_assert (!zample_scan_is_sound ("a.wa"));
    ck_assert (!zample_scan_is_sound ("a.wavx"));
    ck_assert (!zample_scan_is_sound ("a.wav.asd"));
}
END_TEST

START_TEST (names_that_begin_with_a_dot_are_passed_over)
{
    tree_file ("kit/.hidden.wav");
    tree_file ("kit/.git/a.wav");
    tree_file ("kit/a.wav");
    s_must_find (tree_path ("kit"), false, "kit|kit/a.wav\n");
}
END_TEST

START_TEST (only_regular_files_are_sounds)
{
    tree_folder ("kit");
    ck_assert_int_eq (mkfifo (tree_path ("kit/pipe.wav"), 0600), 0);
    tree_file ("kit/folder.wav/inside.wav");
    tree_file ("kit/notes.txt");
    s_must_find (tree_path ("kit"), false, "folder.wav|kit/folder.wav/inside.wav\n");
}
END_TEST

START_TEST (links_are_passed_over_unless_they_are_wanted)
{
    tree_file ("elsewhere/b.wav");
    tree_file ("kit/a.wav");
    tree_link ("kit/c.wav", tree_path ("kit/a.wav"));
    tree_link ("kit/more", tree_path ("elsewhere"));
    tree_link ("kit/dangling.wav", "nowhere");
    s_must_find (tree_path ("kit"), false, "kit|kit/a.wav\n");
    s_must_find (tree_path ("kit"), true, "kit|kit/a.wav\nkit|kit/c.wav\nmore|kit/more/b.wav\n");
}
END_TEST

START_TEST (no_folder_is_read_twice)
{
    tree_file ("kit/a/1.wav");
    tree_link ("kit/a/up", "..");
    tree_link ("kit/a/self", ".");
    s_must_find (tree_path ("kit"), true, "a|kit/a/1.wav\n");
}
END_TEST

START_TEST (a_root_that_is_a_link_must_be_wanted)
{
    tree_file ("kit/a.wav");
    tree_link ("linked", "kit");
    s_must_refuse (tree_path ("linked"), false, FAILED_SYMLINK, "symbolic link");
    s_must_refuse (tree_path ("linked/"), false, FAILED_SYMLINK, "symbolic link");
    s_must_find (tree_path ("linked"), true, "linked|kit/a.wav\n");
}
END_TEST

START_TEST (a_root_has_its_own_name_however_it_is_written)
{
    tree_file ("kit/a.wav");
    s_must_find (tree_path ("kit/"), false, "kit|kit/a.wav\n");
    s_must_find (tree_path ("kit///"), false, "kit|kit/a.wav\n");
    s_must_find (tree_path ("kit/."), false, "kit|kit/a.wav\n");
    tree_folder ("kit/b");
    s_must_find (tree_path ("kit/b/.."), false, "kit|kit/a.wav\n");
    ck_assert_int_eq (chdir (tree_path ("kit")), 0);
    s_must_find (".", false, "kit|kit/a.wav\n");
    s_must_find ("../kit", false, "kit|kit/a.wav\n");
    ck_assert_int_eq (chdir ("/"), 0);
}
END_TEST

START_TEST (a_root_that_cannot_be_is_refused_with_a_reason)
{
    char longest[5000];
    memset (longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    tree_file ("file.wav");
    s_must_refuse (tree_path ("nothing"), false, FAILED_NOT_FOUND, "no such folder");
    s_must_refuse (tree_path ("file.wav"), false, FAILED_NOT_A_FOLDER, "not a folder");
    s_must_refuse (tree_path ("file.wav/in"), false, FAILED_NOT_FOUND, "not a directory");
    ck_assert (!s_scan (longest, false));
    ck_assert_ptr_nonnull (strstr (s_told.failure.sentence, "too long"));
}
END_TEST

/*  Root may read everything, so it goes on as nobody. */
static void
s_be_nobody (bool yes)
{
    static bool was_root;
    if (yes)
        was_root = geteuid () == 0;
    if (was_root)
        ck_assert_int_eq (seteuid (yes ? 65534 : 0), 0);
}

START_TEST (what_may_not_be_read_is_counted)
{
    tree_file ("kit/open/a.wav");
    tree_file ("kit/closed/b.wav");
    chmod (tree_path (""), 0755);
    chmod (tree_path ("kit"), 0755);
    chmod (tree_path ("kit/open"), 0755);
    chmod (tree_path ("kit/closed"), 0);
    s_be_nobody (true);
    s_must_find (tree_path ("kit"), false, "open|kit/open/a.wav\n");
    ck_assert_uint_eq (s_told.failed, 1);
    s_must_refuse (tree_path ("kit/closed"), false, FAILED_DENIED, "permission is denied");
    s_be_nobody (false);
    chmod (tree_path ("kit/closed"), 0700);
}
END_TEST

START_TEST (folders_below_the_last_level_are_counted_and_not_read)
{
    char name[512] = "kit";
    for (int level = 1; level <= ZAMPLE_SCAN_LEVELS + 1; level++) {
        strcat (name, "/d");
        char file[600];
        snprintf (file, sizeof file, "%s/%d.wav", name, level);
        tree_file (file);
    }
    ck_assert (s_scan (tree_path ("kit"), false));
    ck_assert_int_eq (s_told.sounds, ZAMPLE_SCAN_LEVELS);
    ck_assert_uint_eq (s_told.failed, 1);
}
END_TEST

START_TEST (paths_that_are_too_long_to_be_loaded_are_counted)
{
    char part[201];
    memset (part, 'p', sizeof part - 1);
    part[sizeof part - 1] = '\0';
    tree_folder ("kit");
    ck_assert_int_eq (chdir (tree_path ("kit")), 0);
    for (int i = 0; i < 25; i++) {
        ck_assert_int_eq (mkdir (part, 0700), 0);
        ck_assert_int_eq (chdir (part), 0);
        fclose (fopen ("a.wav", "w"));
    }
    ck_assert_int_eq (chdir ("/"), 0);
    ck_assert (s_scan (tree_path ("kit"), false));
    int fitting =
        (ZAMPLE_SCAN_PATH_SIZE - 1 - (int) strlen (tree_path ("kit")) - (int) strlen ("/a.wav")) / 201;
    ck_assert_int_eq (s_told.sounds, fitting);
    ck_assert_uint_eq (s_told.failed, 1);
}
END_TEST

START_TEST (names_of_any_bytes_are_found)
{
    tree_file ("kit/\xff\xfe\n.wav");
    s_must_find (tree_path ("kit"), false, "kit|kit/\xff\xfe\n.wav\n");
}
END_TEST

static void
s_make_many (void)
{
    for (int i = 0; i < 3000; i++) {
        char name[64];
        snprintf (name, sizeof name, "kit/%d/%d.wav", i % 3, i);
        tree_file (name);
    }
}

START_TEST (it_can_be_given_up_at_any_time)
{
    s_make_many ();
    ck_assert (s_scan (tree_path ("kit"), false));
    int calls = s_told.calls;
    ck_assert_int_gt (calls, s_told.folders);
    for (int at = 1; at <= calls; at++) {
        s_told.give_up_at = at;
        ck_assert (!s_scan (tree_path ("kit"), false));
        ck_assert_int_eq (s_told.failure.code, FAILED_CANCELLED);
        ck_assert_int_eq (s_told.calls, at);
        ck_assert_int_lt (s_told.sounds, 3000);
    }
}
END_TEST

START_TEST (a_sound_that_cannot_be_kept_ends_it)
{
    s_make_many ();
    s_told.fail_at = 1234;
    ck_assert (!s_scan (tree_path ("kit"), false));
    ck_assert_int_eq (s_told.failure.code, FAILED_NO_MEMORY);
    ck_assert_int_eq (s_told.sounds, 1234);
}
END_TEST

START_TEST (progress_never_falls)
{
    for (int i = 0; i < 200; i++) {
        char name[64];
        snprintf (name, sizeof name, "kit/%d/%d/%d/a.wav", i % 3, i % 7, i % 11);
        tree_file (name);
    }
    ck_assert (s_scan (tree_path ("kit"), false));
    ck_assert (!s_told.fell);
    ck_assert_double_gt (s_told.fraction, 0.9);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("scan");
    TCase *tests = tcase_create ("scan");
    tcase_add_checked_fixture (tests, s_begin, tree_end);
    tcase_add_test (tests, sounds_are_found_in_all_folders);
    tcase_add_test (tests, a_sound_is_told_by_what_stands_behind_its_last_dot);
    tcase_add_test (tests, names_that_begin_with_a_dot_are_passed_over);
    tcase_add_test (tests, only_regular_files_are_sounds);
    tcase_add_test (tests, links_are_passed_over_unless_they_are_wanted);
    tcase_add_test (tests, no_folder_is_read_twice);
    tcase_add_test (tests, a_root_that_is_a_link_must_be_wanted);
    tcase_add_test (tests, a_root_has_its_own_name_however_it_is_written);
    tcase_add_test (tests, a_root_that_cannot_be_is_refused_with_a_reason);
    tcase_add_test (tests, what_may_not_be_read_is_counted);
    tcase_add_test (tests, folders_below_the_last_level_are_counted_and_not_read);
    tcase_add_test (tests, paths_that_are_too_long_to_be_loaded_are_counted);
    tcase_add_test (tests, names_of_any_bytes_are_found);
    tcase_add_test (tests, it_can_be_given_up_at_any_time);
    tcase_add_test (tests, a_sound_that_cannot_be_kept_ends_it);
    tcase_add_test (tests, progress_never_falls);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
