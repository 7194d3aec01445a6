/* SPDX-License-Identifier: MIT */
/*
 * split: emits every record, as it comes, with one of its fields taken apart
 * into several: at separators, or where a pattern matches.
 */
#include "cosend.h"

#include <stdio.h>
#include <string.h>

enum {
    MOST = 1000, /* fields that one becomes */
    NAME = 1024  /* bytes of a name that is made */
};

struct split {
    struct cosend_field field;
    struct cosend_string separator, pattern;
    struct cosend_strings into;
    int64_t n;
    bool keep_source, overwrite;
    struct cosend_regex *regex; /* NULL: by the separator */
};

static const struct cosend_option options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct split, field),
     .flags = COSEND_MAIN | COSEND_ONLY_COLUMN,
     .help = "the field to take apart; by default the only one",
     .example = "\"name\""},
    {.name = "separator",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct split, separator),
     .fallback = "\",\"",
     .flags = COSEND_SEPARATOR | COSEND_SECOND,
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "what stands between the parts",
     .example = "\"-\""},
    {.name = "pattern",
     .type = COSEND_OPTION_PATTERN,
     .offset = offsetof(struct split, pattern),
     .help = "or a PCRE2 pattern that matches what does",
     .example = "\"[;, ]+\""},
    {.name = "into",
     .type = COSEND_OPTION_STRINGS,
     .offset = offsetof(struct split, into),
     .help = "the names of the parts",
     .example = "[\"first\", \"last\"]"},
    {.name = "n",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct split, n),
     .minimum = 1,
     .maximum = MOST,
     .help = "or how many there are: field_1, field_2, ...",
     .example = "3"},
    {.name = "keep_source",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct split, keep_source),
     .help = "keep the field that is taken apart, too",
     .example = "true"},
    {.name = "overwrite",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct split, overwrite),
     .help = "replace fields that have the name of a part already",
     .example = "true"},
    {.name = NULL},
};

/* ---- Check --------------------------------------------------------------- */

static void check_names(struct cosend_check *check, const struct split *split)
{
    const struct cosend_string *names = split->into.items;

    if (split->into.count > MOST)
        cosend_check_error(check, "into", "one field becomes %d at most", MOST);
    for (size_t i = 0; i < split->into.count && i <= MOST; i++) {
        if (!names[i].length)
            cosend_check_error(check, "into", "a name is empty");
        for (size_t j = 0; j < i; j++)
            if (strcmp(names[i].data, names[j].data) == 0)
                cosend_check_error(check, "into", "\"%.100s\" is there twice",
                                   names[i].data);
    }
}

static void check(struct cosend_check *check, void *memory)
{
    struct split *split = memory;
    struct cosend_error error = {0};
    struct cosend_regex_options how = {.places = true};

    if (split->into.count && split->n)
        cosend_check_error(check, "n", "`into` says how many there are");
    else if (!split->into.count && !split->n)
        cosend_check_error(check, "into",
                           "say what the parts are called, into=a,b, or how "
                           "many there are, n=2");
    check_names(check, split);
    if (!cosend_check_given(check, "pattern"))
        return;
    if (cosend_check_given(check, "separator"))
        cosend_check_error(check, "pattern",
                           "give a separator or a pattern, not both");
    split->regex = cosend_regex_new(split->pattern.data, split->pattern.length,
                                    &how, &error);
    if (!split->regex)
        cosend_check_failed(check, "pattern", &error);
}

static void release(void *memory)
{
    struct split *split = memory;

    cosend_regex_free(split->regex);
}

/* ---- Parts --------------------------------------------------------------- */

struct parts {
    uint32_t count;
    struct cosend_column columns[MOST];
    struct cosend_cell cells[MOST];
};

/* What stands behind the part that begins at `from`: *between. A match of no
   bytes is none. */
static enum cosend_match find_between(const struct split *split,
                                      struct cosend_cell cell, uint32_t from,
                                      struct cosend_cell *between)
{
    enum cosend_match match;
    const char *at;

    if (split->regex) {
        for (; from < cell.length; from++) {
            match = cosend_regex_find(split->regex, cell, from, between);
            if (match != COSEND_MATCH || between->length)
                return match;
            from = (uint32_t)(between->data - cell.data);
        }
        return COSEND_NO_MATCH;
    }
    at = memmem(cell.data + from, cell.length - from, split->separator.data,
                split->separator.length);
    if (!at)
        return COSEND_NO_MATCH;
    *between = cosend_text(at, split->separator.length);
    return COSEND_MATCH;
}

/* Cut a text; the last part keeps the rest, and those that there are not are
   absent. */
static enum cosend_match cut(const struct split *split, struct cosend_cell cell,
                             struct parts *parts)
{
    enum cosend_match match = COSEND_MATCH;
    uint32_t from = 0, i;

    for (i = 0; i < parts->count; i++)
        parts->cells[i] = (struct cosend_cell){.kind = COSEND_ABSENT};
    if (!cell.length) {
        parts->cells[0] = cell;
        return COSEND_MATCH;
    }
    for (i = 0; i + 1 < parts->count; i++) {
        struct cosend_cell between;

        match = find_between(split, cell, from, &between);
        if (match != COSEND_MATCH)
            break;
        parts->cells[i] = cosend_text(
            cell.data + from, (size_t)(between.data - (cell.data + from)));
        from = (uint32_t)(between.data - cell.data) + between.length;
    }
    parts->cells[i] = cosend_text(cell.data + from, cell.length - from);
    if (!from)
        parts->cells[i].kind = cell.kind;
    return match < 0 ? match : COSEND_MATCH;
}

/* ---- Body ---------------------------------------------------------------- */

static uint32_t count_of(const struct split *split)
{
    return (uint32_t)(split->into.count ? (int64_t)split->into.count
                                        : split->n);
}

/* The name of part i, in `name` where it is made of the field's. */
static const char *name_of(const struct split *split, const char *field,
                           uint32_t i, char name[NAME])
{
    if (split->into.count)
        return split->into.items[i].data;
    snprintf(name, NAME, "%.*s_%u", NAME - 20, field ? field : "part", i + 1);
    return name;
}

static void add_columns(struct cosend_stage *self, const struct split *split,
                        struct parts *parts)
{
    const char *field = cosend_field_name(self, split->field);
    char name[NAME];

    parts->count = count_of(split);
    if (!split->keep_source)
        cosend_drop_column(self, split->field);
    for (uint32_t i = 0; i < parts->count; i++)
        parts->columns[i] =
            cosend_add_column(self, name_of(split, field, i, name));
}

/* Whether the parts' names are free, which columns are asked once. */
static bool is_free(struct cosend_stage *self, const struct split *split,
                    const struct cosend_record *record)
{
    struct cosend_fields source = {split->field.slot, !split->keep_source};
    const char *field = cosend_field_name(self, split->field);
    char name[NAME];

    for (uint32_t i = 0; i < count_of(split) && !split->overwrite; i++)
        if (!cosend_name_free(self, record, name_of(split, field, i, name),
                              source,
                              "overwrite=true replaces it, and into=NAME,... "
                              "takes other names"))
            return false;
    return true;
}

static int split_record(struct cosend_stage *self, const struct split *split,
                        struct parts *parts, struct cosend_record *record)
{
    struct cosend_cell cell = cosend_field(record, split->field);
    enum cosend_match match;

    if (cell.kind == COSEND_NESTED) {
        cosend_bad(self, record, "nested",
                   "an array or object of JSON is not split; explode and "
                   "flatten are for those");
        return 0;
    }
    match = cut(split, cell, parts);
    if (match == COSEND_MATCH_MEMORY)
        return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    if (match < 0) {
        cosend_bad(self, record, "match_limit", "pattern \"%.100s\" %s",
                   split->pattern.data, cosend_match_problem(match));
        return 0;
    }
    for (uint32_t i = 0; i < parts->count; i++)
        cosend_set_slice(self, parts->columns[i], parts->cells[i]);
    cosend_emit(self, record);
    return 0;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct split *split = memory;
    struct parts *parts = cosend_stage_memory(self, sizeof(*parts));
    struct cosend_record record;
    bool open = true; /* or it is the first record */
    int status = 0;

    if (!parts)
        return COSEND_E_MEMORY;
    cosend_only_fields(self);
    add_columns(self, split, parts);
    while (status == 0 && cosend_receive(self, &record)) {
        if (open && !is_free(self, split, &record))
            continue;
        open = cosend_schema_open(cosend_input_schema(self));
        status = split_record(self, split, parts, &record);
    }
    return status;
}

const struct cosend_filter csi_filter_split = {
    .abi = COSEND_ABI,
    .name = "split",
    .aliases = "separate",
    .role = COSEND_FILTER,
    .summary = "Take a field apart into several",
    .details =
        "Emits every record as it comes, with the parts of the field in its "
        "stead, behind the other fields: those named by `into`, or n of them "
        "named after the field. A part is what stands between separators, or "
        "between matches of a pattern; it may be empty. The last one keeps the "
        "rest, and where there are too few the last ones are absent. An empty "
        "field is one part, and of one that is absent or null there is none. A "
        "field that has the name of a part is an error, in JSON lines a bad "
        "record (name_taken), unless it is to be replaced. `parse` takes a "
        "field "
        "apart by a pattern as a whole, and `explode` makes a record of each "
        "part. Each record is treated by itself, in all threads, and at once "
        "under --follow.",
    .example = "parse combined | split time : into=day,clock",
    .options_size = sizeof(struct split),
    .options = options,
    .check = check,
    .release = release,
    .body = body,
    .parallel = COSEND_STATELESS,
};
