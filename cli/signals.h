/* SPDX-License-Identifier: MIT */
/* What signals do to a run. */
#ifndef CSI_CLI_SIGNALS_H
#define CSI_CLI_SIGNALS_H

#include "cosend.h"

/* Let signals act on a pipeline: the first SIGINT, SIGTERM or SIGHUP stops it,
   SIGUSR1 makes it say where it is. */
void csi_cli_signals_begin(struct cosend_pipeline *pipeline);

/* Whether SIGUSR1 came since this was asked last. */
bool csi_cli_signals_asked(void);

/* The pipeline has ended: signals kill from now on. Returns the one that
   stopped the pipeline, or 0. */
int csi_cli_signals_end(void);

/* Put back what begin found; but SIGUSR1, which comes when it comes, does not
   kill a run that is over. */
void csi_cli_signals_restore(void);

/* Die of a signal. Returns 128 + number where that is not to be. */
int csi_cli_die(int number);

#endif
