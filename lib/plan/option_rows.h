/* SPDX-License-Identifier: MIT */
/* The rows of a filter's table of options; cosend_option_at is the way to walk
   through them. */
#ifndef CSI_OPTION_ROWS_H
#define CSI_OPTION_ROWS_H

#include "cosend/stage.h"

/* Groups stand in groups this deep at most. */
enum { CSI_OPTION_DEPTH = 4 };

/* Copy the row of that name (length bytes) to *row; false where there is
   none. */
bool csi_option_find(const struct cosend_filter *filter, const char *name,
                     size_t length, struct cosend_option *row);

/* Copy the main option's row to *row; false where there is none. */
bool csi_option_main(const struct cosend_filter *filter,
                     struct cosend_option *row);

/* How many rows there are, groups' rows counted in their groups' place. */
size_t csi_option_count(const struct cosend_filter *filter);

#endif
