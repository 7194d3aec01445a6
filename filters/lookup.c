/* SPDX-License-Identifier: MIT */
/*
 * lookup: emits each record, as it comes, with what a table says of it, or
 * those alone that the table has, or has not.
 *
 * The table is read once in a run, before the first record, for all threads;
 * of its rows it keeps the cells that are added. A batch's keys are looked for
 * together, and the cells that are added to it point into the table.
 */
#include "cosend.h"

#include <stdio.h>
#include <string.h>

enum unmatched { UNMATCHED_KEEP, UNMATCHED_DROP, UNMATCHED_REJECT, ONLY };
enum several { SEVERAL_FIRST, SEVERAL_ALL };

struct lookup {
    struct cosend_read_options read;
    struct cosend_strings key, columns;
    struct cosend_fields on;
    struct cosend_string prefix, otherwise;
    int unmatched, several;
    bool add, ignore_case, chosen, has_otherwise, several_given;
    struct cosend_cell filled; /* with `otherwise`, or absent */
};

static const char *const unmatcheds[] = {"keep", "drop", "reject", "only",
                                         NULL};
static const char *const severals[] = {"first", "all", NULL};

static const struct cosend_option options[] = {
    {.name = "file",
     .type = COSEND_OPTION_PATHS,
     .offset = offsetof(struct lookup, read.paths),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .help = "the table, in any format that can be read; of several files the "
             "rows of all; * and ? stand for those that fit",
     .example = "\"users.csv\""},
    {.name = "key",
     .type = COSEND_OPTION_STRINGS,
     .offset = offsetof(struct lookup, key),
     .help = "the table's columns that are compared; without it those of the "
             "names in `on`, or the only column",
     .example = "[\"id\"]"},
    {.name = "on",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct lookup, on),
     .help = "the records' fields that are compared with them, in that order; "
             "without it those of the names in `key`, or the only one",
     .example = "[\"user_id\"]"},
    {.name = "ignore_case",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct lookup, ignore_case),
     .help = "letters are the same in either case, those beyond ASCII too",
     .example = "true"},
    {.name = "columns",
     .type = COSEND_OPTION_STRINGS,
     .offset = offsetof(struct lookup, columns),
     .help = "the table's columns to add; without it all but those of `key`",
     .example = "[\"name\", \"mail\"]"},
    {.name = "add",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct lookup, add),
     .fallback = "true",
     .help = "false: add nothing, and let the table say alone which records go "
             "on, as they came",
     .example = "false"},
    {.name = "prefix",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct lookup, prefix),
     .maximum = 1 << 10,
     .help = "what the names of the columns that are added begin with",
     .example = "\"user_\""},
    {.name = "unmatched",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct lookup, unmatched),
     .fallback = "\"keep\"",
     .choices = unmatcheds,
     .help = "what is done with records that the table has nothing for; `only` "
             "keeps no others",
     .example = "\"drop\""},
    {.name = "default",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct lookup, otherwise),
     .maximum = 1 << 20,
     .help = "what is in the columns of such records that are kept; without it "
             "nothing",
     .example = "\"unknown\""},
    {.name = "several",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct lookup, several),
     .fallback = "\"first\"",
     .choices = severals,
     .help = "of several rows of one key take the first, or emit the record "
             "with each of them",
     .example = "\"all\""},
    {.name = "format options",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct lookup, read.format),
     .group = cosend_reader_options},
    {.name = NULL},
};

/* Whether what rows say is added. */
static bool adds(const struct lookup *lookup)
{
    return lookup->add && lookup->unmatched != ONLY;
}

/* ---- Check --------------------------------------------------------------- */

/* Without `on` the records' fields have the names of the table's columns. */
static void check_fields(struct cosend_check *check, struct lookup *lookup)
{
    uint32_t count = lookup->on.count;

    if (!count && !lookup->key.count)
        lookup->on = (struct cosend_fields){
            cosend_check_field(check, "on", NULL, 0).slot, 1};
    if (count && lookup->key.count && lookup->key.count != count)
        cosend_check_error(check, "on",
                           "has %u fields, and `key` %zu columns to compare "
                           "with them",
                           (unsigned)count, lookup->key.count);
    for (size_t i = 0; !count && i < lookup->key.count; i++) {
        const struct cosend_string *name = &lookup->key.items[i];
        struct cosend_field field =
            cosend_check_field(check, "key", name->data, name->length);

        if (!i)
            lookup->on.first = field.slot;
        lookup->on.count++;
    }
}

static void check_twice(struct cosend_check *check, const char *option,
                        const struct cosend_strings *names)
{
    for (size_t i = 1; i < names->count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(names->items[i].data, names->items[j].data) == 0)
                cosend_check_error(check, option, "names \"%s\" twice",
                                   names->items[i].data);
}

static void check_added(struct cosend_check *check, const struct lookup *lookup)
{
    static const char *const names[] = {"columns", "prefix", "several",
                                        "default"};

    for (size_t i = 0; !adds(lookup) && i < 4; i++)
        if (cosend_check_given(check, names[i]))
            cosend_check_error(check, names[i], "nothing is added, by %s",
                               lookup->add ? "unmatched=only" : "add=false");
    if (lookup->has_otherwise && adds(lookup) &&
        lookup->unmatched != UNMATCHED_KEEP)
        cosend_check_error(check, "default",
                           "is for records without a row that are kept, with "
                           "unmatched=keep");
    if (lookup->unmatched == UNMATCHED_KEEP && !lookup->add)
        cosend_check_error(check, "add",
                           "all records go on, and nothing is done; "
                           "unmatched=drop keeps those that the table has, "
                           "unmatched=only the others");
    if (lookup->chosen && !lookup->columns.count)
        cosend_check_error(check, "columns",
                           "names none; add=false adds nothing");
}

static void check(struct cosend_check *check, void *memory)
{
    struct lookup *lookup = memory;

    lookup->chosen = cosend_check_given(check, "columns");
    lookup->has_otherwise = cosend_check_given(check, "default");
    if (lookup->has_otherwise)
        lookup->filled =
            cosend_text(lookup->otherwise.data, lookup->otherwise.length);
    lookup->several_given = cosend_check_given(check, "several");
    check_fields(check, lookup);
    check_twice(check, "key", &lookup->key);
    check_twice(check, "columns", &lookup->columns);
    check_added(check, lookup);
    for (size_t i = 0; i < lookup->read.paths.count; i++)
        if (strcmp(lookup->read.paths.items[i].data, "-") == 0)
            cosend_check_error(check, "file",
                               "standard input is for the records; name a "
                               "file");
    cosend_check_format(check, &lookup->read.format);
}

/* ---- The table ----------------------------------------------------------- */

static void release_table(void *table)
{
    cosend_indexed_free(table);
}

static int no_memory(struct cosend_stage *self)
{
    return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
}

static const char *file_of(const struct lookup *lookup)
{
    return lookup->read.paths.items[0].data;
}

/* Without `key` the table's columns are called as the records' fields; the only
   one of these may be called otherwise. */
static int name_key(struct cosend_stage *self, const struct lookup *lookup,
                    struct cosend_strings *key)
{
    struct cosend_string *items =
        cosend_stage_memory(self, lookup->on.count * sizeof(*items));

    if (!items)
        return COSEND_E_MEMORY;
    for (uint32_t i = 0; i < lookup->on.count; i++) {
        const char *name = cosend_field_name(self, cosend_nth(lookup->on, i));

        items[i].data = name ? name : "";
        items[i].length = strlen(items[i].data);
    }
    *key = (struct cosend_strings){items, lookup->on.count};
    return 0;
}

static void warn(struct cosend_stage *self, const struct lookup *lookup,
                 const struct cosend_indexed *read)
{
    if (!read->rows && !read->columns && lookup->unmatched != ONLY)
        cosend_warn(self, "%.200s is empty: no record has a row in it",
                    file_of(lookup));
    if (read->again && read->columns && !lookup->several_given)
        cosend_warn(self,
                    "rows of %.200s whose key a row before them has: %llu, "
                    "such as \"%.*s\"; the first one counts. several=all emits "
                    "a record for each, and with several=first this is not "
                    "told",
                    file_of(lookup), (unsigned long long)read->again,
                    cosend_shown((const char *)read->twice.data,
                                 read->twice.length, 60),
                    (const char *)read->twice.data);
}

static int make_table(struct cosend_stage *self, void *memory,
                      const void *argument)
{
    struct cosend_indexed *table = memory;
    const struct lookup *lookup = argument;
    struct cosend_index_source source = {
        .read = lookup->read,
        .key = lookup->key,
        .only = !lookup->key.count && lookup->on.count == 1,
        .columns = lookup->columns,
        .prefix = lookup->prefix,
        .ignore_case = lookup->ignore_case,
        .all = adds(lookup) && !lookup->chosen,
        .several = lookup->several == SEVERAL_ALL};
    int status = 0;

    if (!source.key.count)
        status = name_key(self, lookup, &source.key);
    if (status == 0)
        status = cosend_index_table(self, &source, table);
    if (status < 0)
        return status;
    if (adds(lookup) && lookup->unmatched == UNMATCHED_KEEP &&
        !table->columns && table->rows)
        return cosend_fail(self, COSEND_E_COLUMN,
                           "%.200s has no columns but those that are compared, "
                           "so nothing is done; unmatched=drop keeps the "
                           "records that it has, unmatched=only the others",
                           file_of(lookup));
    warn(self, lookup, table);
    return 0;
}

/* ---- Records ------------------------------------------------------------- */

/* What an instance has. */
struct use {
    const struct lookup *lookup;
    const struct cosend_indexed *table;
    struct cosend_column *columns;
    bool *wanted;               /* by column: whether anybody looks at it */
    struct cosend_cell **cells; /* the same, of the batch in hand */
    struct cosend_cell *row;    /* the same, of one record */
    struct cosend_bytes *keys;  /* in the making */
    bool open; /* records name their fields, and might have one of these */
};

static struct use *make_use(struct cosend_stage *self,
                            const struct lookup *lookup)
{
    struct use *use = cosend_stage_memory(self, sizeof(*use));
    const void *name;
    size_t count, length;

    if (!use)
        return NULL;
    use->lookup = lookup;
    use->keys = cosend_stage_text(self);
    use->table = cosend_stage_common(self, sizeof(struct cosend_indexed),
                                     make_table, release_table, lookup);
    if (!use->keys || !use->table)
        return NULL;
    count = use->table->columns;
    use->columns = cosend_stage_memory(self, count * sizeof(*use->columns));
    use->wanted = cosend_stage_memory(self, count * sizeof(*use->wanted));
    use->cells = cosend_stage_memory(self, count * sizeof(*use->cells));
    use->row = cosend_stage_memory(self, count * sizeof(*use->row));
    if (!use->columns || !use->wanted || !use->cells || !use->row)
        return NULL;
    for (size_t c = 0; c < count; c++) {
        cosend_table_at(use->table->names, c, &name, &length);
        cosend_bytes_clear(use->keys);
        cosend_put_raw(use->keys, name, length);
        cosend_put_u8(use->keys, 0);
        if (use->keys->failed)
            return NULL;
        use->columns[c] =
            cosend_add_column(self, (const char *)use->keys->data);
        use->wanted[c] = cosend_column_wanted(self, use->columns[c]);
    }
    return use;
}

/* Whether the records' columns leave room for those that are added. */
static int check_names(struct cosend_stage *self, const struct use *use)
{
    const struct cosend_schema *schema = cosend_input_schema(self);

    for (size_t i = 0; schema && i < cosend_schema_count(schema); i++) {
        const char *name = cosend_schema_name(schema, i);

        if (cosend_table_find(use->table->names, name, strlen(name)) &&
            !cosend_schema_open(schema))
            return cosend_fail(
                self, COSEND_E_COLUMN,
                "both the records and %.200s have a column \"%.100s\"; "
                "prefix=NAME_ names what is added otherwise, columns=... says "
                "what is, and `drop` before it leaves the records' one out",
                file_of(use->lookup), name);
    }
    return 0;
}

/* Whether a record of JSON lines has a field that is to be added; it is bad
   then. */
static bool has_taken(struct cosend_stage *self, const struct use *use,
                      const struct cosend_record *record)
{
    struct cosend_item item = {0};

    while (cosend_walk(self, record, &item))
        if (item.cell.kind != COSEND_ABSENT &&
            cosend_table_find(use->table->names, item.name, item.name_length)) {
            cosend_bad(self, record, "name_taken",
                       "it has a field \"%.*s\", as %.200s has; prefix=NAME_ "
                       "names what is added otherwise",
                       cosend_shown(item.name, item.name_length, 100),
                       item.name, file_of(use->lookup));
            return true;
        }
    return false;
}

static void reject(struct cosend_stage *self, const struct use *use,
                   const struct cosend_record *record)
{
    const struct lookup *lookup = use->lookup;
    char text[256];
    size_t length = 0;

    for (uint32_t i = 0; i < lookup->on.count && length < 200; i++) {
        struct cosend_field field = cosend_nth(lookup->on, i);
        struct cosend_cell cell = cosend_field(record, field);
        const char *name = cosend_field_name(self, field);

        length += (size_t)snprintf(
            text + length, sizeof(text) - length, "%s%.60s \"%.*s\"",
            i ? ", " : "",
            name ? name : cosend_schema_name(cosend_input_schema(self), 0),
            cosend_shown(cell.data, cell.length, 60),
            cell.length ? cell.data : "");
    }
    cosend_bad(self, record, "unmatched", "%s: %.200s has no row of that", text,
               file_of(lookup));
}

/* Whether a record goes on, with its row, or without one. */
static bool goes_on(struct cosend_stage *self, const struct use *use,
                    uint32_t position, const struct cosend_index_row *row)
{
    int unmatched = use->lookup->unmatched;
    struct cosend_record record;

    if (row ? unmatched == ONLY : unmatched == UNMATCHED_DROP)
        return false;
    if (!row && unmatched == UNMATCHED_REJECT) {
        record = cosend_record_at(self, position);
        reject(self, use, &record);
        return false;
    }
    if (!use->open)
        return true;
    record = cosend_record_at(self, position);
    return !has_taken(self, use, &record);
}

/* ---- Batches ------------------------------------------------------------- */

/* The first rows of the records of the batch in hand; NULL with the step
   failed. */
static const struct cosend_index_row **
find_rows(struct cosend_stage *self, struct use *use, uint32_t count)
{
    uint32_t parts = use->lookup->on.count;
    struct cosend_cell *keys =
        cosend_stage_bytes(self, (size_t)count * parts * sizeof(*keys));
    const struct cosend_index_row **rows =
        cosend_stage_bytes(self, count * sizeof(*rows));

    if (!keys || !rows)
        return NULL;
    for (uint32_t p = 0; p < parts; p++) {
        struct cosend_cells cells =
            cosend_column_of(self, cosend_nth(use->lookup->on, p));

        for (uint32_t i = 0; i < count; i++)
            keys[(size_t)i * parts + p] = cosend_cell_at(&cells, i);
    }
    if (cosend_index_find(use->table->index, keys, parts, count, use->keys,
                          rows))
        return rows;
    no_memory(self);
    return NULL;
}

/* Whether a record is to be emitted more than once. */
static bool has_several(const struct use *use,
                        const struct cosend_index_row *const *rows,
                        uint32_t count)
{
    if (use->lookup->several == SEVERAL_ALL && use->table->columns)
        for (uint32_t i = 0; i < count; i++)
            if (rows[i] && cosend_index_next(use->table->index, rows[i]))
                return true;
    return false;
}

/* What a record gets of a row, or without one. */
static void read_row(const struct use *use, const struct cosend_index_row *row)
{
    if (row)
        cosend_index_cells(row, use->row, use->table->columns);
    for (uint32_t c = 0; !row && c < use->table->columns; c++)
        use->row[c] = use->lookup->filled;
}

static void emit_each(struct cosend_stage *self, const struct use *use,
                      const struct cosend_index_row *const *rows,
                      uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct cosend_index_row *row = rows[i];
        struct cosend_record record;

        if (!goes_on(self, use, i, row))
            continue;
        record = cosend_record_at(self, i);
        do {
            read_row(use, row);
            for (uint32_t c = 0; c < use->table->columns; c++)
                cosend_set(self, use->columns[c], use->row[c]);
            cosend_emit(self, &record);
            row = row ? cosend_index_next(use->table->index, row) : NULL;
        } while (row);
    }
}

/* False with the step failed. */
static bool set_columns(struct cosend_stage *self, const struct use *use)
{
    for (uint32_t c = 0; c < use->table->columns; c++) {
        if (!use->wanted[c])
            continue;
        use->cells[c] = cosend_set_column(self, use->columns[c]);
        if (!use->cells[c])
            return false;
    }
    return true;
}

static int emit_batch(struct cosend_stage *self, const struct use *use,
                      const struct cosend_index_row *const *rows,
                      const struct cosend_batch *batch)
{
    uint32_t count = cosend_batch_count(batch), left = 0;
    uint32_t *positions = cosend_stage_bytes(self, count * sizeof(*positions));

    if (!positions || !set_columns(self, use))
        return COSEND_E_MEMORY;
    for (uint32_t i = 0; i < count; i++) {
        if (!goes_on(self, use, i, rows[i]))
            continue;
        positions[left++] = i;
        read_row(use, rows[i]);
        for (uint32_t c = 0; c < use->table->columns; c++)
            if (use->wanted[c])
                use->cells[c][i] = use->row[c];
    }
    if (left == count)
        cosend_emit_batch(self, batch);
    else
        cosend_emit_picked(self, positions, left);
    return 0;
}

static int body(struct cosend_stage *self, void *memory)
{
    struct use *use = make_use(self, memory);
    const struct cosend_index_row **rows;
    const struct cosend_batch *batch;
    bool first = true;
    int status = 0;

    if (!use)
        return COSEND_E_MEMORY;
    cosend_only_fields(self);
    while (status == 0 && (batch = cosend_receive_batch(self))) {
        uint32_t count = cosend_batch_count(batch);

        if (first)
            status = check_names(self, use);
        first = false;
        use->open = use->table->columns &&
                    cosend_schema_open(cosend_input_schema(self));
        rows = status == 0 ? find_rows(self, use, count) : NULL;
        if (!rows)
            status = COSEND_E_MEMORY;
        else if (has_several(use, rows, count))
            emit_each(self, use, rows, count);
        else
            status = emit_batch(self, use, rows, batch);
    }
    if (first && cosend_ended(self) == COSEND_END_CLOSED)
        status = check_names(self, use);
    return status;
}

const struct cosend_filter csi_filter_lookup = {
    .abi = COSEND_ABI,
    .name = "lookup",
    .aliases = "join",
    .role = COSEND_FILTER,
    .summary = "Add what a table says of each record, or keep those it has",
    .details =
        "Emits each record, as it comes, with the columns of that row of a "
        "table whose `key` has the same text as the record's fields `on`; 5 "
        "and 5.0 differ, and a key that is empty, or a part of it, is that of "
        "no row. What is added comes behind the record's own fields. Records "
        "without a row are kept, with `default` in those columns, or dropped, "
        "or bad (unmatched); unmatched=only keeps them and no others, with "
        "nothing added, and unmatched=drop add=false the others. Where several "
        "rows have one key the first counts, and "
        "that is told, unless `several` is given. A column that the records "
        "have already is an error, in JSON lines a bad record (name_taken). "
        "The table is read before the first record, once, and as a whole: CSV, "
        "TSV, JSON lines, text and others, by the file's name, packed or not, "
        "or as `format` and the other options of readers say. A bad row in it "
        "ends the run. Memory: of each row the cells that are added, and of "
        "each key its text. Each record is treated by itself, in all threads, "
        "and at once under --follow.",
    .example = "parse combined | lookup hosts.csv key=ip on=host",
    .options_size = sizeof(struct lookup),
    .options = options,
    .check = check,
    .body = body,
    .parallel = COSEND_STATELESS,
};
