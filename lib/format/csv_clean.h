/* SPDX-License-Identifier: MIT */
/*
 * Records of cells that were read from CSV without quotes around them: where
 * the writer has the reader's delimiter and quote they need none, and nobody
 * has to look at their bytes. And rows that are written in one piece, with
 * more cells behind it.
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

/*
 * How many columns of a batch, the first ones, are all those of its rows, where
 * others that a filter added are behind them, and rows may be as they would be
 * encoded; else 0.
 */
uint32_t csi_csv_leading(const struct csi_csv_encoder *encoder,
                         const struct cosend_batch *batch);

/* Whether a row of such a batch is as its cells would be encoded, which is
 *data[0 .. *length) then. */
bool csi_csv_is_encoded(const struct cosend_batch *batch, uint32_t row,
                        const char **data, size_t *length);

#endif
