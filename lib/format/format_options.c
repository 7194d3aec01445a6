/* SPDX-License-Identifier: MIT */
#include "format/format_options.h"

const struct cosend_option csi_csv_options[] = {
    {.name = "quote",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_format_options, quote),
     .minimum = 1,
     .maximum = 1,
     .help = "csv: the byte around cells; a double quote by default",
     .example = "\"'\""},
    {.name = NULL}};
