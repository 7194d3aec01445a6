/* SPDX-License-Identifier: MIT */
/* Patterns of log4j's and logback's PatternLayout. */
#ifndef CSI_LINE_LOG4J_H
#define CSI_LINE_LOG4J_H

#include "record/line_maker.h"

/* Read the maker's text. COSEND_OK; COSEND_E_USAGE; COSEND_E_MEMORY. */
int csi_line_log4j(struct csi_line_maker *maker);

#endif
