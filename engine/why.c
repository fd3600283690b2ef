/*  Sentences about files, for whoever opens them: the decoder on a loader's worker, the WAV writer. The
    reason is what a reader needs most, so it is the path that gives way when both do not fit. */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "engine/why.h"

static bool
s_is_inside_character (char byte)
{
    return ((unsigned char) byte & 0xC0) == 0x80;
}

static zample_failed_tag_t
s_code_of (int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG: return FAILED_NOT_FOUND;
    case EISDIR: return FAILED_NOT_A_FILE;
    case EACCES:
    case EPERM: return FAILED_DENIED;
    case ELOOP: return FAILED_SYMLINK;
    case ENOMEM: return FAILED_NO_MEMORY;
    default: return FAILED_IO;
    }
}

void
zample_why_path (char *why, size_t why_size, const char *path, const char *reason)
{
    static const char dots[] = "...";
    size_t taken = strlen (": ") + strlen (reason) + 1;
    size_t room = why_size > taken ? why_size - taken : 0;
    size_t length = strlen (path);
    if (length <= room || room <= 2 * strlen (dots)) {
        snprintf (why, why_size, "%.*s: %s", (int) (length <= room ? length : 0), path, reason);
        return;
    }
    size_t kept = room - strlen (dots);
    size_t head = kept / 3;
    const char *tail = path + length - (kept - head);
    /* A name that is not UTF-8 may be nothing but such bytes: three at the most belong to one character. */
    for (int i = 0; i < 3 && head > 0 && s_is_inside_character (path[head]); i++)
        head--;
    for (int i = 0; i < 3 && s_is_inside_character (*tail); i++)
        tail++;
    snprintf (why, why_size, "%.*s%s%s: %s", (int) head, path, dots, tail, reason);
}

void
zample_why_errno (char *why, size_t why_size, const char *path, int error)
{
    char other[64];
    const char *reason = other;
    switch (error) {
    case ENOENT: reason = "there is no such file"; break;
    case ENOTDIR: reason = "a part of this path is not a directory"; break;
    case EISDIR: reason = "this is a directory, not a file"; break;
    case EACCES:
    case EPERM: reason = "it may not be opened: permission is denied"; break;
    case ENAMETOOLONG: reason = "the name is too long for a file"; break;
    case ELOOP: reason = "its symbolic links lead in a circle"; break;
    case EMFILE:
    case ENFILE: reason = "too many files are open"; break;
    case ENOMEM: reason = "there is not enough memory"; break;
    case ENOSPC: reason = "the disk is full"; break;
    case EDQUOT: reason = "the disk quota is used up"; break;
    case EFBIG: reason = "the file may not grow any further"; break;
    case EROFS: reason = "the disk cannot be written to"; break;
    case EIO: reason = "the disk reports an error"; break;
    case ETXTBSY: reason = "it is a program that is running"; break;
    default: snprintf (other, sizeof (other), "the system reports error %d", error);
    }
    zample_why_path (why, why_size, path, reason);
}

void
zample_why_failed (zample_failure_t *failure, zample_failed_tag_t code, const char *path, const char *reason)
{
    failure->code = code;
    zample_why_path (failure->sentence, sizeof failure->sentence, path, reason);
}

void
zample_why_failed_errno (zample_failure_t *failure, const char *path, int error)
{
    failure->code = s_code_of (error);
    zample_why_errno (failure->sentence, sizeof failure->sentence, path, error);
}
