#include "config.h"

#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/load_files.h"

#define SOUNDS "/usr/share/sonic-pi/samples/"
#define LOOP SOUNDS "loop_garzul.flac"

enum { WORDS_MAX = 2048, DISTINCT = 96 };

const load_kind_t load_kinds[LOAD_KINDS] = {
    { "WAV", "wav", "-c:a pcm_s16le -ar 44100" },
    { "FLAC", "flac", "-c:a flac -ar 44100" },
    { "MP3", "mp3", "-c:a libmp3lame -b:a 192k -ar 44100" },
    { "Vorbis", "ogg", "-c:a libvorbis -q:a 5 -ar 44100" },
    { "AAC", "m4a", "-c:a aac -b:a 160k -ar 44100" },
    { "Opus", "opus", "-c:a libopus -b:a 128k" },
};

static char s_folder[128];
static char s_long[LOAD_KINDS][192];
static char s_shots[LOAD_SHOTS][192];

/* ---- the command */

typedef struct {
    char *words[WORDS_MAX + 1];
    int count;
} s_command_t;

/*  Adds words, which are parted by blanks. */
__attribute__ ((format (printf, 2, 3))) static void
s_say (s_command_t *self, const char *format, ...)
{
    char line[1024], *rest = NULL;
    va_list values;
    va_start (values, format);
    vsnprintf (line, sizeof line, format, values);
    va_end (values);
    for (char *word = strtok_r (line, " ", &rest); word; word = strtok_r (NULL, " ", &rest))
        if (self->count < WORDS_MAX)
            self->words[self->count++] = strdup (word);
}

static bool
s_run (s_command_t *self)
{
    pid_t child = fork ();
    if (child == 0) {
        execvp (self->words[0], self->words);
        _exit (127);
    }
    int status = -1;
    if (child > 0)
        waitpid (child, &status, 0);
    for (int i = 0; i < self->count; i++)
        free (self->words[i]);
    memset (self, 0, sizeof *self);
    return status == 0;
}

/* ---- making */

static int
s_remove (const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void) status, (void) kind, (void) walk;
    return remove (path);
}

static void
s_remove_all (void)
{
    nftw (s_folder, s_remove, 8, FTW_DEPTH | FTW_PHYS);
}

static bool
s_make_long (void)
{
    static s_command_t command;
    s_say (&command, "ffmpeg -nostdin -v error -stream_loop -1 -i " LOOP);
    for (int kind = 0; kind < LOAD_KINDS; kind++) {
        snprintf (s_long[kind], sizeof s_long[kind], "%s/long.%s", s_folder, load_kinds[kind].ending);
        s_say (&command, "-t %d -ac 2 %s %s", LOAD_LONG_SEC, load_kinds[kind].coding, s_long[kind]);
    }
    return s_run (&command);
}

/*  As many as ffmpeg makes in one go in reasonable time. */
static bool
s_make_distinct (const glob_t *sounds)
{
    static s_command_t command;
    s_say (&command, "ffmpeg -nostdin -v error");
    for (int i = 0; i < DISTINCT; i++)
        s_say (&command, "-t 0.45 -i %s", sounds->gl_pathv[(size_t) i % sounds->gl_pathc]);
    for (int i = 0; i < DISTINCT; i++) {
        const load_kind_t *kind = &load_kinds[i % LOAD_KINDS];
        snprintf (s_shots[i], sizeof s_shots[i], "%s/shot%d.%s", s_folder, i, kind->ending);
        s_say (&command, "-map %d %s %s", i, kind->coding, s_shots[i]);
    }
    return s_run (&command);
}

static bool
s_copy (const char *from, const char *to)
{
    struct stat status;
    int in = open (from, O_RDONLY), out = open (to, O_WRONLY | O_CREAT | O_EXCL, 0600);
    bool copied = in >= 0 && out >= 0 && fstat (in, &status) == 0
                  && sendfile (out, in, NULL, (size_t) status.st_size) == status.st_size;
    close (in);
    close (out);
    return copied;
}

static bool
s_make_shots (void)
{
    glob_t sounds;
    if (glob (SOUNDS "*.flac", 0, NULL, &sounds) != 0)
        return false;
    bool made = s_make_distinct (&sounds);
    for (int i = DISTINCT; i < LOAD_SHOTS && made; i++) {
        snprintf (s_shots[i], sizeof s_shots[i], "%s/shot%d.%s", s_folder, i,
                  load_kinds[i % DISTINCT % LOAD_KINDS].ending);
        made = s_copy (s_shots[i % DISTINCT], s_shots[i]);
    }
    globfree (&sounds);
    sync ();
    return made;
}

bool
load_files_make (void)
{
    const char *root = getenv ("TMPDIR");
    snprintf (s_folder, sizeof s_folder, "%.100s/zample-bench-XXXXXX", root ? root : "/tmp");
    if (access (LOOP, R_OK) != 0) {
        printf ("no real sounds here: apt-get install sonic-pi-samples\n");
        return false;
    }
    if (!mkdtemp (s_folder)) {
        perror (s_folder);
        return false;
    }
    atexit (s_remove_all);
    if (s_make_long () && s_make_shots ())
        return true;
    printf ("the ffmpeg command makes no files here: apt-get install ffmpeg\n");
    return false;
}

/* ---- using */

const char *
load_files_long (int kind)
{
    return s_long[kind];
}

const char *
load_files_shot (int shot)
{
    return s_shots[shot];
}

void
load_files_chill (void)
{
    for (int i = 0; i < LOAD_SHOTS; i++) {
        int fd = open (s_shots[i], O_RDONLY);
        posix_fadvise (fd, 0, 0, POSIX_FADV_DONTNEED);
        close (fd);
    }
}

void
load_files_touch (const char *path)
{
    utimensat (AT_FDCWD, path, NULL, 0);
}
