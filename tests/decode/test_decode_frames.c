/*  Headers of raw frames, written down by hand from the standards, and bytes that are none. */
#include "config.h"

#include "engine/decode_frames.h"
#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

typedef struct {
    zample_decode_header_fn *read;
    unsigned char bytes[ZAMPLE_DECODE_HEADER_SIZE];
    size_t size;
    uint32_t frames;
    uint32_t rate_hz;
} s_case_t;

static const s_case_t s_frames[] = {
    { zample_decode_mpeg_header, { 0xFF, 0xFB, 0x90, 0x44 }, 417, 1152, 44100 }, /* III, 128 kbit/s */
    { zample_decode_mpeg_header, { 0xFF, 0xFB, 0x92, 0x44 }, 418, 1152, 44100 }, /* the same, padded */
    { zample_decode_mpeg_header, { 0xFF, 0xFB, 0xE4, 0xC4 }, 960, 1152, 48000 }, /* III, 320 kbit/s */
    { zample_decode_mpeg_header, { 0xFF, 0xF3, 0x80, 0xC4 }, 208, 576, 22050 },  /* of version 2, 64 kbit/s */
    { zample_decode_mpeg_header, { 0xFF, 0xE3, 0x48, 0xC4 }, 288, 576, 8000 }, /* of version 2.5, 32 kbit/s */
    { zample_decode_mpeg_header, { 0xFF, 0xFD, 0xE0, 0x04 }, 1253, 1152, 44100 }, /* II, 384 kbit/s */
    { zample_decode_adts_header, { 0xFF, 0xF1, 0x50, 0x80, 0x2E, 0x7F, 0xFC }, 371, 1024, 44100 },
    { zample_decode_adts_header, { 0xFF, 0xF1, 0x4C, 0x80, 0x2E, 0x7F, 0xFD }, 371, 2048, 48000 },
};

static const s_case_t s_none[] = {
    { zample_decode_mpeg_header, { 0xFE, 0xFB, 0x90, 0x44 }, 0, 0, 0 }, /* no word of synchronization */
    { zample_decode_mpeg_header, { 0xFF, 0xEB, 0x90, 0x44 }, 0, 0, 0 }, /* of no version */
    { zample_decode_mpeg_header, { 0xFF, 0xFF, 0x90, 0x44 }, 0, 0, 0 }, /* layer I */
    { zample_decode_mpeg_header, { 0xFF, 0xF9, 0x90, 0x44 }, 0, 0, 0 }, /* of no layer */
    { zample_decode_mpeg_header, { 0xFF, 0xFB, 0x00, 0x44 }, 0, 0, 0 }, /* the free format */
    { zample_decode_mpeg_header, { 0xFF, 0xFB, 0xF0, 0x44 }, 0, 0, 0 },
    { zample_decode_mpeg_header, { 0xFF, 0xFB, 0x9C, 0x44 }, 0, 0, 0 }, /* of no rate */
    { zample_decode_adts_header, { 0xFF, 0xF7, 0x50, 0x80, 0x2E, 0x7F, 0xFC }, 0, 0, 0 },
    { zample_decode_adts_header, { 0xFF, 0xF1, 0x74, 0x80, 0x2E, 0x7F, 0xFC }, 0, 0, 0 }, /* of no rate */
    { zample_decode_adts_header, { 0xFF, 0xF1, 0x50, 0x80, 0x00, 0x7F, 0xFC }, 0, 0, 0 }, /* of no length */
};

START_TEST (frames_say_how_long_they_are)
{
    for (size_t i = 0; i < sizeof s_frames / sizeof s_frames[0]; i++) {
        zample_decode_header_t header;
        ck_assert (s_frames[i].read (s_frames[i].bytes, &header));
        ck_assert_uint_eq (header.size, s_frames[i].size);
        ck_assert_uint_eq (header.frames, s_frames[i].frames);
        ck_assert_uint_eq (header.rate_hz, s_frames[i].rate_hz);
    }
}
END_TEST

START_TEST (what_is_no_header_is_not_taken_for_one)
{
    for (size_t i = 0; i < sizeof s_none / sizeof s_none[0]; i++) {
        zample_decode_header_t header;
        ck_assert (!s_none[i].read (s_none[i].bytes, &header));
    }
}
END_TEST

int
main (void)
{
    Suite *suite = suite_create ("decode_frames");
    TCase *tests = tcase_create ("decode_frames");
    tcase_add_test (tests, frames_say_how_long_they_are);
    tcase_add_test (tests, what_is_no_header_is_not_taken_for_one);
    suite_add_tcase (suite, tests);
    return run_suite (suite);
}
