/* SPDX-License-Identifier: MIT */
#include "stage/state.h"

int csi_state_save(const struct csi_stage *stage, struct cosend_bytes *to)
{
    int status;

    if (!stage->state || !stage->node->filter->save)
        return COSEND_OK;
    status = stage->node->filter->save(stage->state, to);
    return status >= 0 && to->failed ? COSEND_E_MEMORY : status;
}

bool csi_state_save_last(struct csi_stage *stage)
{
    return stage->shared->scratch ||
           csi_state_save(stage, &stage->last_state) != COSEND_E_MEMORY;
}
