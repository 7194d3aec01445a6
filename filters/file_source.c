/* SPDX-License-Identifier: MIT */
/*
 * file, as a source: read the files that the spec names.
 *
 * Emits a record for each line, CSV row or JSON line.
 */
#include "cosend.h"

static const char *const on_missing[] = {"wait", "fail", NULL};

static const struct cosend_option options[] = {
    {.name = "path",
     .type = COSEND_OPTION_PATHS,
     .offset = offsetof(struct cosend_read_options, paths),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .help = "the file, or a list of them, read in order; *, ? and [a-z] "
             "stand for the files that fit when it begins, by their names",
     .example = "\"access.log\""},
    {.name = "follow",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct cosend_read_options, follow),
     .help = "do not end at the end; read what is appended, by name, through "
             "rotations",
     .example = "true"},
    {.name = "on_missing",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct cosend_read_options, on_missing),
     .choices = on_missing,
     .help = "follow: what to do where there is no such file yet; by default "
             "it is waited for",
     .example = "\"fail\""},
    {.name = "format options",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct cosend_read_options, format),
     .group = cosend_reader_options},
    {.name = "time options",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct cosend_read_options, span),
     .group = cosend_span_options},
    {.name = "place options",
     .type = COSEND_OPTION_GROUP,
     .offset = 0,
     .group = cosend_place_options},
    {.name = NULL}};

static void check(struct cosend_check *check, void *memory)
{
    struct cosend_read_options *from = memory;

    if (from->follow)
        cosend_check_endless(check, COSEND_NEVER_ENDS, NULL);
    cosend_check_format(check, &from->format);
    cosend_check_span(check, &from->span, false);
}

static void release(void *memory)
{
    struct cosend_read_options *from = memory;

    cosend_span_release(&from->span);
}

static int body(struct cosend_stage *self, void *argument)
{
    return cosend_read(self, argument);
}

const struct cosend_filter csi_filter_file_source = {
    .abi = COSEND_ABI,
    .name = "file",
    .role = COSEND_SOURCE,
    .summary = "Read the files that the spec names",
    .details = "Emits a record for each line of text, row of CSV or line of "
               "JSON. A file that cannot be read is named, and the others are "
               "read. Which one a record is from, a step `origin` says.",
    .example = "file access.log | count",
    .options_size = sizeof(struct cosend_read_options),
    .options = options,
    .check = check,
    .release = release,
    .behind = cosend_read_behind,
    .body = body};
