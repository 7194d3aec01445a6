/* SPDX-License-Identifier: MIT */
/* The subcommand help. It returns the exit status. */
#ifndef CSI_CLI_HELP_H
#define CSI_CLI_HELP_H

#include "options.h"

int csi_cli_help(struct csi_cli_command *command);

#endif
