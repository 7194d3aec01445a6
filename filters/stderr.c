/* SPDX-License-Identifier: MIT */
/*
 * stderr: write records to standard error.
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

    to.descriptor = 2;
    return cosend_write(self, &to);
}

const struct cosend_filter csi_filter_stderr = {
    .abi = COSEND_ABI,
    .name = "stderr",
    .role = COSEND_SINK,
    .summary = "Write records to standard error",
    .details = "As stdout, to standard error.",
    .options_size = sizeof(struct cosend_write_options),
    .options = options,
    .check = check,
    .body = body};
