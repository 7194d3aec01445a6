/* SPDX-License-Identifier: MIT */
/* One cell as CSV or TSV. */
#ifndef CSI_CSV_ENCODE_H
#define CSI_CSV_ENCODE_H

#include "base/text.h"
#include "format/csv_rules.h"

/* How cells are told from each other. */
struct csi_csv_encoder {
    struct csi_csv_rules rules; /* which a reader would go by */
    int quoting;                /* enum cosend_quoting; NONE: rules.quotes is
                                   false too */
    /* Bytes that a cell without quotes must not hold as they are. */
    bool special[256];
};

/* False, with the error set, for options that contradict each other. */
bool csi_csv_encoder_init(struct csi_csv_encoder *encoder,
                          const struct cosend_format_options *options, bool tsv,
                          struct cosend_error *error);

/* Whether a cell has no byte that it must not hold as it is. */
static inline bool csi_csv_stands(const struct csi_csv_encoder *encoder,
                                  struct cosend_cell cell)
{
    bool special = false;

    for (uint32_t i = 0; i < cell.length && !special; i++)
        special = encoder->special[(unsigned char)cell.data[i]];
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

#endif
