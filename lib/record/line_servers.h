/* SPDX-License-Identifier: MIT */
/* Forms of lines that servers write. */
#ifndef CSI_LINE_SERVERS_H
#define CSI_LINE_SERVERS_H

#include "cosend/line_form.h"

extern const struct cosend_line_form csi_line_form_redis;
extern const struct cosend_line_form csi_line_form_postgres;
extern const struct cosend_line_form csi_line_form_pgbouncer;
extern const struct cosend_line_form csi_line_form_mysql_error;
extern const struct cosend_line_form csi_line_form_apache_error;
extern const struct cosend_line_form csi_line_form_nginx_error;
extern const struct cosend_line_form csi_line_form_haproxy;
extern const struct cosend_line_form csi_line_form_uwsgi;
extern const struct cosend_line_form csi_line_form_cri;

#endif
