/* SPDX-License-Identifier: MIT */
#include "format/pair_logfmt.h"

static enum cosend_pair_result cut_logfmt(struct cosend_pair_cutter *cutter,
                                          const char *start, const char *end,
                                          const char *source)
{
    struct csi_pairs *pairs = &cutter->pairs;

    (void)source;
    switch (csi_pairs_scan(pairs, csi_logfmt_next, start, end)) {
    case CSI_PAIRS_MEMORY:
        return COSEND_PAIRS_MEMORY;
    case CSI_PAIRS_BAD:
        return csi_pair_bad(cutter, pairs->json.bad, pairs->json.reason);
    case CSI_PAIRS_OK:
        break;
    }
    /* Words are flags, each of them; but a line of words is none of logfmt. */
    for (size_t i = 0; i < pairs->json.count; i++)
        if (pairs->json.members[i].kind != COSEND_BOOL)
            return COSEND_PAIRS_CUT;
    return csi_pair_other(cutter, "there is no name=value in it");
}

const struct csi_pair_ops csi_pair_logfmt = {.cut = cut_logfmt,
                                             .cell = csi_pairs_cell};
