/* SPDX-License-Identifier: MIT */
/* What no reader or writer can be told. */
#include "cosend/stage.h"

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

void cosend_check_format(struct cosend_check *check,
                         const struct cosend_format_options *options)
{
    char delimiter = options->delimiter.length ? *options->delimiter.data : ',';
    char quote = options->quote.length ? *options->quote.data : '"';

    if (options->name == COSEND_FORMAT_TSV && options->delimiter.length)
        cosend_check_error(check, "delimiter",
                           "is a tab in tsv; csv can have another");
    if (options->name == COSEND_FORMAT_TSV && options->quote.length)
        cosend_check_error(check, "quote",
                           "there are no quotes in tsv; csv has them");
    if (is_line_end(delimiter))
        cosend_check_error(check, "delimiter", "must not be a line end");
    if (is_line_end(quote))
        cosend_check_error(check, "quote", "must not be a line end");
    if (delimiter == quote)
        cosend_check_error(
            check, cosend_check_given(check, "quote") ? "quote" : "delimiter",
            "must not be the %s",
            cosend_check_given(check, "quote") ? "delimiter" : "quote");
}
