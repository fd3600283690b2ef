/*  Words for events: one function for each kind of subject. Fields that are missing read as 0 or "", because
    the other side may be of another version.
 */
#include "config.h"
#include "cli/describe.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/tell.h"

static json_int_t
s_int (const json_t *object, const char *key)
{
    return json_integer_value (json_object_get (object, key));
}

static double
s_real (const json_t *object, const char *key)
{
    return json_number_value (json_object_get (object, key));
}

static const char *
s_text (const json_t *object, const char *key)
{
    const char *text = json_string_value (json_object_get (object, key));
    return text ? text : "";
}

static void s_line (double sec, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

static void
s_line (double sec, const char *format, ...)
{
    char text[8192];
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (text, sizeof text, format, arguments);
    va_end (arguments);
    cli_make_printable (text);
    printf ("%12.6f  %s\n", sec, text);
}

typedef struct {
    char text[64];
} s_subject_t;

/*  A scan or a preload of the library has no slot. */
static s_subject_t
s_job (const json_t *object)
{
    s_subject_t subject;
    if (json_is_integer (json_object_get (object, "id")))
        snprintf (subject.text, sizeof subject.text,
                  "load %" JSON_INTEGER_FORMAT ", slot %" JSON_INTEGER_FORMAT, s_int (object, "job"),
                  s_int (object, "id"));
    else
        snprintf (subject.text, sizeof subject.text, "job %" JSON_INTEGER_FORMAT, s_int (object, "job"));
    return subject;
}

/*  What else is to be said of a load that succeeded. */
static void
s_describe_success (const json_t *event, const char *subject, double sec)
{
    char words[256] = "";
    size_t index, length = 0;
    const json_t *warning;
    if (!json_is_integer (json_object_get (event, "id"))) {
        s_line (sec, "%s: done, %" JSON_INTEGER_FORMAT " sounds, %" JSON_INTEGER_FORMAT " failed", subject,
                s_int (event, "sounds"), s_int (event, "failed"));
        return;
    }
    json_array_foreach (json_object_get (event, "warnings"), index, warning)
    {
        const char *word = json_string_value (warning);
        if (length < sizeof words)
            length += (size_t) snprintf (words + length, sizeof words - length, "%s%.31s",
                                         index ? ", " : ", but: ", word ? word : "?");
    }
    if (s_int (event, "late_frames") > 0 && length < sizeof words)
        snprintf (words + length, sizeof words - length, ", late by %" JSON_INTEGER_FORMAT " frames",
                  s_int (event, "late_frames"));
    s_line (sec, "%s: ready, %.3f s%s", subject, s_real (event, "duration_sec"), words);
}

/*  Each returns false for a type that it does not know. */

static bool
s_describe_load (const json_t *event, const char *type, double sec)
{
    s_subject_t subject = s_job (event);
    if (strcmp (type, "started") == 0)
        s_line (sec, "%s: started, %s", subject.text, s_text (event, "path"));
    else if (strcmp (type, "progress") == 0)
        s_line (sec, "%s: %.0f %%, %s", subject.text, s_real (event, "percent") * 100.0,
                s_text (event, "stage"));
    else if (strcmp (type, "success") == 0)
        s_describe_success (event, subject.text, sec);
    else if (strcmp (type, "error") == 0)
        s_line (sec, "%s: failed, %s", subject.text, s_text (event, "msg"));
    else if (strcmp (type, "cancelled") == 0)
        s_line (sec, "%s: cancelled", subject.text);
    else if (strcmp (type, "evicted") == 0)
        s_line (sec, "%s: evicted, %" JSON_INTEGER_FORMAT " bytes", subject.text, s_int (event, "bytes"));
    else if (strcmp (type, "retired") == 0)
        s_line (sec, "%s: its sound was let go of", subject.text);
    else
        return false;
    return true;
}

static bool
s_describe_voice (const json_t *event, const char *type, double sec)
{
    if (strncmp (type, "voice_", 6) != 0)
        return false;
    const char *reason = s_text (event, "reason");
    s_line (sec, "voice %" JSON_INTEGER_FORMAT ", slot %" JSON_INTEGER_FORMAT ": %s%s%s", s_int (event, "id"),
            s_int (event, "slot"), type + 6, *reason ? ", " : "", reason);
    return true;
}

static bool
s_describe_command (const json_t *event, const char *type, double sec)
{
    char subject[128];
    const json_t *voice = json_object_get (event, "voice");
    const json_t *slot = json_object_get (event, "slot");
    int length = snprintf (subject, sizeof subject, "%.31s", s_text (event, "command"));
    if (json_is_integer (voice))
        length += snprintf (subject + length, sizeof subject - (size_t) length,
                            ", voice %" JSON_INTEGER_FORMAT, json_integer_value (voice));
    if (json_is_integer (slot))
        snprintf (subject + length, sizeof subject - (size_t) length, ", slot %" JSON_INTEGER_FORMAT,
                  json_integer_value (slot));
    if (strcmp (type, "rejected") == 0)
        s_line (sec, "%s: rejected, %s", subject, s_text (event, "msg"));
    else if (strcmp (type, "late") == 0)
        s_line (sec, "%s: late by %" JSON_INTEGER_FORMAT " frames", subject, s_int (event, "frames"));
    else
        return false;
    return true;
}

static double
s_db (double peak)
{
    return peak > 0.0 ? 20.0 * log10 (peak) : (double) -INFINITY;
}

static bool
s_describe_engine (const json_t *event, const char *type, double sec)
{
    if (strcmp (type, "device") == 0)
        s_line (sec, "device %s: %s", s_text (event, "state"), s_text (event, "msg"));
    else if (strcmp (type, "recording") == 0)
        s_line (sec, "recording: %" JSON_INTEGER_FORMAT " frames are missing", s_int (event, "count"));
    else if (strcmp (type, "meter") == 0) {
        const json_t *peak = json_object_get (event, "peak");
        s_line (sec, "peak %.1f dB, %.1f dB; %" JSON_INTEGER_FORMAT " voices",
                s_db (json_number_value (json_array_get (peak, 0))),
                s_db (json_number_value (json_array_get (peak, 1))), s_int (event, "voices"));
    }
    else
        return false;
    return true;
}

static double
s_seconds (const json_t *object, json_int_t rate_hz)
{
    return rate_hz > 0 ? (double) s_int (object, "frame") / (double) rate_hz : 0.0;
}

void
cli_describe (const json_t *message, json_int_t rate_hz, const char *raw)
{
    const char *type = s_text (message, "type");
    double sec = s_seconds (message, rate_hz);
    if (!s_describe_load (message, type, sec) && !s_describe_voice (message, type, sec)
        && !s_describe_command (message, type, sec) && !s_describe_engine (message, type, sec))
        s_line (sec, "%s", raw);
}

void
cli_describe_snapshot (const json_t *snapshot)
{
    size_t index;
    const json_t *it;
    json_int_t rate_hz = s_int (snapshot, "rate_hz");
    double sec = s_seconds (snapshot, rate_hz);
    s_line (sec, "engine %s, zample %s, %" JSON_INTEGER_FORMAT " Hz", s_text (snapshot, "name"),
            s_text (snapshot, "version"), rate_hz);
    it = json_object_get (snapshot, "device");
    if (json_is_object (it))
        s_line (sec, "device %s: %s", s_text (it, "state"), s_text (it, "msg"));
    json_array_foreach (json_object_get (snapshot, "slots"), index, it)
        s_line (sec, "slot %" JSON_INTEGER_FORMAT ": holds %s, %.3f s", s_int (it, "id"), s_text (it, "path"),
                s_real (it, "duration_sec"));
    json_array_foreach (json_object_get (snapshot, "jobs"), index, it)
        s_line (sec, "%s: %.0f %%, %s, %s", s_job (it).text, s_real (it, "percent") * 100.0,
                s_text (it, "stage"), s_text (it, "path"));
    json_array_foreach (json_object_get (snapshot, "voices"), index, it)
        s_line (sec, "voice %" JSON_INTEGER_FORMAT ", slot %" JSON_INTEGER_FORMAT ": %s %.6f",
                s_int (it, "id"), s_int (it, "slot"),
                json_is_true (json_object_get (it, "paused")) ? "pauses; it started at" : "sounds since",
                s_seconds (it, rate_hz));
}
