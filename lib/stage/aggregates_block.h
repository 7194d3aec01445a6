/* SPDX-License-Identifier: MIT */
/* Records that aggregates add at a time: see stage/aggregates.c. */
#ifndef CSI_AGGREGATES_BLOCK_H
#define CSI_AGGREGATES_BLOCK_H

#include "stage/aggregates_inside.h"

/* Whether the step failed. */
bool csi_aggregates_are_failed(const struct cosend_aggregates *all);

/* A block begins at a position of the batch in hand. */
void csi_aggregates_begin_block(struct cosend_aggregates *all, uint32_t at);

/* Lay out so many records of the block. False where the step failed. */
bool csi_aggregates_lay_block(struct cosend_aggregates *all, uint32_t count);

/* A record of the block. */
struct cosend_record csi_aggregates_record(const struct cosend_aggregates *all,
                                           uint32_t at);

/* Add a part of the block, which is laid out and whose states are known. False
   where the step failed. */
bool csi_aggregates_add_part(struct cosend_aggregates *all, uint32_t from,
                             uint32_t to);

/* Report a record of the block as bad. False where the step failed. */
bool csi_aggregates_report(struct cosend_aggregates *all,
                           const struct csi_aggregate_input *input,
                           uint32_t at);

#endif
