/* SPDX-License-Identifier: MIT */
#include "plan/options.h"

#include "base/base.h"
#include "match/condition.h"

void csi_options_free(const struct cosend_filter *filter, void *options)
{
    struct cosend_option row;

    if (!options)
        return;
    if (filter->release)
        filter->release(options);
    for (size_t i = 0; cosend_option_at(filter->options, i, &row); i++)
        if (row.type == COSEND_OPTION_CONDITION)
            csi_condition_free(
                *(struct cosend_condition **)((char *)options + row.offset));
    csi_free(options);
}
