/*  cli/follow.c and cli/describe.c, through the command itself. The engine is played by this test: a mock, so
    that events can be lost, doubled, damaged, or never come.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "tests/support/run_suite.h"

#define LIMIT_MS 60000

static char folder[] = "/tmp/zample-follow.XXXXXX";
static char endpoint[64], out_path[64], err_path[64];
static char out[16384], err[8192]; /* what the command printed and said, when it has ended */
static char snap[64];              /* the topic that it waits for */
static void *context, *publisher;
static pid_t monitor;

/* ---------------------------------------------------------------- the engine */

static void
setup (void)
{
    strcpy (strrchr (folder, '.'), ".XXXXXX");
    ck_assert_ptr_nonnull (mkdtemp (folder));
    snprintf (endpoint, sizeof endpoint, "ipc://%s/events", folder);
    snprintf (out_path, sizeof out_path, "%s/out", folder);
    snprintf (err_path, sizeof err_path, "%s/err", folder);
    context = zmq_ctx_new ();
    publisher = zmq_socket (context, ZMQ_XPUB);
    const int verbose = 1, limit = LIMIT_MS, unlimited = 0;
    zmq_setsockopt (publisher, ZMQ_XPUB_VERBOSE, &verbose, sizeof verbose);
    zmq_setsockopt (publisher, ZMQ_SNDHWM, &unlimited, sizeof unlimited);
    zmq_setsockopt (publisher, ZMQ_RCVTIMEO, &limit, sizeof limit);
    ck_assert_int_eq (zmq_bind (publisher, endpoint), 0);
    monitor = 0;
}

static void
stop_publishing (void)
{
    if (!publisher)
        return;
    zmq_close (publisher);
    zmq_ctx_term (context);
    publisher = NULL;
}

static void
teardown (void)
{
    if (monitor > 0)
        kill (monitor, SIGKILL);
    stop_publishing ();
    unlink (endpoint + strlen ("ipc://")); /* libzmq may leave it */
    unlink (out_path);
    unlink (err_path);
    rmdir (folder);
}

static void
send_frames (const char *topic, const char *json)
{
    ck_assert_int_ge (zmq_send (publisher, topic, strlen (topic), ZMQ_SNDMORE), 0);
    ck_assert_int_ge (zmq_send (publisher, json, strlen (json), 0), 0);
}

static const char *
event (int seq)
{
    static char json[128];
    snprintf (json, sizeof json, "{\"seq\":%d,\"type\":\"retired\",\"id\":3,\"frame\":480,\"job\":7}", seq);
    return json;
}

static const char *
closed (int seq)
{
    static char json[128];
    snprintf (json, sizeof json,
              "{\"seq\":%d,\"type\":\"device\",\"id\":0,\"frame\":960,\"state\":\"closed\",\"msg\":\"bye\"}",
              seq);
    return json;
}

static const char *
snapshot (int seq)
{
    static char json[512];
    snprintf (json, sizeof json,
              "{\"seq\":%d,\"type\":\"snapshot\",\"frame\":96000,\"name\":\"mock\",\"version\":\"9.8.7\","
              "\"rate_hz\":48000,"
              "\"device\":{\"state\":\"opened\",\"msg\":\"a mock plays\"},"
              "\"slots\":[{\"id\":3,\"job\":7,\"path\":\"a.wav\",\"duration_sec\":1.25,\"frames\":60000}],"
              "\"jobs\":[{\"job\":9,\"id\":5,\"path\":\"b.wav\",\"percent\":0.3,\"stage\":\"Loading\"}],"
              "\"voices\":[{\"id\":31,\"slot\":3,\"frame\":48000,\"paused\":true}]}",
              seq);
    return json;
}

/*  Waits until the command subscribes (1) or unsubscribes (0) a snapshot's topic. */
static void
await_snap (char what)
{
    char message[128];
    do {
        int size = zmq_recv (publisher, message, sizeof message - 1, 0);
        ck_assert_int_gt (size, 0);
        message[size] = 0;
    } while (message[0] != what || strncmp (message + 1, "snap/", 5) != 0);
    snprintf (snap, sizeof snap, "%.60s", message + 1);
}

static void
publish_snapshot (int seq)
{
    await_snap (1);
    send_frames (snap, snapshot (seq));
}

/* --------------------------------------------------------------- the command */

static void
start (const char *option)
{
    char program[4096];
    snprintf (program, sizeof program, "%s/zample", getenv ("ZAMPLE_BUILDDIR"));
    monitor = fork ();
    ck_assert_int_ge (monitor, 0);
    if (monitor > 0)
        return;
    if (!freopen (out_path, "w", stdout) || !freopen (err_path, "w", stderr))
        _exit (99);
    execl (program, program, "monitor", "--endpoint", endpoint, option, (char *) NULL);
    _exit (98);
}

static void
read_back (const char *path, char *text, size_t size)
{
    FILE *file = fopen (path, "r");
    ck_assert_ptr_nonnull (file);
    text[fread (text, 1, size - 1, file)] = 0;
    fclose (file);
}

/*  Waits for the command to end, and returns its exit code. */
static int
ended (void)
{
    int status;
    ck_assert_int_eq (waitpid (monitor, &status, 0), monitor);
    monitor = 0;
    read_back (out_path, out, sizeof out);
    read_back (err_path, err, sizeof err);
    ck_assert (WIFEXITED (status));
    return WEXITSTATUS (status);
}

/*  Lines of JSON after the snapshot (`first`) and before the end. */
static void
expect_printed (const char *first, const char *second, const char *third, const char *fourth)
{
    char expected[4096];
    snprintf (expected, sizeof expected, "%s\n%s\n%s%s%s%s", first, second, third, *third ? "\n" : "", fourth,
              *fourth ? "\n" : "");
    ck_assert_str_eq (out, expected);
}

/*  Publishes an event to a monitor in words, and returns its line without the time. */
static const char *
words_for (const char *type, const char *fields)
{
    static char line[1024];
    char json[1024];
    setup ();
    start (NULL);
    publish_snapshot (4);
    snprintf (json, sizeof json, "{\"seq\":5,\"type\":\"%s\",\"frame\":72000,%s}", type, fields);
    send_frames ("evt/x/1/", json);
    send_frames ("evt/device/0/", closed (6));
    ck_assert_int_eq (ended (), 0);
    char *at = strstr (out, "    1.500000  ");
    ck_assert_ptr_nonnull (at);
    snprintf (line, sizeof line, "%.*s", (int) strcspn (at + 14, "\n"), at + 14);
    teardown ();
    return line;
}

/* --------------------------------------------------------------------- tests */

START_TEST (events_before_the_snapshot_are_thrown_away)
{
    char first[512];
    start ("--json");
    await_snap (1);
    send_frames ("evt/retired/3/", event (6));
    snprintf (first, sizeof first, "%s", snapshot (6));
    send_frames (snap, first);
    send_frames ("evt/retired/3/", event (7));
    send_frames ("evt/device/0/", closed (8));
    ck_assert_int_eq (ended (), 0);
    expect_printed (first, event (7), closed (8), "");
    ck_assert_str_eq (err, "");
}
END_TEST

START_TEST (the_snapshot_is_not_asked_for_for_ever)
{
    start ("--json");
    publish_snapshot (1);
    await_snap (0);
    send_frames ("evt/device/0/", closed (2));
    ck_assert_int_eq (ended (), 0);
}
END_TEST

START_TEST (a_gap_is_told_and_brings_a_new_snapshot)
{
    char first[512], topic[64], second[128];
    start ("--json");
    publish_snapshot (5);
    snprintf (first, sizeof first, "%s", snapshot (5));
    snprintf (topic, sizeof topic, "%s", snap);
    snprintf (second, sizeof second, "%s", event (6));
    send_frames ("evt/retired/3/", second);
    send_frames ("evt/retired/3/", event (9));
    publish_snapshot (12);
    ck_assert_str_ne (snap, topic);
    send_frames ("evt/device/0/", closed (13));
    ck_assert_int_eq (ended (), 0);
    expect_printed (first, second, snapshot (12), closed (13));
    ck_assert_str_eq (err, "zample: 6 events were lost; this is the state after them\n");
}
END_TEST

START_TEST (an_event_that_came_before_is_not_shown_again)
{
    char first[512];
    start ("--json");
    publish_snapshot (5);
    snprintf (first, sizeof first, "%s", snapshot (5));
    send_frames ("evt/retired/3/", event (5));
    send_frames ("evt/device/0/", closed (6));
    ck_assert_int_eq (ended (), 0);
    expect_printed (first, closed (6), "", "");
}
END_TEST

START_TEST (an_end_before_the_snapshot_is_an_end)
{
    start ("--json");
    await_snap (1);
    send_frames ("evt/device/0/", closed (6));
    ck_assert_int_eq (ended (), 0);
}
END_TEST

START_TEST (the_state_of_a_closed_engine_is_an_end)
{
    start ("--json");
    await_snap (1);
    send_frames (snap, "{\"seq\":9,\"type\":\"snapshot\",\"device\":{\"state\":\"closed\"}}");
    ck_assert_int_eq (ended (), 0);
}
END_TEST

START_TEST (an_engine_that_goes_away_is_told)
{
    start (NULL);
    publish_snapshot (1);
    await_snap (0);
    stop_publishing ();
    ck_assert_int_eq (ended (), 1);
    ck_assert_str_eq (err, "zample: the engine went away without a word\n");
}
END_TEST

START_TEST (the_last_word_is_heard_although_the_engine_is_gone)
{
    start ("--json");
    publish_snapshot (0);
    await_snap (0);
    /*  No more than the system holds for a reader that sleeps: what libzmq has not written when it closes may
        be dropped. */
    kill (monitor, SIGSTOP);
    for (int seq = 1; seq < 50; seq++)
        send_frames ("evt/retired/3/", event (seq));
    send_frames ("evt/device/0/", closed (50));
    stop_publishing ();
    kill (monitor, SIGCONT);
    ck_assert_int_eq (ended (), 0);
    ck_assert_ptr_nonnull (strstr (out, event (49)));
    ck_assert_ptr_nonnull (strstr (out, closed (50)));
}
END_TEST

START_TEST (an_engine_that_does_not_answer_is_given_up)
{
    start (NULL);
    ck_assert_int_eq (ended (), 1);
    ck_assert_ptr_nonnull (strstr (err, "does not answer"));
}
END_TEST

START_TEST (what_is_no_json_is_told_and_passed_over)
{
    start ("--json");
    publish_snapshot (1);
    send_frames ("evt/retired/3/", "{\"seq\":");
    send_frames ("evt/retired/3/", "[2]");
    send_frames ("evt/retired/3/", "");
    ck_assert_int_ge (zmq_send (publisher, "evt/alone/", 10, 0), 0);
    send_frames ("evt/device/0/", closed (2));
    ck_assert_int_eq (ended (), 0);
    const char *once = "zample: what came on evt/retired/3/ is no JSON object\n";
    ck_assert_uint_eq (strlen (err), 3 * strlen (once));
    ck_assert_ptr_nonnull (strstr (out, closed (2)));
}
END_TEST

START_TEST (a_message_does_not_command_the_terminal)
{
    const char *line = words_for ("error", "\"id\":4,\"job\":8,\"msg\":\"\\u001b[2J x\\u009b2J y\\n\"");
    ck_assert_str_eq (line, "load 8, slot 4: failed, ?[2J x??2J y?");
}
END_TEST

START_TEST (the_state_is_put_into_words)
{
    start (NULL);
    publish_snapshot (1);
    send_frames ("evt/device/0/", closed (2));
    ck_assert_int_eq (ended (), 0);
    ck_assert_str_eq (out, "    2.000000  engine mock, zample 9.8.7, 48000 Hz\n"
                           "    2.000000  device opened: a mock plays\n"
                           "    2.000000  slot 3: holds a.wav, 1.250 s\n"
                           "    2.000000  load 9, slot 5: 30 %, Loading, b.wav\n"
                           "    2.000000  voice 31, slot 3: pauses; it started at 1.000000\n"
                           "    0.020000  device closed: bye\n");
}
END_TEST

/*  Each type of docs/protocol.md, and one that is not in it. */
static const struct {
    const char *type, *fields, *words;
} sentences[] = {
    { "started", "\"id\":3,\"job\":7,\"path\":\"a.wav\"", "load 7, slot 3: started, a.wav" },
    { "progress", "\"id\":3,\"job\":7,\"percent\":0.42,\"stage\":\"Loading (decoding)\"",
      "load 7, slot 3: 42 %, Loading (decoding)" },
    { "success", "\"id\":3,\"job\":7,\"duration_sec\":1.25,\"frames\":60000",
      "load 7, slot 3: ready, 1.250 s" },
    { "error", "\"id\":3,\"job\":7,\"msg\":\"x: no\"", "load 7, slot 3: failed, x: no" },
    { "success",
      "\"id\":3,\"job\":7,\"duration_sec\":1.25,\"warnings\":[\"truncated\",\"nan\"],\"late_frames\":300",
      "load 7, slot 3: ready, 1.250 s, but: truncated, nan, late by 300 frames" },
    { "success", "\"id\":3,\"job\":7,\"duration_sec\":1.25,\"warnings\":[],\"late_frames\":0",
      "load 7, slot 3: ready, 1.250 s" },
    { "started", "\"id\":null,\"job\":7,\"path\":\"drums\"", "job 7: started, drums" },
    { "success", "\"id\":null,\"job\":7,\"sounds\":12,\"failed\":1", "job 7: done, 12 sounds, 1 failed" },
    { "cancelled", "\"id\":3,\"job\":7", "load 7, slot 3: cancelled" },
    { "evicted", "\"id\":3,\"job\":7,\"bytes\":480000", "load 7, slot 3: evicted, 480000 bytes" },
    { "retired", "\"id\":3,\"job\":7", "load 7, slot 3: its sound was let go of" },
    { "voice_skipped", "\"id\":31,\"slot\":3", "voice 31, slot 3: skipped" },
    { "voice_waiting", "\"id\":31,\"slot\":3", "voice 31, slot 3: waiting" },
    { "voice_started", "\"id\":31,\"slot\":3", "voice 31, slot 3: started" },
    { "voice_paused", "\"id\":31,\"slot\":3", "voice 31, slot 3: paused" },
    { "voice_resumed", "\"id\":31,\"slot\":3", "voice 31, slot 3: resumed" },
    { "voice_ended", "\"id\":31,\"slot\":3,\"reason\":\"stolen\"", "voice 31, slot 3: ended, stolen" },
    { "rejected", "\"id\":44,\"command\":\"play\",\"slot\":9,\"voice\":44,\"msg\":\"the slot is empty\"",
      "play, voice 44, slot 9: rejected, the slot is empty" },
    { "late", "\"id\":45,\"command\":\"stop\",\"slot\":null,\"voice\":31,\"frames\":176",
      "stop, voice 31: late by 176 frames" },
    { "device", "\"id\":0,\"state\":\"xrun\",\"msg\":\"too late\"", "device xrun: too late" },
    { "recording", "\"id\":0,\"count\":128", "recording: 128 frames are missing" },
    { "fanfare", "\"id\":1", "{\"seq\":5,\"type\":\"fanfare\",\"frame\":72000,\"id\":1}" },
};

START_TEST (each_event_is_put_into_words)
{
    ck_assert_str_eq (words_for (sentences[_i].type, sentences[_i].fields), sentences[_i].words);
}
END_TEST

START_TEST (levels_are_put_into_words)
{
    start ("--meter");
    publish_snapshot (1);
    send_frames ("tel/meter/0/",
                 "{\"type\":\"meter\",\"id\":0,\"frame\":24000,\"peak\":[0.5,0.0],\"voices\":5}");
    send_frames ("evt/device/0/", closed (2));
    ck_assert_int_eq (ended (), 0);
    ck_assert_ptr_nonnull (strstr (out, "    0.500000  peak -6.0 dB, -inf dB; 5 voices\n"));
}
END_TEST

START_TEST (levels_tell_that_the_newest_events_were_lost)
{
    start ("--meter");
    publish_snapshot (5);
    send_frames ("tel/meter/0/", "{\"type\":\"meter\",\"frame\":24000,\"events\":5}");
    send_frames ("tel/meter/0/", "{\"type\":\"meter\",\"frame\":26048,\"events\":7}");
    publish_snapshot (7);
    send_frames ("evt/device/0/", closed (8));
    ck_assert_int_eq (ended (), 0);
    ck_assert_str_eq (err, "zample: 2 events were lost; this is the state after them\n");
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("follow");
    TCase *following = tcase_create ("following");
    tcase_add_checked_fixture (following, setup, teardown);
    tcase_add_test (following, events_before_the_snapshot_are_thrown_away);
    tcase_add_test (following, the_snapshot_is_not_asked_for_for_ever);
    tcase_add_test (following, a_gap_is_told_and_brings_a_new_snapshot);
    tcase_add_test (following, an_event_that_came_before_is_not_shown_again);
    tcase_add_test (following, an_end_before_the_snapshot_is_an_end);
    tcase_add_test (following, the_state_of_a_closed_engine_is_an_end);
    tcase_add_test (following, an_engine_that_goes_away_is_told);
    tcase_add_test (following, the_last_word_is_heard_although_the_engine_is_gone);
    tcase_add_test (following, an_engine_that_does_not_answer_is_given_up);
    tcase_add_test (following, what_is_no_json_is_told_and_passed_over);
    tcase_add_test (following, the_state_is_put_into_words);
    tcase_add_test (following, levels_are_put_into_words);
    tcase_add_test (following, levels_tell_that_the_newest_events_were_lost);
    suite_add_tcase (suite, following);
    TCase *words = tcase_create ("words");
    tcase_add_test (words, a_message_does_not_command_the_terminal);
    tcase_add_loop_test (words, each_event_is_put_into_words, 0,
                         (int) (sizeof sentences / sizeof *sentences));
    suite_add_tcase (suite, words);
    return run_suite (suite);
}
