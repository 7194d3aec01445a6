/* SPDX-License-Identifier: MIT */
/* What forms of text that names its fields can be told. */
#include "cosend/pair_lines.h"

const struct cosend_option cosend_pair_options[] = {
    {.name = "pair_separator",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_pair_options, pair_separator),
     .flags = COSEND_SEPARATOR,
     .minimum = 1,
     .maximum = 32,
     .help = "what stands between the pairs of kv; default blanks",
     .example = "\";\""},
    {.name = "value_separator",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_pair_options, value_separator),
     .flags = COSEND_SEPARATOR,
     .minimum = 1,
     .maximum = 32,
     .help = "what stands between name and value of kv; default =",
     .example = "\":\""},
    {.name = "delimiter",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_pair_options, delimiter),
     .flags = COSEND_SEPARATOR,
     .minimum = 1,
     .maximum = 8,
     .help = "what stands between the cells of csv; default a comma",
     .example = "\";\""},
    {.name = NULL},
};
