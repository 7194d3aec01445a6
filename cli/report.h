/* SPDX-License-Identifier: MIT */
/* What a run says about itself, on standard error. */
#ifndef CSI_CLI_REPORT_H
#define CSI_CLI_REPORT_H

#include "cosend.h"

/* What every step counted, as a table or as one JSON object. */
void csi_cli_report_ledger(const struct cosend_pipeline *pipeline, bool json);

/* What every step returned, as one JSON object. */
void csi_cli_report_results(const struct cosend_pipeline *pipeline);

/* How many records were rejected, if any, in a run that ended with this error
   or none; and the way out, where all that came to a step was bad. */
void csi_cli_report_rejects(const struct cosend_pipeline *pipeline,
                            const struct cosend_error *error);

/* Whether any record reached an output. */
bool csi_cli_wrote_records(const struct cosend_pipeline *pipeline);

#endif
