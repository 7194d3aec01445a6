/* SPDX-License-Identifier: MIT */
#include "cosend/base.h"

#include <string.h>

/* Longer words are nobody's slip of the finger. */
enum { LONGEST = 48 };

static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Row i of the table of distances, from the two before it. */
static unsigned next_row(const char *a, const char *b, size_t i, size_t length,
                         unsigned rows[3][LONGEST + 1])
{
    unsigned *row = rows[i % 3];
    const unsigned *last = rows[(i + 2) % 3], *older = rows[(i + 1) % 3];
    unsigned best = row[0] = (unsigned)i;

    for (size_t j = 1; j <= length; j++) {
        bool same = fold(a[i - 1]) == fold(b[j - 1]);

        row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + !same);
        if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
            fold(a[i - 2]) == fold(b[j - 1]))
            row[j] = least(row[j], older[j - 2] + 1);
        best = least(best, row[j]);
    }
    return best;
}

/* The distance of two words, or anything over the bound. */
static unsigned distance(const char *a, size_t a_length, const char *b,
                         size_t b_length, unsigned bound)
{
    unsigned rows[3][LONGEST + 1];

    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= a_length; i++)
        if (next_row(a, b, i, b_length, rows) > bound)
            return bound + 1;
    return rows[a_length % 3][b_length];
}

/* Whether a short word is a longer one with letters left out, not the first. */
static bool abbreviates(const char *shorter, const char *longer)
{
    enum { LEAST = 3 };

    if (strlen(shorter) < LEAST || fold(*shorter) != fold(*longer))
        return false;
    for (; *longer && *shorter; longer++)
        shorter += fold(*longer) == fold(*shorter);
    return !*shorter;
}

/* The shortest word of the list that is an abbreviation, or is abbreviated. */
static const char *find_abbreviated(const char *word, size_t count,
                                    const char *(*at)(const void *list,
                                                      size_t i),
                                    const void *list)
{
    const char *best = NULL;

    for (size_t i = 0; i < count; i++) {
        const char *known = at(list, i);

        if (known && (abbreviates(word, known) || abbreviates(known, word)) &&
            (!best || strlen(known) < strlen(best)))
            best = known;
    }
    return best;
}

const char *cosend_suggest(const char *word, size_t count,
                           const char *(*at)(const void *list, size_t i),
                           const void *list)
{
    size_t length = strlen(word);
    unsigned bound = length < 6 ? 1 : (unsigned)(length / 3);
    const char *nearest = NULL;

    if (!length || length > LONGEST)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const char *known = at(list, i);
        size_t known_length = known ? strlen(known) : 0;
        unsigned edits;

        if (!known_length || known_length > LONGEST)
            continue;
        edits = distance(word, length, known, known_length, bound);
        if (edits > bound || edits >= known_length)
            continue;
        nearest = known;
        if (!edits)
            break;
        bound = edits - 1;
    }
    return nearest ? nearest : find_abbreviated(word, count, at, list);
}
