/* SPDX-License-Identifier: MIT */
/*
 * stdout: write records to standard output.
 *
 * Emits nothing.
 */
#include "cosend.h"

static const struct cosend_option options[] = {
    {.name = "format options",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct cosend_write_options, format),
     .group = cosend_writer_options},
    {.name = NULL}};

static void check(struct cosend_check *check, void *memory)
{
    const struct cosend_write_options *to = memory;

    cosend_check_format(check, &to->format);
}

static int body(struct cosend_stage *self, void *argument)
{
    struct cosend_write_options to = *(struct cosend_write_options *)argument;

    to.descriptor = 1;
    return cosend_write(self, &to);
}

const struct cosend_filter csi_filter_stdout = {
    .abi = COSEND_ABI,
    .name = "stdout",
    .aliases = "printer print",
    .role = COSEND_SINK,
    .summary = "Write records to standard output",
    .details = "The format is the input's unless given; columns that were made "
               "from text are written as CSV. A live stream shows each record "
               "at once.",
    .example = "count | stdout format=table",
    .options_size = sizeof(struct cosend_write_options),
    .options = options,
    .check = check,
    .body = body};
