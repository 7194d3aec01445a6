/* SPDX-License-Identifier: MIT */
/* Records that name their fields themselves, some under other names: rows of
   their own, at the places of the records, that find all fields where they
   lie. So what nobody asks for is not looked at. */
#ifndef CSI_RENAMED_ROWS_H
#define CSI_RENAMED_ROWS_H

#include "record/record.h"

/* Of the plan, and of the recipe of a stage: a worker's is freed when no body
   runs any more, and what is left of batches is not walked then. */
struct csi_new_name {
    struct cosend_string from, to;
};

struct csi_new_names {
    const struct csi_new_name *all;
    size_t count;
    struct cosend_schema *asked; /* names of the base columns */
};

/* What a field of that name is called anew, or NULL: it keeps its name. */
const struct csi_new_name *csi_renamed_from(const struct csi_new_names *names,
                                            const char *name, size_t length);
/* Whether the columns of a batch say that no record has two fields that would
   be of one name. They are filled for it; without memory they do not. */
bool csi_renamed_apart(const struct csi_new_names *names,
                       const struct cosend_batch *batch);
/* Rows for the records of such a batch. NULL without memory. */
struct csi_rows *csi_renamed_rows(const struct csi_new_names *names,
                                  const struct cosend_batch *batch);

#endif
