/*  Translation: runs on the audio actor's thread. The tags of the wire are the numbers of the public header. */
#include "config.h"

#include <assert.h>
#include <stdio.h>

#include "actors/translate.h"
#include "engine/decode.h"
#include "engine/sample.h"
#include "engine/wire/command.h"

static_assert (COMMAND_LOAD == (int) ZAMPLE_COMMAND_LOAD && COMMAND_SEEK == (int) ZAMPLE_COMMAND_SEEK,
               "commands");
static_assert (ENDED_FINISHED == (int) ZAMPLE_ENDED_FINISHED && ENDED_FAILED == (int) ZAMPLE_ENDED_FAILED,
               "ends");
static_assert (FAILED_NOT_FOUND == (int) ZAMPLE_CODE_NOT_FOUND && FAILED_CLOSED == (int) ZAMPLE_CODE_CLOSED,
               "codes");
static_assert (WARNED_TRUNCATED == (int) ZAMPLE_WARNING_TRUNCATED && WARNED_NAN == (int) ZAMPLE_WARNING_NAN,
               "warnings");
static_assert (MISSING_REJECT == (int) ZAMPLE_MISSING_REJECT && MISSING_WAIT == (int) ZAMPLE_MISSING_WAIT,
               "missing sounds");
static_assert (ZAMPLE_RESAMPLE_GOOD == (int) ZAMPLE_QUALITY_GOOD
                   && ZAMPLE_RESAMPLE_BEST == (int) ZAMPLE_QUALITY_BEST,
               "qualities");
static_assert (ZAMPLE_WIRE_NO_SLOT == ZAMPLE_NO_SLOT, "no slot");

static const zample_event_kind_t s_kinds[] = {
    [REPORT_READY] = ZAMPLE_EVENT_SUCCESS,
    [REPORT_RETIRED] = ZAMPLE_EVENT_RETIRED,
    [REPORT_SKIPPED] = ZAMPLE_EVENT_VOICE_SKIPPED,
    [REPORT_WAITING] = ZAMPLE_EVENT_VOICE_WAITING,
    [REPORT_VOICE_STARTED] = ZAMPLE_EVENT_VOICE_STARTED,
    [REPORT_VOICE_PAUSED] = ZAMPLE_EVENT_VOICE_PAUSED,
    [REPORT_VOICE_RESUMED] = ZAMPLE_EVENT_VOICE_RESUMED,
    [REPORT_VOICE_ENDED] = ZAMPLE_EVENT_VOICE_ENDED,
    [REPORT_REJECTED] = ZAMPLE_EVENT_REJECTED,
    [REPORT_LATE] = ZAMPLE_EVENT_LATE,
};

static const char *
s_sentence (zample_rejected_tag_t reason)
{
    static const char *const sentences[] = {
        [REJECTED_EMPTY_SLOT] = "the slot is empty",
        [REJECTED_NO_VOICE] = "there is no such voice: it has ended, or never began",
        [REJECTED_BEHIND_END] = "the position lies behind the end of the sound",
        [REJECTED_SCHEDULE_FULL] = "too many commands wait for their frame",
        [REJECTED_TOO_MANY_WAIT] = "too many voices wait for their sound",
    };
    return sentences[reason];
}

static void
s_translate_ready (zample_event_t *event, const zample_sample_t *sample, uint32_t rate_hz)
{
    const zample_sound_notes_t *notes = &zample_sample_sound (sample)->notes;
    event->job = sample->job;
    event->u.success.frames = sample->frames;
    event->u.success.duration_sec = (double) sample->frames / rate_hz;
    event->u.success.warnings = notes->warnings;
    event->u.success.damaged = notes->damaged;
    event->u.success.missing_frames = notes->missing_frames;
    event->u.success.silent_frames = notes->silent_frames;
    event->u.success.nan_values = notes->nan_values;
    event->u.success.sounds = 1;
}

void
zample_translate_as_empty (zample_event_t *event)
{
    event->kind = ZAMPLE_EVENT_REJECTED;
    event->u.rejected.number = event->voice;
    event->u.rejected.command = ZAMPLE_COMMAND_PLAY;
    snprintf (event->u.rejected.msg, sizeof event->u.rejected.msg, "%s", s_sentence (REJECTED_EMPTY_SLOT));
}

zample_event_t
zample_translate (const zample_report_t *report, uint32_t rate_hz)
{
    zample_event_t event = {
        .kind = s_kinds[report->kind], .slot = report->slot, .frame = report->frame, .voice = report->voice
    };
    switch (event.kind) {
    case ZAMPLE_EVENT_SUCCESS: s_translate_ready (&event, report->u.sample, rate_hz); break;
    case ZAMPLE_EVENT_RETIRED: event.job = report->u.sample->job; break;
    case ZAMPLE_EVENT_VOICE_ENDED: event.u.voice_ended.reason = (zample_ended_t) report->reason; break;
    case ZAMPLE_EVENT_REJECTED:
        event.u.rejected.number = report->number;
        event.u.rejected.command = (zample_command_kind_t) report->command;
        snprintf (event.u.rejected.msg, sizeof event.u.rejected.msg, "%s",
                  s_sentence ((zample_rejected_tag_t) report->reason));
        break;
    case ZAMPLE_EVENT_LATE:
        event.u.late.number = report->number;
        event.u.late.command = (zample_command_kind_t) report->command;
        event.u.late.frames = report->u.frames;
        break;
    default: break;
    }
    return event;
}
