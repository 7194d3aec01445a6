/* SPDX-License-Identifier: MIT */
#include "stage/stage.h"

#include "record/record.h"

bool cosend_in_span(const struct cosend_stage *self,
                    const struct cosend_record *record)
{
    const struct csi_stage *stage = (const struct csi_stage *)self;
    const struct csi_rows *rows = record->batch->rows;

    return stage->node->of_source && rows && rows->timed;
}
