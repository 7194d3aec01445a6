/* SPDX-License-Identifier: MIT */
#include "format/format_options.h"

#include "base/base.h"

const struct cosend_option csi_csv_options[] = {
    {.name = "quote",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_format_options, quote),
     .minimum = 1,
     .maximum = 1,
     .help = "csv: the byte around cells; a double quote by default",
     .example = "\"'\""},
    {.name = NULL}};

const char *csi_reader_idle_option(const struct cosend_format_options *options,
                                   enum cosend_format_name format)
{
    bool csv = format == COSEND_FORMAT_CSV, tsv = format == COSEND_FORMAT_TSV;
    bool backslash =
        options->escape.length == 1 && *options->escape.data == '\\';

    if (format != COSEND_FORMAT_TEXT && options->skip_blank)
        return "skip_blank";
    if (format != COSEND_FORMAT_TEXT && options->field.length)
        return "line_field";
    if (csv)
        return NULL;
    return options->delimiter.length                       ? "delimiter"
           : options->quote.length                         ? "quote"
           : options->escape.length && !(tsv && backslash) ? "escape"
           : options->unquoted                             ? "quoting"
           : options->strict                               ? "strict"
           : tsv                                           ? NULL
           : options->trim                                 ? "trim"
           : options->comment.length                       ? "comment"
           : options->ragged                               ? "ragged"
           : options->header.names.count                   ? "header"
                                                           : NULL;
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
        {"line_end", options->line_end, COSEND_LINE_END_CR},
        {"invalid_utf8", options->invalid_utf8, COSEND_INVALID_UTF8_ESCAPE},
        {"numbers", options->numbers, COSEND_JSON_NUMBERS_AUTO},
        {"quoting", options->quoting, COSEND_QUOTING_NONNUMERIC},
        {"align", options->align, COSEND_ALIGN_RIGHT},
    };

    for (size_t i = 0; i < sizeof(enums) / sizeof(*enums); i++)
        if (enums[i].value < 0 || enums[i].value > enums[i].last)
            return cosend_error_set(error, COSEND_E_USAGE,
                                    "%s: there is no number %d", enums[i].name,
                                    enums[i].value);
    return CSI_CHECK_RESERVED(options, "format options", error);
}
