/* SPDX-License-Identifier: MIT */
/* Aggregates by groups that several threads make and find together. */
#ifndef CSI_AGGREGATES_JOINT_H
#define CSI_AGGREGATES_JOINT_H

#include "stage/aggregates_inside.h"

/* The first aggregates of a step that is in several threads have an index for
   all of these. False, with the step failed, without memory. */
bool csi_aggregates_make_joint(const struct cosend_aggregates *all);

/* Whether threads find each other's groups by now is *joint. False, with the
   step failed, where they should and cannot. */
bool csi_aggregates_join_others(struct cosend_aggregates *all, bool *joint);

/* Then add the batch in hand, of which inputs are computed. False where the
   step failed. */
bool csi_aggregates_add_jointly(struct cosend_aggregates *all);

/* The same of one record, which is the block that is laid out: its states are
   the block's, for this thread to look at until all threads are at rest. */
bool csi_aggregates_add_one_jointly(struct cosend_aggregates *all,
                                    const struct cosend_record *record);

#endif
