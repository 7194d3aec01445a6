/* SPDX-License-Identifier: MIT */
/* What a CSV or TSV reader goes by: its options, checked and made definite. */
#ifndef CSI_CSV_RULES_H
#define CSI_CSV_RULES_H

#include "cosend/stage.h"

#include <stdbool.h>
#include <stddef.h>

/* Bytes of a delimiter, at most. */
enum { CSI_CSV_DELIMITER = 8 };

/* Of csi_csv_rules.special. */
enum { CSI_CSV_OUTSIDE = 1, CSI_CSV_INSIDE = 2 };

struct csi_csv_rules {
    char delimiter[CSI_CSV_DELIMITER];
    unsigned delimiter_length;
    bool quotes; /* there are quotes around cells: */
    char quote;
    bool escapes; /* the byte behind this one stands for itself: */
    char escape;
    bool tsv;    /* no quotes, but \t, \n, \r and \\ in cells */
    bool trim;   /* no blanks around cells */
    bool strict; /* stray quotes, and text behind a closing one, are bad */
    struct cosend_string comment; /* what a line that is none begins with */
    /* Bytes that may end a run of text outside and inside of quotes. */
    unsigned char special[256];
};

/*
 * The rules that options ask for; TSV's, where `tsv`.
 *
 * Returns false, with the error set, where they contradict each other.
 */
bool csi_csv_rules_make(struct csi_csv_rules *rules,
                        const struct cosend_format_options *options, bool tsv,
                        struct cosend_error *error);

/* Take another delimiter. False where it cannot be one. */
bool csi_csv_rules_delimit(struct csi_csv_rules *rules, const char *delimiter,
                           size_t length);

/* A delimiter; a comma where an option has no bytes. */
struct cosend_string csi_csv_delimiter(struct cosend_string option);

/* Whether the index (csv_index.h) is enough for records by these rules: what
   it is not sure of it says. */
static inline bool csi_csv_is_plain(const struct csi_csv_rules *rules)
{
    return rules->delimiter_length == 1 && !rules->escapes && !rules->trim &&
           !rules->strict && !rules->comment.length;
}

static inline bool csi_csv_is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

#endif
