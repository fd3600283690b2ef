/*  What may be opened, what is said of all else, and reading that is interrupted, short or fails. pread is a
    fake in this program (the linker's --wrap) that can do those three. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

static size_t s_at_a_time = SIZE_MAX;
static int s_interrupt_every;
static int64_t s_breaks_at = INT64_MAX;
static int s_reads;

typedef enum { READ_FAILS, READ_IS_SHORT, READ_IS_INTERRUPTED } s_mishap_t;

static int s_mishap_at = -1; /* the read that it happens to, the first being 0 */
static s_mishap_t s_mishap;

ssize_t __real_pread (int file, void *bytes, size_t size, off_t offset);
ssize_t __wrap_pread (int file, void *bytes, size_t size, off_t offset);

static ssize_t
s_fail_to_read (int error)
{
    errno = error;
    return -1;
}

ssize_t
__wrap_pread (int file, void *bytes, size_t size, off_t offset)
{
    int read = s_reads++;
    if (offset >= s_breaks_at)
        return s_fail_to_read (EIO);
    if (s_interrupt_every > 0 && s_reads % s_interrupt_every == 0)
        return s_fail_to_read (EINTR);
    if (read == s_mishap_at && s_mishap == READ_FAILS)
        return s_fail_to_read (EIO);
    if (read == s_mishap_at && s_mishap == READ_IS_INTERRUPTED)
        return s_fail_to_read (EINTR);
    if (read == s_mishap_at)
        size = 1 + size / 2;
    return __real_pread (file, bytes, size < s_at_a_time ? size : s_at_a_time, offset);
}

static int
s_open_files (void)
{
    int count = 0;
    DIR *folder = opendir ("/proc/self/fd");
    ck_assert_ptr_nonnull (folder);
    while (readdir (folder))
        count++;
    closedir (folder);
    return count;
}

/*  It fails at once, says why in one sentence, prints nothing and leaves nothing open. */
static void
s_must_fail (const char *path, zample_failed_tag_t code, const char *reason)
{
    char expected[700];
    snprintf (expected, sizeof (expected), "%s: %s", path, reason);
    int before = s_open_files ();
    files_listen ();
    const zample_failure_t *failure = files_load_fails (path, 48000);
    ck_assert_int_eq (files_heard (), 0);
    ck_assert_int_eq (s_open_files (), before);
    ck_assert_str_eq (failure->sentence, expected);
    ck_assert_int_eq (failure->code, code);
}

#define NOT_KNOWN                                                                                            \
    "this is not a sound file that zample knows (WAV, AIFF, AU, CAF, FLAC, Ogg, MP3, AAC, M4A, WavPack)"

START_TEST (what_is_not_there_is_told)
{
    s_must_fail (files_path ("nothing.wav"), FAILED_NOT_FOUND, "there is no such file");
    s_must_fail (files_path ("no/folder.wav"), FAILED_NOT_FOUND, "there is no such file");
    files_write_text ("file", "x");
    s_must_fail (files_path ("file/x.wav"), FAILED_NOT_FOUND, "a part of this path is not a directory");
    ck_assert_int_eq (symlink ("circle", files_path ("circle")), 0);
    s_must_fail (files_path ("circle"), FAILED_SYMLINK, "its symbolic links lead in a circle");
    ck_assert_int_eq (symlink ("nowhere", files_path ("dangling")), 0);
    s_must_fail (files_path ("dangling"), FAILED_NOT_FOUND, "there is no such file");
}
END_TEST

START_TEST (only_regular_files_are_opened)
{
    s_must_fail (files_path ("."), FAILED_NOT_A_FILE, "this is a directory, not a file");
    s_must_fail ("/dev/zero", FAILED_NOT_A_FILE, "this is a device, not a file");
    const char *pipe = files_path ("pipe");
    ck_assert_int_eq (mkfifo (pipe, 0600), 0);
    s_must_fail (pipe, FAILED_NOT_A_FILE, "this is a named pipe, not a file");
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf (address.sun_path, sizeof (address.sun_path), "%.100s", files_path ("socket"));
    int socket_fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq (bind (socket_fd, (struct sockaddr *) &address, sizeof (address)), 0);
    s_must_fail (address.sun_path, FAILED_NOT_A_FILE, "this is a socket, not a file");
    close (socket_fd);
}
END_TEST

START_TEST (a_file_that_may_not_be_read_is_told)
{
    const char *path = files_write_text ("secret.wav", "RIFF");
    ck_assert_int_eq (chmod (path, 0), 0);
    ck_assert_int_eq (chmod (files_path ("."), 0755), 0);
    uid_t user = geteuid ();
    if (user == 0)
        ck_assert_int_eq (seteuid (65534), 0);
    zample_failure_t failure;
    zample_sound_t *sound = files_try (path, 48000, &failure);
    ck_assert_int_eq (seteuid (user), 0);
    ck_assert_ptr_null (sound);
    ck_assert_int_eq (failure.code, FAILED_DENIED);
    ck_assert_ptr_nonnull (
        strstr (failure.sentence, "secret.wav: it may not be opened: permission is denied"));
}
END_TEST

START_TEST (what_is_no_sound_is_told)
{
    s_must_fail (files_write ("empty.wav", "", 0), FAILED_EMPTY, "the file is empty");
    s_must_fail (files_write_text ("one.wav", "R"), FAILED_UNKNOWN_FORMAT, NOT_KNOWN);
    s_must_fail (files_write_text ("text.wav", "Dear reader: RIFF, WAVE, fmt and data."),
                 FAILED_UNKNOWN_FORMAT, NOT_KNOWN);
    s_must_fail (files_write_text ("page.mp3", "<html><body>404 Not Found</body></html>"),
                 FAILED_UNKNOWN_FORMAT, NOT_KNOWN);
    s_must_fail (files_write ("tag.mp3", "ID3\3\0\0\0\0\0\0", 10), FAILED_UNKNOWN_FORMAT, NOT_KNOWN);
    s_must_fail (files_write_text ("riff.wav", "RIFF....WAVE"), FAILED_DAMAGED, "the file is damaged");
    s_must_fail (files_write_text ("flac.flac", "fLaC"), FAILED_DAMAGED, "the file is damaged");
    unsigned char noise[5000];
    for (size_t i = 0; i < sizeof (noise); i++)
        noise[i] = (unsigned char) (i * i * 7919 >> 5);
    s_must_fail (files_write ("noise.ogg", noise, sizeof (noise)), FAILED_UNKNOWN_FORMAT, NOT_KNOWN);
}
END_TEST

START_TEST (two_gigabytes_of_zeros_are_no_sound_and_cost_nothing)
{
    const char *path = files_write_text ("zeros.wav", "");
    ck_assert_int_eq (truncate (path, (off_t) 2 << 30), 0);
    s_reads = 0;
    s_must_fail (path, FAILED_UNKNOWN_FORMAT, NOT_KNOWN);
    ck_assert_int_lt (s_reads, 100);
}
END_TEST

START_TEST (a_script_opens_no_other_file)
{
    static const float silence[2 * 1000];
    files_write_floats ("other.wav", 48000, 2, silence, 1000);
    char script[900];
    snprintf (script, sizeof (script), "ffconcat version 1.0\nfile '%s'\n", files_path ("other.wav"));
    s_must_fail (files_write_text ("script.wav", script), FAILED_UNKNOWN_FORMAT, NOT_KNOWN);
    snprintf (script, sizeof (script), "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n%s\n#EXT-X-ENDLIST\n",
              files_path ("other.wav"));
    s_must_fail (files_write_text ("list.m3u8", script), FAILED_UNKNOWN_FORMAT, NOT_KNOWN);
    s_must_fail (files_write_text ("list.mp3", script), FAILED_UNKNOWN_FORMAT, NOT_KNOWN);
}
END_TEST

START_TEST (names_may_be_any_bytes)
{
    static const float silence[2 * 100];
    static const char *const names[] = { "caf\xc3\xa9.wav", "\xff\xfe\x80.wav", "a b'\"%d%s.wav",
                                         "-y.wav",          "http:x.wav",       "x\n.wav" };
    for (int i = 0; i < 6; i++) {
        zample_sound_t *sound = files_load (files_write_floats (names[i], 48000, 2, silence, 100), 48000);
        zample_sound_release (&sound);
        char missing[100];
        snprintf (missing, sizeof (missing), "%s.none", names[i]);
        s_must_fail (files_path (missing), FAILED_NOT_FOUND, "there is no such file");
    }
}
END_TEST

START_TEST (a_long_path_leaves_room_for_the_reason)
{
    char path[4090];
    memset (path, 'x', sizeof (path));
    memcpy (path, "/tmp/", 5);
    path[sizeof (path) - 1] = '\0';
    for (size_t i = 104; i < sizeof (path) - 1; i += 100)
        path[i] = '/';
    const char *why = files_load_fails (path, 48000)->sentence;
    ck_assert_uint_eq (strlen (why), ZAMPLE_SENTENCE_SIZE - 1);
    ck_assert_ptr_nonnull (strstr (why, "..."));
    ck_assert_str_eq (strstr (why, ": "), ": there is no such file");
}
END_TEST

static const char *
s_write_ramp (void)
{
    static float frames[2 * 40000];
    for (int i = 0; i < 2 * 40000; i++)
        frames[i] = (float) i;
    return files_write_floats ("ramp.wav", 48000, 2, frames, 40000);
}

START_TEST (interrupted_and_short_reads_lose_nothing)
{
    const char *path = s_write_ramp ();
    s_interrupt_every = 3;
    s_at_a_time = 1021;
    zample_sound_t *sound = files_load (path, 48000);
    ck_assert_int_eq (sound->frames, 40000);
    for (int i = 0; i < 2 * 40000; i++)
        files_same (sound->data[i], (float) i);
    zample_sound_release (&sound);
}
END_TEST

START_TEST (a_disk_that_fails_is_told)
{
    const char *path = s_write_ramp ();
    static const int64_t places[] = { 0, 1, 44, 70000, 300000 };
    for (int i = 0; i < 5; i++) {
        s_breaks_at = places[i];
        s_must_fail (path, FAILED_IO, "the disk reports an error");
    }
}
END_TEST

/*  Loads again and again; each time the same happens to the next read, until there is none. */
static void
s_let_each_read (const char *path, s_mishap_t mishap, const zample_sound_t *whole)
{
    s_mishap = mishap;
    for (s_mishap_at = 0;; s_mishap_at++) {
        zample_failure_t failure;
        int before = s_open_files ();
        s_reads = 0;
        zample_sound_t *sound = files_try (path, 48000, &failure);
        bool happened = s_reads > s_mishap_at;
        ck_assert_int_eq (s_open_files (), before);
        ck_assert_int_eq (failure.code, happened && mishap == READ_FAILS ? FAILED_IO : FAILED_NOT);
        ck_assert ((sound == NULL) == (failure.code != FAILED_NOT));
        if (sound) {
            ck_assert_int_eq (sound->frames, whole->frames);
            ck_assert_uint_eq (sound->notes.warnings, 0);
            ck_assert (memcmp (sound->data, whole->data, (size_t) whole->frames * 2 * sizeof (float)) == 0);
        }
        zample_sound_release (&sound);
        if (!happened)
            break;
    }
    ck_assert_int_ge (s_mishap_at, 4);
    s_mishap_at = -1;
}

START_TEST (each_read_may_fail_be_short_or_interrupted)
{
    static const char *const names[] = { "ramp.wav", "r.flac", "r.mp3", "r.ogg",
                                         "r.m4a",    "r.aac",  "r.wv",  "r.aiff" };
    int count = files_have_ffmpeg () ? 8 : 1;
    s_write_ramp ();
    if (count > 1)
        files_ffmpeg ("-f lavfi -i aevalsrc=0.3*sin(2*PI*441*t)+0.1*random(0):s=44100:d=0.7 "
                      "@r.flac @r.mp3 @r.ogg @r.m4a @r.aac @r.wv @r.aiff");
    for (int i = 0; i < count; i++) {
        const char *path = files_path (names[i]);
        zample_sound_t *whole = files_load_intact (path, 48000);
        s_let_each_read (path, READ_FAILS, whole);
        s_let_each_read (path, READ_IS_SHORT, whole);
        s_let_each_read (path, READ_IS_INTERRUPTED, whole);
        zample_sound_release (&whole);
    }
}
END_TEST

START_TEST (tags_before_the_sound_are_passed_over)
{
    static const float frames[2] = { 0.5f, -0.5f };
    static const char tag[] = "ID3\4\0\0\0\0\0\5abcde"
                              "ID3\4\0\20\0\0\1\0";
    size_t size;
    unsigned char *bytes = files_read (files_write_floats ("plain.wav", 48000, 2, frames, 1), &size);
    unsigned char tagged[400] = { 0 };
    memcpy (tagged, tag, sizeof (tag) - 1);
    /* The second has a footer, which its size leaves out. */
    size_t start = 15 + 10 + 128 + 10;
    memcpy (tagged + start, bytes, size);
    zample_sound_t *sound = files_load (files_write ("tagged.wav", tagged, start + size), 48000);
    ck_assert_int_eq (sound->frames, 1);
    ck_assert_mem_eq (sound->data, frames, sizeof (frames));
    zample_sound_release (&sound);
    free (bytes);
}
END_TEST

static void
s_mend_the_disk (void)
{
    s_at_a_time = SIZE_MAX;
    s_interrupt_every = 0;
    s_breaks_at = INT64_MAX;
    s_mishap_at = -1;
}

int
main (void)
{
    Suite *suite = suite_create ("decode_source");
    TCase *tests = tcase_create ("decode_source");
    tcase_set_timeout (tests, 120);
    tcase_add_checked_fixture (tests, s_mend_the_disk, NULL);
    tcase_add_test (tests, what_is_not_there_is_told);
    tcase_add_test (tests, only_regular_files_are_opened);
    tcase_add_test (tests, a_file_that_may_not_be_read_is_told);
    tcase_add_test (tests, what_is_no_sound_is_told);
    tcase_add_test (tests, two_gigabytes_of_zeros_are_no_sound_and_cost_nothing);
    tcase_add_test (tests, a_script_opens_no_other_file);
    tcase_add_test (tests, names_may_be_any_bytes);
    tcase_add_test (tests, a_long_path_leaves_room_for_the_reason);
    tcase_add_test (tests, interrupted_and_short_reads_lose_nothing);
    tcase_add_test (tests, a_disk_that_fails_is_told);
    tcase_add_test (tests, each_read_may_fail_be_short_or_interrupted);
    tcase_add_test (tests, tags_before_the_sound_are_passed_over);
    suite_add_tcase (suite, tests);
    files_begin ();
    int status = run_suite (suite);
    files_end ();
    return status;
}
