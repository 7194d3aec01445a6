/* SPDX-License-Identifier: MIT */
/* What no reader or writer can be told. */
#include "cosend/stage.h"

#include "format/csv_rules.h"

#include <string.h>

static bool has_byte(struct cosend_string string, char byte)
{
    return string.length && memchr(string.data, byte, string.length);
}

static void check_line_end(struct cosend_check *check, const char *name,
                           struct cosend_string value)
{
    if (has_byte(value, '\n') || has_byte(value, '\r'))
        cosend_check_error(check, name, "must not be a line end");
}

static void check_tsv(struct cosend_check *check,
                      const struct cosend_format_options *options)
{
    if (options->name != COSEND_FORMAT_TSV)
        return;
    if (options->delimiter.length)
        cosend_check_error(check, "delimiter",
                           "is a tab in tsv; csv can have another");
    if (options->quote.length)
        cosend_check_error(check, "quote",
                           "there are no quotes in tsv; csv has them");
    if (options->escape.length && *options->escape.data != '\\')
        cosend_check_error(check, "escape",
                           "is a backslash in tsv; csv can have another");
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
    {"strict", BIT(CSV), "csv"},
    {"escape", BIT(CSV) | BIT(TSV), "csv"},
    {"trim", BIT(CSV) | BIT(TSV), "csv and tsv"},
    {"comment", BIT(CSV) | BIT(TSV), "csv and tsv"},
    {"ragged", BIT(CSV) | BIT(TSV) | BIT(COLUMNS) | BIT(NIDX),
     "csv, tsv, columns and nidx"},
    {"rest", BIT(COLUMNS) | BIT(NIDX), "columns and nidx"},
    {"skip_blank", BIT(TEXT), "text"},
    {"line_field", BIT(TEXT), "text"},
    {"header", BIT(CSV) | BIT(TSV) | BIT(TABLE) | BIT(MARKDOWN) | BIT(COLUMNS),
     "csv, tsv, columns, table and markdown"},
    {"width", BIT(TABLE), "table"},
    {"max_width", BIT(TABLE), "table"},
    {"round", BIT(TABLE), "table"},
    {"align", BIT(TABLE), "table"},
    {"template", BIT(TEMPLATE), "template"},
    {"missing", BIT(TEMPLATE), "template"},
    {"invalid_utf8", BIT(JSONL) | BIT(JSON), "jsonl and json"},
    {"numbers", BIT(JSONL) | BIT(JSON), "jsonl and json"},
    {"indent", BIT(JSON), "json"},
    {"line_end",
     BIT(TEXT) | BIT(CSV) | BIT(TSV) | BIT(JSONL) | BIT(LTSV) | BIT(LOGFMT) |
         BIT(XTAB) | BIT(COLUMNS) | BIT(NIDX),
     "formats of lines"},
};

static void check_limited(struct cosend_check *check, int format)
{
    /* A host program's may be none; that is refused with the step. */
    if (format <= COSEND_FORMAT_AUTO || format > COSEND_FORMAT_TEMPLATE)
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
    struct cosend_string delimiter = csi_csv_delimiter(options->delimiter);
    char quote = options->quote.length ? *options->quote.data : '"';
    bool given = cosend_check_given(check, "quote");

    check_limited(check, options->name);
    if ((options->name == COSEND_FORMAT_COLUMNS ||
         options->name == COSEND_FORMAT_NIDX) &&
        options->ragged == COSEND_RAGGED_KEEP)
        cosend_check_error(check, "ragged",
                           "keep is for csv and tsv; rest=true has the last "
                           "column keep what is left");
    if (options->name == COSEND_FORMAT_TEMPLATE && !options->text)
        cosend_check_error(check, "format",
                           "template needs one: template=\"{host} {ms}\", or "
                           "-t 'template:{host} {ms}'");
    if (options->name == COSEND_FORMAT_MARKDOWN &&
        cosend_check_given(check, "header") && !options->header.first_record &&
        !options->header.names.count)
        cosend_check_error(check, "header",
                           "a table in Markdown always has one");
    check_tsv(check, options);
    check_line_end(check, "delimiter", delimiter);
    check_line_end(check, "quote", options->quote);
    check_line_end(check, "escape", options->escape);
    check_line_end(check, "comment", options->comment);
    if (!options->unquoted && has_byte(delimiter, quote))
        cosend_check_error(check, given ? "quote" : "delimiter",
                           "must not be the %s", given ? "delimiter" : "quote");
    if (!options->unquoted && has_byte(options->escape, quote))
        cosend_check_error(check, "escape",
                           "must not be the quote; two quotes in a quoted cell "
                           "are one without it");
    if (options->escape.length && has_byte(delimiter, *options->escape.data))
        cosend_check_error(check, "escape", "must not be the delimiter");
}
