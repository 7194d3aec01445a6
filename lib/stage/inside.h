/* SPDX-License-Identifier: MIT */
/*
 * Fields that a step changes, moves or takes out, and that a record of an open
 * schema has inside another one only: pw in the object a, for a.pw. A step that
 * reads a.pw finds it there; one that does something to it would leave `a` as
 * it is, and nobody would be told. Such a record is bad (inside). So is one
 * with an object `a` that has no pw, where a step makes a field a.pw: that
 * would stand beside `a`.
 */
#ifndef CSI_INSIDE_H
#define CSI_INSIDE_H

#include "stage/stage.h"

/* The input's schema is known: learn which fields may be inside others. False
   without memory. */
bool csi_inside_learn(struct csi_stage *stage);

/* Whether a step below asks for a field that may be inside one that this step
   drops or adds, a.pw in a. The one that was read is inside no more. */
bool csi_inside_asked(const struct csi_stage *stage);

/* A batch was sent, of which the parts are to be taken. */
void csi_inside_hold(struct csi_stage *stage, const struct cosend_batch *batch);

/*
 * The next part of the batch that is held: records that are good; or one that
 * is bad, which csi_inside_tell tells once it is in hand.
 *
 * Returns NULL where nothing is held, and, with the step failed, without
 * memory.
 */
struct cosend_batch *csi_inside_next(struct csi_stage *stage, bool *bad);
void csi_inside_tell(struct csi_stage *stage,
                     const struct cosend_record *record);

/* What is held is not looked at any more. */
void csi_inside_leave(struct csi_stage *stage);
void csi_inside_free(struct csi_stage *stage);

#endif
