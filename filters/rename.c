/* SPDX-License-Identifier: MIT */
/*
 * rename: emits every record, as it comes, with some of its fields under other
 * names, in their places.
 *
 * Columns are renamed once, before the first record. A record of JSON lines has
 * names of its own: these are renamed one by one.
 */
#include "cosend.h"

#include <string.h>

enum letters { AS_THEY_ARE, LOWER, UPPER, TITLE }; /* enum cosend_case + 1 */

/* One field and its new name. */
struct renaming {
    struct cosend_string to;
    struct cosend_field field;
};

struct rename {
    struct cosend_list names;
    struct cosend_string pattern, with;
    int letters;
    bool trim, safe, overwrite;
    struct cosend_regex *regex;
    struct cosend_replacement *replacement;
};

static const char *const letter_names[] = {"keep", "lower", "upper", "title",
                                           NULL};

static const struct cosend_option name_options[] = {
    {.name = "to",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct renaming, to),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "the new name",
     .example = "\"host\""},
    {.name = NULL},
};

static const struct cosend_option options[] = {
    {.name = "names",
     .type = COSEND_OPTION_MAP,
     .offset = offsetof(struct rename, names),
     .flags = COSEND_MAIN,
     .group = name_options,
     .item_size = sizeof(struct renaming),
     .help = "the new name of each field by its old one",
     .example = "{\"ip\": \"host\", \"code\": \"status\"}"},
    {.name = "regex",
     .type = COSEND_OPTION_PATTERN,
     .offset = offsetof(struct rename, pattern),
     .help = "a PCRE2 pattern: everything that it matches of a name is "
             "replaced",
     .example = "\"^http_\""},
    {.name = "with",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct rename, with),
     .maximum = 1 << 16,
     .help = "what it becomes, as `replace` has it: $1 is what the first group "
             "matched, $0 the whole match, $$ a dollar; else it is cut out",
     .example = "\"h_\""},
    {.name = "case",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct rename, letters),
     .fallback = "\"keep\"",
     .choices = letter_names,
     .help = "put the letters of all names in another case, as `case` does",
     .example = "\"lower\""},
    {.name = "trim",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct rename, trim),
     .help = "take blanks from the ends of all names",
     .example = "true"},
    {.name = "safe",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct rename, safe),
     .help = "make all names of ASCII letters, digits and _ alone, and begin "
             "with no digit: other characters become _",
     .example = "true"},
    {.name = "overwrite",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct rename, overwrite),
     .help = "drop a field that has a new name already",
     .example = "true"},
    {.name = NULL},
};

static const struct renaming *renaming_at(const struct rename *rename, size_t i)
{
    return (const struct renaming *)rename->names.items + i;
}

static bool has_rule(const struct rename *rename)
{
    return rename->regex || rename->letters != AS_THEY_ARE || rename->trim ||
           rename->safe;
}

/* ---- Check --------------------------------------------------------------- */

static void compile(struct cosend_check *check, struct rename *rename)
{
    struct cosend_regex_options how = {.places = true};
    const char *with = rename->with.length ? rename->with.data : "";
    struct cosend_error error = {0};

    rename->regex = cosend_regex_new(rename->pattern.data,
                                     rename->pattern.length, &how, &error);
    if (!rename->regex) {
        cosend_check_failed(check, "regex", &error);
        return;
    }
    rename->replacement = cosend_replacement_new(
        rename->regex, with, rename->with.length, false, &error);
    if (!rename->replacement)
        cosend_check_failed(check, "with", &error);
}

static bool same(const struct cosend_string *a, const struct cosend_string *b)
{
    return a->length == b->length && memcmp(a->data, b->data, a->length) == 0;
}

/* The field that may have a new name already, unless it is renamed as well. */
static void check_taken(struct cosend_check *check, const struct rename *rename,
                        const struct cosend_string *name)
{
    struct cosend_field taken;

    for (size_t i = 0; i < rename->names.count; i++)
        if (same(&rename->names.keys[i], name))
            return;
    taken = cosend_check_field(check, "names", name->data, name->length);
    cosend_check_missing(check, (struct cosend_fields){taken.slot, 1},
                         COSEND_MISSING_SKIP);
}

static void check_names(struct cosend_check *check, struct rename *rename)
{
    struct renaming *renaming =
        (struct renaming *)(uintptr_t)rename->names.items;

    for (size_t i = 0; i < rename->names.count; i++) {
        const struct cosend_string *old = &rename->names.keys[i];

        renaming[i].field =
            cosend_check_field(check, "names", old->data, old->length);
        check_taken(check, rename, &renaming[i].to);
        for (size_t j = 0; j < i; j++)
            if (same(&renaming[i].to, &renaming[j].to))
                cosend_check_error(check, "names",
                                   "both \"%.100s\" and \"%.100s\" become "
                                   "\"%.100s\"",
                                   rename->names.keys[j].data, old->data,
                                   renaming[i].to.data);
    }
}

static void check(struct cosend_check *check, void *memory)
{
    struct rename *rename = memory;

    if (cosend_check_given(check, "regex"))
        compile(check, rename);
    else if (cosend_check_given(check, "with"))
        cosend_check_error(check, "with",
                           "is for `regex`, which says what it "
                           "replaces");
    check_names(check, rename);
    if (!rename->names.count && !cosend_check_given(check, "regex") &&
        !has_rule(rename))
        cosend_check_error(
            check, "names",
            "say what to rename: old=new, regex, case, trim or safe");
    if (rename->names.count &&
        (cosend_check_given(check, "regex") || has_rule(rename)))
        cosend_check_error(check, "names",
                           "names stand alone; put what renames all fields in "
                           "another rename");
}

static void release(void *memory)
{
    struct rename *rename = memory;

    cosend_replacement_free(rename->replacement);
    cosend_regex_free(rename->regex);
}

/* ---- A rule for all names ------------------------------------------------ */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void put_letters(const struct rename *rename, const char *name,
                        size_t length, struct cosend_bytes *to)
{
    if (rename->letters == AS_THEY_ARE)
        cosend_put_raw(to, name, length);
    else
        cosend_put_case(to, name, length,
                        (enum cosend_case)(rename->letters - 1));
}

static bool is_safe(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

/* What was appended becomes letters, digits and _, a digit not the first: each
   other character becomes a _. */
static void make_safe(struct cosend_bytes *to, size_t from)
{
    unsigned char *name;
    size_t kept = from;

    if (to->failed || to->length == from)
        return;
    cosend_put_u8(to, 0);
    if (to->failed)
        return;
    to->length--;
    name = to->data;
    for (size_t i = from; i < to->length; i++)
        if (is_safe((char)name[i]))
            name[kept++] = name[i];
        else if ((name[i] & 0xC0) != 0x80)
            name[kept++] = '_';
    to->length = kept;
    if (kept == from || name[from] < '0' || name[from] > '9')
        return;
    memmove(name + from + 1, name + from, kept - from);
    name[from] = '_';
    to->length++;
}

struct run {
    const struct rename *rename;
    enum cosend_match *limit; /* that the rule met, or NO_MATCH */
};

/* See cosend_rename_columns. A name that would be empty stays. */
static bool rule(const char *name, size_t length, struct cosend_bytes *to,
                 const void *own)
{
    const struct run *run = own;
    const struct rename *rename = run->rename;
    enum cosend_match match = COSEND_NO_MATCH;
    size_t before = to->length, from = 0, end = length;
    struct cosend_bytes replaced = {0};
    struct cosend_cell text;

    while (rename->trim && from < end && is_blank(name[from]))
        from++;
    while (rename->trim && from < end && is_blank(name[end - 1]))
        end--;
    text = cosend_text(name + from, end - from);
    if (rename->replacement)
        match = cosend_replace(rename->replacement, text, false, &replaced);
    if (match == COSEND_MATCH)
        text = cosend_text((const char *)replaced.data, replaced.length);
    else if (match == COSEND_MATCH_LIMIT || match == COSEND_MATCH_TOO_LONG)
        *run->limit = match;
    put_letters(rename, text.data, text.length, to);
    to->failed |= replaced.failed || match == COSEND_MATCH_MEMORY;
    cosend_bytes_free(&replaced);
    if (rename->safe)
        make_safe(to, before);
    return to->length > before &&
           (to->length - before != length ||
            memcmp(to->data + before, name, length) != 0);
}

/* ---- Records of JSON lines ----------------------------------------------- */

static void rename_each(struct cosend_stage *self, const struct run *run,
                        const struct cosend_batch *batch)
{
    uint32_t count = cosend_batch_count(batch);

    for (uint32_t i = 0; i < count && !cosend_ended(self); i++) {
        struct cosend_record record = cosend_record_at(self, i);

        *run->limit = COSEND_NO_MATCH;
        if (!cosend_rename_items(self, &record, rule, run,
                                 run->rename->overwrite))
            continue;
        if (*run->limit == COSEND_NO_MATCH)
            cosend_emit(self, &record);
        else
            cosend_bad(self, &record, "match_limit",
                       "in a field's name pattern \"%.100s\" %s",
                       run->rename->pattern.data,
                       cosend_match_problem(*run->limit));
    }
}

/* ---- Body ---------------------------------------------------------------- */

static void declare(struct cosend_stage *self, const struct run *run)
{
    const struct rename *rename = run->rename;

    cosend_only_fields(self);
    cosend_remake_fields(self);
    for (size_t i = 0; i < rename->names.count; i++)
        cosend_rename_column(self, renaming_at(rename, i)->field,
                             renaming_at(rename, i)->to.data);
    if (has_rule(rename))
        cosend_rename_columns(self, rule, run);
    if (rename->overwrite)
        cosend_overwrite_columns(self);
}

static int body(struct cosend_stage *self, void *memory)
{
    struct run *run = cosend_stage_memory(self, sizeof(*run));
    const struct cosend_batch *batch;

    if (!run)
        return COSEND_E_MEMORY;
    run->rename = memory;
    run->limit = cosend_stage_memory(self, sizeof(*run->limit));
    if (!run->limit)
        return COSEND_E_MEMORY;
    declare(self, run);
    while ((batch = cosend_receive_batch(self)) &&
           *run->limit == COSEND_NO_MATCH) {
        if (!cosend_schema_open(cosend_batch_schema(batch)) ||
            !has_rule(memory)) {
            cosend_emit_renamed(self);
            continue;
        }
        rename_each(self, run, batch);
        *run->limit = COSEND_NO_MATCH;
    }
    if (*run->limit != COSEND_NO_MATCH)
        return cosend_fail(
            self, COSEND_E_LIMIT, "in a column's name pattern \"%.100s\" %s",
            run->rename->pattern.data, cosend_match_problem(*run->limit));
    return 0;
}

const struct cosend_filter csi_filter_rename = {
    .abi = COSEND_ABI,
    .name = "rename",
    .role = COSEND_FILTER,
    .summary = "Give fields other names",
    .details =
        "Emits every record as it comes, with fields renamed in their places: "
        "in one line `rename old=new,other=newer`, in JSON an object. With "
        "trim, regex, case or safe the names of all fields change by a rule, "
        "in this order; a name of which nothing is left stays. All names "
        "change at once, so that two fields may change theirs with each "
        "other. Where a field that is not renamed has a new name, that is an "
        "error, in JSON lines a bad record (name_taken), unless overwrite "
        "drops that field.",
    .example = "parse combined | rename host=ip,status=code",
    .options_size = sizeof(struct rename),
    .options = options,
    .check = check,
    .release = release,
    .body = body,
    .parallel = COSEND_STATELESS,
};
