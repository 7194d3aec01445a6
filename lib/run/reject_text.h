/* SPDX-License-Identifier: MIT */
/* A reject as text: a JSON line for a file, a line for people. */
#ifndef CSI_REJECT_TEXT_H
#define CSI_REJECT_TEXT_H

#include "format/format.h"
#include "stage/stage.h"

/* These append; false without memory. */
bool csi_reject_describe(struct csi_text *text, const struct csi_stage *stage,
                         const struct csi_bad_record *bad);
bool csi_reject_summarise(struct csi_text *text, const struct csi_stage *stage,
                          const struct csi_bad_record *bad);
/* For a host: what it is told, with strings in `pieces`, which is empty. */
bool csi_reject_tell(struct cosend_reject *told, struct csi_text *pieces,
                     const struct csi_stage *stage,
                     const struct csi_bad_record *bad);

#endif
