/* SPDX-License-Identifier: MIT */
/* From a pattern as it was written to a program. */
#ifndef CSI_PATTERN_COMPILE_H
#define CSI_PATTERN_COMPILE_H

#include "base/text.h"
#include "cosend/base.h"
#include "match/bytes.h"
#include "match/program.h"

/* Append the pattern that stands for a string: all but letters and digits
   escaped. False without memory. */
bool csi_pattern_quote(struct csi_text *quoted, struct csi_string string);

/*
 * Compile a pattern with PCRE2's flags, `word` for matches with no letter on
 * either side. Returns NULL with an error that says where in the pattern it is;
 * error may be NULL.
 */
struct csi_program *csi_pattern_compile(struct csi_string pattern,
                                        uint32_t flags, bool word,
                                        struct cosend_error *error);

#endif
