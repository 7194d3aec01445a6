/* SPDX-License-Identifier: MIT */
/* What no reader or writer can be told. */
#include "cosend/stage.h"

#include "format/csv_rules.h"
#include "format/format_options.h"

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

/* What there is in TSV in the place of an option. */
static const char *what_tsv_has(const char *option)
{
    return strcmp(option, "delimiter") == 0
               ? "is a tab in tsv; csv can have another"
           : strcmp(option, "quote") == 0
               ? "there are no quotes in tsv; csv has them"
               : NULL;
}

static void check_escape_of_tsv(struct cosend_check *check,
                                const struct cosend_format_options *options)
{
    if (options->name == COSEND_FORMAT_TSV && options->escape.length &&
        *options->escape.data != '\\')
        cosend_check_error(check, "escape",
                           "is a backslash in tsv; csv can have another");
}

static void check_uses(struct cosend_check *check, int format)
{
    /* A host program's may be none; that is refused with the step. */
    if (format <= COSEND_FORMAT_AUTO || format > COSEND_FORMAT_TEMPLATE)
        return;
    for (const struct csi_option_use *use = csi_option_uses(); use->name;
         use++) {
        const char *instead =
            format == COSEND_FORMAT_TSV ? what_tsv_has(use->name) : NULL;

        if (use->formats & 1U << format ||
            !cosend_check_given(check, use->name))
            continue;
        if (instead)
            cosend_check_error(check, use->name, "%s", instead);
        else
            cosend_check_error(check, use->name,
                               "does nothing for %s; it is for %s",
                               cosend_format_names[format], use->whose);
    }
}

void cosend_check_format(struct cosend_check *check,
                         const struct cosend_format_options *options)
{
    struct cosend_string delimiter = csi_csv_delimiter(options->delimiter);
    char quote = options->quote.length ? *options->quote.data : '"';
    bool given = cosend_check_given(check, "quote");

    check_uses(check, options->name);
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
    if (options->header_rows > 1 && !options->header.first_record)
        cosend_check_error(check, "header_rows",
                           "no header is read where header says so, or gives "
                           "the names");
    if (options->nul && (options->line_end || options->crlf))
        cosend_check_error(check, options->crlf ? "crlf" : "line_end",
                           "with nul records end in NUL, not in a line end");
    check_escape_of_tsv(check, options);
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
