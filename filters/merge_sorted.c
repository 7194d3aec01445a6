/* SPDX-License-Identifier: MIT */
/*
 * merge_sorted: several logs, each in order, as one that is in order of time.
 *
 * Emits the records of all of them, as they are.
 */
#include "cosend.h"

static const struct cosend_option options[] = {
    {.name = "path",
     .type = COSEND_OPTION_PATHS,
     .offset = offsetof(struct cosend_merge_options, read.paths),
     .flags = COSEND_MAIN,
     .help = "the files, where *, ? and [a-z] stand for those that fit when "
             "it begins; without it those of the command line",
     .example = "[\"a.log\", \"b.log\"]"},
    {.name = "within",
     .type = COSEND_OPTION_DURATION,
     .offset = offsetof(struct cosend_merge_options, within),
     .fallback = "\"5s\"",
     .minimum = 0,
     .maximum = INT64_MAX / 4,
     .help = "by how much a record may be before one that is before it in its "
             "file",
     .example = "\"1m\""},
    {.name = "format options",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct cosend_merge_options, read.format),
     .group = cosend_reader_options},
    {.name = "time options",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct cosend_merge_options, read.span),
     .group = cosend_span_options},
    {.name = "place options",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct cosend_merge_options, read),
     .group = cosend_place_options},
    {.name = NULL}};

static void check(struct cosend_check *check, void *memory)
{
    struct cosend_merge_options *from = memory;

    cosend_check_format(check, &from->read.format);
    cosend_check_span(check, &from->read.span, true);
}

static void release(void *memory)
{
    struct cosend_merge_options *from = memory;

    cosend_span_release(&from->read.span);
}

static int body(struct cosend_stage *self, void *argument)
{
    return cosend_merge(self, argument);
}

const struct cosend_filter csi_filter_merge_sorted = {
    .abi = COSEND_ABI,
    .name = "merge_sorted",
    .role = COSEND_SOURCE,
    .summary = "Read several logs as one in the order of time",
    .details =
        "Emits the records of all files, as they are, in the order of their "
        "times; of equal ones those of the earlier file go first. The time is "
        "found as since= finds it: in lines of text, else in a field, which "
        "time_field= names. A line without a time follows the one before it "
        "in its file. A file may be out of order by `within`, and so much of "
        "it is held; a record that is later than that is bad (out_of_order), "
        "with the lines that follow it, and so is one whose field has no time "
        "(no_time, not_a_time). A file of text without any time is left, "
        "which is told, and the run ends with status 4. Thousands of files "
        "are read without so many being open, but not packed ones or pipes. "
        "They are read to their ends, by one thread, and cannot be followed.",
    .example = "merge_sorted a.log,b.log within=10s | grep error",
    .options_size = sizeof(struct cosend_merge_options),
    .options = options,
    .check = check,
    .release = release,
    .behind = cosend_read_behind,
    .body = body,
};
