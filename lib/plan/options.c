/* SPDX-License-Identifier: MIT */
#include "plan/options.h"

#include "base/base.h"
#include "match/condition.h"

void csi_options_free(const struct cosend_filter *filter, void *options)
{
    const struct cosend_option *option = filter->options;

    if (!options)
        return;
    if (filter->release)
        filter->release(options);
    for (; option && option->name; option++)
        if (option->type == COSEND_OPTION_CONDITION)
            csi_condition_free(*(struct cosend_condition **)((char *)options +
                                                             option->offset));
    csi_free(options);
}
