/* SPDX-License-Identifier: MIT */
/* The subcommand check-filter. It returns the exit status. */
#ifndef CSI_CLI_CHECK_FILTER_H
#define CSI_CLI_CHECK_FILTER_H

#include "options.h"

int csi_cli_check_filter(struct csi_cli_command *command);

#endif
