/*  The store, without a stage: what is shared, what fits, who has to go, and that all is freed (AddressSanitizer sees
    it). */
#include "config.h"

#include <check.h>
#include <string.h>

#include "actors/store.h"
#include "tests/support/run_suite.h"

enum { SLOTS = 16, FRAMES = 100000 };

static zample_store_t *s_store;
static uint64_t s_bytes; /* of one sound */
static uint64_t s_jobs;

/*  Three sounds fit, and a little more. */
static void
s_open (void)
{
    s_bytes = zample_sound_bytes_of (FRAMES);
    s_store = zample_store_new (SLOTS, 3 * s_bytes + s_bytes / 2);
    ck_assert_ptr_nonnull (s_store);
}

static void
s_close (void)
{
    zample_store_destroy (&s_store);
}

static zample_store_key_t
s_key (uint64_t file)
{
    return (zample_store_key_t) { .file = { .inode = file, .size = 1 } };
}

static zample_store_claim_t
s_claim (uint64_t file, zample_claim_t *claim)
{
    zample_store_key_t key = s_key (file);
    *claim = (zample_claim_t) { .entry = NULL };
    return zample_store_claim (s_store, &key, claim);
}

static zample_store_victim_t s_victims[ZAMPLE_STORE_VICTIMS];
static uint32_t s_count; /* of them */

static zample_store_room_t
s_make_room_of (zample_claim_t *claim, uint64_t bytes)
{
    return zample_store_make_room (s_store, claim, bytes, s_victims, &s_count);
}

static zample_store_room_t
s_make_room (zample_claim_t *claim)
{
    return s_make_room_of (claim, s_bytes);
}

/*  The claim has to wait until the stage has evicted what this slot has, and nothing else. */
static void
s_must_wait_for_slot (zample_claim_t *claim, uint32_t slot)
{
    ck_assert_int_eq (s_make_room (claim), STORE_LATER);
    ck_assert_uint_eq (s_count, 1);
    ck_assert_uint_eq (s_victims[0].slot, slot);
}

static void
s_must_wait_for_none (zample_claim_t *claim)
{
    ck_assert_int_eq (s_make_room (claim), STORE_LATER);
    ck_assert_uint_eq (s_count, 0);
}

static void
s_fill (zample_claim_t *claim)
{
    ck_assert_int_eq (s_make_room (claim), STORE_ROOM);
    zample_sound_t *sound = zample_sound_new (FRAMES);
    ck_assert_ptr_nonnull (sound);
    ck_assert (zample_peaks_finish (&sound->peaks, sound->data, FRAMES));
    zample_store_fill (s_store, claim, sound, false);
}

/*  A slot has it, as after the whole way. */
static zample_sample_t *
s_enter (zample_claim_t *claim, uint32_t slot)
{
    zample_sample_t *sample = zample_store_sample (s_store, claim, ++s_jobs, "kick.wav");
    ck_assert_ptr_nonnull (sample);
    ck_assert_ptr_null (claim->entry);
    sample->slot = slot; /* as the stage does */
    zample_store_enter (s_store, sample, slot);
    return sample;
}

static zample_sample_t *
s_load (uint64_t file, uint32_t slot)
{
    zample_claim_t claim;
    if (s_claim (file, &claim) == STORE_MINE)
        s_fill (&claim);
    return s_enter (&claim, slot);
}

/*  As the stage does when it is asked to. */
static void
s_evict (zample_sample_t *sample)
{
    sample->leaving = ENDED_EVICTED;
    zample_store_release (s_store, &sample);
    ck_assert_ptr_null (sample);
}

static void
s_retire (zample_sample_t *sample)
{
    sample->leaving = ENDED_UNLOADED;
    zample_store_release (s_store, &sample);
}

/* -------------------------------------------------------------------- sharing */

START_TEST (the_same_content_is_in_memory_once)
{
    zample_claim_t first, second;
    ck_assert_int_eq (s_claim (7, &first), STORE_MINE);
    ck_assert_int_eq (s_claim (7, &second), STORE_BUSY);
    s_fill (&first);
    ck_assert_int_eq (s_claim (7, &second), STORE_FOUND);
    zample_sample_t *one = s_enter (&first, 1), *two = s_enter (&second, 2);
    ck_assert_ptr_eq (one->data, two->data);
    zample_memory_t memory = zample_store_memory (s_store);
    ck_assert_uint_eq (memory.sounds, 1);
    ck_assert_uint_eq (memory.slots, 2);
    ck_assert_uint_eq (memory.shared, 1);
    ck_assert_uint_eq (memory.used_bytes, s_bytes);
    s_retire (one);
    ck_assert_uint_eq (zample_store_memory (s_store).used_bytes, s_bytes);
    s_retire (two);
    memory = zample_store_memory (s_store);
    ck_assert_uint_eq (memory.used_bytes, 0);
    ck_assert_uint_eq (memory.sounds, 0);
    ck_assert_uint_eq (memory.slots, 0);
}
END_TEST

START_TEST (another_state_of_a_file_or_another_quality_is_another_sound)
{
    zample_claim_t claim;
    zample_store_key_t key = s_key (7);
    s_load (7, 0);
    key.file.changed_ns = 1;
    ck_assert_int_eq (zample_store_claim (s_store, &key, &claim), STORE_MINE);
    zample_store_abandon (s_store, &claim);
    key = s_key (7);
    key.quality = 1;
    ck_assert_int_eq (zample_store_claim (s_store, &key, &claim), STORE_MINE);
    zample_store_abandon (s_store, &claim);
    key = s_key (7);
    ck_assert_int_eq (zample_store_claim (s_store, &key, &claim), STORE_FOUND);
    zample_store_abandon (s_store, &claim);
}
END_TEST

START_TEST (what_one_gives_up_is_for_the_next_to_make)
{
    zample_claim_t first, second;
    s_claim (7, &first);
    ck_assert_int_eq (s_make_room (&first), STORE_ROOM);
    ck_assert_uint_eq (zample_store_memory (s_store).used_bytes, s_bytes);
    zample_store_abandon (s_store, &first);
    ck_assert_uint_eq (zample_store_memory (s_store).used_bytes, 0);
    ck_assert_int_eq (s_claim (7, &second), STORE_MINE);
    zample_store_abandon (s_store, &second);
    zample_store_abandon (s_store, &second);
}
END_TEST

/* ---------------------------------------------------------------------- room */

START_TEST (what_was_not_played_for_the_longest_time_goes_first)
{
    zample_sample_t *first = s_load (1, 1);
    s_load (2, 2);
    s_load (3, 3);
    zample_store_played (s_store, 1);
    zample_claim_t claim;
    s_claim (4, &claim);
    s_must_wait_for_slot (&claim, 2);
    ck_assert_uint_eq (s_victims[0].job, first->job + 1);
    s_must_wait_for_none (&claim); /* it has been asked */
    zample_store_abandon (s_store, &claim);
}
END_TEST

START_TEST (what_was_loaded_again_is_as_good_as_played)
{
    s_load (1, 1);
    s_load (2, 2);
    s_load (3, 3);
    s_load (1, 5);
    zample_claim_t claim;
    s_claim (4, &claim);
    s_must_wait_for_slot (&claim, 2);
    zample_store_abandon (s_store, &claim);
}
END_TEST

START_TEST (room_is_there_when_the_victim_is_gone_and_it_can_come_back)
{
    zample_sample_t *victim = s_load (1, 1);
    s_load (2, 2);
    s_load (3, 3);
    zample_claim_t claim;
    char path[64] = "";
    s_claim (4, &claim);
    s_make_room (&claim);
    ck_assert_uint_eq (s_victims[0].slot, 1);
    ck_assert (!zample_store_evicted_path (s_store, 1, path, sizeof path));
    s_evict (victim);
    s_fill (&claim);
    s_enter (&claim, 4);
    ck_assert_uint_le (zample_store_memory (s_store).used_bytes, zample_store_memory (s_store).budget_bytes);
    ck_assert_uint_eq (zample_store_memory (s_store).evictions, 1);
    ck_assert (zample_store_evicted_path (s_store, 1, path, sizeof path));
    ck_assert_str_eq (path, "kick.wav");
    ck_assert (!zample_store_holds (s_store, 1, NULL));
    zample_store_forget (s_store, 1);
    ck_assert (!zample_store_evicted_path (s_store, 1, path, sizeof path));
}
END_TEST

START_TEST (all_slots_of_a_victim_are_named)
{
    s_load (1, 1);
    s_load (1, 5);
    s_load (1, 6);
    s_load (2, 2);
    s_load (3, 3);
    zample_store_played (s_store, 2);
    zample_claim_t claim;
    uint32_t slots = 0;
    s_claim (4, &claim);
    ck_assert_int_eq (s_make_room (&claim), STORE_LATER);
    for (uint32_t i = 0; i < s_count; i++)
        slots |= 1u << s_victims[i].slot;
    ck_assert_uint_eq (s_count, 3);
    ck_assert_uint_eq (slots, 1u << 1 | 1u << 5 | 1u << 6);
    zample_store_abandon (s_store, &claim);
}
END_TEST

START_TEST (what_is_pinned_stays)
{
    s_load (1, 1);
    s_load (2, 2);
    s_load (3, 3);
    for (uint32_t slot = 1; slot <= 3; slot++)
        zample_store_pin (s_store, slot, true);
    ck_assert_uint_eq (zample_store_memory (s_store).pinned_bytes, 3 * s_bytes);
    zample_claim_t claim;
    s_claim (4, &claim);
    ck_assert_int_eq (s_make_room (&claim), STORE_NEVER);
    zample_store_pin (s_store, 2, false);
    ck_assert_uint_eq (zample_store_memory (s_store).pinned_bytes, 2 * s_bytes);
    ck_assert_int_eq (s_make_room (&claim), STORE_LATER);
    ck_assert_uint_eq (s_victims[0].slot, 2);
    zample_store_abandon (s_store, &claim);
}
END_TEST

/*  A pin is the slot's: it holds for what comes there next. */
START_TEST (a_pinned_slot_pins_whatever_it_has)
{
    zample_store_pin (s_store, 1, true);
    zample_sample_t *first = s_load (1, 1);
    ck_assert_uint_eq (zample_store_memory (s_store).pinned_bytes, s_bytes);
    s_load (2, 1);
    s_retire (first);
    ck_assert_uint_eq (zample_store_memory (s_store).pinned_bytes, s_bytes);
    ck_assert_uint_eq (zample_store_memory (s_store).slots, 1);
}
END_TEST

START_TEST (a_load_that_pins_pins_its_slot_when_it_is_there_and_not_before)
{
    zample_claim_t claim;
    s_load (1, 1);
    for (int gets_there = 0; gets_there < 2; gets_there++) {
        if (s_claim (2, &claim) == STORE_MINE)
            s_fill (&claim);
        zample_sample_t *sample = zample_store_sample (s_store, &claim, ++s_jobs, "kick.wav");
        sample->keeper_pins = true;
        ck_assert_uint_eq (zample_store_memory (s_store).pinned_bytes, 0);
        if (gets_there) {
            sample->slot = 1;
            zample_store_enter (s_store, sample, 1);
        }
        else
            zample_store_release (s_store, &sample); /* it was called off */
        ck_assert_uint_eq (zample_store_memory (s_store).pinned_bytes, gets_there ? s_bytes : 0);
    }
}
END_TEST

START_TEST (what_plays_stays_and_is_not_asked_twice)
{
    s_load (1, 1);
    s_load (2, 2);
    s_load (3, 3);
    zample_claim_t claim;
    s_claim (4, &claim);
    for (uint32_t slot = 1; slot <= 3; slot++) {
        ck_assert_int_eq (s_make_room (&claim), STORE_LATER);
        ck_assert_uint_eq (s_count, 1);
        ck_assert_uint_eq (s_victims[0].slot, slot);
        zample_store_kept (s_store, slot);
    }
    ck_assert_int_eq (s_make_room (&claim), STORE_NEVER);
    zample_store_abandon (s_store, &claim);
    s_claim (5, &claim); /* the next load asks anew */
    ck_assert_int_eq (s_make_room (&claim), STORE_LATER);
    zample_store_abandon (s_store, &claim);
}
END_TEST

START_TEST (what_can_never_fit_drives_nobody_out)
{
    s_load (1, 1);
    zample_claim_t claim;
    s_claim (4, &claim);
    ck_assert_int_eq (s_make_room_of (&claim, 4 * s_bytes), STORE_NEVER);
    ck_assert_uint_eq (s_count, 0);
    zample_store_pin (s_store, 1, true);
    ck_assert_int_eq (s_make_room_of (&claim, 3 * s_bytes), STORE_NEVER);
    ck_assert_uint_eq (s_count, 0);
    zample_store_abandon (s_store, &claim);
}
END_TEST

/*  A sound that turns out longer asks for more, and has what it has. */
START_TEST (room_can_be_asked_for_again)
{
    zample_claim_t claim;
    s_claim (4, &claim);
    for (uint64_t times = 1; times <= 3; times++) {
        ck_assert_int_eq (s_make_room_of (&claim, times * s_bytes), STORE_ROOM);
        ck_assert_uint_eq (zample_store_memory (s_store).used_bytes, times * s_bytes);
    }
    ck_assert_int_eq (s_make_room_of (&claim, 4 * s_bytes), STORE_NEVER);
    zample_store_abandon (s_store, &claim);
    ck_assert_uint_eq (zample_store_memory (s_store).used_bytes, 0);
}
END_TEST

/*  What is being made, or on its way to a slot, can go as soon as it is there: whoever needs room waits for it. */
START_TEST (what_is_not_yet_there_is_waited_for)
{
    zample_claim_t claim, making, crossing;
    zample_store_pin (s_store, 1, true);
    s_load (1, 1);
    s_claim (2, &making);
    ck_assert_int_eq (s_make_room (&making), STORE_ROOM);
    s_claim (3, &crossing);
    s_fill (&crossing);
    zample_sample_t *sample = zample_store_sample (s_store, &crossing, ++s_jobs, "kick.wav");
    s_claim (4, &claim);
    s_must_wait_for_none (&claim);
    sample->slot = 3;
    zample_store_enter (s_store, sample, 3);
    s_must_wait_for_slot (&claim, 3);
    zample_store_kept (s_store, 3);
    ck_assert_int_eq (s_make_room (&claim), STORE_LATER); /* for the one that is being made */
    zample_store_abandon (s_store, &making);
    ck_assert_int_eq (s_make_room (&claim), STORE_ROOM);
    zample_store_abandon (s_store, &claim);
}
END_TEST

START_TEST (two_that_need_room_do_not_wait_for_each_other)
{
    zample_claim_t first, second;
    s_claim (1, &first);
    s_claim (2, &second);
    ck_assert_int_eq (s_make_room_of (&first, 2 * s_bytes), STORE_ROOM);
    ck_assert_int_eq (s_make_room_of (&second, s_bytes), STORE_ROOM);
    ck_assert_int_eq (s_make_room_of (&second, 3 * s_bytes), STORE_LATER);
    ck_assert_int_eq (s_make_room_of (&first, 3 * s_bytes), STORE_NEVER);
    zample_store_abandon (s_store, &first);
    ck_assert_int_eq (s_make_room_of (&second, 3 * s_bytes), STORE_ROOM);
    zample_store_abandon (s_store, &second);
}
END_TEST

/*  A voice that plays on may do so for hours: nobody waits for that. */
START_TEST (what_only_voices_have_is_not_waited_for)
{
    zample_sample_t *before = s_load (1, 1);
    s_load (2, 1);
    s_load (3, 3);
    zample_store_pin (s_store, 1, true);
    zample_store_pin (s_store, 3, true);
    zample_claim_t claim;
    s_claim (4, &claim);
    ck_assert_int_eq (s_make_room (&claim), STORE_NEVER);
    s_retire (before);
    ck_assert_int_eq (s_make_room (&claim), STORE_ROOM);
    zample_store_abandon (s_store, &claim);
}
END_TEST

START_TEST (what_was_replaced_and_is_gone_is_not_mistaken_for_what_comes)
{
    zample_sample_t *before = s_load (1, 1);
    s_load (1, 5);
    s_load (2, 1);
    s_load (3, 3);
    s_retire (before);
    zample_store_pin (s_store, 1, true);
    zample_store_pin (s_store, 3, true);
    zample_claim_t claim, crossing;
    ck_assert_int_eq (s_claim (1, &crossing), STORE_FOUND);
    zample_sample_t *sample = zample_store_sample (s_store, &crossing, ++s_jobs, "kick.wav");
    s_claim (4, &claim);
    s_must_wait_for_none (&claim);
    zample_store_release (s_store, &sample);
    zample_store_abandon (s_store, &claim);
}
END_TEST

/*  A victim that is asked for again before it went stays in memory, for the one who asked. */
START_TEST (a_victim_that_is_wanted_again_is_shared)
{
    zample_sample_t *victim = s_load (1, 1);
    s_load (2, 2);
    s_load (3, 3);
    zample_claim_t claim, again;
    s_claim (4, &claim);
    s_make_room (&claim);
    ck_assert_uint_eq (s_victims[0].slot, 1);
    ck_assert_int_eq (s_claim (1, &again), STORE_FOUND);
    s_evict (victim);
    ck_assert_uint_eq (zample_store_memory (s_store).sounds, 3);
    s_must_wait_for_slot (&claim, 2);
    s_enter (&again, 7);
    zample_store_abandon (s_store, &claim);
}
END_TEST

/* --------------------------------------------------------------------- asking */

START_TEST (a_slot_shows_what_it_has_and_whoever_looks_keeps_it)
{
    ck_assert_ptr_null (zample_store_sound (s_store, 1));
    zample_sample_t *sample = s_load (1, 1);
    zample_sound_t *sound = zample_store_sound (s_store, 1);
    ck_assert_ptr_nonnull (sound);
    s_retire (sample);
    ck_assert_ptr_null (zample_store_sound (s_store, 1));
    ck_assert_double_eq ((double) sound->data[2 * FRAMES - 1], 0.0);
    zample_sound_release (&sound);
}
END_TEST

START_TEST (a_sound_that_was_replaced_does_not_hide_its_successor)
{
    zample_sample_t *first = s_load (1, 1);
    zample_sample_t *second = s_load (2, 1);
    zample_sound_t *sound = zample_store_sound (s_store, 1);
    ck_assert_ptr_eq (sound->data, second->data);
    zample_sound_release (&sound);
    s_retire (first);
    ck_assert (zample_store_holds (s_store, 1, NULL));
}
END_TEST

int
main (void)
{
    TCase *tcase = tcase_create ("store");
    tcase_add_checked_fixture (tcase, s_open, s_close);
    tcase_add_test (tcase, the_same_content_is_in_memory_once);
    tcase_add_test (tcase, another_state_of_a_file_or_another_quality_is_another_sound);
    tcase_add_test (tcase, what_one_gives_up_is_for_the_next_to_make);
    tcase_add_test (tcase, what_was_not_played_for_the_longest_time_goes_first);
    tcase_add_test (tcase, what_was_loaded_again_is_as_good_as_played);
    tcase_add_test (tcase, room_is_there_when_the_victim_is_gone_and_it_can_come_back);
    tcase_add_test (tcase, all_slots_of_a_victim_are_named);
    tcase_add_test (tcase, what_is_pinned_stays);
    tcase_add_test (tcase, a_pinned_slot_pins_whatever_it_has);
    tcase_add_test (tcase, a_load_that_pins_pins_its_slot_when_it_is_there_and_not_before);
    tcase_add_test (tcase, what_plays_stays_and_is_not_asked_twice);
    tcase_add_test (tcase, what_can_never_fit_drives_nobody_out);
    tcase_add_test (tcase, room_can_be_asked_for_again);
    tcase_add_test (tcase, what_is_not_yet_there_is_waited_for);
    tcase_add_test (tcase, two_that_need_room_do_not_wait_for_each_other);
    tcase_add_test (tcase, what_only_voices_have_is_not_waited_for);
    tcase_add_test (tcase, what_was_replaced_and_is_gone_is_not_mistaken_for_what_comes);
    tcase_add_test (tcase, a_victim_that_is_wanted_again_is_shared);
    tcase_add_test (tcase, a_slot_shows_what_it_has_and_whoever_looks_keeps_it);
    tcase_add_test (tcase, a_sound_that_was_replaced_does_not_hide_its_successor);
    Suite *suite = suite_create ("store");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
