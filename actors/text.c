/*  Text: any thread. */
#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "actors/text.h"

#define REPLACEMENT "\xEF\xBF\xBD"
#define CUT "..."

/*  The length of the character at `text`, 0 if it is not valid UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing
    above U+10FFFF). */
static size_t
s_character (const char *text)
{
    const unsigned char *c = (const unsigned char *) text;
    if (c[0] < 0x80)
        return 1;
    size_t length = c[0] >= 0xF0 ? 4 : c[0] >= 0xE0 ? 3 : 2;
    uint32_t point = c[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((c[i] & 0xC0) != 0x80)
            return 0;
        point = point << 6 | (c[i] & 0x3Fu);
    }
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    bool valid = c[0] >= 0xC2 && c[0] <= 0xF4 && point >= least[length] && point <= 0x10FFFF
                 && (point < 0xD800 || point > 0xDFFF);
    return valid ? length : 0;
}

/*  One character on: how many bytes it takes here, and which they are there. */
static size_t
s_step (const char *from, const char **bytes, size_t *count)
{
    size_t length = s_character (from);
    *bytes = length ? from : REPLACEMENT;
    *count = length ? length : strlen (REPLACEMENT);
    return length ? length : 1;
}

static size_t
s_length (const char *from)
{
    size_t total = 0, count;
    for (const char *bytes; *from; total += count)
        from += s_step (from, &bytes, &count);
    return total;
}

void
zample_text_copy (char *to, size_t size, const char *from)
{
    size_t total = s_length (from), room = size - 1, at = 0, written = 0;
    bool fits = total <= room;
    size_t head = fits ? total : (room - strlen (CUT)) / 2;
    size_t tail = fits ? 0 : total - (room - strlen (CUT) - head);
    bool cut = false;
    while (*from) {
        const char *bytes;
        size_t count;
        from += s_step (from, &bytes, &count);
        if (at + count <= head || (!fits && at >= tail)) {
            memcpy (to + written, bytes, count);
            written += count;
        }
        else if (!cut) {
            memcpy (to + written, CUT, strlen (CUT));
            written += strlen (CUT);
            cut = true;
        }
        at += count;
    }
    to[written] = '\0';
}
