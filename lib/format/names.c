/* SPDX-License-Identifier: MIT */
#include "cosend/stage.h"

const char *const cosend_format_names[] = {
    "auto", "text",  "csv",      "tsv",      "jsonl",
    "json", "ltsv",  "logfmt",   "xtab",     "columns",
    "nidx", "table", "markdown", "template", NULL};
const char *const cosend_reader_format_names[] = {
    "auto", "text",   "csv",  "tsv",     "jsonl", "json",
    "ltsv", "logfmt", "xtab", "columns", "nidx",  NULL};
const char *const cosend_ragged_names[] = {
    "reject", "pad", "skip", "truncate", "keep", "error", NULL};
const char *const cosend_invalid_utf8_names[] = {"replace", "reject", "escape",
                                                 NULL};
const char *const cosend_json_numbers_names[] = {"text", "auto", NULL};
const char *const cosend_quoting_names[] = {"minimal", "all", "none",
                                            "nonnumeric", NULL};
const char *const cosend_align_names[] = {"auto", "left", "right", NULL};
const char *const cosend_border_names[] = {"none", "ascii", "unicode", NULL};
const char *const cosend_duplicates_names[] = {"rename", "error", NULL};
const char *const cosend_line_end_names[] = {"lf", "cr", "auto", NULL};
const char *const cosend_reader_quoting_names[] = {"minimal", "none", NULL};
