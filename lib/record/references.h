/* SPDX-License-Identifier: MIT */
/* Counts of references. */
#ifndef CSI_REFERENCES_H
#define CSI_REFERENCES_H

#include <stdatomic.h>
#include <stdbool.h>

static inline void csi_ref(atomic_uint *refs)
{
    atomic_fetch_add_explicit(refs, 1, memory_order_relaxed);
}

/* Whether it was the last one. */
static inline bool csi_unref(atomic_uint *refs)
{
    return atomic_fetch_sub_explicit(refs, 1, memory_order_acq_rel) == 1;
}

/* Whether nobody else has a reference. */
static inline bool csi_is_sole(atomic_uint *refs)
{
    return atomic_load_explicit(refs, memory_order_acquire) == 1;
}

#endif
