/* SPDX-License-Identifier: MIT */
/* Entries of MySQL's slow query log. */
#ifndef CSI_LINE_MYSQL_SLOW_H
#define CSI_LINE_MYSQL_SLOW_H

#include "cosend/line_form.h"

extern const struct cosend_line_form csi_line_form_mysql_slow;

#endif
