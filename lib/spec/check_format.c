/* SPDX-License-Identifier: MIT */
/* What no reader or writer can be told. */
#include "cosend/stage.h"

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

#define BIT(format) (1U << COSEND_FORMAT_##format)

/* Options that only some formats have, and which. One that is given where it
   would do nothing is a mistake. */
static const struct {
    const char *name;
    unsigned formats;
    const char *whose;
} limited[] = {
    {"delimiter", BIT(CSV) | BIT(TSV), "csv"},
    {"quote", BIT(CSV) | BIT(TSV), "csv"},
    {"quoting", BIT(CSV), "csv"},
    {"header", BIT(CSV) | BIT(TSV) | BIT(TABLE), "csv, tsv and table"},
    {"width", BIT(TABLE), "table"},
    {"invalid_utf8", BIT(JSONL), "jsonl"},
};

static void check_limited(struct cosend_check *check, int format)
{
    if (format == COSEND_FORMAT_AUTO)
        return;
    for (size_t i = 0; i < sizeof(limited) / sizeof(limited[0]); i++)
        if (!(limited[i].formats & 1U << format) &&
            cosend_check_given(check, limited[i].name))
            cosend_check_error(check, limited[i].name,
                               "does nothing for %s; it is for %s",
                               cosend_format_names[format], limited[i].whose);
}

void cosend_check_format(struct cosend_check *check,
                         const struct cosend_format_options *options)
{
    char delimiter = options->delimiter.length ? *options->delimiter.data : ',';
    char quote = options->quote.length ? *options->quote.data : '"';

    check_limited(check, options->name);
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
