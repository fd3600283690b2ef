#define _XOPEN_SOURCE 700
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/library/tree.h"
#include "tests/support/run_suite.h"

static char s_root[64];

static int
s_remove (const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void) about, (void) kind, (void) walk;
    return remove (path);
}

const char *
tree_begin (void)
{
    char wanted[64];
    snprintf (wanted, sizeof wanted, "%s/zample-tree-XXXXXX",
              access ("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    ck_assert_ptr_nonnull (mkdtemp (wanted));
    char *real = realpath (wanted, NULL);
    ck_assert_ptr_nonnull (real);
    ck_assert_uint_lt (strlen (real), sizeof s_root);
    strcpy (s_root, real);
    free (real);
    return s_root;
}

void
tree_end (void)
{
    nftw (s_root, s_remove, 16, FTW_DEPTH | FTW_PHYS);
}

const char *
tree_path (const char *name)
{
    static char paths[16][8192];
    static int next;
    char *path = paths[next++ % 16];
    snprintf (path, sizeof paths[0], "%s%s%s", s_root, *name ? "/" : "", name);
    return path;
}

static const char *
s_make_way (const char *name)
{
    const char *path = tree_path (name);
    char part[8192];
    for (const char *slash = path + strlen (s_root) + 1; (slash = strchr (slash, '/')); slash++) {
        snprintf (part, sizeof part, "%.*s", (int) (slash - path), path);
        ck_assert_msg (mkdir (part, 0700) == 0 || errno == EEXIST, "cannot make %s: %s", part,
                       strerror (errno));
    }
    return path;
}

const char *
tree_file (const char *name)
{
    const char *path = s_make_way (name);
    int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ck_assert_msg (fd >= 0, "cannot make %s: %s", path, strerror (errno));
    close (fd);
    return path;
}

const char *
tree_folder (const char *name)
{
    const char *path = s_make_way (name);
    ck_assert_msg (mkdir (path, 0700) == 0, "cannot make %s: %s", path, strerror (errno));
    return path;
}

const char *
tree_link (const char *name, const char *target)
{
    const char *path = s_make_way (name);
    ck_assert_msg (symlink (target, path) == 0, "cannot make %s: %s", path, strerror (errno));
    return path;
}

void
tree_remove (const char *name)
{
    const char *path = tree_path (name);
    ck_assert_msg (nftw (path, s_remove, 16, FTW_DEPTH | FTW_PHYS) == 0, "cannot remove %s", path);
}

void
tree_rename (const char *from, const char *to)
{
    const char *path = tree_path (from);
    ck_assert_msg (rename (path, s_make_way (to)) == 0, "cannot rename %s: %s", path, strerror (errno));
}
