/* SPDX-License-Identifier: MIT */
#include "format/csv_rules.h"

#include <string.h>

struct cosend_string csi_csv_delimiter(struct cosend_string option)
{
    static const char comma[] = ",";

    return option.length ? option : (struct cosend_string){comma, 1};
}

static bool is_line_end(char byte)
{
    return byte == '\n' || byte == '\r';
}

static void mark(struct csi_csv_rules *rules)
{
    unsigned char *special = rules->special;

    memset(special, 0, sizeof(rules->special));
    special['\n'] = special['\r'] = CSI_CSV_OUTSIDE;
    special[(unsigned char)rules->delimiter[0]] = CSI_CSV_OUTSIDE;
    if (rules->quotes)
        special[(unsigned char)rules->quote] = CSI_CSV_OUTSIDE | CSI_CSV_INSIDE;
    if (rules->escapes)
        special[(unsigned char)rules->escape] =
            CSI_CSV_OUTSIDE | CSI_CSV_INSIDE;
}

bool csi_csv_rules_delimit(struct csi_csv_rules *rules, const char *delimiter,
                           size_t length)
{
    if (!length || length > CSI_CSV_DELIMITER)
        return false;
    for (size_t i = 0; i < length; i++)
        if (is_line_end(delimiter[i]) ||
            (rules->quotes && delimiter[i] == rules->quote) ||
            (rules->escapes && delimiter[i] == rules->escape))
            return false;
    memset(rules->delimiter, 0, sizeof(rules->delimiter));
    memcpy(rules->delimiter, delimiter, length);
    rules->delimiter_length = (unsigned)length;
    mark(rules);
    return true;
}

/* One byte of an option, which may be left out. False where it is none. */
static bool take_byte(struct cosend_string option, const char *name, bool *has,
                      char *byte, struct cosend_error *error)
{
    if (!option.length)
        return true;
    if (option.length > 1 || is_line_end(*option.data)) {
        cosend_error_set(error, COSEND_E_SPEC,
                         "%s must be one byte, and no line end", name);
        return false;
    }
    *has = true;
    *byte = *option.data;
    return true;
}

bool csi_csv_rules_make(struct csi_csv_rules *rules,
                        const struct cosend_format_options *options, bool tsv,
                        struct cosend_error *error)
{
    struct cosend_string delimiter = csi_csv_delimiter(
        tsv ? (struct cosend_string){"\t", 1} : options->delimiter);

    *rules = (struct csi_csv_rules){.quotes = true,
                                    .quote = '"',
                                    .tsv = tsv,
                                    .trim = options->trim,
                                    .strict = options->strict && !tsv,
                                    .comment = options->comment};
    if (!tsv && (!take_byte(options->quote, "quote", &rules->quotes,
                            &rules->quote, error) ||
                 !take_byte(options->escape, "escape", &rules->escapes,
                            &rules->escape, error)))
        return false;
    if (tsv || options->unquoted) {
        rules->quotes = false;
        rules->quote = 0;
    }
    if (rules->quotes && rules->escapes && rules->quote == rules->escape) {
        cosend_error_set(error, COSEND_E_SPEC,
                         "quote and escape must differ; that two quotes are "
                         "one needs no escape");
        return false;
    }
    if (csi_csv_rules_delimit(rules, delimiter.data, delimiter.length))
        return true;
    if (delimiter.length > CSI_CSV_DELIMITER)
        cosend_error_set(error, COSEND_E_SPEC,
                         "delimiter must have %d bytes at most",
                         CSI_CSV_DELIMITER);
    else
        cosend_error_set(error, COSEND_E_SPEC,
                         "delimiter, quote and escape must differ from each "
                         "other and from a line end");
    return false;
}
