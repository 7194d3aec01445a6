/* SPDX-License-Identifier: MIT */
/* A filter that holds records: every other one, until the next has gone. */
#ifndef CSI_TEST_SWAP_PAIRS_H
#define CSI_TEST_SWAP_PAIRS_H

#include "cosend.h"

static int swap_pairs(struct cosend_stage *self, void *options)
{
    struct cosend_record record, kept;
    bool have = false;

    (void)options;
    while (cosend_receive(self, &record)) {
        if (!have) {
            have = cosend_keep(self, &record, &kept);
            continue;
        }
        cosend_emit(self, &record);
        cosend_emit(self, &kept);
        cosend_release(self, &kept);
        have = false;
    }
    if (have) {
        cosend_emit(self, &kept);
        cosend_release(self, &kept);
    }
    return 0;
}

#endif
