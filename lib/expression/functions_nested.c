/* SPDX-License-Identifier: MIT */
/*
 * Functions of arrays and objects, which are JSON text: what they make is in
 * the evaluation's memory, and what they take of others is a part of these,
 * where it had no escapes.
 */
#include "expression/functions_nested.h"

#include "base/text.h"
#include "base/utf8.h"
#include "format/json_cell.h"
#include "format/json_cut.h"
#include "format/json_scan.h"
#include "format/json_value.h"

#include "cosend/group.h"
#include "cosend/nested.h"

#include <string.h>

/* ---- Values and cells ---------------------------------------------------- */

/* Text that is going to be freed, as a value. */
static struct cosend_value keep_text(struct csi_call *call,
                                     enum cosend_type type, const char *data,
                                     size_t length)
{
    struct cosend_value value;
    char *copy;

    if (length >= UINT32_MAX)
        return csi_bad_value(call->evaluation, "out_of_range",
                             "%s makes text of 4 GiB or more",
                             call->term->function->shown.name);
    copy = csi_evaluation_get(call->evaluation, length + 1);
    if (!copy)
        return csi_null_value();
    if (length)
        memcpy(copy, data, length);
    value = csi_text_value(copy, length);
    value.type = type;
    return value;
}

/* A cell whose text is `text`'s, if that has any, as a value. */
static struct cosend_value keep_cell(struct csi_call *call,
                                     struct cosend_cell cell,
                                     struct cosend_bytes *text)
{
    struct cosend_value value = csi_cell_value(cell);

    call->evaluation->no_memory |= text->failed;
    if (text->length && value.type >= COSEND_TYPE_DECIMAL)
        value = keep_text(call, value.type, value.as.text, value.length);
    cosend_bytes_free(text);
    return value;
}

static struct cosend_cell nested_cell(const struct cosend_value *value)
{
    struct cosend_cell cell = cosend_text(value->as.text, value->length);

    cell.kind = COSEND_NESTED;
    return cell;
}

/* What was put together as a value of that type. */
static struct cosend_value finish_text(struct csi_call *call, bool made,
                                       enum cosend_type type,
                                       struct csi_text *text)
{
    struct cosend_value value = csi_null_value();

    if (made)
        value = keep_text(call, type, text->data, text->length);
    else
        call->evaluation->no_memory = true;
    csi_text_free(text);
    return value;
}

/* A value's own bytes. */
struct raw {
    const char *data;
    size_t length;
};

/* Note the members of an object, of those of one name the last, in the place of
   the first. False without memory. */
static bool note_members(struct cosend_cell object,
                         struct cosend_table *members, bool *repeats)
{
    struct cosend_bytes text = {0};
    struct cosend_item item = {0};
    struct raw *raw = NULL;
    bool fresh, ok = true;

    while (ok && cosend_next_member(object, &item, &text)) {
        raw = cosend_table_get(members, item.name, item.name_length, &fresh);
        ok = raw;
        if (raw)
            *raw = (struct raw){item.raw, item.raw_length};
        *repeats |= raw && !fresh;
    }
    ok = ok && !text.failed;
    cosend_bytes_free(&text);
    return ok;
}

static bool print_members(struct csi_text *text,
                          const struct cosend_table *members)
{
    bool made = csi_text_add(text, "{", 1);

    for (size_t i = 0; made && i < cosend_table_count(members); i++) {
        const void *name;
        size_t length;
        const struct raw *raw = cosend_table_at(members, i, &name, &length);

        made = (!i || csi_text_add(text, ",", 1)) &&
               csi_text_json(text, name, length) &&
               csi_text_add(text, ":", 1) &&
               csi_text_add(text, raw->data, raw->length);
    }
    return made && csi_text_add(text, "}", 1);
}

/* The first argument without the members of an object that count for nothing,
   since another of their name comes behind them. */
static struct cosend_cell counting_members(struct csi_call *call)
{
    struct cosend_cell cell = nested_cell(&call->arguments[0]);
    struct cosend_table *members;
    struct csi_text text = {0};
    struct cosend_value value;
    bool repeats = false;

    if (*cell.data != '{')
        return cell;
    members = cosend_table_new(sizeof(struct raw), NULL);
    if (!members || !note_members(cell, members, &repeats))
        call->evaluation->no_memory = true;
    if (repeats) {
        value = finish_text(call, print_members(&text, members),
                            COSEND_TYPE_NESTED, &text);
        if (value.type == COSEND_TYPE_NESTED)
            cell = nested_cell(&value);
    }
    cosend_table_free(members);
    return cell;
}

/* Whether an argument has parts; false with the call's value where not. */
static bool is_nested(struct csi_call *call, struct cosend_value *result)
{
    const struct cosend_value *x = &call->arguments[0];

    *result = csi_null_value();
    if (csi_value_is_blank(x))
        return false;
    if (x->type == COSEND_TYPE_NESTED)
        return true;
    *result =
        csi_bad_operand(call->evaluation, "not_nested", call->term->parts[0], x,
                        "not an array or object; json(x) reads text");
    return false;
}

/* ---- JSON ---------------------------------------------------------------- */

static enum cosend_type json_type(char first)
{
    switch (first) {
    case '{':
    case '[':
        return COSEND_TYPE_NESTED;
    case '"':
        return COSEND_TYPE_TEXT;
    case 'n':
        return COSEND_TYPE_NULL;
    case 't':
    case 'f':
        return COSEND_TYPE_BOOL;
    default:
        return COSEND_TYPE_DECIMAL;
    }
}

static struct cosend_value read_json(struct csi_call *call, const char *text,
                                     size_t length)
{
    enum cosend_type type = json_type(*text);
    struct cosend_value value;

    if (type == COSEND_TYPE_NULL)
        return csi_null_value();
    if (type == COSEND_TYPE_BOOL)
        return csi_bool_value(*text == 't');
    if (type == COSEND_TYPE_TEXT) {
        text++;
        length -= 2;
    }
    value = keep_text(call, type, text, length);
    if (value.type == COSEND_TYPE_NESTED)
        value.length =
            (uint32_t)csi_json_squeeze((char *)value.as.text, value.length);
    if (value.type == COSEND_TYPE_TEXT)
        value.length =
            (uint32_t)csi_json_decode(text, length, (char *)value.as.text);
    return value;
}

static bool is_json_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct cosend_value apply_json(struct csi_call *call)
{
    const struct cosend_value *x = &call->arguments[0];
    const char *text = x->as.text, *end = text + x->length;
    struct csi_json json = {.arena = call->evaluation->arena};
    enum csi_json_result result = csi_json_scan(&json, text, end);

    if (result == CSI_JSON_MEMORY) {
        call->evaluation->no_memory = true;
        return csi_null_value();
    }
    if (result == CSI_JSON_INVALID)
        return csi_bad_operand(call->evaluation, "not_json",
                               call->term->parts[0], x, "not JSON");
    while (is_json_blank(*text))
        text++;
    while (is_json_blank(end[-1]))
        end--;
    return read_json(call, text, (size_t)(end - text));
}

static struct cosend_value apply_to_json(struct csi_call *call)
{
    struct csi_text text = {0};
    bool made;

    const struct cosend_value *x = &call->arguments[0];

    if (x->type == COSEND_TYPE_ABSENT)
        return csi_null_value();
    if (x->type == COSEND_TYPE_TEXT &&
        !csi_utf8_is_valid(x->as.text, x->length))
        return csi_bad_operand(call->evaluation, "not_utf8",
                               call->term->parts[0], x,
                               "no UTF-8, and JSON holds nothing else");
    made = csi_text_cell(&text,
                         csi_value_cell(call->evaluation, &call->arguments[0]));
    return finish_text(call, made, COSEND_TYPE_TEXT, &text);
}

/* ---- Parts --------------------------------------------------------------- */

static struct cosend_value apply_get(struct csi_call *call)
{
    const struct cosend_value *path = &call->arguments[1];
    struct cosend_error error = {0};
    struct cosend_bytes text = {0};
    struct cosend_value result;

    if (!is_nested(call, &result))
        return result;
    if (cosend_check_path(path->as.text, path->length, &error) != COSEND_OK)
        return csi_bad_operand(call->evaluation, "not_a_path",
                               call->term->parts[1], path, "not a path");
    return keep_cell(call,
                     cosend_take_path(nested_cell(&call->arguments[0]),
                                      path->as.text, path->length, &text),
                     &text);
}

/* An array of the names, or of the values, of what there is inside. */
static struct cosend_value list_inside(struct csi_call *call, bool names)
{
    struct csi_text list = {0};
    struct cosend_bytes text = {0};
    struct cosend_item item = {0};
    struct cosend_value result;
    struct cosend_cell nested;
    bool made, first = true;

    if (!is_nested(call, &result))
        return result;
    nested = counting_members(call);
    made = csi_text_add(&list, "[", 1);
    while (made && cosend_next_member(nested, &item, &text)) {
        made = first || csi_text_add(&list, ",", 1);
        if (names && item.name)
            made = made && csi_text_json(&list, item.name, item.name_length);
        else if (!names)
            made = made && csi_text_cell(&list, item.cell);
        first = false;
    }
    made = made && csi_text_add(&list, "]", 1) && !text.failed;
    cosend_bytes_free(&text);
    return finish_text(call, made, COSEND_TYPE_NESTED, &list);
}

static struct cosend_value apply_keys(struct csi_call *call)
{
    struct cosend_value result;

    if (is_nested(call, &result) && call->arguments[0].as.text[0] == '[')
        return csi_bad_operand(call->evaluation, "not_an_object",
                               call->term->parts[0], &call->arguments[0],
                               "an array, which has no names");
    return list_inside(call, true);
}

static struct cosend_value apply_values(struct csi_call *call)
{
    return list_inside(call, false);
}

static struct cosend_value apply_count(struct csi_call *call)
{
    struct cosend_bytes text = {0};
    struct cosend_item item = {0};
    struct cosend_value result;
    struct cosend_cell nested;
    int64_t count = 0;

    if (!is_nested(call, &result))
        return result;
    nested = counting_members(call);
    while (cosend_next_member(nested, &item, &text))
        count++;
    call->evaluation->no_memory |= text.failed;
    cosend_bytes_free(&text);
    return csi_integer_value(count);
}

static struct cosend_value apply_length(struct csi_call *call)
{
    struct cosend_value x = call->arguments[0];

    if (x.type == COSEND_TYPE_NESTED)
        return apply_count(call);
    x = csi_value_text(call->evaluation, &x);
    return csi_integer_value((int64_t)csi_utf8_count(x.as.text, x.length));
}

static struct cosend_value apply_join(struct csi_call *call)
{
    const struct cosend_value *between = &call->arguments[1];
    struct csi_text list = {0};
    struct cosend_bytes text = {0};
    struct cosend_item item = {0};
    struct cosend_value result;
    struct cosend_cell nested;
    bool made = true, first = true;

    if (!is_nested(call, &result))
        return result;
    nested = counting_members(call);
    while (made && cosend_next_member(nested, &item, &text)) {
        made = first || csi_text_add(&list, between->as.text, between->length);
        if (item.cell.kind != COSEND_NULL)
            made =
                made && csi_text_add(&list, item.cell.data, item.cell.length);
        first = false;
    }
    made = made && !text.failed;
    cosend_bytes_free(&text);
    return finish_text(call, made, COSEND_TYPE_TEXT, &list);
}

/* ---- What holds what ----------------------------------------------------- */

/* Numbers by their size, all else, true and false too, by its text. */
static bool is_same(struct csi_call *call, const struct cosend_value *element,
                    const struct cosend_value *wanted)
{
    struct cosend_value a = element->type == COSEND_TYPE_BOOL
                                ? csi_value_text(call->evaluation, element)
                                : csi_number_value(element);
    struct cosend_value b = csi_number_value(wanted);

    return a.type > COSEND_TYPE_NULL && cosend_compare(&a, &b) == 0;
}

static struct cosend_value apply_contains(struct csi_call *call)
{
    const struct cosend_value *x = &call->arguments[0];
    struct cosend_value part = call->arguments[1];
    struct cosend_bytes text = {0};
    struct cosend_item item = {0};
    bool found = false;

    if (x->type != COSEND_TYPE_NESTED) {
        part = csi_value_text(call->evaluation, &part);
        return csi_bool_value(
            memmem(x->as.text, x->length, part.as.text, part.length));
    }
    while (!found && cosend_next_member(nested_cell(x), &item, &text)) {
        struct cosend_value name = csi_text_value(item.name, item.name_length);
        struct cosend_value element = csi_cell_value(item.cell);

        found = is_same(call, item.name ? &name : &element, &part);
    }
    call->evaluation->no_memory |= text.failed;
    cosend_bytes_free(&text);
    return csi_bool_value(found);
}

#define ANY  CSI_TERM_ANY, CSI_TERM_CALL
#define TEXT CSI_TERM_TEXT, CSI_TERM_CALL

const struct csi_function csi_functions_nested[] = {
    {{"contains", "x, part", "nested",
      "Whether text has a text in it, an array an element, an object a name",
      "contains(\"robot\", \"bot\")", "true"},
     "xx",
     2,
     false,
     CSI_TERM_BOOL,
     CSI_TERM_CALL,
     apply_contains},
    {{"get", "x, path", "nested",
      "What stands at a path in it; where nothing does, absent",
      "get(json(\"{\\\"a\\\":[1,2]}\"), \"a[1]\")", "2"},
     "xq",
     2,
     false,
     ANY,
     apply_get},
    {{"keys", "x", "nested", "The names in an object, as an array",
      "keys(json(\"{\\\"a\\\":1,\\\"b\\\":2}\"))", "[\"a\",\"b\"]"},
     "x",
     1,
     false,
     ANY,
     apply_keys},
    {{"values", "x", "nested", "The values in an object or array, as an array",
      "values(json(\"{\\\"a\\\":1,\\\"b\\\":2}\"))", "[1,2]"},
     "x",
     1,
     false,
     ANY,
     apply_values},
    {{"count", "x", "nested", "How many values an array or object has",
      "count(json(\"[1,2,3]\"))", "3"},
     "x",
     1,
     false,
     CSI_TERM_NUMBER,
     CSI_TERM_CALL,
     apply_count},
    {{"length", "x", "text",
      "How many characters text has, or values an array or object",
      "length(\"na\\u00efve\")", "5"},
     "x",
     1,
     false,
     CSI_TERM_NUMBER,
     CSI_TERM_CALL,
     apply_length},
    {{"join", "list, separator", "nested",
      "The values of an array as text, with something between them",
      "join(json(\"[1,2,3]\"), \"-\")", "1-2-3"},
     "xs",
     2,
     false,
     TEXT,
     apply_join},
    {{"json", "text", "nested", "What text is as JSON; bad where it is none",
      "count(json(\"[1, [2, 3]]\"))", "2"},
     "s",
     1,
     false,
     ANY,
     apply_json},
    {{"to_json", "x", "nested", "Its JSON as text", "to_json(\"a\\tb\")",
      "\"a\\tb\""},
     "a",
     1,
     false,
     TEXT,
     apply_to_json},
    {{NULL, NULL, NULL, NULL, NULL, NULL},
     NULL,
     0,
     false,
     CSI_TERM_ANY,
     CSI_TERM_CALL,
     NULL}};
