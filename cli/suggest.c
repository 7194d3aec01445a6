/* SPDX-License-Identifier: MIT */
#include "cli.h"

#include <string.h>

enum { LONGEST = 32 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/*
 * Insertions, deletions, substitutions and swaps of neighbours that lead from
 * one word to the other: the optimal string alignment distance.
 */
static size_t distance(const char *a, size_t m, const char *b, size_t n)
{
    size_t row[3][LONGEST + 1];

    for (size_t j = 0; j <= n; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= m; i++) {
        size_t *now = row[i % 3], *last = row[(i + 2) % 3];
        size_t *before = row[(i + 1) % 3];

        now[0] = i;
        for (size_t j = 1; j <= n; j++) {
            now[j] = least(least(now[j - 1], last[j]) + 1,
                           last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
    }
    return row[m % 3][n];
}

void csi_cli_guess(struct csi_cli_guess *guess, const char *candidate)
{
    size_t m = strlen(guess->word), n = strlen(candidate), away;

    if (m == 0 || m > LONGEST || n > LONGEST)
        return;
    away = distance(guess->word, m, candidate, n);
    if (away > (m + 2) / 3 || away >= n ||
        (guess->best && away >= guess->distance))
        return;
    guess->best = candidate;
    guess->distance = away;
}
