/*  The bank: what is entered is freed once, by release or by clear. AddressSanitizer sees that it is. */
#include "config.h"

#include <check.h>

#include "engine/bank.h"
#include "tests/support/run_suite.h"
#include "tests/support/samples.h"

enum { SAMPLES = 4 };

static zample_bank_t s_bank;
static zample_sample_t *s_samples[SAMPLES];

static void
s_open (void)
{
    s_bank = (zample_bank_t) { .first = NULL };
    for (int i = 0; i < SAMPLES; i++) {
        s_samples[i] = sample_of (10);
        ck_assert_ptr_nonnull (s_samples[i]);
        zample_bank_enter (&s_bank, s_samples[i]);
    }
}

static void
s_close (void)
{
    zample_bank_clear (&s_bank);
    ck_assert_ptr_null (s_bank.first);
}

/*  What the bank holds, as bits: bit i stands for sample i. */
static unsigned
s_held (void)
{
    unsigned held = 0;
    const zample_sample_t *before = NULL;
    for (const zample_sample_t *sample = s_bank.first; sample; before = sample, sample = sample->bank_next) {
        ck_assert_ptr_eq (sample->bank_previous, before);
        for (int i = 0; i < SAMPLES; i++)
            held |= (unsigned) (sample == s_samples[i]) << i;
    }
    return held;
}

START_TEST (what_was_entered_is_held)
{
    ck_assert_uint_eq (s_held (), 0xf);
}
END_TEST

START_TEST (any_sample_can_be_released_and_the_others_stay)
{
    unsigned held = 0xf;
    for (int i = 0; i < SAMPLES; i++) {
        int which = (i + _i) % SAMPLES;
        held &= ~(1u << which);
        zample_bank_release (&s_bank, &s_samples[which]);
        ck_assert_ptr_null (s_samples[which]);
        ck_assert_uint_eq (s_held (), held);
    }
}
END_TEST

START_TEST (an_empty_bank_is_cleared_without_harm)
{
    zample_bank_clear (&s_bank);
    zample_bank_clear (&s_bank);
    ck_assert_ptr_null (s_bank.first);
}
END_TEST

int
main (void)
{
    TCase *tcase = tcase_create ("bank");
    tcase_add_checked_fixture (tcase, s_open, s_close);
    tcase_add_test (tcase, what_was_entered_is_held);
    tcase_add_loop_test (tcase, any_sample_can_be_released_and_the_others_stay, 0, SAMPLES);
    tcase_add_test (tcase, an_empty_bank_is_cleared_without_harm);
    Suite *suite = suite_create ("bank");
    suite_add_tcase (suite, tcase);
    return run_suite (suite);
}
