/* SPDX-License-Identifier: MIT */
/*
 * Fields that an expression compares with a constant, as tags == "new" does.
 * Where all that they hold is arrays and objects no record can be meant, and
 * who compares them is told at the end. So is who compares as text with text
 * that is a date, as in time >= "2026-03-01": where fields are written so, that
 * is their order; where all are written otherwise, as 17/May/2015:10:05:03 or
 * in seconds, it is none. It costs nothing once one was as it is to be.
 */
#ifndef CSI_COMPARED_FIELDS_H
#define CSI_COMPARED_FIELDS_H

#include "stage/stage.h"

/* The input's schema and the map are known: learn which fields those are. False
   without memory. */
bool csi_compared_learn(struct csi_stage *stage);
/* Note how the records of a batch have them. False without memory. */
bool csi_compared_note(struct csi_stage *stage,
                       const struct cosend_batch *batch);
/* What another thread noted becomes this one's. */
void csi_compared_take(struct csi_stage *stage, struct csi_stage *from);
/* The first value of the field of a slot, cut short, if none of them was as it
   is to be; else NULL. */
const char *csi_compared_otherwise(const struct csi_stage *stage,
                                   uint32_t slot);

void csi_compared_free(struct csi_stage *stage);

#endif
