/*  A violation planted in the real path: the player has the real stage render a voice.

    The stage does nothing wrong by itself, so the fault is injected from below: its voice reads a sample
    of which the memory may not be read. The handler of that fault is then at work in the midst of the
    block, and it does what a real-time thread may not do. Offline it is the real player entire; on the
    audio thread the output is a mock, which alone can unblock SIGSEGV there. */
#include "config.h"

#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#include "engine/player.h"
#include "engine/rt/section.h"
#include "engine/stage_setup.h"
#include "tests/guard/planted.h"

#define FRAMES 4096
#define MEMORY_SIZE ((FRAMES + 2 * ZAMPLE_GUARD_FRAMES) * ZAMPLE_CHANNELS * sizeof (float))

typedef struct {
    bool by_malloc; /* the handler allocates; it makes a system call in any case */
    bool on_audio_thread;
} fault_t;

static float *s_memory;
static bool s_by_malloc;
static void *volatile s_allocated;

/*  Makes the memory readable, by mprotect. */
static void
s_mend (int signal)
{
    (void) signal;
    if (s_by_malloc)
        s_allocated = malloc (16);
    planted_need (mprotect (s_memory, MEMORY_SIZE, PROT_READ) == 0);
}

static zample_sample_t *
s_unreadable_sample (void)
{
    static zample_sample_t sample;
    s_memory = mmap (NULL, MEMORY_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    planted_need (s_memory != MAP_FAILED);
    sample = (zample_sample_t) { .data = s_memory + ZAMPLE_GUARD_FRAMES * ZAMPLE_CHANNELS, .frames = FRAMES };
    signal (SIGSEGV, s_mend);
    return &sample;
}

static void
s_push (zample_doorway_t *doorway, const zample_command_t *command)
{
    uint64_t ticket;
    planted_need (zample_command_ring_push (&doorway->commands, command, &ticket));
}

static zample_doorway_t *
s_doorway_with_voice (void)
{
    zample_stage_shape_t shape = { .slots = 1, .voices = 1, .command_capacity = 4, .event_capacity = 4 };
    zample_doorway_t *doorway = zample_doorway_new (&shape);
    planted_need (doorway);
    s_push (doorway, &(zample_command_t) { .kind = COMMAND_LOAD, .u.load.sample = s_unreadable_sample () });
    s_push (doorway, &(zample_command_t) { .kind = COMMAND_PLAY, .u.play = { .gain = 1.0f, .speed = 1.0f } });
    return doorway;
}

/* ---------------------------------------------------------- the mock output */

static atomic_int s_waits;

static int64_t
s_unblock_and_wait (zample_output_t *self, int wake_fd)
{
    (void) self;
    (void) wake_fd;
    sigset_t fault;
    sigemptyset (&fault);
    sigaddset (&fault, SIGSEGV);
    pthread_sigmask (SIG_UNBLOCK, &fault, NULL);
    atomic_fetch_add (&s_waits, 1);
    return ZAMPLE_BLOCK_FRAMES;
}

static int64_t
s_take_all (zample_output_t *self, const float *frames, int64_t count)
{
    (void) self;
    (void) frames;
    return count;
}

static int64_t
s_no_delay (zample_output_t *self)
{
    (void) self;
    return 0;
}

static void
s_leave (zample_output_t *self)
{
    (void) self;
}

static zample_output_t s_mock = {
    .rate_hz = 48000,
    .period_frames = ZAMPLE_BLOCK_FRAMES,
    .buffer_frames = 2 * ZAMPLE_BLOCK_FRAMES,
    .wait = s_unblock_and_wait,
    .write = s_take_all,
    .delay = s_no_delay,
    .destroy = s_leave,
};

/* --------------------------------------------------------------- the tests */

static void
s_play_unreadable (void *context)
{
    const fault_t *fault = context;
    s_by_malloc = fault->by_malloc;
    char why[256];
    zample_stage_t *stage = zample_stage_new (s_doorway_with_voice (), 1);
    planted_need (stage);
    zample_player_t *player =
        zample_player_new (stage, fault->on_audio_thread ? &s_mock : NULL, NULL, why, sizeof why);
    planted_need (player);
    if (!fault->on_audio_thread) {
        planted_need (zample_player_render (player, ZAMPLE_BLOCK_FRAMES, NULL));
        return;
    }
    planted_need (zample_player_start (player));
    while (atomic_load (&s_waits) < 3)
        nanosleep (&(struct timespec) { .tv_nsec = 1000000 }, NULL);
    zample_player_stop (player);
}

static outcome_t
s_run (fault_t fault, bool watched)
{
    in_child_t child = {
        .rtsan = watched,
        .dispatch = watched && zample_section_has_dispatch (),
        .run = s_play_unreadable,
        .context = &fault,
    };
    return planted_run (&child);
}

START_TEST (unwatched_the_fault_is_mended_and_the_block_ends)
{
    outcome_t offline = s_run ((fault_t) { .by_malloc = true }, false);
    planted_assert_unharmed (&offline, "an offline block");
    outcome_t live = s_run ((fault_t) { .by_malloc = true, .on_audio_thread = true }, false);
    planted_assert_unharmed (&live, "a block on the audio thread");
}
END_TEST

START_TEST (an_allocation_within_an_offline_block_is_caught)
{
    outcome_t outcome = s_run ((fault_t) { .by_malloc = true }, true);
    planted_assert_caught_by_rtsan (&outcome, "malloc");
}
END_TEST

START_TEST (an_allocation_within_a_block_on_the_audio_thread_is_caught)
{
    outcome_t outcome = s_run ((fault_t) { .by_malloc = true, .on_audio_thread = true }, true);
    planted_assert_caught_by_rtsan (&outcome, "malloc");
}
END_TEST

START_TEST (a_system_call_within_an_offline_block_is_caught)
{
    outcome_t outcome = s_run ((fault_t) { 0 }, true);
    planted_assert_caught_by_dispatch (&outcome, SYS_mprotect);
}
END_TEST

START_TEST (a_system_call_within_a_block_on_the_audio_thread_is_caught)
{
    outcome_t outcome = s_run ((fault_t) { .on_audio_thread = true }, true);
    planted_assert_caught_by_dispatch (&outcome, SYS_mprotect);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("guarded player");
    TCase *tests = tcase_create ("guarded player");
    tcase_set_timeout (tests, 60);
    tcase_add_test (tests, unwatched_the_fault_is_mended_and_the_block_ends);
    tcase_add_test (tests, an_allocation_within_an_offline_block_is_caught);
    tcase_add_test (tests, an_allocation_within_a_block_on_the_audio_thread_is_caught);
    if (zample_section_has_dispatch ()) {
        tcase_add_test (tests, a_system_call_within_an_offline_block_is_caught);
        tcase_add_test (tests, a_system_call_within_a_block_on_the_audio_thread_is_caught);
    }
    suite_add_tcase (suite, tests);
    SRunner *runner = srunner_create (suite);
    srunner_run_all (runner, CK_ENV);
    int failed = srunner_ntests_failed (runner);
    srunner_free (runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
