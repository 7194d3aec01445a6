/* SPDX-License-Identifier: MIT */
/* One cell as CSV or TSV. */
#ifndef CSI_CSV_ENCODE_H
#define CSI_CSV_ENCODE_H

#include "base/text.h"
#include "cosend/stage.h"

/* How cells are told from each other. */
struct csi_csv_encoder {
    char delimiter, quote;
    char escape;
    bool escapes; /* the escape makes the byte behind it text */
    bool tsv;     /* no quotes: \t, \n, \r and \\ in place of what they are */
    int quoting;  /* enum cosend_quoting */
    /* Bytes that a cell without quotes must not hold as they are. */
    bool special[256];
};

void csi_csv_encoder_init(struct csi_csv_encoder *encoder, bool tsv,
                          char delimiter, char quote, int quoting);

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
