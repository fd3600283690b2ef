/*  Natural order. A name is taken as a row of bytes and of numbers, a number being all digits that stand
    together, and rows are compared item by item. That is a total order because items of equal rank take part in it as one. */
#include "config.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "engine/library/natural.h"

static bool
s_is_digit (char byte)
{
    return byte >= '0' && byte <= '9';
}

/*  The end of a name ranks lowest, then "/". */
static int
s_rank (char byte)
{
    int rank = (unsigned char) byte;
    if (byte == '/')
        return 1;
    if (byte >= 'A' && byte <= 'Z')
        rank += 'a' - 'A';
    return rank > 0 ? rank + 1 : 0;
}

static size_t
s_zeros (const char *digits)
{
    return strspn (digits, "0");
}

static int
s_sign (size_t left, size_t right)
{
    return (left > right) - (left < right);
}

/*  By value: the longer is the greater, once leading zeros are gone. Moves both behind their digits. */
static int
s_compare_numbers (const char **left, const char **right)
{
    const char *digits[2] = { *left + s_zeros (*left), *right + s_zeros (*right) };
    size_t lengths[2] = { strspn (digits[0], "0123456789"), strspn (digits[1], "0123456789") };
    *left = digits[0] + lengths[0];
    *right = digits[1] + lengths[1];
    int by_length = s_sign (lengths[0], lengths[1]);
    return by_length ? by_length : memcmp (digits[0], digits[1], lengths[0]);
}

int
zample_natural_compare (const char *left, const char *right)
{
    const char *names[2] = { left, right };
    int by_zeros = 0;
    for (;;) {
        int order;
        if (s_is_digit (*left) && s_is_digit (*right)) {
            int zeros = s_sign (s_zeros (left), s_zeros (right));
            by_zeros = by_zeros ? by_zeros : zeros;
            order = s_compare_numbers (&left, &right);
        }
        else {
            order = s_rank (*left) - s_rank (*right);
            if (!*left || !*right)
                return order ? order : by_zeros ? by_zeros : strcmp (names[0], names[1]);
            left++;
            right++;
        }
        if (order)
            return order;
    }
}
