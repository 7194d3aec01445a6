/* SPDX-License-Identifier: MIT */
/* Forms of access logs by their manuals. */
#ifndef CSI_ACCESS_LOG_FORMS_H
#define CSI_ACCESS_LOG_FORMS_H

#include "cosend/access_log.h"

extern const struct cosend_access_log csi_access_log_nginx_main;
extern const struct cosend_access_log csi_access_log_traefik;
extern const struct cosend_access_log csi_access_log_elb;
extern const struct cosend_access_log csi_access_log_alb;
extern const struct cosend_access_log csi_access_log_s3;
extern const struct cosend_access_log csi_access_log_cloudfront;

#endif
