/* SPDX-License-Identifier: MIT */
/*
 * Which of the fields that steps name the records have. Records that name their
 * fields themselves may lack any, so that a misspelt one is no error: every
 * record just has none of that name. It can only be told at the end, from what
 * is noted here.
 */
#ifndef CSI_FORMAT_FIELD_USE_H
#define CSI_FORMAT_FIELD_USE_H

#include "record/record.h"

struct csi_json;

/*
 * Add a field's name to a sample, and where an asked name is a path into it,
 * a.b into a, those of what its object has: a.c, a.d. False without memory.
 */
bool csi_field_use_add_field(struct cosend_schema *names,
                             const struct cosend_schema *asked,
                             const char *name, size_t length,
                             struct cosend_cell cell);
/* Add those of all members of a record. The same. */
bool csi_field_use_add(struct cosend_schema *names,
                       const struct cosend_schema *asked,
                       struct csi_json *json);

/*
 * Note, on the schema that a reader has just made, the names that its first
 * records have, for a "did you mean".
 *
 * Returns false without memory.
 */
bool csi_field_use_sample(struct cosend_schema *schema,
                          const struct csi_rows *rows);

/* Note which columns of the reader's schema, the declared fields, these rows
   have. Several threads may note on one schema. */
void csi_field_use_note(struct cosend_schema *schema,
                        const struct csi_rows *rows);

#endif
