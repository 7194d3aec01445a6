/* SPDX-License-Identifier: MIT */
/* An edge of the graph, seen from the stage that sends along it. */
#ifndef CSI_EDGE_H
#define CSI_EDGE_H

#include "stage/stage.h"

struct csi_edge {
    struct csi_stage *stage; /* where it leads; or: */
    struct csi_join *join;
    struct csi_edge *join_target; /* where what was joined goes */
    uint32_t port;                /* of the join */
    uint32_t number;              /* in the run, by the plan alone */
    uint64_t sent;                /* records that the other side took */
    bool done;                    /* it takes no more */
    bool crosses; /* from stages that run in parallel to one that does not */
};

/* A join of a stage's own. */
struct csi_owned {
    struct csi_join *join;
    struct csi_edge *target; /* where what was joined goes */
    bool crosses;            /* its ports are edges that cross */
};

/* COSEND_OK: taken. COSEND_DONE: taken, and it was the last, or not taken
   since the target had ended before. Or an error that the run knows. */
int csi_edge_send(struct csi_stage *from, struct csi_edge *edge,
                  const struct cosend_batch *batch);
/* News to every target that lives, and past the joins that the stage owns. */
int csi_edges_throw(struct csi_stage *from, enum csi_news news);
/* The end, source to sink: to every target that lives. */
int csi_edges_close(struct csi_stage *from);
/* The stage has sent to all its targets: merge what has come to its joins, and
   send that on. COSEND_OK, or an error. */
int csi_edges_release_joins(struct csi_stage *from);

#endif
