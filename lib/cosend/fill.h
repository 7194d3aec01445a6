/* SPDX-License-Identifier: MIT */
/* Columns that are filled when somebody asks: cosend/batches.h. Its struct
   is stamped (cosend/version.h). */
#ifndef COSEND_FILL_H
#define COSEND_FILL_H

#include "cosend/record.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is asked of a column that is filled on demand. */
struct cosend_fill {
    const void *own; /* as it was given to cosend_fill_column */
    struct cosend_column column;
    const uint32_t *positions; /* in the batch that was in hand, ascending */
    uint32_t count;
    struct cosend_cell
        *cells;   /* cells[i] is of positions[i]; absent at first */
    void *memory; /* cosend_fill_bytes'; nobody else's */
};

/* Bytes for the cells that are filled: NULL without memory. */
COSEND_API char *cosend_fill_bytes(struct cosend_fill *fill, size_t length);

#ifdef __cplusplus
}
#endif

#endif
