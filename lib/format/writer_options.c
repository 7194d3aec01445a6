/* SPDX-License-Identifier: MIT */
/* What writers can be told: the rows for a struct cosend_format_options. */
#include "format/csv_rules.h"
#include "format/format_options.h"
#include "record/number_fixed.h"

const struct cosend_option cosend_writer_options[] = {
    {.name = "format",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct cosend_format_options, name),
     .choices = cosend_format_names,
     .help = "how records become bytes; auto goes by the path's extension, "
             "else it is the input's, columns made from text being csv",
     .example = "\"table\""},
    {.name = "delimiter",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_format_options, delimiter),
     .flags = COSEND_SEPARATOR,
     .minimum = 1,
     .maximum = CSI_CSV_DELIMITER,
     .help =
         "csv: what is written between cells, \\t or tab for a tab; a comma "
         "by default",
     .example = "\";\""},
    {.name = "csv", .type = COSEND_OPTION_GROUP, .group = csi_csv_options},
    {.name = "header",
     .type = COSEND_OPTION_HEADER,
     .offset = offsetof(struct cosend_format_options, header),
     .fallback = "true",
     .help = "csv, tsv, columns, table: whether to write the names first; or "
             "the names to write, in markdown too, which always has them",
     .example = "[\"host\", \"size\"]"},
    {.name = "quoting",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct cosend_format_options, quoting),
     .choices = cosend_quoting_names,
     .help = "csv: which cells have quotes around them: those that need some, "
             "all, all but numbers, or none, and a record that needs some is "
             "bad",
     .example = "\"none\""},
    {.name = "escape",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_format_options, escape),
     .minimum = 1,
     .maximum = 1,
     .help = "csv: a byte to write before quotes in cells and before itself; "
             "with quoting=none before whatever needs quotes; none by default",
     .example = "\"\\\\\""},
    {.name = "invalid_utf8",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct cosend_format_options, invalid_utf8),
     .choices = cosend_invalid_utf8_names,
     .help = "jsonl, json: what becomes of bytes that are no UTF-8: U+FFFD, "
             "counted; "
             "the record is bad; or \\xNN",
     .example = "\"escape\""},
    {.name = "numbers",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct cosend_format_options, numbers),
     .choices = cosend_json_numbers_names,
     .help = "jsonl, json: text is written as a string; with auto, what is a "
             "number in JSON's grammar exactly is written as one, its bytes as "
             "they are (1.0, -0, 1e999; not 05, NaN); strings that were read "
             "from JSON stay strings; -t jsonl:auto",
     .example = "\"auto\""},
    {.name = "sort_keys",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct cosend_format_options, sort_keys),
     .help = "jsonl, json: members stand in the order of their names, in "
             "objects inside others too, and without blanks",
     .example = "true"},
    {.name = "ascii",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct cosend_format_options, ascii),
     .help = "jsonl, json: what is beyond ASCII is written as \\uNNNN",
     .example = "true"},
    {.name = "indent",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct cosend_format_options, indent),
     .fallback = "0",
     .minimum = 0,
     .maximum = 16,
     .help = "json: members on lines of their own, so many blanks deeper than "
             "what they are in; 0: a record is a line",
     .example = "2"},
    {.name = "template",
     .type = COSEND_OPTION_TEMPLATE,
     .offset = offsetof(struct cosend_format_options, text),
     .help = "template, which it is the format by itself: a line of text with "
             "fields in braces, as for `format`: {host}, {ms:>8.2f}; "
             "-t 'template:{host} {ms}'",
     .example = "\"{host} {status:>5}\""},
    {.name = "missing",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_format_options, missing),
     .maximum = 1 << 16,
     .help = "template: what stands for a field that is absent or null; "
             "nothing by default",
     .example = "\"-\""},
    {.name = "width",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct cosend_format_options, width),
     .fallback = "0",
     .minimum = 0,
     .maximum = INT32_MAX,
     .help = "table: cut cells so that lines are at most so wide; 0 is a "
             "terminal's width, and no limit elsewhere",
     .example = "100"},
    {.name = "max_width",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct cosend_format_options, max_width),
     .fallback = "0",
     .minimum = 0,
     .maximum = INT32_MAX,
     .help = "table: no column is wider; longer cells end in an ellipsis; 0: "
             "no limit",
     .example = "30"},
    {.name = "round",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct cosend_format_options, round),
     .minimum = 1,
     .maximum = CSI_FIXED_DECIMALS,
     .help = "table: numbers with a point or an exponent have so many digits "
             "behind the point, rounded in decimal; by default they are as "
             "they are",
     .example = "2"},
    {.name = "align",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct cosend_format_options, align),
     .choices = cosend_align_names,
     .help = "table: where cells stand; auto has columns of numbers alone at "
             "the right, others at the left",
     .example = "\"left\""},
    {.name = "border",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct cosend_format_options, border),
     .choices = cosend_border_names,
     .help = "table: what is drawn around cells: a rule below the header; "
             "lines of + - |; or lines as box drawing characters have them",
     .example = "\"ascii\""},
    {.name = "nul",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct cosend_format_options, nul),
     .help = "text: end records in NUL, as those that were read so are anyway, "
             "for xargs -0 and sort -z; one with a NUL in it is bad",
     .example = "true"},
    {.name = "crlf",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct cosend_format_options, crlf),
     .help = "end the records that are made here in CR LF",
     .example = "true"},
    {.name = "bom",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct cosend_format_options, bom),
     .help = "write a byte order mark first",
     .example = "true"},
    {.name = NULL}};
