/* SPDX-License-Identifier: MIT */
/* A pattern that is nothing but strings, any number of them. */
#ifndef CSI_LITERAL_SET_H
#define CSI_LITERAL_SET_H

#include "match/volnitsky.h"

struct csi_literal_set;

/*
 * Get ready to look for any of `count` strings, which may be empty, the same
 * twice, and hold any bytes. Nothing of what is handed in is kept.
 *
 * Returns NULL without memory.
 */
struct csi_literal_set *
csi_literal_set_new(const struct csi_string *strings, size_t count,
                    const struct csi_volnitsky_options *options);
void csi_literal_set_free(struct csi_literal_set *set);

/* Whether one of them is in the text, in the way that the options ask for. */
bool csi_literal_set_match(const struct csi_literal_set *set, const char *text,
                           size_t length);

/*
 * Whether lines can be searched together: not where whole lines are asked for,
 * which are looked up faster one by one, nor where an empty string is in it.
 * *exact becomes whether what is found in a line's bytes is a match: not where
 * line ends are in strings.
 */
bool csi_literal_set_is_for_lines(const struct csi_literal_set *set,
                                  bool *exact);

/*
 * Where one of them is in the lines [text, end), in the first one that has any;
 * or NULL. The text begins with a line, and ends with one.
 */
const char *csi_literal_set_find(const struct csi_literal_set *set,
                                 const char *text, const char *end);

#endif
