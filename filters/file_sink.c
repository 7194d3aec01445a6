/* SPDX-License-Identifier: MIT */
/*
 * file, as a sink: write records to a file, or to one for each value of a
 * field.
 *
 * Emits nothing. Where every input is a regular file the targets appear all at
 * once, when the run has ended well.
 */
#include "cosend.h"

#include <string.h>

static const struct cosend_option options[] = {
    {.name = "path",
     .type = COSEND_OPTION_PATH,
     .offset = offsetof(struct cosend_write_options, path),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .help = "the file; its extension says the format, unless that is given; "
             "with a field in braces one for each value of it",
     .example = "\"errors.csv\""},
    {.name = "append",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct cosend_write_options, append),
     .help = "write after what the file holds",
     .example = "true"},
    {.name = "max_open",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct cosend_write_options, max_open),
     .fallback = "32",
     .minimum = 1,
     .maximum = 1 << 20,
     .help = "of files by a field: how many are open at a time"},
    {.name = "format options",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct cosend_write_options, format),
     .group = cosend_writer_options},
    {.name = NULL}};

/* A } that closes nothing, in a path that is a template; NULL without one. */
static const char *find_stray(const char *path)
{
    for (; *path; path++) {
        bool doubled = path[1] == *path;

        if (*path == '}' && !doubled)
            return path;
        if (*path == '{' && !doubled)
            path = strchr(path[1] == '`' ? strchr(path + 2, '`') : path, '}');
        else if (*path == '{' || *path == '}')
            path++;
    }
    return NULL;
}

/* A path with braces is one for each value of a field. */
static void check_path(struct cosend_check *check,
                       struct cosend_write_options *to)
{
    const char *path = to->path.data, *stray = NULL;

    if (path && strpbrk(path, "{}")) {
        to->partition =
            cosend_check_template(check, "path", path, to->path.length);
        stray = to->partition ? find_stray(path) : NULL;
    } else if (cosend_check_given(check, "max_open")) {
        cosend_check_error(check, "max_open",
                           "is for a path with a field in it, "
                           "\"out/{host}.csv\"");
    }
    if (stray)
        cosend_check_error(check, "path",
                           "byte %zu: this } closes nothing; a brace that is "
                           "meant is written }}",
                           (size_t)(stray - path) + 1);
}

static void check(struct cosend_check *check, void *memory)
{
    struct cosend_write_options *to = memory;

    check_path(check, to);
    cosend_check_format(check, &to->format);
}

static int body(struct cosend_stage *self, void *argument)
{
    return cosend_write(self, argument);
}

const struct cosend_filter csi_filter_file_sink = {
    .abi = COSEND_ABI,
    .name = "file",
    .role = COSEND_SINK,
    .summary = "Write records to a file",
    .details =
        "The file is written beside its place and put there when the "
        "run has ended well, where it is absent or a regular file and "
        "every input is a regular file; else it is written in place. "
        "After an interrupt what was written stays as PATH.partial. "
        "What goes to a path that ends in .gz or .zst is compressed. "
        "Behind what a file holds already (append) no header is "
        "written, and other columns are refused; records of JSON lines get "
        "those that it has, by name. - is standard output.\n\n"
        "A path with fields in it, out/{status}.csv, or "
        "logs/{host}/{day}.log.gz, is a file for each value, of any number; "
        "each has a header, and all appear together at the end, as one does. "
        "Without a record there is none. A value is a name, or a part of one: "
        "a record in which a field is absent, null or empty, or has a slash or "
        "a control byte in it, or makes a name that is . or .. or too long, is "
        "bad (bad_path), so that nothing is written but below what stands "
        "before the first brace. That folder must be there; those that fields "
        "name are made. A link there is followed nowhere, and is an error. "
        "`max_open` files are open at a time; the others wait, closed, and "
        "each holds some KiB of memory. They are synced to the disk all at "
        "once, and not one by one. A brace that is meant is written {{, or }}.",
    .example = "grep ERROR | file errors.log",
    .options_size = sizeof(struct cosend_write_options),
    .options = options,
    .check = check,
    .body = body};
