/* SPDX-License-Identifier: MIT */
/* What writers can be told: the rows for a struct cosend_format_options. */
#include "format/format_options.h"

const struct cosend_option cosend_writer_options[] = {
    {.name = "format",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct cosend_format_options, name),
     .choices = cosend_format_names,
     .help = "how records become bytes; auto goes by the path's extension, "
             "else it is the input's, columns made from text being csv",
     .example = "\"table\""},
    {.name = "csv", .type = COSEND_OPTION_GROUP, .group = csi_csv_options},
    {.name = "header",
     .type = COSEND_OPTION_HEADER,
     .offset = offsetof(struct cosend_format_options, header),
     .fallback = "true",
     .help = "csv: whether to write the names first",
     .example = "false"},
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
