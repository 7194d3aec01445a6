/* SPDX-License-Identifier: MIT */
/*
 * What is still to be linked. Between two steps there is a loose end: the link
 * that the next step will complete. It is one of these:
 *
 *     CSI_END_TARGET   a target of a node that leads nowhere yet
 *     CSI_END_JOIN     what leaves a join, the same
 *     CSI_END_NONE     none, as behind a sink: a step here would get no records
 *     CSI_END_LOST     unknown, since a step before was wrong: what follows is
 *                      checked all the same, but linked to nothing
 */
#ifndef CSI_LOOSE_END_H
#define CSI_LOOSE_END_H

#include "spec/problems.h"

enum csi_end_kind {
    CSI_END_NONE,   /* a sink took it */
    CSI_END_TARGET, /* target of a node */
    CSI_END_JOIN,   /* what leaves a join */
    CSI_END_LOST    /* of a step that is not right */
};

struct csi_loose_end {
    enum csi_end_kind kind;
    uint32_t index, target;
    unsigned depth;
};

/* Several of them, to be brought together. */
struct csi_loose_ends {
    struct csi_loose_end *list;
    size_t count, capacity;
    bool lost;
};

struct csi_loose_end csi_end_lost(void);
/* A further target of the node, which may be CSI_NOWHERE. */
struct csi_loose_end csi_end_of(struct csi_spec *spec, uint32_t node);
/* The node gets what comes by the end. */
void csi_end_connect(struct csi_spec *spec, struct csi_loose_end end,
                     uint32_t node);

/* Have one more, if it is any. */
void csi_ends_keep(struct csi_spec *spec, struct csi_loose_ends *ends,
                   struct csi_loose_end end);
/* Of one that one, of several the end of a join of theirs. They are freed. */
struct csi_loose_end csi_ends_meet(struct csi_spec *spec,
                                   struct csi_loose_ends *ends);

#endif
