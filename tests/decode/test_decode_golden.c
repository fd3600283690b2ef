/*  A known signal, coded by the ffmpeg command in every format, at rates from 8 to 192 kHz, in 1 to 8
    channels: it comes back as long as it was, where it was, and as loud on either side. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/decode/files.h"
#include "tests/support/run_suite.h"

#define RATE_HZ 48000

/* A pulse of a tone, soft at both ends, around 0.2 of 0.5 s: on the left, half as loud on the right; the
   other channels are silent. */
#define SECONDS 0.5
#define CENTRE_SEC 0.2
#define PULSE "*sin(2*PI*1000*t)*exp(-900*(t-0.2)*(t-0.2))"

typedef struct {
    const char *name;
    const char *coding;
    uint32_t least_hz, most_hz;
    unsigned channels; /* a bit for each count, the lowest for one channel */
    double level_db;   /* how far off it may be */
    double place_sec;
    int surplus; /* frames at 48 kHz that come behind the sound; -1 for none, and the length exact */
} s_format_t;

#define ANY 0xFF
#define EXACT 0.02, 1e-5, -1

static const s_format_t s_formats[] = {
    { "u8.wav", "-c:a pcm_u8", 8000, 192000, ANY, 0.3, 2e-4, -1 },
    { "s16.wav", "-c:a pcm_s16le", 8000, 192000, ANY, EXACT },
    { "s24.wav", "-c:a pcm_s24le", 8000, 192000, ANY, EXACT },
    { "s32.wav", "-c:a pcm_s32le", 8000, 192000, ANY, EXACT },
    { "float.wav", "-c:a pcm_f32le", 8000, 192000, ANY, EXACT },
    { "x.aiff", "-c:a pcm_s16be", 8000, 192000, ANY, EXACT },
    { "16.flac", "-c:a flac -sample_fmt s16", 8000, 192000, ANY, EXACT },
    { "24.flac", "-c:a flac -sample_fmt s32", 8000, 192000, ANY, EXACT },
    { "x.wv", "-c:a wavpack", 8000, 192000, ANY, EXACT },
    { "alac.m4a", "-c:a alac", 8000, 192000, 0x37, EXACT },
    { "x.mp3", "-c:a libmp3lame -b:a 128k", 32000, 48000, 0x03, 0.5, 1e-4, 0 },
    { "low.mp3", "-c:a libmp3lame -b:a 64k", 8000, 24000, 0x03, 0.6, 1e-3, 0 },
    { "x.m4a", "-c:a aac -b:a 256k", 16000, 96000, 0x37, 0.5, 1e-3, 8192 },
    { "x.ogg", "-c:a libvorbis -q:a 7", 8000, 192000, ANY, 0.5, 1e-3, 0 },
    { "x.opus", "-c:a libopus -ar 48000 -b:a 224k", 8000, 192000, ANY, 0.5, 1e-3, 1 },
};
#define FORMATS ((int) (sizeof (s_formats) / sizeof (s_formats[0])))

static const uint32_t s_rates[] = { 8000, 11025, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 192000 };
#define RATES 10

static bool
s_can (const s_format_t *format, int channels, uint32_t rate_hz)
{
    return ((format->channels >> (channels - 1)) & 1) && rate_hz >= format->least_hz
           && rate_hz <= format->most_hz;
}

static void
s_make_files (int channels, uint32_t rate_hz)
{
    static const char *const layouts[] = { "mono", "stereo", "3.0", "quad", "5.0", "5.1", "6.1", "7.1" };
    char line[6000] = "-f lavfi -i aevalsrc=0.5" PULSE;
    for (int i = 1; i < channels; i++)
        strcat (line, i == 1 ? "|0.25" PULSE : "|0");
    size_t used = strlen (line);
    snprintf (line + used, sizeof (line) - used, ":s=%u:d=%g:c=%s", rate_hz, SECONDS, layouts[channels - 1]);
    for (int i = 0; i < FORMATS; i++) {
        used = strlen (line);
        if (s_can (&s_formats[i], channels, rate_hz))
            snprintf (line + used, sizeof (line) - used, " %s @%s", s_formats[i].coding, s_formats[i].name);
    }
    files_ffmpeg (line);
}

/*  Where the energy of a side has its middle, and how much there is, as a gain of a pulse of full scale. */
static void
s_measure (const zample_sound_t *sound, int side, double *centre_sec, double *gain)
{
    double energy = 0, moment = 0, whole = 0;
    for (int64_t i = 0; i < sound->frames; i++) {
        double t = (double) i / RATE_HZ;
        double value = (double) sound->data[2 * i + side];
        double pulse = sin (2 * M_PI * 1000 * t) * exp (-900 * (t - CENTRE_SEC) * (t - CENTRE_SEC));
        energy += value * value;
        moment += t * value * value;
        whole += pulse * pulse;
    }
    *centre_sec = moment / energy;
    *gain = sqrt (energy / whole);
}

static void
s_must_be_right (const s_format_t *format, int channels, uint32_t rate_hz)
{
    zample_sound_t *sound = files_load_intact (files_path (format->name), RATE_HZ);
    int64_t length = llround (SECONDS * rate_hz);
    int64_t frames = llround ((double) length * RATE_HZ / rate_hz);
    int64_t slack = format->surplus < 0 ? 0 : 1;
    if (sound->frames < frames - slack || sound->frames > frames + slack + (slack ? format->surplus : 0))
        ck_abort_msg ("%s, %d channels, %u Hz: %lld frames, not %lld", format->name, channels, rate_hz,
                      (long long) sound->frames, (long long) frames);
    for (int side = 0; side < 2; side++) {
        double centre_sec, gain, expected = side == 0 || channels == 1 ? 0.5 : 0.25;
        s_measure (sound, side, &centre_sec, &gain);
        double off_db = 20 * log10 (gain / expected);
        if (fabs (off_db) > format->level_db || fabs (centre_sec - CENTRE_SEC) > format->place_sec)
            ck_abort_msg ("%s, %d channels, %u Hz, side %d: at %.6f s, off by %.3f dB", format->name,
                          channels, rate_hz, side, centre_sec, off_db);
    }
    zample_sound_release (&sound);
}

static void
s_check_all (int channels, uint32_t rate_hz)
{
    s_make_files (channels, rate_hz);
    for (int i = 0; i < FORMATS; i++) {
        if (s_can (&s_formats[i], channels, rate_hz))
            s_must_be_right (&s_formats[i], channels, rate_hz);
    }
}

START_TEST (every_rate_comes_back_as_it_was)
{
    s_check_all (2, s_rates[_i]);
    s_check_all (1, s_rates[_i]);
}
END_TEST

START_TEST (every_channel_count_comes_back_as_it_was)
{
    s_check_all (_i, 44100);
    s_check_all (_i, _i % 2 ? 48000 : 96000);
}
END_TEST

int
main (void)
{
    if (!files_have_ffmpeg ()) {
        puts ("skipped: it needs the package ffmpeg");
        return 77;
    }
    Suite *suite = suite_create ("decode_golden");
    TCase *tests = tcase_create ("decode_golden");
    tcase_set_timeout (tests, 120);
    tcase_add_loop_test (tests, every_rate_comes_back_as_it_was, 0, RATES);
    tcase_add_loop_test (tests, every_channel_count_comes_back_as_it_was, 3, 9);
    suite_add_tcase (suite, tests);
    files_begin ();
    int status = run_suite (suite);
    files_end ();
    return status;
}
