/*  The names that statuses and events have, for people and in JSON. Any thread. */
#include "config.h"

#include "zample.h"

#define NAME_OF(names, value)                                                                                \
    ((size_t) (value) < sizeof (names) / sizeof *(names) && (names)[value] ? (names)[value] : "unknown")

const char *
zample_version (void)
{
    return PACKAGE_VERSION;
}

const char *
zample_status_text (zample_status_t status)
{
    static const char *const texts[] = {
        [ZAMPLE_OK] = "all is well",
        [ZAMPLE_EMPTY] = "nothing waits",
        [ZAMPLE_FULL] = "there is no room now",
        [ZAMPLE_INVALID] = "an argument is not valid",
        [ZAMPLE_RANGE] = "an argument is out of range",
        [ZAMPLE_NO_MEMORY] = "there is no memory or no thread left",
        [ZAMPLE_NO_DEVICE] = "the device does not open",
        [ZAMPLE_NO_SOCKET] = "the events cannot be published",
        [ZAMPLE_NO_FILE] = "the file cannot be written",
        [ZAMPLE_NO_SOUND] = "there is no such sound",
        [ZAMPLE_NO_JOB] = "no such load is on its way",
        [ZAMPLE_MISUSE] = "not for this kind of engine",
    };
    return NAME_OF (texts, status);
}

const char *
zample_event_name (zample_event_kind_t kind)
{
    static const char *const names[] = {
        [ZAMPLE_EVENT_STARTED] = "started",
        [ZAMPLE_EVENT_PROGRESS] = "progress",
        [ZAMPLE_EVENT_SUCCESS] = "success",
        [ZAMPLE_EVENT_ERROR] = "error",
        [ZAMPLE_EVENT_CANCELLED] = "cancelled",
        [ZAMPLE_EVENT_EVICTED] = "evicted",
        [ZAMPLE_EVENT_RETIRED] = "retired",
        [ZAMPLE_EVENT_VOICE_SKIPPED] = "voice_skipped",
        [ZAMPLE_EVENT_VOICE_WAITING] = "voice_waiting",
        [ZAMPLE_EVENT_VOICE_STARTED] = "voice_started",
        [ZAMPLE_EVENT_VOICE_PAUSED] = "voice_paused",
        [ZAMPLE_EVENT_VOICE_RESUMED] = "voice_resumed",
        [ZAMPLE_EVENT_VOICE_ENDED] = "voice_ended",
        [ZAMPLE_EVENT_REJECTED] = "rejected",
        [ZAMPLE_EVENT_LATE] = "late",
        [ZAMPLE_EVENT_DEVICE] = "device",
        [ZAMPLE_EVENT_RECORDING] = "recording",
        [ZAMPLE_EVENT_LOST] = "lost",
    };
    return NAME_OF (names, kind);
}

const char *
zample_ended_name (zample_ended_t reason)
{
    static const char *const names[] = {
        [ZAMPLE_ENDED_FINISHED] = "finished", [ZAMPLE_ENDED_STOPPED] = "stopped",
        [ZAMPLE_ENDED_STOLEN] = "stolen",     [ZAMPLE_ENDED_REPLACED] = "replaced",
        [ZAMPLE_ENDED_UNLOADED] = "unloaded", [ZAMPLE_ENDED_FAILED] = "failed",
    };
    return NAME_OF (names, reason);
}

const char *
zample_device_state_name (zample_device_state_t state)
{
    static const char *const names[] = {
        [ZAMPLE_DEVICE_OPENED] = "opened",       [ZAMPLE_DEVICE_XRUN] = "xrun",
        [ZAMPLE_DEVICE_SUSPENDED] = "suspended", [ZAMPLE_DEVICE_LOST] = "lost",
        [ZAMPLE_DEVICE_CLOSED] = "closed",
    };
    return NAME_OF (names, state);
}

const char *
zample_command_name (zample_command_kind_t command)
{
    static const char *const names[] = {
        [ZAMPLE_COMMAND_LOAD] = "load",           [ZAMPLE_COMMAND_UNLOAD] = "unload",
        [ZAMPLE_COMMAND_PLAY] = "play",           [ZAMPLE_COMMAND_STOP] = "stop",
        [ZAMPLE_COMMAND_STOP_SLOT] = "stop_slot", [ZAMPLE_COMMAND_STOP_ALL] = "stop_all",
        [ZAMPLE_COMMAND_PAUSE] = "pause",         [ZAMPLE_COMMAND_RESUME] = "resume",
        [ZAMPLE_COMMAND_SEEK] = "seek",
    };
    return NAME_OF (names, command);
}

const char *
zample_code_name (zample_code_t code)
{
    static const char *const names[] = {
        [ZAMPLE_CODE_NOT_FOUND] = "not_found",
        [ZAMPLE_CODE_DENIED] = "denied",
        [ZAMPLE_CODE_NOT_A_FILE] = "not_a_file",
        [ZAMPLE_CODE_NOT_A_FOLDER] = "not_a_folder",
        [ZAMPLE_CODE_SYMLINK] = "symlink",
        [ZAMPLE_CODE_EMPTY] = "empty",
        [ZAMPLE_CODE_UNKNOWN_FORMAT] = "unknown_format",
        [ZAMPLE_CODE_UNSUPPORTED] = "unsupported",
        [ZAMPLE_CODE_DAMAGED] = "damaged",
        [ZAMPLE_CODE_TOO_LARGE] = "too_large",
        [ZAMPLE_CODE_TOO_LONG] = "too_long",
        [ZAMPLE_CODE_TOO_MANY_CHANNELS] = "too_many_channels",
        [ZAMPLE_CODE_TOO_MANY_STREAMS] = "too_many_streams",
        [ZAMPLE_CODE_TOO_SLOW] = "too_slow",
        [ZAMPLE_CODE_NO_MEMORY] = "no_memory",
        [ZAMPLE_CODE_OVER_BUDGET] = "over_budget",
        [ZAMPLE_CODE_IO] = "io",
        [ZAMPLE_CODE_LIBRARY_FULL] = "library_full",
        [ZAMPLE_CODE_CANCELLED] = "cancelled",
        [ZAMPLE_CODE_CLOSED] = "closed",
    };
    return NAME_OF (names, code);
}

const char *
zample_warning_name (zample_warning_t warning)
{
    switch (warning) {
    case ZAMPLE_WARNING_TRUNCATED: return "truncated";
    case ZAMPLE_WARNING_CORRUPT: return "corrupt";
    case ZAMPLE_WARNING_LENGTH: return "length";
    case ZAMPLE_WARNING_NAN: return "nan";
    }
    return "unknown";
}
