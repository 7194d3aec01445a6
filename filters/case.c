/* SPDX-License-Identifier: MIT */
/*
 * case: emits every record, as it comes, with letters of its fields, or of
 * their names, in another case.
 */
#include "cosend.h"

#include <string.h>

enum of { VALUES, NAMES };

struct letters {
    int to; /* enum cosend_case */
    int of;
    struct cosend_fields fields;
    bool overwrite;
};

static const char *const cases[] = {"lower", "upper", "title", NULL};
static const char *const things[] = {"values", "names", NULL};

static const struct cosend_option options[] = {
    {.name = "to",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct letters, to),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .choices = cases,
     .help = "all letters small; all capital; or the first of each word "
             "capital, and the others small",
     .example = "\"upper\""},
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct letters, fields),
     .flags = COSEND_PATTERNS | COSEND_SECOND,
     .help = "the fields, or patterns of them; by default the line, or all",
     .example = "[\"name\", \"*_city\"]"},
    {.name = "of",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct letters, of),
     .fallback = "\"values\"",
     .choices = things,
     .help = "what of the fields; names are those of all",
     .example = "\"names\""},
    {.name = "overwrite",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct letters, overwrite),
     .help = "of names: drop a field that has a new one already",
     .example = "true"},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    static const struct cosend_string all = {"*", 1};
    struct letters *letters = memory;

    if (!cosend_check_given(check, "fields") && letters->of != NAMES)
        letters->fields = cosend_check_fields(check, "fields", &all, 1);
    if (!letters->fields.count && letters->of != NAMES)
        cosend_check_error(check, "fields", "needs a field");
    if (letters->of == NAMES && cosend_check_given(check, "fields"))
        cosend_check_error(check, "fields",
                           "are for values; names change of all fields, and of "
                           "some with rename");
    if (letters->of != NAMES && letters->overwrite)
        cosend_check_error(check, "overwrite", "is for of=names");
}

/* ---- Names --------------------------------------------------------------- */

/* See cosend_rename_columns. */
static bool rule(const char *name, size_t length, struct cosend_bytes *to,
                 const void *own)
{
    const struct letters *letters = own;
    size_t before = to->length;

    cosend_put_case(to, name, length, (enum cosend_case)letters->to);
    return to->length - before != length ||
           (length && memcmp(to->data + before, name, length) != 0);
}

static int change_names(struct cosend_stage *self,
                        const struct letters *letters)
{
    const struct cosend_batch *batch;

    cosend_remake_fields(self);
    cosend_rename_columns(self, rule, letters);
    if (letters->overwrite)
        cosend_overwrite_columns(self);
    while ((batch = cosend_receive_batch(self))) {
        bool open = cosend_schema_open(cosend_batch_schema(batch));
        uint32_t count = open ? cosend_batch_count(batch) : 0;

        if (!open)
            cosend_emit_batch(self, batch);
        for (uint32_t i = 0; i < count && !cosend_ended(self); i++) {
            struct cosend_record record = cosend_record_at(self, i);

            if (cosend_rename_items(self, &record, rule, letters,
                                    letters->overwrite))
                cosend_emit(self, &record);
        }
    }
    return 0;
}

/* ---- Values -------------------------------------------------------------- */

static void free_text(void *text)
{
    cosend_bytes_free(text);
}

/* Only text has letters: what JSON has as a number, true or an array is of
   other ones. */
static bool change_value(struct cosend_stage *self,
                         const struct letters *letters,
                         const struct cosend_item *item,
                         struct cosend_bytes *text)
{
    struct cosend_cell cell = item->cell;

    if (cell.kind == COSEND_TEXT && cell.length) {
        cosend_bytes_clear(text);
        cosend_put_case(text, cell.data, cell.length,
                        (enum cosend_case)letters->to);
        if (text->failed)
            return false;
        if (text->length != cell.length ||
            memcmp(text->data, cell.data, cell.length) != 0)
            cell = cosend_text((const char *)text->data, text->length);
    }
    if (cell.data != item->cell.data)
        cosend_change(self, item, cell);
    return true;
}

static int change_values(struct cosend_stage *self,
                         const struct letters *letters)
{
    struct cosend_bytes *text = cosend_stage_memory(self, sizeof(*text));
    struct cosend_record record;

    if (!text || !cosend_stage_defer(self, free_text, text))
        return COSEND_E_MEMORY;
    cosend_change_fields(self, letters->fields);
    while (cosend_receive(self, &record)) {
        struct cosend_item item = {0};

        while (cosend_next_match(self, letters->fields, &record, &item))
            if (!change_value(self, letters, &item, text))
                return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
        cosend_emit(self, &record);
    }
    return 0;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct letters *letters = memory;

    cosend_only_fields(self);
    return letters->of == NAMES ? change_names(self, letters)
                                : change_values(self, letters);
}

const struct cosend_filter csi_filter_case = {
    .abi = COSEND_ABI,
    .name = "case",
    .role = COSEND_FILTER,
    .summary = "Put letters of fields, or of their names, in another case",
    .details =
        "Emits every record as it comes, with the text of the fields in small "
        "letters, in capitals, or as titles have it: `case upper`, `case title "
        "name,city`; with of=names the fields' names. Letters are Unicode's, "
        "one becoming one, so that ß stays; bytes that are no UTF-8 stay too, "
        "and so do numbers, true and false, arrays and objects of JSON. Where "
        "two fields would have one name that is an error, in JSON lines a bad "
        "record (name_taken), unless overwrite drops the one that has it "
        "already. Each record is treated by itself, in all threads, and at "
        "once under --follow.",
    .example = "parse combined | case lower method,host",
    .options_size = sizeof(struct letters),
    .options = options,
    .check = check,
    .body = body,
    .parallel = COSEND_STATELESS,
};
