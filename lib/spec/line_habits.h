/* SPDX-License-Identifier: MIT */
/* Words that other programs would take: `grep -v x`, `head -5`. */
#ifndef CSI_LINE_HABITS_H
#define CSI_LINE_HABITS_H

#include "spec/line_values.h"

/*
 * Say of the word in hand, where it is such an option, what to write instead.
 * has_place: it could be the filter's main option, and a lone `-v` is.
 *
 * Returns false where it is none.
 */
bool csi_line_habit(struct csi_line *line, const struct cosend_filter *filter,
                    bool has_place);

#endif
