/* SPDX-License-Identifier: MIT */
/*
 * origin: emits every record, as it comes, with where it was read as fields:
 * the file's name, the number of its first line there, and how many bytes are
 * before it.
 */
#include "cosend.h"

#include <string.h>

struct origin {
    struct cosend_string path, line, offset;
    bool overwrite;
};

static const struct cosend_option options[] = {
    {.name = "path",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct origin, path),
     .flags = COSEND_MAIN,
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "the name of the field for the file's name; without it, `line` "
             "and `offset`, file",
     .example = "\"source\""},
    {.name = "line",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct origin, line),
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "the name of the field for the line's number",
     .example = "\"n\""},
    {.name = "offset",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct origin, offset),
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "the name of the field for how many bytes are before it in the "
             "file",
     .example = "\"at\""},
    {.name = "overwrite",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct origin, overwrite),
     .help = "replace fields that have these names already",
     .example = "true"},
    {.name = NULL},
};

static bool is_same(const struct cosend_string *a,
                    const struct cosend_string *b)
{
    return a->length && a->length == b->length &&
           memcmp(a->data, b->data, a->length) == 0;
}

static void check(struct cosend_check *check, void *memory)
{
    const struct origin *origin = memory;

    if (is_same(&origin->path, &origin->line))
        cosend_check_error(check, "line", "is the name of the file's, too");
    if (is_same(&origin->offset, &origin->path) ||
        is_same(&origin->offset, &origin->line))
        cosend_check_error(check, "offset", "is the name of another, too");
}

/* The names of the fields to add, NULL for none. */
struct names {
    const char *path, *line, *offset;
};

static struct names names_of(const struct origin *origin)
{
    struct names names = {origin->path.data, origin->line.data,
                          origin->offset.data};

    if (!names.path && !names.line && !names.offset)
        names.path = "file";
    return names;
}

/* Their columns. */
struct places {
    struct cosend_column path, line, offset;
};

static void set_places(struct cosend_stage *self, const struct names *names,
                       const struct places *to,
                       const struct cosend_record *record, const char *source,
                       uint64_t line)
{
    const struct cosend_cell null = {.kind = COSEND_NULL};

    if (names->path)
        cosend_set(self, to->path, cosend_text(source, strlen(source)));
    if (names->line && line)
        cosend_set_integer(self, to->line, (int64_t)line);
    else if (names->line)
        cosend_set(self, to->line, null);
    if (names->offset)
        cosend_set_integer(self, to->offset,
                           (int64_t)cosend_record_offset(record));
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
    struct places to = {{0}, {0}, {0}};
    struct cosend_record record;
    const char *source;
    uint64_t line;

    if (names.path)
        to.path = cosend_add_column(self, names.path);
    if (names.line)
        to.line = cosend_add_column(self, names.line);
    if (names.offset)
        to.offset = cosend_add_column(self, names.offset);
    cosend_only_fields(self);
    while (cosend_receive(self, &record)) {
        if (!may_add(self, origin, &record, names.path) ||
            !may_add(self, origin, &record, names.line) ||
            !may_add(self, origin, &record, names.offset))
            continue;
        if (!cosend_record_place(&record, &source, &line)) {
            cosend_bad(self, &record, "no_origin",
                       "a step made this record, which was read nowhere; put "
                       "origin before that step");
            continue;
        }
        set_places(self, &names, &to, &record, source, line);
        cosend_emit(self, &record);
    }
    return 0;
}

const struct cosend_filter csi_filter_origin = {
    .abi = COSEND_ABI,
    .name = "origin",
    .role = COSEND_FILTER,
    .summary = "Say of each record which file it was read from, and where",
    .details =
        "Emits every record as it comes, with the name of its file as the "
        "field `file` behind the others, as awk's FILENAME is; with `line` the "
        "number of its first line there, from 1 in each file, header and all, "
        "as its FNR, and with `offset` how many bytes are before it. Standard "
        "input is called stdin. The line is null where since= or until= of the "
        "source have passed over what is before it. A field that has the name "
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
