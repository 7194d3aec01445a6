/* SPDX-License-Identifier: MIT */
/*
 * Records inside: where a batch's bytes and cells are.
 *
 *     block   bytes of input, as read; shared by reference
 *       rows  the records cut from a stretch of a block: where each starts and
 *             ends, and its cells by base column (the reader's columns)
 *         batch  some of those records, in order, and a schema; a column is
 *                either one of the rows' (shared by every batch over them) or
 *                dense: added by a filter, indexed by position in the batch
 *
 * A batch without rows holds records that a filter made: all columns dense.
 * A batch made from another keeps a reference on it (`parent`), since dense
 * cells may point into its arena. A batch, its rows and its block belong to one
 * thread at a time; handing a batch over moves them. Reference counts are
 * atomic, since what several threads' batches share, their schemas above all,
 * stays behind.
 *
 * Ordinals order records: where a record starts among all bytes that the run
 * has cut. In every stream they never fall; a record that a filter made or held
 * back has that of the record that caused it to be sent. The end of the input
 * is CSI_ORDINAL_END.
 */
#ifndef CSI_RECORD_H
#define CSI_RECORD_H

#include "record/batch.h"
#include "record/byte_bitmaps_lines.h"
#include "record/column_numbers.h"
#include "record/record_items.h"

#endif
