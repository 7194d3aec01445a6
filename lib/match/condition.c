/* SPDX-License-Identifier: MIT */
/*
 * Conditions: a tree, judged by plain recursion (a spec nests 64 levels at
 * most) from left to right, and no further than the verdict needs.
 */
#include "match/condition.h"

#include "cosend/number.h"

#include <stdio.h>
#include <string.h>

enum kind { TEST, ALL, ANY, NOT };

enum op {
    OP_EQ,
    OP_NE,
    OP_LE,
    OP_LT,
    OP_GE,
    OP_GT,
    OP_EXISTS,
    OP_EMPTY,
    OP_IN,
    OP_NOT_IN,
    OP_CONTAINS,
    OP_STARTS_WITH,
    OP_ENDS_WITH,
    OP_REGEX,
    OP_MATCHES
};

/* Of two as near to a wrong one, the earlier is proposed: ge for gte. */
static const char *const op_names[] = {
    "eq",        "ne",    "le",      "lt",     "ge",       "gt",
    "exists",    "empty", "in",      "not_in", "contains", "starts_with",
    "ends_with", "regex", "matches", NULL};

static const char *const test_keys[] = {"field", "op", "value", NULL};

static const char *const condition_keys[] = {"field", "op",  "value", "all",
                                             "any",   "not", NULL};

/* What a cell is compared with. */
struct operand {
    bool is_number;
    double number;
    char *text; /* also of a number, as the spec wrote it */
    size_t length;
};

struct cosend_condition {
    enum kind kind;
    /* ALL, ANY, NOT */
    struct cosend_condition **parts;
    size_t count, capacity;
    /* TEST */
    struct cosend_field field;
    char *name;
    enum op op;
    struct operand *operands; /* one, but for in and not_in */
    size_t operand_count;
    struct cosend_regex *regex;
    json_t *json; /* of the value, or NULL */
};

/* ---- Judging ------------------------------------------------------------- */

static int compare_bytes(struct cosend_cell cell, const struct operand *with)
{
    size_t least = cell.length < with->length ? cell.length : with->length;
    int order = least ? memcmp(cell.data, with->text, least) : 0;

    return order ? order
                 : (cell.length > with->length) - (cell.length < with->length);
}

static bool is_equal(struct cosend_cell cell, const struct operand *to)
{
    double number;

    if (!to->is_number)
        return compare_bytes(cell, to) == 0;
    return cosend_parse_double(cell.data, cell.length, &number) &&
           !(number < to->number) && !(number > to->number);
}

static enum cosend_verdict is_ordered(struct cosend_cell cell, enum op op,
                                      const struct operand *with,
                                      struct cosend_why *why)
{
    double number;
    int order;

    if (!with->is_number) {
        order = compare_bytes(cell, with);
    } else if (cosend_parse_double(cell.data, cell.length, &number)) {
        order = (number > with->number) - (number < with->number);
    } else {
        why->kind = "not_a_number";
        return COSEND_VERDICT_BAD;
    }
    switch (op) {
    case OP_LT:
        return order < 0 ? COSEND_TRUE : COSEND_FALSE;
    case OP_LE:
        return order <= 0 ? COSEND_TRUE : COSEND_FALSE;
    case OP_GT:
        return order > 0 ? COSEND_TRUE : COSEND_FALSE;
    default:
        return order >= 0 ? COSEND_TRUE : COSEND_FALSE;
    }
}

static bool is_in(const struct cosend_condition *test, struct cosend_cell cell)
{
    for (size_t i = 0; i < test->operand_count; i++)
        if (is_equal(cell, &test->operands[i]))
            return true;
    return false;
}

static bool has_part(struct cosend_cell cell, enum op op,
                     const struct operand *part)
{
    if (part->length > cell.length)
        return false;
    if (op == OP_CONTAINS)
        return memmem(cell.data, cell.length, part->text, part->length);
    if (op == OP_ENDS_WITH)
        cell.data += cell.length - part->length;
    return memcmp(cell.data, part->text, part->length) == 0;
}

static enum cosend_verdict matches(const struct cosend_regex *regex,
                                   struct cosend_cell cell,
                                   struct cosend_why *why)
{
    switch (cosend_regex_match(regex, cell)) {
    case COSEND_MATCH:
        return COSEND_TRUE;
    case COSEND_NO_MATCH:
        return COSEND_FALSE;
    case COSEND_MATCH_LIMIT:
        why->kind = "match_limit";
        return COSEND_VERDICT_BAD;
    default:
        why->kind = "memory";
        return COSEND_VERDICT_BAD;
    }
}

static enum cosend_verdict truth(bool holds)
{
    return holds ? COSEND_TRUE : COSEND_FALSE;
}

/* Empty, absent and null are false for all but exists, empty and ne. */
static enum cosend_verdict test_cell(const struct cosend_condition *test,
                                     struct cosend_cell cell,
                                     struct cosend_why *why)
{
    bool blank = cosend_is_blank(cell);

    switch (test->op) {
    case OP_EXISTS:
        return truth(cell.kind != COSEND_ABSENT);
    case OP_EMPTY:
        return truth(blank);
    case OP_NE:
        return truth(blank || !is_equal(cell, test->operands));
    default:
        break;
    }
    if (blank)
        return COSEND_FALSE;
    switch (test->op) {
    case OP_EQ:
        return truth(is_equal(cell, test->operands));
    case OP_IN:
        return truth(is_in(test, cell));
    case OP_NOT_IN:
        return truth(!is_in(test, cell));
    case OP_CONTAINS:
    case OP_STARTS_WITH:
    case OP_ENDS_WITH:
        return truth(has_part(cell, test->op, test->operands));
    case OP_REGEX:
    case OP_MATCHES:
        return matches(test->regex, cell, why);
    default:
        return is_ordered(cell, test->op, test->operands, why);
    }
}

enum cosend_verdict
cosend_condition_holds(const struct cosend_condition *condition,
                       const struct cosend_record *record,
                       struct cosend_why *why)
{
    bool all = condition->kind == ALL;
    enum cosend_verdict verdict;

    if (condition->kind == TEST) {
        why->field = condition->name;
        why->pattern = condition->regex ? condition->operands->text : NULL;
        return test_cell(condition, cosend_field(record, condition->field),
                         why);
    }
    for (size_t i = 0; i < condition->count; i++) {
        verdict = cosend_condition_holds(condition->parts[i], record, why);
        if (verdict == COSEND_VERDICT_BAD)
            return verdict;
        if (condition->kind == NOT)
            return truth(verdict == COSEND_FALSE);
        if (all != (verdict == COSEND_TRUE))
            return verdict;
    }
    return truth(all);
}

/* ---- Reading ------------------------------------------------------------- */

struct reader {
    const struct csi_condition_hooks *hooks;
    struct cosend_error *error;
    bool failed;
};

static void no_memory(struct reader *reader)
{
    cosend_error_set(reader->error, COSEND_E_MEMORY, "out of memory");
    reader->failed = true;
}

static void problem(struct reader *reader, const struct csi_value *value,
                    const char *text)
{
    reader->hooks->problem(reader->hooks->context, value, false, text, NULL);
    reader->failed = true;
}

static void wrong_type(struct reader *reader, const struct csi_value *value,
                       const char *wanted)
{
    char text[128];

    snprintf(text, sizeof(text), "must be %s, not %s", wanted,
             csi_json_type(value->json));
    problem(reader, value, text);
}

static void read_operand(struct reader *reader, const struct csi_value *value,
                         struct operand *operand)
{
    const char *text = json_string_value(value->json);
    size_t length = json_string_length(value->json);

    if (json_is_number(value->json)) {
        operand->is_number = true;
        operand->number = json_number_value(value->json);
        return;
    }
    if (json_is_boolean(value->json)) {
        text = json_is_true(value->json) ? "true" : "false";
        length = strlen(text);
    } else if (!text) {
        wrong_type(reader, value, "a string or a number");
        return;
    }
    operand->length = length;
    operand->text = csi_strndup(text, length);
    if (!operand->text)
        no_memory(reader);
}

static void read_list(struct reader *reader, const struct csi_value *value,
                      struct cosend_condition *test)
{
    if (!json_is_array(value->json)) {
        wrong_type(reader, value, "an array");
        return;
    }
    test->operands = csi_calloc(value->count, sizeof(*test->operands));
    if (!test->operands) {
        no_memory(reader);
        return;
    }
    value = csi_value_first(value);
    for (; value; value = csi_value_next(value))
        read_operand(reader, value, &test->operands[test->operand_count++]);
}

static void only_operand(struct reader *reader, const struct csi_value *value,
                         struct cosend_condition *test)
{
    test->operands = csi_calloc(1, sizeof(*test->operands));
    if (!test->operands) {
        no_memory(reader);
        return;
    }
    test->operand_count = 1;
    read_operand(reader, value, test->operands);
}

static void read_one(struct reader *reader, const struct csi_value *value,
                     struct cosend_condition *test)
{
    bool of_text = test->op == OP_CONTAINS || test->op == OP_STARTS_WITH ||
                   test->op == OP_ENDS_WITH;

    if (of_text && !json_is_string(value->json)) {
        wrong_type(reader, value, "a string");
        return;
    }
    only_operand(reader, value, test);
}

static void read_regex(struct reader *reader, const struct csi_value *value,
                       struct cosend_condition *test)
{
    struct cosend_error error = {0};

    if (!json_is_string(value->json)) {
        wrong_type(reader, value, "a pattern");
        return;
    }
    only_operand(reader, value, test); /* for messages */
    test->regex =
        cosend_regex_new(json_string_value(value->json),
                         json_string_length(value->json), NULL, &error);
    if (test->regex)
        return;
    if (error.kind == COSEND_E_MEMORY)
        no_memory(reader);
    else
        problem(reader, value, error.message);
}

static void read_value(struct reader *reader, const struct csi_value *object,
                       struct cosend_condition *test)
{
    const struct csi_value *value = csi_value_get(object, "value");
    char text[64];

    if (test->op == OP_EXISTS || test->op == OP_EMPTY) {
        if (value) {
            snprintf(text, sizeof(text), "\"%s\" takes no value",
                     op_names[test->op]);
            problem(reader, value, text);
        }
        return;
    }
    if (!value) {
        snprintf(text, sizeof(text), "\"%s\" needs a \"value\"",
                 op_names[test->op]);
        problem(reader, object, text);
        return;
    }
    test->json = json_deep_copy(value->json);
    if (!test->json)
        no_memory(reader);
    else if (test->op == OP_IN || test->op == OP_NOT_IN)
        read_list(reader, value, test);
    else if (test->op == OP_REGEX || test->op == OP_MATCHES)
        read_regex(reader, value, test);
    else
        read_one(reader, value, test);
}

/* Whether the operator could be told. */
static bool read_op(struct reader *reader, const struct csi_value *object,
                    struct cosend_condition *test)
{
    const struct csi_value *op = csi_value_get(object, "op");
    const char *word = op ? json_string_value(op->json) : NULL;
    char text[128];

    for (int i = 0; word && op_names[i]; i++)
        if (strcmp(op_names[i], word) == 0) {
            test->op = (enum op)i;
            return true;
        }
    reader->failed = true;
    if (!op) {
        problem(reader, object, "a condition on a field needs an \"op\"");
    } else if (!word) {
        wrong_type(reader, op, "an operator's name");
    } else {
        snprintf(text, sizeof(text), "\"%.80s\" is not an operator", word);
        reader->hooks->problem(reader->hooks->context, op, false, text,
                               op_names);
    }
    return false;
}

static void read_test(struct reader *reader, const struct csi_value *object,
                      const struct csi_value *field,
                      struct cosend_condition *test)
{
    const char *name = json_string_value(field->json);

    test->field.slot = reader->hooks->field(reader->hooks->context, field);
    if (test->field.slot == COSEND_NO_FIELD)
        reader->failed = true;
    if (name && !(test->name = csi_strndup(name, strlen(name))))
        no_memory(reader);
    if (read_op(reader, object, test))
        read_value(reader, object, test);
}

static struct cosend_condition *read_any(struct reader *reader,
                                         const struct csi_value *value);

static void read_part(struct reader *reader, const struct csi_value *value,
                      struct cosend_condition *whole)
{
    struct cosend_condition *part = read_any(reader, value);

    if (!part)
        return;
    if (csi_grow(&whole->parts, &whole->capacity, whole->count + 1,
                 sizeof(struct cosend_condition *))) {
        whole->parts[whole->count++] = part;
    } else {
        csi_condition_free(part);
        no_memory(reader);
    }
}

static void read_parts(struct reader *reader, const struct csi_value *value,
                       struct cosend_condition *whole)
{
    if (whole->kind == NOT) {
        read_part(reader, value, whole);
        return;
    }
    if (!json_is_array(value->json)) {
        wrong_type(reader, value, "an array of conditions");
        return;
    }
    value = csi_value_first(value);
    for (; value; value = csi_value_next(value))
        read_part(reader, value, whole);
}

/* Of which words a wrong key may be a misspelling; NULL: of none. */
static const char *const *proper_keys(bool found, enum kind kind)
{
    if (!found)
        return condition_keys;
    return kind == TEST ? test_keys : NULL;
}

/* The key that says what kind of condition it is; others are reported. */
static const struct csi_value *find_kind(struct reader *reader,
                                         const struct csi_value *object,
                                         enum kind *kind)
{
    static const char *const words[] = {"field", "all", "any", "not"};
    const struct csi_value *found = NULL, *value;
    char text[128];

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && !found; i++) {
        found = csi_value_get(object, words[i]);
        *kind = (enum kind)i;
    }
    value = csi_value_first(object);
    for (; value; value = csi_value_next(value)) {
        bool of_test =
            strcmp(value->key, "op") == 0 || strcmp(value->key, "value") == 0;

        if (value == found || (of_test && (!found || *kind == TEST)))
            continue;
        reader->failed = true;
        snprintf(text, sizeof(text), "\"%.60s\" is not a key of %s", value->key,
                 found ? "this kind of condition" : "a condition");
        reader->hooks->problem(reader->hooks->context, value, true, text,
                               proper_keys(found, *kind));
    }
    return found;
}

static void read_object(struct reader *reader, const struct csi_value *object,
                        struct cosend_condition *condition)
{
    bool failed = reader->failed;
    const struct csi_value *found;

    reader->failed = false;
    found = find_kind(reader, object, &condition->kind);
    if (found && condition->kind == TEST)
        read_test(reader, object, found, condition);
    else if (found)
        read_parts(reader, found, condition);
    else if (!reader->failed)
        problem(reader, object,
                "a condition has a \"field\", or is \"all\", \"any\" or "
                "\"not\" of others");
    reader->failed |= failed;
}

static struct cosend_condition *read_any(struct reader *reader,
                                         const struct csi_value *value)
{
    struct cosend_condition *condition;

    if (json_is_string(value->json)) {
        problem(reader, value,
                "expressions are not supported by this version; write the "
                "condition as data: {\"field\": ..., \"op\": ..., \"value\": "
                "...}");
        return NULL;
    }
    if (!json_is_object(value->json)) {
        wrong_type(reader, value, "a condition, an object");
        return NULL;
    }
    condition = csi_calloc(1, sizeof(*condition));
    if (condition)
        read_object(reader, value, condition);
    else
        no_memory(reader);
    return condition;
}

struct cosend_condition *
csi_condition_parse(const struct csi_value *value,
                    const struct csi_condition_hooks *hooks,
                    struct cosend_error *error)
{
    struct reader reader = {hooks, error, false};
    struct cosend_condition *condition = read_any(&reader, value);

    if (!reader.failed)
        return condition;
    csi_condition_free(condition);
    return NULL;
}

void csi_condition_free(struct cosend_condition *condition)
{
    if (!condition)
        return;
    for (size_t i = 0; i < condition->count; i++)
        csi_condition_free(condition->parts[i]);
    for (size_t i = 0; i < condition->operand_count; i++)
        csi_free(condition->operands[i].text);
    csi_free(condition->parts);
    csi_free(condition->operands);
    csi_free(condition->name);
    cosend_regex_free(condition->regex);
    json_decref(condition->json);
    csi_free(condition);
}

/* ---- Writing ------------------------------------------------------------- */

static json_t *parts_json(const struct cosend_condition *condition)
{
    json_t *array;

    if (condition->kind == NOT)
        return csi_condition_json(condition->parts[0]);
    array = json_array();
    for (size_t i = 0; array && i < condition->count; i++)
        if (json_array_append_new(
                array, csi_condition_json(condition->parts[i])) < 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

json_t *csi_condition_json(const struct cosend_condition *condition)
{
    static const char *const words[] = {"field", "all", "any", "not"};
    json_t *json = json_object();
    bool ok = json != NULL;

    if (condition->kind != TEST) {
        ok = ok && json_object_set_new(json, words[condition->kind],
                                       parts_json(condition)) == 0;
    } else {
        ok = ok &&
             json_object_set_new(json, "field",
                                 json_string_nocheck(condition->name)) == 0;
        ok = ok && json_object_set_new(
                       json, "op", json_string(op_names[condition->op])) == 0;
        if (condition->json)
            ok = ok && json_object_set(json, "value", condition->json) == 0;
    }
    if (ok)
        return json;
    json_decref(json);
    return NULL;
}
