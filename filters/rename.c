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

enum letters { AS_THEY_ARE, LOWER, UPPER };

/* One field and its new name. */
struct renaming {
    struct cosend_string to;
    struct cosend_field field;
};

struct rename {
    struct cosend_list names;
    struct cosend_string pattern, with;
    int letters;
    bool trim, overwrite;
    struct cosend_regex *regex;
};

static const char *const letter_names[] = {"keep", "lower", "upper", NULL};

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
     .help = "a PCRE2 pattern: what it first matches of a name is replaced",
     .example = "\"^http_\""},
    {.name = "with",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct rename, with),
     .maximum = 1 << 16,
     .help = "what `regex` is replaced by; else it is cut out",
     .example = "\"h_\""},
    {.name = "case",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct rename, letters),
     .fallback = "\"keep\"",
     .choices = letter_names,
     .help = "make the ASCII letters of all names lower or upper case",
     .example = "\"lower\""},
    {.name = "trim",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct rename, trim),
     .help = "take blanks from the ends of all names",
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
    return rename->regex || rename->letters != AS_THEY_ARE || rename->trim;
}

/* ---- Check --------------------------------------------------------------- */

/* The match as a group, so that its place is known. */
static void compile(struct cosend_check *check, struct rename *rename)
{
    struct cosend_bytes text = {0};
    struct cosend_error error = {0};
    /* By itself, so that messages name places in it. */
    struct cosend_regex *alone = cosend_regex_new(
        rename->pattern.data, rename->pattern.length, NULL, &error);

    cosend_put_raw(&text, "(?<all>(?:", 10);
    cosend_put_raw(&text, rename->pattern.data, rename->pattern.length);
    cosend_put_raw(&text, "))", 2);
    if (alone && !text.failed)
        rename->regex = cosend_regex_new((const char *)text.data, text.length,
                                         NULL, &error);
    if (!rename->regex)
        cosend_check_failed(check, "regex", &error);
    cosend_regex_free(alone);
    cosend_bytes_free(&text);
}

static bool same(const struct cosend_string *a, const struct cosend_string *b)
{
    return a->length == b->length && memcmp(a->data, b->data, a->length) == 0;
}

static void check_names(struct cosend_check *check, struct rename *rename)
{
    struct renaming *renaming =
        (struct renaming *)(uintptr_t)rename->names.items;

    for (size_t i = 0; i < rename->names.count; i++) {
        const struct cosend_string *old = &rename->names.keys[i];

        renaming[i].field =
            cosend_check_field(check, "names", old->data, old->length);
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
        cosend_check_error(check, "names",
                           "say what to rename: old=new, regex, case or trim");
    if (rename->names.count && (cosend_check_given(check, "regex") ||
                                rename->letters != AS_THEY_ARE || rename->trim))
        cosend_check_error(check, "names",
                           "names stand alone; put what renames all fields in "
                           "another rename");
}

static void release(void *memory)
{
    struct rename *rename = memory;

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
    for (size_t i = 0; i < length; i++) {
        char c = name[i];

        if (rename->letters == LOWER && c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        else if (rename->letters == UPPER && c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        cosend_put_raw(to, &c, 1);
    }
}

/* See cosend_rename_columns. A name that would be empty stays. */
static bool rule(const char *name, size_t length, struct cosend_bytes *to,
                 const void *own)
{
    const struct rename *rename = own;
    size_t before = to->length, from = 0, end = length;
    struct cosend_cell match = {NULL, 0, COSEND_ABSENT};

    while (rename->trim && from < end && is_blank(name[from]))
        from++;
    while (rename->trim && from < end && is_blank(name[end - 1]))
        end--;
    if (rename->regex &&
        cosend_regex_captures(rename->regex,
                              cosend_text(name + from, end - from),
                              &match) == COSEND_MATCH) {
        size_t start = match.length ? (size_t)(match.data - name) : from;

        put_letters(rename, name + from, start - from, to);
        cosend_put_raw(to, rename->with.data, rename->with.length);
        from = start + match.length;
    }
    put_letters(rename, name + from, end - from, to);
    return to->length > before &&
           (to->length - before != length ||
            memcmp(to->data + before, name, length) != 0);
}

/* ---- Records of JSON lines ----------------------------------------------- */

/* A name, and the new one, appended to `to` by a rule. */
static struct cosend_string new_name(const struct rename *rename,
                                     const struct cosend_item *item,
                                     struct cosend_bytes *to)
{
    struct cosend_string name = {item->name, item->name_length};

    for (size_t i = 0; i < rename->names.count; i++)
        if (same(&rename->names.keys[i], &name))
            return renaming_at(rename, i)->to;
    cosend_bytes_clear(to);
    if (has_rule(rename) && rule(name.data, name.length, to, rename)) {
        name.data = (const char *)to->data;
        name.length = to->length;
    }
    return name;
}

/* The names that fields of a record have by now, each behind a byte that says
   whether it is a new one. */
struct taken {
    struct cosend_bytes names;
    struct cosend_bytes one;
};

enum { NOT_MET = -1, MET, MET_RENAMED };

static int find_met(const struct taken *taken, const struct cosend_string *name)
{
    struct cosend_reader_bytes from =
        cosend_read_bytes(taken->names.data, taken->names.length);

    while (from.next < from.end) {
        int renamed = cosend_get_u8(&from) ? MET_RENAMED : MET;
        size_t length;
        const char *met = cosend_get_bytes(&from, &length);

        if (length == name->length && memcmp(met, name->data, length) == 0)
            return renamed;
    }
    return NOT_MET;
}

/* Set a record's fields under their names. Returns false where one has the name
   of another, and may not: the record is bad. */
static bool set_fields(struct cosend_stage *self, const struct rename *rename,
                       const struct cosend_record *record, struct taken *taken)
{
    struct cosend_item item = {0};

    cosend_bytes_clear(&taken->names);
    while (cosend_next_item(record, &item, NULL)) {
        struct cosend_string name = new_name(rename, &item, &taken->one);
        struct cosend_string old = {item.name, item.name_length};
        bool renamed = !same(&name, &old);
        int met;

        if (item.cell.kind == COSEND_ABSENT)
            continue;
        met = find_met(taken, &name);
        if (met != NOT_MET && !rename->overwrite) {
            cosend_bad(self, record, "name_taken",
                       "two fields would be \"%.*s\"; overwrite=true keeps "
                       "the one that is renamed",
                       name.length < 100 ? (int)name.length : 100, name.data);
            return false;
        }
        /* The field that is renamed is the one that stays, or the first. */
        if (met == MET_RENAMED || (met == MET && !renamed))
            continue;
        cosend_put_u8(&taken->names, renamed);
        cosend_put_bytes(&taken->names, name.data, name.length);
        cosend_set_item(self, name.data, name.length, &item);
    }
    return true;
}

static int rename_each(struct cosend_stage *self, const struct rename *rename,
                       const struct cosend_batch *batch, struct taken *taken)
{
    uint32_t count = cosend_batch_count(batch);

    for (uint32_t i = 0; i < count && !cosend_ended(self); i++) {
        struct cosend_record record = cosend_record_at(self, i);

        if (set_fields(self, rename, &record, taken))
            cosend_emit(self, &record);
        if (taken->names.failed || taken->one.failed)
            return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    }
    return 0;
}

/* ---- Body ---------------------------------------------------------------- */

static void free_taken(void *memory)
{
    struct taken *taken = memory;

    cosend_bytes_free(&taken->names);
    cosend_bytes_free(&taken->one);
}

static void declare(struct cosend_stage *self, const struct rename *rename)
{
    cosend_only_fields(self);
    cosend_remake_fields(self);
    for (size_t i = 0; i < rename->names.count; i++)
        cosend_rename_column(self, renaming_at(rename, i)->field,
                             renaming_at(rename, i)->to.data);
    if (has_rule(rename))
        cosend_rename_columns(self, rule, rename);
    if (rename->overwrite)
        cosend_overwrite_columns(self);
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct rename *rename = memory;
    struct taken *taken = cosend_stage_memory(self, sizeof(*taken));
    const struct cosend_batch *batch;
    int status = 0;

    if (!taken || !cosend_stage_defer(self, free_taken, taken))
        return COSEND_E_MEMORY;
    declare(self, rename);
    while (status == 0 && (batch = cosend_receive_batch(self)))
        if (cosend_schema_open(cosend_batch_schema(batch)))
            status = rename_each(self, rename, batch, taken);
        else
            cosend_emit_batch(self, batch);
    return status;
}

const struct cosend_filter csi_filter_rename = {
    .name = "rename",
    .role = COSEND_FILTER,
    .summary = "Give fields other names",
    .details =
        "Emits every record as it comes, with fields renamed in their places: "
        "in one line `rename old=new,other=newer`, in JSON an object. With "
        "regex, case or trim the names of all fields change by a rule; with "
        "both, regex comes last and what it puts in stays as it is. All names "
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
