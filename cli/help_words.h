/* SPDX-License-Identifier: MIT */
/* Words for what options take and what filters do. */
#ifndef CSI_CLI_HELP_WORDS_H
#define CSI_CLI_HELP_WORDS_H

#include "text.h"

/* What an option of a filter takes: "field", "end|each", "number". */
void csi_cli_option_type(struct csi_cli_text *text,
                         const struct cosend_option *option);

/* In how many threads a filter may run: "one", "any", "merged". */
const char *csi_cli_threads(const struct cosend_filter *filter);

#endif
