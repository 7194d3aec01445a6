/* SPDX-License-Identifier: MIT */
/* PostgreSQL's log_line_prefix. */
#ifndef CSI_LINE_PREFIX_H
#define CSI_LINE_PREFIX_H

#include "record/line_maker.h"

/* Read the maker's text; *short_count is how many parts come before %q, or 0.
   COSEND_OK; COSEND_E_USAGE; COSEND_E_MEMORY. */
int csi_line_prefix(struct csi_line_maker *maker, uint32_t *short_count);

#endif
