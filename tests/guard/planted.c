/*  What the tests of the guards plant: each violation harmless by itself, small, and certain to make the
    call that it is named for. They are committed in a child process, because a guard ends the process that
    it catches. */
#include "config.h"

#include <check.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/rt/section.h"
#include "tests/guard/planted.h"

void
planted_need (bool is_so)
{
    if (!is_so)
        _exit (99);
}

/* Made outside of the section; read through volatile, so that no call is optimised away. */
static void *volatile s_memory;
static int s_pipe[2];
static pthread_mutex_t s_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t s_condition = PTHREAD_COND_INITIALIZER;
static sem_t s_semaphore;
static const struct timespec s_moment = { .tv_nsec = 1 };

/* ------------------------------------------------ RealtimeSanitizer's */

static void
s_malloc (void)
{
    s_memory = malloc (16);
}

static void
s_calloc (void)
{
    s_memory = calloc (2, 16);
}

static void
s_realloc (void)
{
    s_memory = realloc (s_memory, 64);
}

static void
s_free (void)
{
    free (s_memory);
}

static void
s_posix_memalign (void)
{
    void *memory;
    if (posix_memalign (&memory, 64, 64) == 0)
        s_memory = memory;
}

/*  Nobody holds it: no system call is made, and still the next one to come would wait. */
static void
s_lock (void)
{
    pthread_mutex_lock (&s_mutex);
    pthread_mutex_unlock (&s_mutex);
}

static void
s_unlock (void)
{
    pthread_mutex_unlock (&s_mutex);
}

static void
s_signal (void)
{
    pthread_cond_signal (&s_condition);
}

static void
s_puts (void)
{
    puts ("");
}

static void
s_fopen (void)
{
    fopen ("/dev/null", "r");
}

static void
s_open (void)
{
    open ("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void
s_nanosleep (void)
{
    nanosleep (&s_moment, NULL);
}

static void
s_usleep (void)
{
    usleep (1);
}

static void
s_send (void)
{
    send (-1, "", 1, 0);
}

const planted_t planted_functions[] = {
    { .name = "malloc", .commit = s_malloc, .function = "malloc" },
    { .name = "calloc", .commit = s_calloc, .function = "calloc" },
    { .name = "realloc", .commit = s_realloc, .function = "realloc" },
    { .name = "free", .commit = s_free, .function = "free" },
    { .name = "posix_memalign", .commit = s_posix_memalign, .function = "posix_memalign" },
    { .name = "a lock", .commit = s_lock, .function = "pthread_mutex_lock" },
    { .name = "an unlock", .commit = s_unlock, .function = "pthread_mutex_unlock" },
    { .name = "a condition", .commit = s_signal, .function = "pthread_cond_signal" },
    { .name = "puts", .commit = s_puts, .function = "puts" },
    { .name = "fopen", .commit = s_fopen, .function = "fopen" },
    { .name = "open", .commit = s_open, .function = "open" },
    { .name = "nanosleep", .commit = s_nanosleep, .function = "nanosleep" },
    { .name = "usleep", .commit = s_usleep, .function = "usleep" },
    { .name = "send", .commit = s_send, .function = "send" },
};
const size_t planted_functions_count = sizeof planted_functions / sizeof *planted_functions;

/* ------------------------------------------------- the dispatch's */

static void
s_write (void)
{
    planted_need (write (s_pipe[1], "", 1) == 1);
}

static void
s_read (void)
{
    char byte;
    planted_need (read (s_pipe[0], &byte, 1) == 1);
}

static void
s_ioctl (void)
{
    int waiting;
    ioctl (s_pipe[0], FIONREAD, &waiting);
}

static void
s_poll (void)
{
    struct pollfd wait = { .fd = s_pipe[0], .events = POLLIN };
    poll (&wait, 1, 0);
}

static void
s_mmap (void)
{
    s_memory = mmap (NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void
s_clock_nanosleep (void)
{
    clock_nanosleep (CLOCK_MONOTONIC, 0, &s_moment, NULL);
}

/*  The clocks of processes are not in the kernel's shared page, as CLOCK_MONOTONIC is. */
static void
s_cpu_clock (void)
{
    struct timespec now;
    clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
}

static void
s_sem_wait (void)
{
    sem_timedwait (&s_semaphore, &s_moment);
}

static void
s_futex (void)
{
    static int word;
    syscall (SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void
s_yield (void)
{
    sched_yield ();
}

static void
s_getppid (void)
{
    syscall (SYS_getppid);
}

const planted_t planted_calls[] = {
    { .name = "write", .commit = s_write, .call = SYS_write },
    { .name = "read", .commit = s_read, .call = SYS_read },
    { .name = "ioctl", .commit = s_ioctl, .call = SYS_ioctl },
    { .name = "poll", .commit = s_poll, .call = SYS_poll },
    { .name = "mmap", .commit = s_mmap, .call = SYS_mmap },
    { .name = "clock_nanosleep", .commit = s_clock_nanosleep, .call = SYS_clock_nanosleep },
    { .name = "the processor clock", .commit = s_cpu_clock, .call = SYS_clock_gettime },
    { .name = "a semaphore", .commit = s_sem_wait, .call = SYS_futex },
    { .name = "a raw futex", .commit = s_futex, .call = SYS_futex },
    { .name = "a yield", .commit = s_yield, .call = SYS_sched_yield },
    { .name = "a raw getppid", .commit = s_getppid, .call = SYS_getppid },
};
const size_t planted_calls_count = sizeof planted_calls / sizeof *planted_calls;

/* ------------------------------------------------------------- the child */

typedef struct {
    const planted_t *planted;
    place_t place;
} committed_t;

static void *
s_on_audio_thread (void *context)
{
    const planted_t *planted = context;
    zample_section_thread_begin ();
    zample_section_enter ();
    planted->commit ();
    zample_section_exit ();
    zample_section_thread_end ();
    return NULL;
}

static void
s_run_audio_thread (const planted_t *planted)
{
    pthread_t thread;
    sigset_t all;
    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, NULL);
    planted_need (pthread_create (&thread, NULL, s_on_audio_thread, (void *) planted) == 0);
    planted_need (pthread_join (thread, NULL) == 0);
}

static void
s_commit (void *context)
{
    const committed_t *committed = context;
    s_memory = malloc (16);
    planted_need (pipe (s_pipe) == 0);
    s_write ();
    planted_need (sem_init (&s_semaphore, 0, 0) == 0);
    if (committed->place == AUDIO_THREAD) {
        s_run_audio_thread (committed->planted);
        return;
    }
    if (committed->place == INSIDE)
        zample_section_enter ();
    committed->planted->commit ();
    if (committed->place == INSIDE)
        zample_section_exit ();
}

static void
s_be_child (const in_child_t *child, int report_fd)
{
    dup2 (report_fd, STDERR_FILENO);
    dup2 (open ("/dev/null", O_WRONLY), STDOUT_FILENO);
    zample_section_arm (child->rtsan, child->dispatch);
    child->run (child->context);
    _exit (0);
}

outcome_t
planted_run (const in_child_t *child)
{
    outcome_t outcome = { 0 };
    int report[2];
    ck_assert_int_eq (pipe2 (report, O_CLOEXEC), 0);
    fflush (NULL);
    pid_t pid = fork ();
    ck_assert_int_ge (pid, 0);
    if (pid == 0)
        s_be_child (child, report[1]);
    close (report[1]);
    size_t length = 0;
    ssize_t count;
    while ((count = read (report[0], outcome.text + length, sizeof outcome.text - 1 - length)) > 0)
        length += (size_t) count;
    close (report[0]);
    ck_assert_int_eq (waitpid (pid, &outcome.status, 0), pid);
    return outcome;
}

outcome_t
planted_commit (const planted_t *planted, place_t place, bool rtsan, bool dispatch)
{
    committed_t committed = { planted, place };
    in_child_t child = { .rtsan = rtsan, .dispatch = dispatch, .run = s_commit, .context = &committed };
    return planted_run (&child);
}

/* -------------------------------------------------------- how it ended */

void
planted_assert_unharmed (const outcome_t *outcome, const char *name)
{
    ck_assert_msg (outcome->status == 0 && !*outcome->text, "%s ended with %#x: %s", name,
                   (unsigned) outcome->status, outcome->text);
}

void
planted_assert_caught_by_rtsan (const outcome_t *outcome, const char *function)
{
    char expected[128];
    snprintf (expected, sizeof expected, "call to real-time unsafe function `%s` in real-time context!",
              function);
    ck_assert_msg (strstr (outcome->text, expected), "not named: %s in \"%s\"", function, outcome->text);
    ck_assert_ptr_null (strstr (outcome->text, "zample guard"));
    ck_assert (WIFEXITED (outcome->status));
    ck_assert_int_ne (WEXITSTATUS (outcome->status), 0);
    ck_assert_int_ne (WEXITSTATUS (outcome->status), ZAMPLE_SECTION_CAUGHT);
}

void
planted_assert_caught_by_dispatch (const outcome_t *outcome, long call)
{
    char expected[128];
    snprintf (expected, sizeof expected, "zample guard: system call %ld inside an audio block\n", call);
    ck_assert_str_eq (outcome->text, expected);
    ck_assert (WIFEXITED (outcome->status));
    ck_assert_int_eq (WEXITSTATUS (outcome->status), ZAMPLE_SECTION_CAUGHT);
}
