/* SPDX-License-Identifier: MIT */
/* The subcommand list. It returns the exit status. */
#ifndef CSI_CLI_LIST_H
#define CSI_CLI_LIST_H

#include "options.h"

int csi_cli_list(struct csi_cli_command *command);

#endif
