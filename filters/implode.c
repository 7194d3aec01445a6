/* SPDX-License-Identifier: MIT */
/*
 * implode: emits one record of those that are the same but for one field, with
 * all their values in it: at the end, or where those that follow each other are
 * meant as soon as another one comes.
 */
#include "cosend.h"

#include <string.h>

enum scope { SCOPE_ALL, SCOPE_CONSECUTIVE };

struct implode {
    struct cosend_field field;
    struct cosend_string separator;
    bool array;
    int scope;
    int64_t max_groups;
};

static const char *const scopes[] = {"all", "consecutive", NULL};

static const struct cosend_option options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct implode, field),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .help = "the field whose values are put together",
     .example = "\"tag\""},
    {.name = "separator",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct implode, separator),
     .fallback = "\",\"",
     .flags = COSEND_SEPARATOR,
     .maximum = 1 << 16,
     .help = "what stands between them",
     .example = "\";\""},
    {.name = "array",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct implode, array),
     .help = "make an array of JSON of them instead",
     .example = "true"},
    {.name = "scope",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct implode, scope),
     .fallback = "\"all\"",
     .choices = scopes,
     .help = "among all records, or among those that follow each other, which "
             "takes no memory where they are sorted",
     .example = "\"consecutive\""},
    {.name = "max_groups",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct implode, max_groups),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "how many records there may be at the end; more end the run; 0: "
             "any number",
     .example = "100000"},
    {.name = NULL},
};

/* Records that are one. */
struct group {
    struct cosend_bytes text;
    uint64_t count;        /* of values that are not absent */
    enum cosend_kind kind; /* of the first */
};

struct work {
    struct cosend_column column;
    struct cosend_store *store; /* the first record of each group */
    struct cosend_table *groups;
    struct cosend_bytes *key, *before;
    struct group *run; /* consecutive: the one that goes on, or NULL */
    bool divided;      /* a value had the separator in it */
    bool lossy;        /* or, for an array, bytes that are no UTF-8 */
};

static void free_groups(void *memory)
{
    const struct cosend_table *groups = memory;
    const void *key;
    size_t length;

    for (size_t i = 0; i < cosend_table_count(groups); i++) {
        struct group *group = cosend_table_at(groups, i, &key, &length);

        cosend_bytes_free(&group->text);
    }
}

static bool start(struct cosend_stage *self, struct work *work)
{
    static const struct cosend_store_options all = {.memory = 0};

    work->store = cosend_store_new(self, &all);
    work->groups = cosend_stage_table(self, sizeof(struct group));
    work->key = cosend_stage_text(self);
    work->before = cosend_stage_text(self);
    return work->store && work->groups && work->key && work->before &&
           cosend_stage_defer(self, free_groups, work->groups);
}

/* ---- Putting together ---------------------------------------------------- */

static void add_value(const struct implode *implode, struct work *work,
                      struct group *group, struct cosend_cell cell)
{
    const struct cosend_string *separator = &implode->separator;

    if (cell.kind == COSEND_ABSENT)
        return;
    if (!group->count++)
        group->kind = cell.kind;
    if (implode->array) {
        cosend_put_raw(&group->text, group->count > 1 ? "," : "[", 1);
        work->lossy |= !cosend_put_json(&group->text, cell);
        return;
    }
    if (group->count > 1)
        cosend_put_raw(&group->text, separator->data, separator->length);
    if (cell.length && separator->length)
        work->divided |= memmem(cell.data, cell.length, separator->data,
                                separator->length) != NULL;
    cosend_put_raw(&group->text, cell.data, cell.length);
}

/* Emit the first record of a group with what all have. Returns 0, or an error.
 */
static int emit_group(struct cosend_stage *self, const struct implode *implode,
                      const struct work *work, struct group *group,
                      struct cosend_record *record)
{
    struct cosend_cell cell;

    if (implode->array && group->count)
        cosend_put_raw(&group->text, "]", 1);
    if (group->text.failed)
        return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    if (group->text.length > UINT32_MAX)
        return cosend_fail(self, COSEND_E_LIMIT,
                           "the values of a record have more than 4 GiB "
                           "together");
    cell = cosend_text((const char *)group->text.data, group->text.length);
    if (implode->array)
        cell.kind = COSEND_NESTED;
    else if (group->count == 1)
        cell.kind = group->kind;
    if (!group->count)
        cell.kind = COSEND_ABSENT;
    cosend_set(self, work->column, cell);
    cosend_emit(self, record);
    cosend_bytes_free(&group->text);
    return 0;
}

/* What there is goes out, and is forgotten. */
static int emit_run(struct cosend_stage *self, const struct implode *implode,
                    struct work *work)
{
    struct cosend_record record;
    int status = 0;

    while (status == 0 && cosend_store_next(work->store, &record)) {
        status = emit_group(self, implode, work, work->run, &record);
        *work->run = (struct group){.count = 0};
    }
    return status;
}

static int emit_all(struct cosend_stage *self, const struct implode *implode,
                    struct work *work)
{
    struct cosend_record record;
    const void *key;
    size_t length;
    int status = 0;

    for (size_t i = 0; status == 0 && cosend_store_next(work->store, &record);
         i++)
        status = emit_group(self, implode, work,
                            cosend_table_at(work->groups, i, &key, &length),
                            &record);
    return status;
}

/* The group of the record whose key is made; *fresh: it is its first record.
   NULL, with the step failed, without memory, and where there are too many. */
static struct group *find_group(struct cosend_stage *self,
                                const struct implode *implode,
                                struct work *work, bool *fresh)
{
    struct group *group = cosend_table_get(work->groups, work->key->data,
                                           work->key->length, fresh);

    if (!group)
        cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    else if (*fresh &&
             !cosend_groups_limit(self, cosend_table_count(work->groups),
                                  (uint64_t)implode->max_groups))
        group = NULL;
    return group;
}

/* The same among those that follow each other: there is one group, which is
   emitted before another begins. */
static struct group *find_run(struct cosend_stage *self,
                              const struct implode *implode, struct work *work,
                              bool *fresh)
{
    struct cosend_bytes *before = work->before;

    if (!work->run) {
        work->run = cosend_table_get(work->groups, "", 0, fresh);
        if (!work->run)
            cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    } else {
        *fresh = before->length != work->key->length ||
                 (before->length &&
                  memcmp(before->data, work->key->data, before->length) != 0);
        if (*fresh && emit_run(self, implode, work) < 0)
            return NULL;
    }
    work->before = work->key;
    work->key = before;
    return work->run;
}

static void check(struct cosend_check *check, void *memory)
{
    const struct implode *implode = memory;

    if (implode->scope == SCOPE_ALL)
        cosend_check_endless(check, COSEND_GROWS,
                             "put together those that follow each other, by "
                             "scope=consecutive");
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct implode *implode = memory;
    const struct cosend_fields none = {0, 0};
    const struct cosend_fields but = {implode->field.slot, 1};
    bool is_run = implode->scope == SCOPE_CONSECUTIVE;
    struct work work = {.run = NULL};
    struct cosend_record record;

    if (!start(self, &work))
        return COSEND_E_MEMORY;
    work.column =
        cosend_add_column(self, cosend_field_name(self, implode->field));
    while (cosend_receive(self, &record)) {
        struct group *group;
        bool fresh = false;

        if (!cosend_record_key(self, &record, none, but, work.key))
            return COSEND_E_MEMORY;
        group = is_run ? find_run(self, implode, &work, &fresh)
                       : find_group(self, implode, &work, &fresh);
        if (!group || (fresh && cosend_store_put(work.store, &record) < 0))
            return COSEND_E_MEMORY;
        add_value(implode, &work, group, cosend_field(&record, implode->field));
    }
    if (work.lossy)
        cosend_warn(self, "there are values with bytes that are no UTF-8: "
                          "arrays have U+FFFD in their place");
    if (work.divided)
        cosend_warn(self,
                    "there are values with \"%.100s\" in them, so that "
                    "`explode` would take them apart otherwise; `separator` "
                    "is another, and array=true needs none",
                    implode->separator.data);
    return is_run ? emit_run(self, implode, &work)
                  : emit_all(self, implode, &work);
}

const struct cosend_filter csi_filter_implode = {
    .abi = COSEND_ABI,
    .name = "implode",
    .role = COSEND_FILTER,
    .summary = "Put the values of records that are the same otherwise into one",
    .details =
        "Emits, at the end of the input, the first of those records that are "
        "the same in all fields but one, as they are written, with the values "
        "of all of them in that field, in the order of the input; records are "
        "in the order in which the first of each came. It is the way back of "
        "`explode`: empty values count, null is an empty one, or null in an "
        "array, and a record without the field adds none. A value that is "
        "alone stays as it is. Where one has the separator in it that is told. "
        "With scope=consecutive, for what is sorted, each goes out when a "
        "record comes that is not the same. Memory: that of the records that "
        "come out, and a key for each; of one, with scope=consecutive. It sees "
        "records one after the other, in one thread. Under --follow it prints "
        "as it goes with scope=consecutive; without it it would hold more and "
        "more, and is refused, unless a step before it ends its records (head) "
        "or prints at the end (count).",
    .example = "explode tags separator=; | implode tags separator=;",
    .options_size = sizeof(struct implode),
    .options = options,
    .body = body,
    .check = check,
    .absorbs = true,
};
