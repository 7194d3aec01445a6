/* SPDX-License-Identifier: MIT */
/* Teddy's buckets. */
#ifndef CSI_TEDDY_BUCKETS_H
#define CSI_TEDDY_BUCKETS_H

#include "match/teddy_scan.h"

struct csi_teddy_string {
    const char *text; /* in small letters where case is ignored */
    size_t length;
    size_t window; /* where in it */
    uint32_t key;  /* of the window */
    int next;      /* string of the same chain, or -1 */
};

/* Choose each string's window, and fill the tables, which are zero, for all of
   them. */
void csi_teddy_deal_out(struct csi_teddy_tables *tables,
                        struct csi_teddy_string *strings, size_t count,
                        bool ignore_case);

#endif
