/* SPDX-License-Identifier: MIT */
/* What PCRE2 writes in during a match. */
#ifndef CSI_SCRATCH_H
#define CSI_SCRATCH_H

#define PCRE2_CODE_UNIT_WIDTH 8

#include "base/base.h"

#include <pcre2.h>

struct csi_scratch {
    pcre2_match_data *data;
    pcre2_match_context *context;
    uint32_t steps;         /* the context's limit; csi_scratch_limit */
    pcre2_jit_stack *stack; /* NULL: the 32 KiB of the machine's do */
    uint32_t pairs;         /* of offsets that data has room for */
};

/* KiB of heap that PCRE2's interpreter may backtrack on. */
enum { CSI_HEAP_MOST = 64 * 1024 };

/*
 * This thread's scratch, with room for so many pairs of offsets; NULL without
 * memory. It is lent until the next call: a match never suspends its coroutine.
 */
struct csi_scratch *csi_scratch_get(uint32_t pairs);

/* Have matches of this thread put their backtracking on a stack that grows to
   CSI_STACK_MOST bytes. False without memory. */
enum { CSI_STACK_MOST = 16 * 1024 * 1024 };
bool csi_scratch_grow_stack(struct csi_scratch *scratch);

/* Set how many steps PCRE2 may take at one start. */
static inline void csi_scratch_limit(struct csi_scratch *scratch,
                                     uint32_t steps)
{
    if (scratch->steps != steps)
        pcre2_set_match_limit(scratch->context, steps);
    scratch->steps = steps;
}

/* Free what this thread has. */
void csi_scratch_drop(void);

/* PCRE2's memory from csi_malloc; NULL without any. */
pcre2_general_context *csi_scratch_general(void);

#endif
