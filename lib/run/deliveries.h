/* SPDX-License-Identifier: MIT */
/*
 * What the host program is to be told in words.
 *
 * Warnings and problems come up in the middle of a step's work, and in a
 * coroutine, where no function of the host's may be called that knows its own
 * stacks only, as Go's do. They wait here, in order, until the run is back on
 * the stack of whoever drives it: after each step of the source, and before it
 * waits for more input.
 */
#ifndef CSI_DELIVERIES_H
#define CSI_DELIVERIES_H

#include "stage/stage.h"

struct csi_delivery {
    char *text;             /* a warning, or, with a place, a problem */
    struct csi_place place; /* path NULL: none */
};

struct csi_deliveries {
    struct csi_delivery *items;
    size_t count, capacity;
};

/* False, with nothing added, without memory. */
bool csi_deliveries_add_text(struct csi_deliveries *deliveries,
                             const struct csi_place *place, const char *text);
/* Tell them; not in a coroutine. */
void csi_deliveries_make(struct csi_deliveries *deliveries,
                         struct csi_shared *shared);
void csi_deliveries_free(struct csi_deliveries *deliveries);

/* Report a problem, or, with a NULL place, a warning, at once. */
void csi_deliver_text(const struct csi_shared *shared,
                      const struct csi_place *place, const char *text);

#endif
