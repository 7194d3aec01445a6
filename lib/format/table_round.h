/* SPDX-License-Identifier: MIT */
/* Numbers of a table with so many digits behind the point. */
#ifndef CSI_TABLE_ROUND_H
#define CSI_TABLE_ROUND_H

#include "base/text.h"
#include "cosend/record.h"

/* All zero is ready. */
struct csi_table_rounder {
    struct cosend_cell *cells; /* of the last record, ... */
    size_t capacity;
    struct csi_text digits; /* ... and the bytes of those that changed */
};

/* A record's cells with its numbers rounded; they last up to the next call.
   NULL without memory. */
const struct cosend_cell *csi_table_round(struct csi_table_rounder *rounder,
                                          const struct cosend_cell *cells,
                                          uint32_t count, unsigned digits);

void csi_table_rounder_free(struct csi_table_rounder *rounder);

#endif
