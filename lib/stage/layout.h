/* SPDX-License-Identifier: MIT */
/* The columns of a stage's output, in their order, before they are a schema. */
#ifndef CSI_LAYOUT_H
#define CSI_LAYOUT_H

#include "stage/stage.h"

struct csi_layout_column {
    const char *name; /* the input schema's, the recipe's, or the layout's */
    size_t length;
    uint32_t source; /* column of the input, or CSI_NO_COLUMN */
    uint32_t origin; /* as in a schema */
    uint32_t added;  /* which one of those added, or CSI_NO_COLUMN */
    uint32_t slot;   /* what renamed it, or CSI_NO_COLUMN */
    bool renamed;
    bool leads; /* before the fields that only the record knows */
};

struct csi_layout {
    struct csi_layout_column *columns;
    uint32_t count;
    struct cosend_bytes names; /* that a rule made */
};

/*
 * Lay the columns out as the stage's recipe says, over the schema of its input
 * and its map; to be freed in any case.
 *
 * Returns COSEND_OK; COSEND_E_COLUMN, with the reason reported, where two
 * columns have one name, of which the first is left; COSEND_E_MEMORY.
 */
int csi_layout_make(struct csi_layout *layout, struct csi_stage *stage);
void csi_layout_free(struct csi_layout *layout);

#endif
