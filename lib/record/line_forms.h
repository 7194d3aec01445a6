/* SPDX-License-Identifier: MIT */
/* Forms of lines by their manuals. */
#ifndef CSI_LINE_FORMS_H
#define CSI_LINE_FORMS_H

#include "cosend/line_form.h"

extern const struct cosend_line_form csi_line_form_klog;

#endif
