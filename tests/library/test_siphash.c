/*  SipHash, against figures of its authors' (vectors_sip64 of their reference implementation). */
#include "config.h"

#include <string.h>

#include "engine/library/siphash.h"
#include "tests/support/run_suite.h"

START_TEST (it_gives_what_its_authors_say)
{
    /* The key is the bytes 0 to 15, the message the bytes 0 to length - 1. */
    static const zample_siphash_key_t key = { { UINT64_C (0x0706050403020100),
                                                UINT64_C (0x0f0e0d0c0b0a0908) } };
    static const struct {
        size_t length;
        uint64_t hash;
    } known[] = { { 0, UINT64_C (0x726fdb47dd0e0e31) },
                  { 1, UINT64_C (0x74f839c593dc67fd) },
                  { 7, UINT64_C (0xab0200f58b01d137) },
                  { 8, UINT64_C (0x93f5f5799a932462) },
                  { 15, UINT64_C (0xa129ca6149be45e5) } };
    unsigned char message[16];
    for (unsigned char i = 0; i < sizeof message; i++)
        message[i] = i;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        ck_assert_uint_eq (zample_siphash (&key, message, known[i].length), known[i].hash);
}
END_TEST

START_TEST (every_key_is_another)
{
    zample_siphash_key_t one = zample_siphash_key (), other = zample_siphash_key ();
    ck_assert (memcmp (&one, &other, sizeof one) != 0);
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("siphash");
    TCase *tests = tcase_create ("siphash");
    tcase_add_test (tests, it_gives_what_its_authors_say);
    tcase_add_test (tests, every_key_is_another);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
