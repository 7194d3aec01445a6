/* SPDX-License-Identifier: MIT */
/*
 * The fields of records that have some of their own beside those that their
 * texts name: rows of their own, at the places of the records, that find both
 * where they lie.
 */
#ifndef CSI_PAIR_FIELDS_H
#define CSI_PAIR_FIELDS_H

#include "record/record.h"

struct csi_pair_fields {
    /* What records have beside their texts, by name: its origin is the column
       of their batch. NULL: their own schema is open. */
    struct cosend_schema *own;
    /* Those that steps ask for, by base column: their origin is the column of
       the texts, or CSI_NO_COLUMN. */
    struct cosend_schema *asked;
    struct cosend_string dropped; /* the field of that name; or none */
    struct cosend_string prefix;  /* in front of what texts have; or none */
};

/*
 * Rows for the records of a batch, whose texts are rows that the reader of JSON
 * lines has parsed; those that are faults have no fields. No text has a field
 * that its record has. The rows hold all three. NULL without memory.
 */
struct csi_rows *csi_pair_fields_rows(const struct csi_pair_fields *fields,
                                      const struct cosend_batch *base,
                                      struct csi_rows *texts);
/* Whether a row is a fault. */
bool csi_pair_is_fault(const struct csi_rows *texts, uint32_t row);

#endif
