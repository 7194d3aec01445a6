/* SPDX-License-Identifier: MIT */
/* Rows of only those lines that a pattern matches. */
#ifndef CSI_LINE_SIEVE_H
#define CSI_LINE_SIEVE_H

#include "cosend/match.h"
#include "record/record.h"

/*
 * Add as rows, which have none yet, the lines of the block from *start to
 * `end`, which is a line's, that match, or of which that cannot be told, `most`
 * of them at most; the others are counted in rows->left_out. *start moves
 * behind them: not at all where the pattern is none that can be looked for in
 * many lines. *is_dense: most lines were looked at one by one, or of the first
 * of them, behind which it stopped then.
 *
 * Returns false without memory.
 */
bool csi_line_sieve(const struct cosend_regex *regex, struct csi_rows *rows,
                    const char **start, const char *end, uint32_t most,
                    bool *is_dense);

/*
 * The same, of lines from rows->base to `end`, of bytes that are somebody
 * else's and may change: `data` is where the block's first byte would be. A
 * line that may match is copied into the sparse block, and what the copy says
 * counts. CSI_BLOCK_SLACK more bytes must be there.
 *
 * Returns false, and what rows there are is of no use, where that cannot be
 * done, or is no good: too many lines may match, or more than `most` do, or
 * what was a line is none any more; and without memory.
 */
bool csi_line_sieve_copy(const struct cosend_regex *regex,
                         struct csi_rows *rows, const char *data, size_t end,
                         uint32_t most);

#endif
