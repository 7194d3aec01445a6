/* SPDX-License-Identifier: MIT */
/* Structured data of syslog: RFC 5424, 6.3. */
#ifndef CSI_LINE_STRUCTURED_H
#define CSI_LINE_STRUCTURED_H

#include "cosend/line_form.h"

/* Where elements [id name="value" ...] end that stand at `at`, one or more;
   NULL where there are none. */
const char *csi_structured_data_end(const char *at, const char *end);

/* Elements as an object of objects, {"id":{"name":"value"}}; of a name that an
   element has several times the value is an array, and so is what an id stands
   for that is there several times. */
bool csi_make_structured_data(struct cosend_cell part, struct cosend_bytes *to);

#endif
