/* SPDX-License-Identifier: MIT */
#include "format/format_options.h"

#include "base/base.h"

#include <stdlib.h>
#include <string.h>

const struct cosend_option csi_csv_options[] = {
    {.name = "quote",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_format_options, quote),
     .minimum = 1,
     .maximum = 1,
     .help = "csv: the byte around cells; a double quote by default",
     .example = "\"'\""},
    {.name = NULL}};

#define BIT(format) (1U << COSEND_FORMAT_##format)

static const struct csi_option_use uses[] = {
    {"delimiter", BIT(CSV), "csv"},
    {"quote", BIT(CSV), "csv"},
    {"quoting", BIT(CSV), "csv"},
    {"strict", BIT(CSV), "csv"},
    {"escape", BIT(CSV) | BIT(TSV), "csv"},
    {"trim", BIT(CSV) | BIT(TSV), "csv and tsv"},
    {"comment", BIT(CSV) | BIT(TSV), "csv and tsv"},
    {"header_rows", BIT(CSV) | BIT(TSV), "csv and tsv"},
    {"duplicates", BIT(CSV) | BIT(TSV) | BIT(COLUMNS), "csv, tsv and columns"},
    {"ragged", BIT(CSV) | BIT(TSV) | BIT(COLUMNS) | BIT(NIDX),
     "csv, tsv, columns and nidx"},
    {"rest", BIT(COLUMNS) | BIT(NIDX), "columns and nidx"},
    {"nul", BIT(TEXT), "text"},
    {"skip_blank", BIT(TEXT), "text"},
    {"line_field", BIT(TEXT), "text"},
    {"header", BIT(CSV) | BIT(TSV) | BIT(TABLE) | BIT(MARKDOWN) | BIT(COLUMNS),
     "csv, tsv, columns, table and markdown"},
    {"width", BIT(TABLE), "table"},
    {"max_width", BIT(TABLE), "table"},
    {"round", BIT(TABLE), "table"},
    {"align", BIT(TABLE), "table"},
    {"border", BIT(TABLE), "table"},
    {"template", BIT(TEMPLATE), "template"},
    {"missing", BIT(TEMPLATE), "template"},
    {"invalid_utf8", BIT(JSONL) | BIT(JSON), "jsonl and json"},
    {"numbers", BIT(JSONL) | BIT(JSON), "jsonl and json"},
    {"sort_keys", BIT(JSONL) | BIT(JSON), "jsonl and json"},
    {"ascii", BIT(JSONL) | BIT(JSON), "jsonl and json"},
    {"indent", BIT(JSON), "json"},
    {"line_end",
     BIT(TEXT) | BIT(CSV) | BIT(TSV) | BIT(JSONL) | BIT(LTSV) | BIT(LOGFMT) |
         BIT(XTAB) | BIT(COLUMNS) | BIT(NIDX),
     "formats of lines"},
    {NULL, 0, NULL}};

const struct csi_option_use *csi_option_uses(void)
{
    return uses;
}

/* Whether an option has a value that is not its default. */
static bool is_given(const struct cosend_option *row,
                     const struct cosend_format_options *options)
{
    const char *at = (const char *)options + row->offset;
    int64_t number;

    switch (row->type) {
    case COSEND_OPTION_BOOL:
        return *(const bool *)at;
    case COSEND_OPTION_ENUM:
        return *(const int *)at != 0;
    case COSEND_OPTION_INT:
        memcpy(&number, at, sizeof(number));
        return number && number != (row->fallback ? atoll(row->fallback) : 0);
    case COSEND_OPTION_STRING:
        return ((const struct cosend_string *)at)->length > 0;
    case COSEND_OPTION_HEADER:
        return ((const struct cosend_header *)at)->names.count > 0;
    default:
        return false;
    }
}

/* A backslash is what TSV has anyway. */
static bool is_idle(const struct csi_option_use *use,
                    const struct cosend_format_options *options, int format)
{
    if (format == COSEND_FORMAT_TSV && strcmp(use->name, "escape") == 0)
        return *options->escape.data != '\\';
    return !(use->formats & 1U << format);
}

const struct csi_option_use *
csi_idle_option(const struct cosend_option *rows,
                const struct cosend_format_options *options, int format)
{
    for (const struct csi_option_use *use = uses; use->name; use++)
        for (const struct cosend_option *row = rows; row->name; row++) {
            bool group = row->type == COSEND_OPTION_GROUP;
            const struct csi_option_use *idle =
                group ? csi_idle_option(row->group, options, format) : NULL;

            if (idle)
                return idle;
            if (strcmp(row->name, use->name) == 0 && is_given(row, options) &&
                is_idle(use, options, format))
                return use;
        }
    return NULL;
}

int csi_format_options_check(const struct cosend_format_options *options,
                             enum cosend_format_name last,
                             struct cosend_error *error)
{
    const struct {
        const char *name;
        int value, last;
    } enums[] = {
        {"format", options->name, (int)last},
        {"ragged", options->ragged, COSEND_RAGGED_ERROR},
        {"line_end", options->line_end, COSEND_LINE_END_AUTO},
        {"invalid_utf8", options->invalid_utf8, COSEND_INVALID_UTF8_ESCAPE},
        {"numbers", options->numbers, COSEND_JSON_NUMBERS_AUTO},
        {"quoting", options->quoting, COSEND_QUOTING_NONNUMERIC},
        {"align", options->align, COSEND_ALIGN_RIGHT},
        {"border", options->border, COSEND_BORDER_UNICODE},
        {"duplicates", options->duplicates, COSEND_DUPLICATES_ERROR},
    };

    for (size_t i = 0; i < sizeof(enums) / sizeof(*enums); i++)
        if (enums[i].value < 0 || enums[i].value > enums[i].last)
            return cosend_error_set(error, COSEND_E_USAGE,
                                    "%s: there is no number %d", enums[i].name,
                                    enums[i].value);
    return CSI_CHECK_RESERVED(options, "format options", error);
}
