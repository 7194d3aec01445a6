/* SPDX-License-Identifier: MIT */
/* Rows of only those lines in which a pattern may match. */
#ifndef CSI_LINE_SIEVE_H
#define CSI_LINE_SIEVE_H

#include "cosend/match.h"
#include "record/record.h"

/*
 * Add as rows, which have none yet, the lines of the block from *start to
 * `end`, which is a line's, that may match, `most` of them at most; the others
 * are counted in rows->left_out. *start moves behind what was looked at: not at
 * all where the pattern is none that can be looked for in many lines.
 *
 * Returns false without memory.
 */
bool csi_line_sieve(const struct cosend_regex *regex, struct csi_rows *rows,
                    const char **start, const char *end, uint32_t most);

#endif
