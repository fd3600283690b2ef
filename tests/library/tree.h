/*  Folders and files for tests of the library, in a temporary folder of the test's own: in memory if there is such a place, as they are
    many. */
#ifndef ZAMPLE_TEST_TREE_H
#define ZAMPLE_TEST_TREE_H

/*  Makes the folder and goes on with it until tree_end, which takes away all that is in it. Its path has no links. */
const char *tree_begin (void);
void tree_end (void);

/*  The path of something in the folder; good until 16 more were asked for. "" is the folder. */
const char *tree_path (const char *name);

/*  Make the folders on the way as well. Return the path. */
const char *tree_file (const char *name);
const char *tree_folder (const char *name);
const char *tree_link (const char *name, const char *target);

void tree_remove (const char *name);
void tree_rename (const char *from, const char *to);

#endif
