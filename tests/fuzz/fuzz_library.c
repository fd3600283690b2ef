/*  The bytes are lines of text, which make a folder, and look-ups in it:

    <path> a file, with the folders on the way ><path>><target> a symbolic link, and from then on links are
    followed ?<name> a look-up

    The folder is scanned, an index is made of what was found, and the look-ups are answered: each as the plain
    reading of engine/library/index.h, from the first sound to the last, says. */
#include "config.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/library/index.h"
#include "engine/library/natural.h"
#include "engine/library/scan.h"
#include "tests/fuzz/fuzz.h"

enum { LINES_MAX = 64, LINE_MAX_HERE = 1000, FOUND_MAX = 4 * LINES_MAX };

typedef struct {
    char root[64];
    int folder; /* the root, open */
    bool symlinks, deep;
    char *files[LINES_MAX]; /* made, below the root */
    int file_count;
    char *names[LINES_MAX]; /* to look up */
    int name_count;
    zample_index_item_t items[FOUND_MAX];
    uint32_t found;
    zample_names_t *folders, *paths;
    double fraction;
} s_library_t;

/* ---- the folder */

static int
s_remove (const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void) status, (void) kind, (void) walk;
    return remove (path);
}

/*  Deeper than a scan looks. */
static bool
s_is_deep (const char *path)
{
    int slashes = 0;
    for (; *path; path++)
        slashes += *path == '/';
    return slashes > ZAMPLE_SCAN_LEVELS;
}

/*  Makes the folders on the way; what cannot be made is not there. */
static void
s_make_way (s_library_t *self, char *path)
{
    self->deep |= s_is_deep (path);
    for (char *slash = strchr (path, '/'); slash; slash = strchr (slash + 1, '/')) {
        *slash = '\0';
        mkdirat (self->folder, path, 0700);
        *slash = '/';
    }
}

/*  Below the folder, by a path that says where: without ".", which is no name, and "..". */
static bool
s_is_below (const char *path)
{
    if (!*path || *path == '/')
        return false;
    for (const char *part = path;; part++) {
        size_t length = strcspn (part, "/");
        if ((length == 1 || length == 2) && strncmp (part, "..", length) == 0)
            return false;
        part += length;
        if (!*part)
            return true;
    }
}

static void
s_make_file (s_library_t *self, char *path)
{
    s_make_way (self, path);
    int fd = openat (self->folder, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    close (fd);
    self->files[self->file_count++] = path;
}

static void
s_make_link (s_library_t *self, char *path)
{
    char *target = strchr (path, '>');
    if (!target)
        return;
    *target++ = '\0';
    if (!s_is_below (path) || !s_is_below (target))
        return;
    s_make_way (self, path);
    self->symlinks |= symlinkat (target, self->folder, path) == 0;
}

static void
s_obey (s_library_t *self, char *line)
{
    if (*line == '?')
        self->names[self->name_count++] = line + 1;
    else if (*line == '>')
        s_make_link (self, line + 1);
    else if (s_is_below (line))
        s_make_file (self, line);
}

/*  Makes `text`, which must outlive the rest, into what its lines say. */
static void
s_make (s_library_t *self, char *text, size_t size)
{
    const char *base = access ("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf (self->root, sizeof self->root, "%s/zample-fuzz-XXXXXX", base);
    fuzz_must (mkdtemp (self->root));
    self->folder = open (self->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    fuzz_must (self->folder >= 0);
    char *rest = text, *line;
    text[size] = '\0';
    for (int i = 0; i < LINES_MAX && (line = strsep (&rest, "\n")); i++)
        if (strlen (line) < LINE_MAX_HERE)
            s_obey (self, line);
    self->folders = zample_names_new ();
    self->paths = zample_names_new ();
    fuzz_must (self->folders && self->paths);
}

static void
s_unmake (s_library_t *self)
{
    zample_names_destroy (&self->folders);
    zample_names_destroy (&self->paths);
    close (self->folder);
    nftw (self->root, s_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- the scan */

static bool
s_at_folder (void *context, const char *path, bool fresh, double fraction)
{
    s_library_t *self = context;
    (void) fresh;
    fuzz_must (strncmp (path, self->root, strlen (self->root)) == 0);
    fuzz_must (fraction >= self->fraction && fraction <= 1.0);
    self->fraction = fraction;
    return true;
}

static bool
s_at_sound (void *context, const char *folder, const char *path)
{
    s_library_t *self = context;
    struct stat about;
    fuzz_must (zample_scan_is_sound (strrchr (path, '/') + 1) && !strstr (path, "/."));
    fuzz_must (stat (path, &about) == 0 && S_ISREG (about.st_mode));
    fuzz_must (zample_names_find (self->paths, path) == ZAMPLE_NO_NUMBER && self->found < FOUND_MAX);
    zample_index_item_t item = { zample_names_take (self->folders, folder),
                                 zample_names_take (self->paths, path) };
    fuzz_must (item.sound == self->found);
    self->items[self->found++] = item;
    return true;
}

static bool
s_is_hidden (const char *path)
{
    return *path == '.' || strstr (path, "/.");
}

/*  Each file that was made is found, and nothing else; links may lead to some in other ways. */
static void
s_look_at_scan (const s_library_t *self, uint32_t failed)
{
    uint32_t expected = 0;
    char path[sizeof self->root + LINE_MAX_HERE + 1];
    for (int i = 0; i < self->file_count; i++) {
        const char *file = self->files[i], *slash = strrchr (file, '/');
        if (s_is_hidden (file) || !zample_scan_is_sound (slash ? slash + 1 : file))
            continue;
        expected++;
        snprintf (path, sizeof path, "%s/%s", self->root, file);
        /* Two slashes are one. */
        if (!self->symlinks && !self->deep && !strstr (file, "//"))
            fuzz_must (zample_names_find (self->paths, path) != ZAMPLE_NO_NUMBER);
    }
    fuzz_must (self->symlinks || self->deep || (self->found == expected && failed == 0));
}

static void
s_scan (s_library_t *self)
{
    zample_scan_listener_t listener = { s_at_folder, s_at_sound, self };
    zample_failure_t failure = { 0 };
    zample_scan_root_t root;
    uint32_t failed = 0;
    fuzz_must (zample_scan_root (&root, self->root, false, &failure));
    fuzz_must (zample_scan (&root, self->symlinks, &listener, &failed, &failure));
    fuzz_must (failure.code == FAILED_NOT);
    s_look_at_scan (self, failed);
}

/* ---- the index */

/*  Natural order, of copies: a read behind the end of a name is seen, which in the midst of others it is not. */
static int
s_compare (const char *left, const char *right)
{
    char *copies[2] = { strdup (left), strdup (right) };
    int order = zample_natural_compare (copies[0], copies[1]);
    int reverse = zample_natural_compare (copies[1], copies[0]);
    fuzz_must ((order > 0) == (reverse < 0) && (order == 0) == (strcmp (left, right) == 0));
    free (copies[0]);
    free (copies[1]);
    return order;
}

static zample_index_entry_t
s_at (const zample_index_t *index, uint32_t place)
{
    zample_index_entry_t entry;
    fuzz_must (zample_index_at (index, place, &entry));
    return entry;
}

static bool
s_is_same (const char *text, const char *name, size_t length)
{
    return strlen (text) == length && memcmp (text, name, length) == 0;
}

/*  Whether an entry is called so by the rule of this number. `length` is of `name`. */
static bool
s_is_called (const zample_index_entry_t *entry, int rule, const char *name, size_t length)
{
    const char *file = strrchr (entry->path, '/') + 1, *dot = strrchr (file, '.');
    size_t file_length = rule >= 5 && dot > file ? (size_t) (dot - file) : strlen (file);
    size_t folder_length = strlen (entry->folder);
    if (rule == 2)
        return entry->index == 0 && s_is_same (entry->folder, name, length);
    if (rule == 4 || rule == 6)
        return length == file_length && memcmp (file, name, length) == 0;
    return length == folder_length + 1 + file_length && memcmp (entry->folder, name, folder_length) == 0
           && name[folder_length] == '/' && memcmp (file, name + folder_length + 1, file_length) == 0;
}

/*  "<folder>:<index>", by long division. */
static bool
s_expect_index (const zample_index_t *index, const char *name, uint32_t *place)
{
    const char *colon = strrchr (name, ':');
    if (!colon || !colon[1] || strspn (colon + 1, "0123456789") != strlen (colon + 1))
        return false;
    for (uint32_t i = 0; i < zample_index_count (index); i++) {
        zample_index_entry_t entry = s_at (index, i);
        if (!s_is_same (entry.folder, name, (size_t) (colon - name)))
            continue;
        uint64_t rest = 0;
        for (const char *digit = colon + 1; *digit; digit++)
            rest = (10 * rest + (uint64_t) (*digit - '0')) % entry.count;
        *place = i + (uint32_t) rest;
        return true;
    }
    return false;
}

static bool
s_expect (const zample_index_t *index, const char *name, uint32_t *place)
{
    if (s_expect_index (index, name, place))
        return true;
    for (int rule = 2; rule <= 6; rule++)
        for (uint32_t i = 0; i < zample_index_count (index); i++) {
            zample_index_entry_t entry = s_at (index, i);
            if (s_is_called (&entry, rule, name, strlen (name))) {
                *place = i;
                return true;
            }
        }
    return false;
}

static void
s_look_up (const zample_index_t *index, const char *name)
{
    uint32_t expected = 0, sound, first, count;
    bool is_there = s_expect (index, name, &expected);
    fuzz_must (zample_index_find (index, name, &sound) == is_there);
    fuzz_must (zample_index_range (index, name, &first, &count) == is_there);
    if (!is_there)
        return;
    zample_index_entry_t entry = s_at (index, expected);
    fuzz_must (sound == entry.sound && first == expected);
    fuzz_must (count == 1 || (count == entry.count && entry.index == 0 && strcmp (entry.folder, name) == 0));
}

/*  In order, in one piece for each folder, and each is found by its number, which wraps. */
static void
s_look_at_place (const s_library_t *self, const zample_index_t *index, uint32_t place)
{
    zample_index_entry_t entry = s_at (index, place);
    fuzz_must (entry.sound < self->found && entry.index < entry.count);
    fuzz_must (strcmp (entry.path, zample_index_path (index, entry.sound)) == 0);
    if (place > 0) {
        zample_index_entry_t last = s_at (index, place - 1);
        int order = s_compare (last.folder, entry.folder);
        fuzz_must (order < 0 ? entry.index == 0 : order == 0 && entry.index == last.index + 1);
        fuzz_must (order < 0 ? last.index + 1 == last.count : entry.count == last.count);
        fuzz_must (order < 0 || s_compare (strrchr (last.path, '/'), strrchr (entry.path, '/')) <= 0);
    }
    for (uint32_t round = 0; round < 3; round++) {
        char name[LINE_MAX_HERE + 32];
        uint32_t sound;
        snprintf (name, sizeof name, "%s:%u", entry.folder, entry.index + round * entry.count);
        fuzz_must (zample_index_find (index, name, &sound) && sound == entry.sound);
    }
}

static void
s_look_at_index (s_library_t *self)
{
    zample_index_content_t content = { self->items, self->found, self->folders, self->paths, NULL, NULL };
    zample_index_t *index = zample_index_new (&content);
    zample_index_entry_t none;
    fuzz_must (index && zample_index_count (index) == self->found);
    fuzz_must (!zample_index_at (index, self->found, &none) && !zample_index_path (index, self->found));
    for (uint32_t place = 0; place < self->found; place++)
        s_look_at_place (self, index, place);
    for (int i = 0; i < self->name_count; i++) {
        char *name = strdup (self->names[i]);
        s_look_up (index, name);
        s_compare (name, self->names[i / 2]);
        free (name);
    }
    zample_index_destroy (&index);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    static s_library_t library;
    memset (&library, 0, sizeof library);
    char *text = malloc (size + 1);
    fuzz_must (text);
    memcpy (text, bytes, size);
    s_make (&library, text, size);
    s_scan (&library);
    s_look_at_index (&library);
    s_unmake (&library);
    free (text);
    return 0;
}
