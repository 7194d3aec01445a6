/* SPDX-License-Identifier: MIT */
/* A schema as bytes. */
#ifndef CSI_SCHEMA_BYTES_H
#define CSI_SCHEMA_BYTES_H

#include "cosend/bytes.h"
#include "record/record.h"

void csi_schema_put(struct cosend_bytes *to,
                    const struct cosend_schema *schema);
/* A new schema; NULL without memory, or, with from->failed set, of bytes that
   are none. */
struct cosend_schema *csi_schema_get(struct cosend_reader_bytes *from);
/* Whether records of one are records of the other: the same columns in the same
   order, from the same format. */
bool csi_schema_equals(const struct cosend_schema *schema,
                       const struct cosend_schema *other);

#endif
