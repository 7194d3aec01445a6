/* SPDX-License-Identifier: MIT */
/* The built-in filters, sources and sinks, from the table in filters.def. */
#include "cosend.h"

#define FILTER(name) extern const struct cosend_filter csi_filter_##name;
#include "filters.def"
#undef FILTER

const struct cosend_filter *const *cosend_builtin_filters(void)
{
#define FILTER(name) &csi_filter_##name,
    static const struct cosend_filter *const all[] = {
#include "filters.def"
        NULL};
#undef FILTER

    return all;
}
