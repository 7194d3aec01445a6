/* SPDX-License-Identifier: MIT */
/* Lines of syslog, and of systemd's journal. */
#ifndef CSI_LINE_SYSLOG_H
#define CSI_LINE_SYSLOG_H

#include "cosend/line_form.h"

extern const struct cosend_line_form csi_line_form_syslog;
extern const struct cosend_line_form csi_line_form_systemd;

#endif
