/* SPDX-License-Identifier: MIT */
/*
 * origin: emits every record, as it comes, with where it was read as fields:
 * the file's name, and the number of its first line there.
 */
#include "cosend.h"

#include <string.h>

struct origin {
    struct cosend_string path, line;
    bool overwrite;
};

static const struct cosend_option options[] = {
    {.name = "path",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct origin, path),
     .flags = COSEND_MAIN,
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "the name of the field for the file's name; without it and "
             "`line`, file",
     .example = "\"source\""},
    {.name = "line",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct origin, line),
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "the name of the field for the line's number",
     .example = "\"n\""},
    {.name = "overwrite",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct origin, overwrite),
     .help = "replace fields that have these names already",
     .example = "true"},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    const struct origin *origin = memory;

    if (origin->path.length && origin->path.length == origin->line.length &&
        memcmp(origin->path.data, origin->line.data, origin->path.length) == 0)
        cosend_check_error(check, "line", "is the name of the file's, too");
}

/* The names of the fields to add, NULL for none. */
struct names {
    const char *path, *line;
};

static struct names names_of(const struct origin *origin)
{
    struct names names = {origin->path.data, origin->line.data};

    if (!names.path && !names.line)
        names.path = "file";
    return names;
}

static bool may_add(struct cosend_stage *self, const struct origin *origin,
                    const struct cosend_record *record, const char *name)
{
    const struct cosend_fields none = {0, 0};

    return !name || origin->overwrite ||
           cosend_name_free(self, record, name, none,
                            "overwrite=true replaces it, and another name may "
                            "be given");
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct origin *origin = memory;
    const struct names names = names_of(origin);
    struct cosend_column path = {0}, number = {0};
    struct cosend_record record;
    const char *source;
    uint64_t line;

    if (names.path)
        path = cosend_add_column(self, names.path);
    if (names.line)
        number = cosend_add_column(self, names.line);
    cosend_only_fields(self);
    while (cosend_receive(self, &record)) {
        if (!may_add(self, origin, &record, names.path) ||
            !may_add(self, origin, &record, names.line))
            continue;
        if (!cosend_record_place(&record, &source, &line)) {
            cosend_bad(self, &record, "no_origin",
                       "a step made this record, which was read nowhere; put "
                       "origin before that step");
            continue;
        }
        if (names.path)
            cosend_set(self, path, cosend_text(source, strlen(source)));
        if (names.line && line)
            cosend_set_integer(self, number, (int64_t)line);
        cosend_emit(self, &record);
    }
    return 0;
}

const struct cosend_filter csi_filter_origin = {
    .name = "origin",
    .role = COSEND_FILTER,
    .summary = "Say of each record which file it was read from, and where",
    .details =
        "Emits every record as it comes, with the name of its file as the "
        "field `file` behind the others, as awk's FILENAME is; with `line` the "
        "number of its first line there, from 1 in each file, header and all, "
        "as its FNR. Standard input is called stdin. A field that has the name "
        "already is an error, in JSON lines a bad record (name_taken), unless "
        "it is to be replaced. A record that a step made, such as a count, "
        "was read nowhere and is bad (no_origin); where a followed file is not "
        "read from its start nobody knows the line, and the field is absent. "
        "Each record is treated by itself, in all threads, and at once under "
        "--follow.",
    .example = "grep error | origin | count file",
    .options_size = sizeof(struct origin),
    .options = options,
    .check = check,
    .body = body,
    .parallel = COSEND_STATELESS,
};
