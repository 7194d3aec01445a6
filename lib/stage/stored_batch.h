/* SPDX-License-Identifier: MIT */
/* Batches of records that were stored: as they were before. */
#ifndef CSI_STORED_BATCH_H
#define CSI_STORED_BATCH_H

#include "stage/stored.h"

/* A batch in the making. All zero is none; the caller sets the first three. */
struct csi_stored_batch {
    const struct csi_shapes *shapes;
    uint32_t most; /* records in a batch, up to CSI_ROWS_MAX */
    size_t bytes;  /* of a batch, though one record may have more */
    struct cosend_batch *batch; /* NULL while there is none */
    struct csi_rows *rows;
    const unsigned char **cells; /* of each record */
    struct csi_row_place *places;
    uint64_t *ordinals;
    bool closed; /* it takes no other record */
};

/*
 * Append a copy of a stored record.
 *
 * Returns COSEND_OK; COSEND_DONE where the batch is full, or its records are
 * too different: it is to be taken first; or COSEND_E_MEMORY.
 */
int csi_stored_batch_add(struct csi_stored_batch *made,
                         const unsigned char *stored);

/* The batch, which is the caller's; NULL without memory, and where nothing was
   added. */
struct cosend_batch *csi_stored_batch_take(struct csi_stored_batch *made);

/* Let go what was added and not taken. */
void csi_stored_batch_drop(struct csi_stored_batch *made);

#endif
