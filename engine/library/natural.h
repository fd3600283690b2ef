/*  Natural order, as people count: "kick 9" before "kick 10". Any thread; allocates nothing and asks no locale. */
#ifndef ZAMPLE_LIBRARY_NATURAL_H
#define ZAMPLE_LIBRARY_NATURAL_H

/*  Less than, equal to or greater than 0, as strcmp; 0 only for the same bytes. Runs of digits go by their value, however long
    they are; letters without regard to case (of ASCII); "/" before all else, so that a folder is followed by what is in
    it. Where that leaves two names equal, fewer leading zeros go first, then the lower byte. */
int zample_natural_compare (const char *left, const char *right);

#endif
