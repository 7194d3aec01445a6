/* SPDX-License-Identifier: MIT */
/* The subcommand check. It returns the exit status. */
#ifndef CSI_CLI_CHECK_H
#define CSI_CLI_CHECK_H

#include "options.h"

int csi_cli_check(struct csi_cli_command *command);

#endif
