/* SPDX-License-Identifier: MIT */
/*
 * Records of cells that were read from CSV without quotes around them: where
 * the writer has the reader's delimiter and quote they need none, and nobody
 * has to look at their bytes.
 */
#ifndef CSI_CSV_CLEAN_H
#define CSI_CSV_CLEAN_H

#include "format/csv_encode.h"
#include "record/record.h"

/* Whether a batch's records may be encoded so, as far as each of them goes. */
bool csi_csv_is_clean(const struct csi_csv_encoder *encoder,
                      const struct cosend_batch *batch);

/*
 * Append records from *at on of such a batch, whose columns are filled, as long
 * as their cells are clean slices of one block; *at moves on.
 *
 * Returns false without memory.
 */
bool csi_csv_encode_clean(const struct cosend_batch *batch, uint32_t *at,
                          const char *line_end, struct csi_text *out);

#endif
