/* SPDX-License-Identifier: MIT */
/*
 * What the host program's callbacks are to be called with.
 *
 * Stages run in coroutines, on stacks that are small and none of the host's: a
 * callback that needs more room, or a runtime that knows its own stacks only,
 * as Go's does, would crash there. So records, warnings and problems wait here,
 * in order, until the run is back on the stack of whoever drives it, which is
 * after each step of the source, and before it waits for more input.
 */
#ifndef CSI_DELIVERIES_H
#define CSI_DELIVERIES_H

#include "stage/stage.h"

struct csi_delivery {
    const struct cosend_batch *batch; /* records, with the sink; or: */
    struct csi_stage *sink;
    char *text;             /* a warning, or, with a place, a problem */
    struct csi_place place; /* path NULL: none */
};

struct csi_deliveries {
    struct csi_delivery *items;
    size_t count, capacity;
};

/* Both return false, with nothing added, without memory. */
bool csi_deliveries_add_batch(struct csi_deliveries *deliveries,
                              struct csi_stage *sink,
                              const struct cosend_batch *batch);
bool csi_deliveries_add_text(struct csi_deliveries *deliveries,
                             const struct csi_place *place, const char *text);
/* Call the callbacks; not in a coroutine. */
void csi_deliveries_make(struct csi_deliveries *deliveries,
                         struct csi_shared *shared);
void csi_deliveries_free(struct csi_deliveries *deliveries);

/* Report a problem, or, with a NULL place, a warning, at once. */
void csi_deliver_text(const struct csi_shared *shared,
                      const struct csi_place *place, const char *text);

#endif
