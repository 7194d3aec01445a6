/* SPDX-License-Identifier: MIT */
/* Plain lines of access logs, many in one walk, and the forms that have one of
   their own. */
#ifndef CSI_ACCESS_LOG_PLAIN_H
#define CSI_ACCESS_LOG_PLAIN_H

#include "cosend/access_log.h"

extern const struct cosend_access_log csi_access_log_combined;
extern const struct cosend_access_log csi_access_log_common;
extern const struct cosend_access_log csi_access_log_vhost;

/* cut_plain of any other form. */
uint32_t csi_access_log_walk(const struct cosend_access_log *log,
                             struct cosend_access_log_text *text,
                             const struct cosend_access_log_cells *cells,
                             uint32_t from, uint32_t to);

#endif
