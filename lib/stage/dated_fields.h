/* SPDX-License-Identifier: MIT */
/*
 * Fields that an expression compares as text with text that is a date, as
 * time >= "2026-03-01" does. Where they are written so, that is their order;
 * where all are written otherwise, as 17/May/2015:10:05:03 or in seconds, it is
 * none, and who compares them is told at the end. It costs nothing once one was
 * written so.
 */
#ifndef CSI_DATED_FIELDS_H
#define CSI_DATED_FIELDS_H

#include "stage/stage.h"

/* The input's schema and the map are known: learn which fields those are. False
   without memory. */
bool csi_dated_learn(struct csi_stage *stage);
/* Note how the records of a batch have them. False without memory. */
bool csi_dated_note(struct csi_stage *stage, const struct cosend_batch *batch);
/* What another thread noted becomes this one's. */
void csi_dated_take(struct csi_stage *stage, struct csi_stage *from);
/* The first value of the field of a slot, cut short, if none of them was
   written as a date; else NULL. */
const char *csi_dated_otherwise(const struct csi_stage *stage, uint32_t slot);

void csi_dated_free(struct csi_stage *stage);

#endif
