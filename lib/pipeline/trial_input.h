/* SPDX-License-Identifier: MIT */
/* What a filter is tried on: records of every kind, made from their numbers. */
#ifndef CSI_TRIAL_INPUT_H
#define CSI_TRIAL_INPUT_H

#include "cosend/bytes.h"
#include "cosend/pipeline.h"

/* Bytes of an input, and where its records end. */
struct csi_trial_input {
    struct cosend_bytes text;
    size_t header; /* bytes before the first record */
    size_t *ends;
    size_t count, capacity;
    int format;       /* enum cosend_format_name */
    const char *what; /* "lines of text" */
};

/*
 * Make an input of `count` records of a format, TEXT, CSV or JSONL, with these
 * columns. Record i is the same in every input of a format, so that a shorter
 * one is the beginning of a longer one. With `torn` some are such as the reader
 * rejects.
 *
 * Returns false without memory. csi_trial_input_free is due after each.
 */
bool csi_trial_input_make(struct csi_trial_input *input, int format,
                          const char *const *columns, size_t column_count,
                          size_t count, bool torn);

/* An input that somebody gave: each line, or the whole of what is no format of
   lines, is a record; the first line of CSV and TSV is the header. */
bool csi_trial_input_take(struct csi_trial_input *input, int format,
                          const char *data, size_t length);

void csi_trial_input_free(struct csi_trial_input *input);

#endif
