/*  The ALSA output against a real server in real time: JACK with its dummy driver, through ALSA's plugin for
    it.

    Each test has a server of its own, which dies with it. The machine may be so busy that frames come too
    late: so what is asserted is that every interruption that was heard is one that was counted.
 */
#include "config.h"

#include <alsa/asoundlib.h>
#include <check.h>
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/output/rig.h"
#include "tests/output/sequence.h"
#include "tests/support/run_suite.h"

#define PERIOD 1024

static char s_server[64];
static char s_jackd[512];
static pid_t s_server_pid;
static pid_t s_capture_pid;
static int s_capture_in;  /* when it is closed, the capture ends */
static int s_capture_out; /* says when it is ready */

/*  Starts a program whose messages go to the log and which dies when this one does. */
static pid_t
s_start (char *const *arguments, int in_fd, int out_fd)
{
    int log_fd = open (rig_path ("jackd.log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    pid_t parent = getpid (), pid = fork ();
    if (pid == 0) {
        prctl (PR_SET_PDEATHSIG, SIGKILL);
        dup2 (in_fd >= 0 ? in_fd : open ("/dev/null", O_RDONLY), STDIN_FILENO);
        dup2 (out_fd >= 0 ? out_fd : log_fd, STDOUT_FILENO);
        dup2 (log_fd, STDERR_FILENO);
        if (getppid () == parent)
            execv (arguments[0], arguments);
        _exit (127);
    }
    close (log_fd);
    return pid;
}

static void
s_kill (pid_t *pid, int number)
{
    if (*pid > 0) {
        kill (*pid, number);
        waitpid (*pid, NULL, 0);
    }
    *pid = 0;
}

static void
s_show_log (void)
{
    char line[512];
    FILE *file = fopen (rig_path ("jackd.log"), "r");
    while (file && fgets (line, sizeof line, file))
        fputs (line, stderr);
    if (file)
        fclose (file);
}

static void
s_begin (void)
{
    rig_reset ();
    unlink (rig_path ("jackd.log"));
    snprintf (s_server, sizeof s_server, "zample-test-%d", (int) getpid ());
    setenv ("JACK_DEFAULT_SERVER", s_server, 1);
    setenv ("JACK_NO_AUDIO_RESERVATION", "1", 1);
    setenv ("JACK_NO_START_SERVER", "1", 1);
    char *jackd[] = { s_jackd, "-S", "-t", "4000",  "-n", s_server, "-d",
                      "dummy", "-r", "48000", "-p", "1024", NULL };
    s_server_pid = s_start (jackd, -1, -1);

    int in[2], out[2];
    ck_assert_int_eq (pipe2 (in, O_CLOEXEC), 0);
    ck_assert_int_eq (pipe2 (out, O_CLOEXEC), 0);
    char program[512], heard[512];
    const char *build = getenv ("ZAMPLE_BUILDDIR");
    snprintf (program, sizeof program, "%s/tests/support/jack_capture", build ? build : ".");
    snprintf (heard, sizeof heard, "%s", rig_path ("heard"));
    char *capture[] = { program, heard, NULL };
    s_capture_pid = s_start (capture, in[0], out[1]);
    close (in[0]);
    close (out[1]);
    s_capture_in = in[1];
    s_capture_out = out[0];

    char byte;
    if (read (s_capture_out, &byte, 1) != 1) {
        s_show_log ();
        ck_abort_msg ("the server or its listener did not start");
    }
}

/*  Goes through what JACK keeps in the shared memory: what bears this text in its name is counted and, if
    that is wanted, removed. */
static int
s_leftovers (const char *text, bool remove_them)
{
    int count = 0;
    DIR *folder = opendir ("/dev/shm");
    struct dirent *entry;
    while (folder && (entry = readdir (folder)))
        if (strncmp (entry->d_name, "jack", 4) == 0 && strstr (entry->d_name, text)) {
            count++;
            if (remove_them)
                unlinkat (dirfd (folder), entry->d_name, 0);
        }
    if (folder)
        closedir (folder);
    return count;
}

static void
s_end (void)
{
    close (s_capture_in);
    close (s_capture_out);
    s_kill (&s_capture_pid, SIGKILL);
    s_kill (&s_server_pid, SIGTERM);
    s_leftovers (s_server, true); /* a server that was killed leaves its semaphores and sockets */
}

static rig_player_t
s_open (void)
{
    char why[256] = "";
    zample_output_spec_t spec = rig_spec;
    spec.device = "heard";
    spec.period_frames = PERIOD;
    spec.periods = 16;
    rig_player_t player = { .wake_fd = -1 };
    player.output = zample_output_alsa_new (&spec, why, sizeof why);
    if (!player.output)
        s_show_log ();
    ck_assert_msg (player.output != NULL, "%s", why);
    ck_assert_str_eq (player.output->format, "FLOAT_LE");
    ck_assert_uint_eq (player.output->period_frames, PERIOD);
    return player;
}

/*  Ends the capture, then the output: JACK repeats the last period of a client that has gone. */
static sequence_t
s_close (rig_player_t *player)
{
    int status;
    close (s_capture_in);
    s_capture_in = -1;
    ck_assert_int_eq (waitpid (s_capture_pid, &status, 0), s_capture_pid);
    s_capture_pid = 0;
    ck_assert_int_eq (status, 0);
    rig_close (player);
    return sequence_load (rig_path ("heard"), "FLOAT_LE", 2);
}

/*  Where the run of numbers breaks off, silence follows, and then the number at which the writer went on; as
    often as it was told of an interruption, and no more. A NaN stands for a cycle that JACK itself has lost.
    Returns the last number. */
static int64_t
s_check (const rig_player_t *player, const sequence_t *heard)
{
    int64_t expected = 0;
    size_t resume = 0;
    bool silent = false, lost = false;
    for (size_t i = 0; i < heard->count; i++) {
        int64_t number = heard->numbers[i];
        if (isnan (heard->samples[2 * i]))
            lost = true;
        else if (number == SEQUENCE_SILENCE)
            silent = true;
        else {
            ck_assert_msg (number >= 0, "frame %zu is damaged", i);
            while (number != expected && silent && resume < player->resumes)
                expected = player->resumed[resume++];
            ck_assert_msg (number == expected || lost, "frame %zu is number %lld, not %lld", i,
                           (long long) number, (long long) expected);
            expected = number + 1;
            silent = lost = false;
        }
    }
    ck_assert_int_le (expected, player->taken);
    ck_assert_int_gt (expected, player->taken / 2);
    return expected - 1;
}

START_TEST (every_frame_is_heard_once)
{
    rig_player_t player = s_open ();
    ck_assert_int_eq (rig_run (&player, 60000), 0);
    sequence_t heard = s_close (&player);
    s_check (&player, &heard);
    sequence_free (&heard);
}
END_TEST

START_TEST (a_late_writer_is_an_xrun_and_goes_on)
{
    rig_player_t player = s_open ();
    ck_assert_int_eq (rig_run (&player, 30000), 0);
    uint64_t xruns = player.output->xruns;
    int64_t before = player.taken;
    usleep (3 * 1000000u / 48000u * player.output->buffer_frames);
    ck_assert_int_eq (rig_run (&player, before + 30000), 0);
    ck_assert_uint_gt (player.output->xruns, xruns);
    sequence_t heard = s_close (&player);
    ck_assert_int_gt (s_check (&player, &heard), before);
    sequence_free (&heard);
}
END_TEST

START_TEST (a_server_that_dies_is_a_loss)
{
    /*  In this order: the next server clears a killed one's memory. */
    static const int signals[] = { SIGKILL, SIGTERM };
    rig_player_t player = s_open ();
    ck_assert_int_eq (rig_run (&player, 30000), 0);
    s_kill (&s_server_pid, signals[_i]);
    double begin_sec = rig_now_sec ();
    ck_assert_int_lt (rig_run (&player, SEQUENCE_END), 0);
    rig_close (&player);
    ck_assert (rig_now_sec () - begin_sec < 30.0);
}
END_TEST

static Suite *
s_suite (void)
{
    Suite *suite = suite_create ("alsa_jack");
    TCase *tcase = tcase_create ("alsa_jack");
    tcase_add_checked_fixture (tcase, s_begin, s_end);
    tcase_add_test (tcase, every_frame_is_heard_once);
    tcase_add_test (tcase, a_late_writer_is_an_xrun_and_goes_on);
    tcase_add_loop_test (tcase, a_server_that_dies_is_a_loss, 0, 2);
    suite_add_tcase (suite, tcase);
    return suite;
}

/*  A shared memory of our own, which goes with us however we end; there JACK keeps its register, semaphores
    and sockets. Only for root: the others use everybody's, and remove what bears their name. */
static bool
s_separate (void)
{
    return unshare (CLONE_NEWNS) == 0 && mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
           && mount ("none", "/dev/shm", "tmpfs", 0, "mode=1777") == 0;
}

static bool
s_find_jackd (void)
{
    const char *path = getenv ("PATH");
    while (path && *path) {
        size_t length = strcspn (path, ":");
        snprintf (s_jackd, sizeof s_jackd, "%.*s/jackd", (int) length, path);
        if (access (s_jackd, X_OK) == 0)
            return true;
        path += length + (path[length] == ':');
    }
    return false;
}

static bool
s_find_plugin (void)
{
    char error[256];
    void *plugin = snd_dlopen ("libasound_module_pcm_jack.so", RTLD_LAZY, error, sizeof error);
    if (plugin)
        snd_dlclose (plugin);
    return plugin != NULL;
}

int
main (void)
{
    const char *missing = !s_find_jackd () ? "jackd2" : !s_find_plugin () ? "libasound2-plugins" : NULL;
    if (missing) {
        fprintf (stderr, "not run, for want of a package: apt-get install %s\n", missing);
        return 77;
    }
    /*  Kept in memory after ALSA is done with it, so that what it leaks has its name (tests/support/lsan.supp). */
    dlopen ("libjack.so.0", RTLD_LAZY | RTLD_NODELETE);
    bool separate = s_separate (), registry = s_leftovers ("-shm-registry", false) > 0;
    rig_begin ("pcm.heard { type jack\n"
               "    playback_ports { 0 \"zample_capture:in_1\" 1 \"zample_capture:in_2\" } }\n");
    int status = run_suite (s_suite ());
    rig_end ();
    /*  JACK makes the register of its memory once and leaves it for ever. If it is ours, and no other server
        has come to need it: */
    if (!separate && !registry && s_leftovers ("", false) == 1)
        s_leftovers ("-shm-registry", true);
    return status;
}
