/* SPDX-License-Identifier: MIT */
/* Pipelines that were not quoted, or lack their source: what to write. */
#ifndef CSI_CLI_UNQUOTED_H
#define CSI_CLI_UNQUOTED_H

#include "options.h"

/* Whether the first operand is a pipeline of one word, and the next one, which
   is no file, would be another word of it: `cosend head 3 in.csv`. */
bool csi_cli_is_unquoted(const struct csi_cli_command *command);

/* Whether that next one cannot have been meant as a file: `3`, `by=host`. */
bool csi_cli_is_surely_unquoted(const struct csi_cli_command *command);

/* Print the command that was most likely meant by an operand that is no
   pipeline, or is unquoted; nothing where that cannot be told. */
void csi_cli_suggest_command(const struct csi_cli_command *command);

#endif
