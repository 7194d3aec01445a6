/* SPDX-License-Identifier: MIT */
/*
 * file, as a sink: write records to a file.
 *
 * Emits nothing. Where every input is a regular file the target appears all at
 * once, when the run has ended well.
 */
#include "cosend.h"

#include <string.h>

static const struct cosend_option options[] = {
    {.name = "path",
     .type = COSEND_OPTION_PATH,
     .offset = offsetof(struct cosend_write_options, path),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .help = "the file; its extension says the format, unless that is given",
     .example = "\"errors.csv\""},
    {.name = "append",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct cosend_write_options, append),
     .help = "write after what the file holds",
     .example = "true"},
    {.name = "format options",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct cosend_write_options, format),
     .group = cosend_writer_options},
    {.name = NULL}};

/* Whether a name in braces stands in a path: a file for each value of a field.
 */
static bool has_field(const char *path)
{
    const char *brace = path ? strchr(path, '{') : NULL;

    while (brace &&
           (brace[1] == '}' || brace[strcspn(brace + 1, "{}/") + 1] != '}'))
        brace = strchr(brace + 1, '{');
    return brace != NULL;
}

static void check(struct cosend_check *check, void *memory)
{
    const struct cosend_write_options *to = memory;

    if (has_field(to->path.data))
        cosend_check_error(check, "path",
                           "\"%.80s\": a file for each value of a field is "
                           "not in this version; write one file, without "
                           "braces",
                           to->path.data);
    cosend_check_format(check, &to->format);
}

static int body(struct cosend_stage *self, void *argument)
{
    return cosend_write(self, argument);
}

const struct cosend_filter csi_filter_file_sink = {
    .name = "file",
    .role = COSEND_SINK,
    .summary = "Write records to a file",
    .details = "The file is written beside its place and put there when the "
               "run has ended well, where it is absent or a regular file and "
               "every input is a regular file; else it is written in place. "
               "After an interrupt what was written stays as PATH.partial. "
               "What goes to a path that ends in .gz or .zst is compressed. "
               "Behind what a file holds already (append) no header is "
               "written, and other columns are refused. - is standard output.",
    .example = "grep ERROR | file errors.log",
    .options_size = sizeof(struct cosend_write_options),
    .options = options,
    .check = check,
    .body = body};
