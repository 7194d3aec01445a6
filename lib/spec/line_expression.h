/* SPDX-License-Identifier: MIT */
/*
 * Expressions in a line: the rest of a stage as it stands, up to a pipe that is
 * not two and stands in no quotes or brackets. Where that is one string, it is
 * what the string holds.
 */
#ifndef CSI_LINE_EXPRESSION_H
#define CSI_LINE_EXPRESSION_H

#include "spec/line_values.h"

/* Whether the rest of a filter's stage, whose main option this is, is an
   expression: no condition as data, and no other option, name=. */
bool csi_line_has_expression(const struct csi_line *line,
                             const struct cosend_filter *filter,
                             const struct cosend_option *main);

/* Read it as the word in hand. COSEND_OK, or the problem was reported. */
int csi_line_take_expression(struct csi_line *line,
                             const struct cosend_option *main);

/* Where in the word in hand, which is a filter's expression, an option of the
   filter's stands that belongs in front of it; the word's length if none does.
 */
size_t csi_line_find_option(const struct csi_line *line,
                            const struct cosend_filter *filter);

/* Append the word in hand, name = expression with commas between, as the map of
   strings that says the same. */
void csi_line_add_assignments(struct csi_line *line, size_t container,
                              const char *key);

#endif
