/*  Walks files. Runs on a loader's worker.

    Of most kinds FFmpeg tells how long they say they are. It does not tell of a WAV file that was cut off, of
    the plain values in W64; it knows no length of raw frames and finds the next one wherever it is; and it
    believes the last page that an Ogg file has left. */
#include "config.h"

#include <string.h>

#include "engine/decode_frames.h"
#include "engine/decode_walk.h"

#define CHUNKS_MAX 256
#define WINDOW_SIZE 16384
#define FORMAT_SIZE 16
#define PAGE_HEADER_SIZE 27
#define PAGE_SIZE_MAX 65307

/* Some write a few zeros behind a file's last chunk. */
#define SURPLUS_MAX 4096

typedef struct {
    zample_decode_source_t *source;
    int64_t start; /* of the bytes that it has */
    size_t count;
    unsigned char bytes[WINDOW_SIZE];
} s_window_t;

/*  `size` bytes at an offset, NULL if the file has no more so many, or if it is given up. */
static const unsigned char *
s_look (s_window_t *self, int64_t offset, size_t size)
{
    if (offset > self->source->size - (int64_t) size)
        return NULL;
    if (offset < self->start || offset + (int64_t) size > self->start + (int64_t) self->count) {
        if (!zample_decode_source_go_on (self->source))
            return NULL;
        self->start = offset;
        self->count = zample_decode_source_peek (self->source, offset, self->bytes, sizeof self->bytes);
        if (self->count < size)
            return NULL;
    }
    return self->bytes + (offset - self->start);
}

static uint64_t
s_little (const unsigned char *at, int bytes)
{
    uint64_t value = 0;
    while (bytes-- > 0)
        value = value << 8 | at[bytes];
    return value;
}

/*  Whether the format chunk of plain values agrees with itself. */
static bool
s_format_is_sane (const unsigned char *format)
{
    enum { PLAIN = 1, FLOAT = 3, A_LAW = 6, MU_LAW = 7, EXTENSIBLE = 0xFFFE };
    uint64_t tag = s_little (format, 2), channels = s_little (format + 2, 2);
    uint64_t rate_hz = s_little (format + 4, 4), per_second = s_little (format + 8, 4);
    uint64_t per_frame = s_little (format + 12, 2), bits = s_little (format + 14, 2);
    if (tag != PLAIN && tag != FLOAT && tag != A_LAW && tag != MU_LAW && tag != EXTENSIBLE)
        return true;
    return per_second == rate_hz * per_frame && per_frame == channels * ((bits + 7) / 8);
}

/*  Four letters, or what looks like them. */
static bool
s_is_name (const unsigned char *at)
{
    for (int i = 0; i < 4; i++) {
        if (at[i] < ' ' || at[i] > '~')
            return false;
    }
    return true;
}

/*  What stands where a chunk should begin, if it is not the name of one: nothing, or more sound. */
static bool
s_is_sound (const unsigned char *at)
{
    static const unsigned char zeros[8];
    return !s_is_name (at) && memcmp (at, zeros, sizeof zeros) != 0;
}

/*  Behind the sound there may be more chunks, and little else. */
static bool
s_goes_on (s_window_t *window, int64_t at)
{
    int64_t size = window->source->size;
    for (int i = 0; i < CHUNKS_MAX && size - at > SURPLUS_MAX; i++) {
        const unsigned char *head = s_look (window, at, 8);
        if (!head || !s_is_name (head))
            return head && s_is_sound (head);
        at += 8 + (int64_t) s_little (head + 4, 4);
        at += at % 2;
    }
    return false;
}

static void
s_walk_wav (s_window_t *window, zample_decode_walk_t *walk)
{
    zample_decode_source_t *source = window->source;
    int64_t at = 12;
    source->io->seekable = 0;
    for (int i = 0; i < CHUNKS_MAX; i++) {
        const unsigned char *head = s_look (window, at, 8);
        if (!head)
            break;
        int64_t size = (int64_t) s_little (head + 4, 4);
        if (memcmp (head, "data", 4) == 0) {
            walk->bytes = size;
            walk->is_longer = s_goes_on (window, at + 8 + size + size % 2);
            break;
        }
        bool is_id3 = memcmp (head, "ID3 ", 4) == 0 || memcmp (head, "id3 ", 4) == 0;
        if (is_id3)
            zample_decode_source_hide (source, at);
        if (memcmp (head, "fmt ", 4) == 0) {
            const unsigned char *format = s_look (window, at + 8, FORMAT_SIZE);
            walk->breaks += format && !s_format_is_sane (format);
        }
        at += 8 + size + size % 2;
    }
}

/*  The names of its chunks are of 16 bytes, and their sizes of eight, which count themselves and the name. */
static void
s_walk_w64 (s_window_t *window, zample_decode_walk_t *walk)
{
    int64_t at = 40;
    for (int i = 0; i < CHUNKS_MAX; i++) {
        const unsigned char *head = s_look (window, at, 24);
        if (!head)
            return;
        int64_t size = (int64_t) s_little (head + 16, 8);
        if (size < 24 || size > INT64_MAX - at - 8)
            return;
        if (memcmp (head, "data\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a", 16) == 0) {
            walk->bytes = size - 24;
            return;
        }
        if (memcmp (head, "fmt ", 4) == 0) {
            const unsigned char *format = s_look (window, at + 24, FORMAT_SIZE);
            walk->breaks += format && !s_format_is_sane (format);
        }
        at += (size + 7) / 8 * 8;
    }
}

static int64_t
s_big (const unsigned char *at, int bytes)
{
    int64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value = (int64_t) ((uint64_t) value << 8 | at[i]);
    return value;
}

/*  The boxes of MP4. A size of 1 says that it follows in eight bytes, one of 0 that it goes on to the end. */
static void
s_walk_boxes (s_window_t *window, zample_decode_walk_t *walk)
{
    int64_t at = 0;
    for (int i = 0; i < CHUNKS_MAX; i++) {
        const unsigned char *head = s_look (window, at, 16);
        if (!head)
            return;
        int64_t left = window->source->size - at;
        int64_t size = s_big (head, 4);
        size = size == 1 ? s_big (head + 8, 8) : size == 0 ? left : size;
        walk->breaks += size < 8;
        walk->is_cut = size > left;
        if (size < 8 || size > left)
            return;
        walk->coded += memcmp (head + 4, "mdat", 4) == 0 ? size : 0;
        at += size;
    }
}

/*  Chunks of CAF: a name and a size of eight bytes. The sound may say that it goes on to the end. */
static void
s_walk_caf (s_window_t *window, zample_decode_walk_t *walk)
{
    const unsigned char *head;
    int64_t at = 8;
    bool has_sound = false;
    for (int i = 0; i < CHUNKS_MAX && (head = s_look (window, at, 12)) != NULL; i++) {
        int64_t size = s_big (head + 4, 8);
        walk->is_longer = has_sound && s_is_sound (head) && window->source->size - at > SURPLUS_MAX;
        if (size < 0 || size > INT64_MAX - at - 12 || walk->is_longer)
            return;
        has_sound |= memcmp (head, "data", 4) == 0;
        at += 12 + size;
    }
}

static bool
s_is_tag (const unsigned char *at)
{
    return memcmp (at, "TAG", 3) == 0 || memcmp (at, "APETAGEX", 8) == 0 || memcmp (at, "LYRICSBE", 8) == 0
           || memcmp (at, "ID3", 3) == 0;
}

/*  Where the next frame begins that another one or the end follows; the end if none does. */
static int64_t
s_next_frame (s_window_t *window, zample_decode_header_fn *read, int64_t at)
{
    zample_decode_header_t header, next;
    int64_t end = window->source->size;
    for (;; at++) {
        const unsigned char *bytes = s_look (window, at, ZAMPLE_DECODE_HEADER_SIZE);
        if (!bytes)
            return end;
        if (bytes[0] != 0xFF || !read (bytes, &header))
            continue;
        int64_t behind = at + (int64_t) header.size;
        bytes = s_look (window, behind, ZAMPLE_DECODE_HEADER_SIZE);
        if (behind == end || (bytes && read (bytes, &next) && next.rate_hz == header.rate_hz))
            return at;
    }
}

/*  Whether nothing but zeros comes before an offset. */
static bool
s_is_padding (s_window_t *window, int64_t end)
{
    for (int64_t at = 0; at < end; at++) {
        const unsigned char *byte = s_look (window, at, 1);
        if (!byte || *byte != 0)
            return false;
    }
    return true;
}

static void
s_walk_frames (s_window_t *window, zample_decode_walk_t *walk, zample_decode_header_fn *read)
{
    zample_decode_header_t header;
    int64_t end = window->source->size;
    int64_t at = s_next_frame (window, read, 0);
    walk->breaks += !s_is_padding (window, at);
    while (at < end) {
        const unsigned char *bytes = s_look (window, at, ZAMPLE_DECODE_HEADER_SIZE);
        if (bytes && s_is_tag (bytes))
            return;
        if (bytes && read (bytes, &header) && (walk->rate_hz == 0 || header.rate_hz == walk->rate_hz)) {
            walk->rate_hz = header.rate_hz;
            at += (int64_t) header.size;
            if (at <= end)
                walk->frames += header.frames;
            continue;
        }
        at = s_next_frame (window, read, at + 1);
        walk->breaks += at < end;
        walk->is_cut |= at == end;
    }
    walk->is_cut |= at > end;
}

/*  Where a page ends. */
static int64_t
s_page_end (s_window_t *window, int64_t at, const unsigned char *page)
{
    int64_t segments = page[PAGE_HEADER_SIZE - 1];
    const unsigned char *sizes = s_look (window, at + PAGE_HEADER_SIZE, (size_t) segments);
    int64_t end = at + PAGE_HEADER_SIZE + segments;
    for (int64_t i = 0; sizes && i < segments; i++)
        end += sizes[i];
    return end;
}

/*  The last page says that it is the last one. */
static void
s_walk_pages (s_window_t *window, zample_decode_walk_t *walk)
{
    int64_t end = window->source->size;
    int64_t at = end > 2 * PAGE_SIZE_MAX ? end - 2 * PAGE_SIZE_MAX : 0;
    const unsigned char *page;
    walk->is_cut = true;
    while ((page = s_look (window, at, PAGE_HEADER_SIZE))) {
        bool is_page = memcmp (page, "OggS", 4) == 0;
        bool is_last = is_page && (page[5] & 4);
        int64_t behind = is_page ? s_page_end (window, at, page) : at + 1;
        if (is_page)
            walk->is_cut = !is_last || behind > end;
        at = behind;
    }
}

zample_decode_walk_t
zample_decode_walk (zample_decode_source_t *source, const char *demuxer)
{
    zample_decode_walk_t walk = { 0 };
    s_window_t window = { .source = source };
    if (strcmp (demuxer, "wav") == 0)
        s_walk_wav (&window, &walk);
    else if (strcmp (demuxer, "w64") == 0)
        s_walk_w64 (&window, &walk);
    else if (strcmp (demuxer, "mp3") == 0)
        s_walk_frames (&window, &walk, zample_decode_mpeg_header);
    else if (strcmp (demuxer, "aac") == 0)
        s_walk_frames (&window, &walk, zample_decode_adts_header);
    else if (strcmp (demuxer, "caf") == 0)
        s_walk_caf (&window, &walk);
    else if (strcmp (demuxer, "mov") == 0)
        s_walk_boxes (&window, &walk);
    else if (strcmp (demuxer, "ogg") == 0)
        s_walk_pages (&window, &walk);
    return walk;
}
