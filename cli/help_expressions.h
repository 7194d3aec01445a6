/* SPDX-License-Identifier: MIT */
/* cosend help expressions. */
#ifndef CSI_CLI_HELP_EXPRESSIONS_H
#define CSI_CLI_HELP_EXPRESSIONS_H

#include "text.h"

void csi_cli_help_expressions(struct csi_cli_text *text);

#endif
