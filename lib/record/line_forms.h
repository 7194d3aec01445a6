/* SPDX-License-Identifier: MIT */
/* Forms of lines that programs write by what they log with. */
#ifndef CSI_LINE_FORMS_H
#define CSI_LINE_FORMS_H

#include "cosend/line_form.h"

extern const struct cosend_line_form csi_line_form_klog;
extern const struct cosend_line_form csi_line_form_glog;
extern const struct cosend_line_form csi_line_form_log4j;
extern const struct cosend_line_form csi_line_form_python;
extern const struct cosend_line_form csi_line_form_go;
extern const struct cosend_line_form csi_line_form_ruby;
extern const struct cosend_line_form csi_line_form_php;
extern const struct cosend_line_form csi_line_form_dmesg;
extern const struct cosend_line_form csi_line_form_android;
extern const struct cosend_line_form csi_line_form_cbs;
extern const struct cosend_line_form csi_line_form_timed;

#endif
