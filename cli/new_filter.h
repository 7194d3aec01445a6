/* SPDX-License-Identifier: MIT */
/* The subcommand new-filter. It returns the exit status. */
#ifndef CSI_CLI_NEW_FILTER_H
#define CSI_CLI_NEW_FILTER_H

#include "options.h"

int csi_cli_new_filter(struct csi_cli_command *command);

#endif
