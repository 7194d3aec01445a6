/* SPDX-License-Identifier: MIT */
/*
 * The plan: a pipeline that was checked and is ready to be built. It holds no
 * state of a run, so any number of runs (and snapshots) can be made from it.
 *
 * Nodes are in an order in which every edge goes forward: the source is first.
 * A node sends to its targets in order. Branches that come together again do
 * so in a join, which the node behind which they part, its owner, releases
 * whenever it has sent a batch to all its targets: records are merged by
 * ordinal, then by port. A node may own several joins, and releases them in the
 * order of their numbers: what one gives may go into those behind it.
 */
#ifndef CSI_PLAN_H
#define CSI_PLAN_H

#include "base/base.h"
#include "cosend/pipeline.h"
#include "cosend/stage.h"
#include "plan/field_pattern.h"

/* Where something stands in the spec: line and column from 1, in characters;
   path like steps[2].where.op; owned by the plan. */
struct csi_place {
    unsigned line, column;
    const char *path;
};

enum csi_on_error { CSI_REJECT, CSI_SKIP, CSI_FAIL };

/* Where a target's records go. */
struct csi_link {
    uint32_t node; /* into nodes, or CSI_NOWHERE where join is meant */
    uint32_t join; /* into joins, or CSI_NOWHERE */
    uint32_t port; /* of the join */
};

#define CSI_NOWHERE UINT32_MAX

/* A field that a step's options name. */
struct csi_field_name {
    const char *name;                  /* NULL: the only column */
    struct csi_field_pattern *pattern; /* NULL: a name; the node's */
    struct csi_place place;
    const char *option;          /* the option that named it */
    enum cosend_missing missing; /* where columns lack it */
    bool is_optional; /* a.b, of which the next one is the a: where columns
                         are fixed, it need not be one */
    bool is_operand;  /* an expression names it */
    bool or_before;   /* that next one: nor need it, where a.b is one */
    const char *path; /* what of it an expression looks at: b, b.c, [0].b, not
                         terminated; or NULL */
    uint32_t path_length;
    const char *beside; /* the constant that an expression compares it with, as
                           written, not terminated; or NULL */
    uint32_t beside_length;
    bool beside_date; /* text as "2026-03-01", by its order */
};

/* Whether text begins as 2026-03 does, in such a comparison. */
bool csi_plan_is_date(const char *text, size_t length);
/* Whether records of an open schema find it by its name, and so not as what a
   pattern takes. */
bool csi_field_has_name(const struct csi_field_name *field);
/* What to say of a field that is none of these, where its name looks like a
   number that was meant, as 1 in sum(1) does, and theirs do not; or "". */
const char *csi_field_number_hint(const struct csi_field_name *field,
                                  const struct cosend_schema *names);

struct csi_node {
    const struct cosend_filter *filter;
    const char *id; /* unique; the step's own, or made from its filter's name */
    void *options;  /* parsed; constant */
    enum csi_on_error on_error;
    bool of_source; /* it stands for options of the source, and in no spec */
    struct csi_place place;
    struct csi_field_name *fields; /* by slot */
    uint32_t field_count;
    size_t field_capacity;
    struct cosend_fields *lists; /* of fields, those with patterns among them */
    uint32_t list_count;
    size_t list_capacity;
    struct csi_link *targets;
    uint32_t target_count;
    size_t target_capacity;
};

struct csi_join_plan {
    uint32_t owner; /* the node that releases it */
    uint32_t ports;
    struct csi_link target;
};

struct csi_plan {
    struct csi_node *nodes;
    uint32_t node_count;
    size_t node_capacity;
    struct csi_join_plan *joins;
    uint32_t join_count;
    size_t join_capacity;
    const char *rejects_path; /* NULL: counted, the first five told */
    bool only_check;          /* parts may lack their values: not to be run */
    bool reaches_output;      /* something reaches `to` */
    uint32_t output;          /* the node that `to` became, or CSI_NOWHERE */
    struct csi_arena *arena;  /* what nodes, options and places point to */
};

/* An empty plan, or NULL without memory. */
struct csi_plan *csi_plan_new(void);
/* The node that a link leads to, past joins. */
uint32_t csi_plan_follow(const struct csi_plan *plan,
                         const struct csi_link *link);
void csi_plan_free(struct csi_plan *plan);

#endif
