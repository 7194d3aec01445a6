/* SPDX-License-Identifier: MIT */
/*
 * Columns for records that name their fields themselves, JSON lines: those of
 * the first record that has any. And the names that a header shows for columns.
 */
#ifndef CSI_FORMAT_FIELDS_H
#define CSI_FORMAT_FIELDS_H

#include "format/format.h"

/* All zero before the first record. */
struct csi_fields {
    struct cosend_schema *names; /* NULL: no record had a field yet, */
    uint64_t blank;              /* and so many were fitted without one */
    struct cosend_cell *cells;   /* of the record that was fitted last, ... */
    const struct cosend_cell *fitted; /* ... these or the record's own */
    /* Where the fields of rows go that have these names; of the batch at hand
       alone. */
    const struct csi_known_names *known;
    uint32_t *map; /* CSI_NO_COLUMN: nowhere */
    size_t map_capacity;
    bool same; /* they are the columns, in their order */
};

/* Before the records of a batch: forget where the last one's fields went. */
void csi_fields_begin(struct csi_fields *fields,
                      const struct cosend_batch *batch);

/*
 * Fit a record to the fields; the first one that has some makes them.
 *
 * Returns COSEND_OK; COSEND_E_DATA, with writer->bad_kind set, where it has a
 * field that the first had not; or COSEND_E_MEMORY.
 */
int csi_fields_fit(struct csi_fields *fields, struct csi_writer *writer,
                   const struct cosend_record *record,
                   struct cosend_error *error);
/* Have the names that other fields have. False without memory. */
bool csi_fields_set(struct csi_fields *fields, struct cosend_schema *names);
void csi_fields_free(struct csi_fields *fields);

/*
 * The names to write for columns: the header option's, if it has some, else
 * their own. *header is a reference of the caller's.
 *
 * Returns COSEND_OK; COSEND_E_USAGE where the option has another number of
 * names; or COSEND_E_MEMORY.
 */
int csi_header_names(const struct csi_writer *writer,
                     const struct cosend_schema *columns,
                     struct cosend_schema **header, struct cosend_error *error);

/* Have readers keep what csi_fields_known returns, of batches to come. */
void csi_fields_ask(const struct cosend_batch *batch);

/* The fields of a row of a batch of open fields, where they are known without a
   walk; else NULL. */
const struct csi_known_fields *
csi_fields_known(const struct cosend_batch *batch, uint32_t row);

#endif
