/* SPDX-License-Identifier: MIT */
/* One cell as CSV or TSV, or as a word among words. */
#ifndef CSI_CSV_ENCODE_H
#define CSI_CSV_ENCODE_H

#include "base/text.h"
#include "format/csv_rules.h"

/* How cells are told from each other. */
struct csi_csv_encoder {
    struct csi_csv_rules rules; /* which a reader would go by */
    int quoting;                /* enum cosend_quoting; NONE: rules.quotes is
                                   false too */
    bool words; /* cells are words with a blank between: none is empty, or has
                   one in it */
    /* Bytes that a cell without quotes must not hold as they are. */
    bool special[256];
};

/* For COSEND_FORMAT_CSV, _TSV, _COLUMNS or _NIDX. False, with the error set,
   for options that contradict each other. */
bool csi_csv_encoder_init(struct csi_csv_encoder *encoder,
                          const struct cosend_format_options *options,
                          int format, struct cosend_error *error);

/* Whether cells that have no quotes around them are as a reader would write
   them. */
static inline bool csi_csv_writes_plain(const struct csi_csv_encoder *encoder)
{
    return encoder->rules.delimiter_length == 1 && !encoder->rules.escapes &&
           (encoder->quoting == COSEND_QUOTING_MINIMAL ||
            encoder->quoting == COSEND_QUOTING_NONE);
}

/* Whether a cell has no byte that it must not hold as it is. */
static inline bool csi_csv_stands(const struct csi_csv_encoder *encoder,
                                  struct cosend_cell cell)
{
    const char *p = cell.data, *end = p + cell.length;
    bool special = false;

    while (p < end)
        special |= encoder->special[(unsigned char)*p++];
    return !special;
}

enum csi_csv_where {
    CSI_CSV_AMONG, /* other cells */
    CSI_CSV_ALONE, /* the only cell of its record */
    CSI_CSV_START  /* the first bytes of the file, alone or not */
};

/*
 * Append a cell, without a delimiter.
 *
 * Returns COSEND_OK; COSEND_E_DATA, with nothing appended, for one that cannot
 * be written without quotes where there are none; or COSEND_E_MEMORY.
 */
int csi_csv_encode(const struct csi_csv_encoder *encoder, struct csi_text *out,
                   struct cosend_cell cell, enum csi_csv_where where);

/* Why that is, and the way out: a record with a cell of this column cannot be
   written. Returns COSEND_E_DATA. */
int csi_csv_refuse(const struct csi_csv_encoder *encoder,
                   struct cosend_cell cell, const char *name, size_t length,
                   struct cosend_error *error);

#endif
