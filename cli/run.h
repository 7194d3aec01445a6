/* SPDX-License-Identifier: MIT */
/* The subcommand run, and one-liners. Both return the exit status. */
#ifndef CSI_CLI_RUN_H
#define CSI_CLI_RUN_H

#include "options.h"

int csi_cli_run(struct csi_cli_command *command);
int csi_cli_line(struct csi_cli_command *command);

#endif
