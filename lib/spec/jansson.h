/* SPDX-License-Identifier: MIT */
/* jansson on our allocator. */
#ifndef CSI_JANSSON_H
#define CSI_JANSSON_H

#include "base/base.h"

#include <jansson.h>

/* What a value is, for "must be a string, not a number". */
const char *csi_json_type(const json_t *json);

/* Have jansson take its memory from csi_malloc. Before any use of it. */
void csi_json_setup(void);
/* Whether jansson had no memory in this thread since this was last asked. */
bool csi_json_failed(void);

#endif
