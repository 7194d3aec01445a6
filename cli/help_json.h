/* SPDX-License-Identifier: MIT */
/* All filters and their options as JSON. */
#ifndef CSI_CLI_HELP_JSON_H
#define CSI_CLI_HELP_JSON_H

#include "text.h"

void csi_cli_help_json(struct csi_cli_text *text);

#endif
