/*  Watches the sections of a guard build; part of no other build. Runs on the audio thread, or on the
    caller's thread when it renders offline. Linux on x86-64.

    Two guards complement each other. RealtimeSanitizer's runtime stands in for the C library's functions
    and knows those that may wait: malloc, locks, stdio, sleep. Syscall User Dispatch is the kernel's:
    while a byte of the thread, the selector, says so, any system call, however it was made, becomes a
    SIGSYS instead.

    RealtimeSanitizer writes its report by system calls while the selector still stands. It switches itself
    off meanwhile, and that is how the handler of SIGSYS tells its calls from ours: they are made again,
    with the selector down, and the report comes out whole. A library would leave SIGSYS alone; a guard
    build is only ever our own.
 */
#include "config.h"

#include <linux/prctl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "engine/rt/section.h"

void __rtsan_realtime_enter (void);
void __rtsan_realtime_exit (void);
void __rtsan_off (void);

/* The C interface cannot be asked whether a report is being written; these two of its C++ functions can. */
const void *zample_rtsan_context (void) __asm__ ("_ZN7__rtsan23GetContextForThisThreadEv");
bool zample_rtsan_is_off (const void *context) __asm__ ("_ZNK7__rtsan7Context10IsBypassedEv");

static bool s_with_rtsan = true;
static bool s_with_dispatch = true;

static _Thread_local volatile char s_selector = SYSCALL_DISPATCH_FILTER_ALLOW;
static _Thread_local const void *s_rtsan_context; /* asked for early: the first time it allocates */
static _Thread_local bool s_armed_for_thread;
static _Thread_local bool s_armed_for_block;

static size_t
s_append (char *line, size_t length, const char *text, size_t count)
{
    memcpy (line + length, text, count);
    return length + count;
}

/*  All of it may be called in a signal handler. */
static void
s_end_process (int call)
{
    static const char begin[] = "zample guard: system call ";
    static const char end[] = " inside an audio block\n";
    char digits[12];
    size_t first = sizeof digits;
    do {
        digits[--first] = (char) ('0' + call % 10);
        call /= 10;
    } while (call > 0);

    char line[sizeof begin + sizeof digits + sizeof end];
    size_t length = s_append (line, 0, begin, sizeof begin - 1);
    length = s_append (line, length, digits + first, sizeof digits - first);
    length = s_append (line, length, end, sizeof end - 1);

    __rtsan_off ();
    syscall (SYS_write, STDERR_FILENO, line, length);
    _exit (ZAMPLE_SECTION_CAUGHT);
}

static void
s_handle_sigsys (int signal, siginfo_t *info, void *context)
{
    (void) signal;
    s_selector = SYSCALL_DISPATCH_FILTER_ALLOW;

    /* A signal handler of the host's that interrupted the block returns by a system call which is not
       ours. The rest of that block is then RealtimeSanitizer's alone. */
    bool is_return = info->si_syscall == SYS_rt_sigreturn;
    if (!is_return && !(s_rtsan_context && zample_rtsan_is_off (s_rtsan_context)))
        s_end_process (info->si_syscall);

    /* The kernel has put the call's number back; what is left is to go back over the instruction
       `syscall`. */
    ucontext_t *thread = (ucontext_t *) context;
    thread->uc_mcontext.gregs[REG_RIP] -= 2;
}

static bool
s_dispatch (unsigned long mode)
{
    const volatile char *selector = mode == PR_SYS_DISPATCH_ON ? &s_selector : NULL;
    return prctl (PR_SET_SYSCALL_USER_DISPATCH, mode, 0UL, 0UL, selector) == 0;
}

/*  False if there is no such guard here. */
static bool
s_arm (void)
{
    if (!s_with_dispatch || !s_dispatch (PR_SYS_DISPATCH_ON))
        return false;

    struct sigaction action;
    memset (&action, 0, sizeof action);
    action.sa_sigaction = s_handle_sigsys;
    action.sa_flags = SA_SIGINFO;
    sigaction (SIGSYS, &action, NULL);

    /* A thread of the engine blocks all signals, and a blocked SIGSYS ends the process without a word. */
    sigset_t sigsys;
    sigemptyset (&sigsys);
    sigaddset (&sigsys, SIGSYS);
    pthread_sigmask (SIG_UNBLOCK, &sigsys, NULL);

    s_rtsan_context = zample_rtsan_context ();
    return true;
}

void
zample_section_thread_begin (void)
{
    s_armed_for_thread = s_arm ();
}

/*  Not left to the thread's end: the kernel would still read the selector when its memory is gone. */
void
zample_section_thread_end (void)
{
    if (s_armed_for_thread)
        s_dispatch (PR_SYS_DISPATCH_OFF);
    s_armed_for_thread = false;
}

void
zample_section_enter (void)
{
    if (!s_armed_for_thread)
        s_armed_for_block = s_arm ();
    if (s_with_rtsan)
        __rtsan_realtime_enter ();
    if (s_armed_for_thread || s_armed_for_block)
        s_selector = SYSCALL_DISPATCH_FILTER_BLOCK;
}

void
zample_section_exit (void)
{
    s_selector = SYSCALL_DISPATCH_FILTER_ALLOW;
    if (s_with_rtsan)
        __rtsan_realtime_exit ();
    if (s_armed_for_block)
        s_dispatch (PR_SYS_DISPATCH_OFF);
    s_armed_for_block = false;
}

void
zample_section_arm (bool rtsan, bool dispatch)
{
    s_with_rtsan = rtsan;
    s_with_dispatch = dispatch;
}

bool
zample_section_has_dispatch (void)
{
    return s_dispatch (PR_SYS_DISPATCH_ON) && s_dispatch (PR_SYS_DISPATCH_OFF);
}
