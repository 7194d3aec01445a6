/* SPDX-License-Identifier: MIT */
/* The subcommand show. It returns the exit status. */
#ifndef CSI_CLI_SHOW_H
#define CSI_CLI_SHOW_H

#include "options.h"

int csi_cli_show_line(struct csi_cli_command *command);

#endif
