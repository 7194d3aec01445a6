/* SPDX-License-Identifier: MIT */
/*
 * input: the files named on the command line, in order, else standard input.
 *
 * Emits a record for each line, CSV row or JSON line.
 */
#include "cosend.h"

static const struct cosend_option options[] = {
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

const struct cosend_filter csi_filter_input = {
    .abi = COSEND_ABI,
    .name = "input",
    .role = COSEND_SOURCE,
    .summary = "Read the files on the command line, else standard input",
    .details =
        "Emits a record for each line of text, row of CSV or line of "
        "JSON. Where the spec has no `from`, this is it. Which file a record "
        "was read from, a step `origin` behind it says.",
    .options_size = sizeof(struct cosend_read_options),
    .options = options,
    .check = check,
    .release = release,
    .behind = cosend_read_behind,
    .body = body};
