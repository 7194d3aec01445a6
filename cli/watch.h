/* SPDX-License-Identifier: MIT */
/* Asking a running pipeline for snapshots, again and again. */
#ifndef CSI_CLI_WATCH_H
#define CSI_CLI_WATCH_H

#include "options.h"

/* Before the pipeline is made: whether it may come to be watched, by --watch,
   or as its input is live and its output a terminal. */
bool csi_cli_may_watch(const struct csi_cli_command *command);

/* Ask it from now on, where --watch says so or a step sums up what is printed.
   Where there can be no thread for it nobody asks, and that is told. */
void csi_cli_watch_begin(const struct csi_cli_command *command,
                         struct cosend_pipeline *pipeline);
/* It has made a snapshot. */
void csi_cli_watch_answered(void);
/* Nobody asks any more, before the pipeline goes. */
void csi_cli_watch_end(void);

#endif
