/* SPDX-License-Identifier: MIT */
/*
 * A reader of conditions goes on behind a problem: whoever reads the messages
 * is to see all of them. So what a wrong key or operator hides is read too,
 * into a condition that is then dropped. reader->failed says that there was
 * any, and that none of it may be used.
 *
 * The type of a value is decided here, by the operator. Text for what looks for
 * text; else a number where JSON has one, or where a word of a one-line
 * pipeline is one; a JSON string is text, but for a number that JSON cannot
 * write. A string that a parameter is in is text, whatever it holds: who calls
 * a parameter a string has said so, and `-p v=05` is not to be another kind of
 * thing than `-p v=5`. A number's digits are taken from the spec as they stand
 * there, not from jansson, which rounds them.
 */
#include "spec/condition_json.h"

#include "expression/condition.h"
#include "spec/condition_words.h"
#include "spec/jansson.h"
#include "spec/number_json.h"

#include <stdio.h>
#include <string.h>

static const char *const test_keys[] = {"field", "op", "value", NULL};

static const char *const condition_keys[] = {"field", "op",  "value", "all",
                                             "any",   "not", NULL};

/* ---- Reading ------------------------------------------------------------- */

struct reader {
    const struct csi_condition_hooks *hooks;
    struct cosend_error *error;
    bool failed;
};

static void fail_for_memory(struct reader *reader)
{
    csi_no_memory(reader->error);
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

/*
 * Whether a string stands for a number. A word of a line does, where it is one.
 * In JSON quotes say that "5" is text, for it could stand without; a number
 * that JSON's grammar has not, as ".5", can only stand in quotes, which then
 * say nothing.
 */
static bool is_quoted_number(const struct csi_value *value, const char *text,
                             size_t length)
{
    return csi_is_number(text, length) &&
           (value->bare ||
            (!value->filled && !csi_is_json_number(text, length)));
}

/* Say of a string that looks like a number, and is compared as text, that it
   is: where a parameter put it in, or where what is asked is an order. */
static void warn_of_text(struct reader *reader, const struct csi_value *value,
                         enum csi_condition_op op,
                         const struct csi_operand *operand)
{
    bool ordered = op == CSI_OP_LT || op == CSI_OP_LE || op == CSI_OP_GT ||
                   op == CSI_OP_GE;
    char text[256];

    if (operand->kind != CSI_OPERAND_TEXT || !operand->text ||
        !(value->filled || ordered) ||
        !csi_is_number(operand->text, operand->length))
        return;
    snprintf(text, sizeof(text),
             "\"%.80s\" is compared as text, byte by byte, %s", operand->text,
             value->filled ? "for its parameter is a string; as a number where "
                             "that has \"type\": \"number\""
                           : "for it stands in quotes; as a number without");
    reader->hooks->warning(reader->hooks->context, value, !value->filled, text);
}

/* Say of text without a character that no field is ever equal to it. */
static void warn_of_empty(struct reader *reader, const struct csi_value *value,
                          const struct csi_operand *operand)
{
    if (operand->kind == CSI_OPERAND_TEXT && operand->text && !operand->length)
        reader->hooks->warning(reader->hooks->context, value, false,
                               "nothing is ever equal to \"\"; what is absent, "
                               "null or empty is found by the op \"empty\"");
}

/* The text of a value that is none of a container; NULL for null. */
static char *scalar_text(const struct csi_value *value, size_t *length)
{
    const json_t *json = value->exact ? value->exact : value->json;
    char *text;

    if (json_is_string(json)) {
        *length = json_string_length(json);
        return csi_strndup(json_string_value(json), *length);
    }
    if (json_is_number(json))
        text = csi_number_text(json);
    else
        text = csi_strndup(json_is_true(json) ? "true" : "false",
                           json_is_true(json) ? 4 : 5);
    *length = text ? strlen(text) : 0;
    return text;
}

static bool is_scalar(const json_t *json)
{
    return json_is_string(json) || json_is_number(json) ||
           json_is_boolean(json);
}

static void read_operand(struct reader *reader, const struct csi_value *value,
                         struct csi_operand *operand)
{
    if (!is_scalar(value->json)) {
        wrong_type(reader, value, "a string or a number");
        return;
    }
    operand->text = scalar_text(value, &operand->length);
    if (!operand->text)
        fail_for_memory(reader);
    else if (json_is_boolean(value->json))
        operand->kind = CSI_OPERAND_BOOLEAN;
    else if ((json_is_number(value->json) ||
              is_quoted_number(value, operand->text, operand->length)) &&
             csi_number_init(&operand->number, operand->text, operand->length))
        operand->kind = CSI_OPERAND_NUMBER;
}

static bool add_operands(struct reader *reader, struct cosend_condition *test,
                         size_t count)
{
    test->operands = csi_calloc(count, sizeof(*test->operands));
    if (!test->operands)
        fail_for_memory(reader);
    return test->operands;
}

static void read_one(struct reader *reader, const struct csi_value *value,
                     struct cosend_condition *test)
{
    if (add_operands(reader, test, 1))
        read_operand(reader, value, &test->operands[test->operand_count++]);
}

/* A word without commas is a list of one. */
static void read_list(struct reader *reader, const struct csi_value *value,
                      struct cosend_condition *test)
{
    if (value->bare && json_is_string(value->json)) {
        read_one(reader, value, test);
        return;
    }
    if (!json_is_array(value->json)) {
        wrong_type(reader, value, "an array");
        return;
    }
    if (!add_operands(reader, test, value->count))
        return;
    value = csi_value_first(value);
    for (; value; value = csi_value_next(value)) {
        struct csi_operand *operand = &test->operands[test->operand_count++];

        read_operand(reader, value, operand);
        warn_of_text(reader, value, test->op, operand);
        warn_of_empty(reader, value, operand);
    }
}

/* What is looked for in a text is text, be it digits. */
static void read_text(struct reader *reader, const struct csi_value *value,
                      struct cosend_condition *test, const char *wanted)
{
    if (!json_is_string(value->json)) {
        wrong_type(reader, value, wanted);
        return;
    }
    read_one(reader, value, test);
    if (test->operand_count)
        test->operands->kind = CSI_OPERAND_TEXT;
}

static void read_regex(struct reader *reader, const struct csi_value *value,
                       struct cosend_condition *test)
{
    struct cosend_error error = {0};

    read_text(reader, value, test, "a pattern");
    if (!test->operands || !test->operands->text)
        return;
    test->regex = cosend_regex_new(test->operands->text, test->operands->length,
                                   NULL, &error);
    if (test->regex)
        return;
    if (error.kind == COSEND_E_MEMORY)
        fail_for_memory(reader);
    else
        problem(reader, value, error.message);
}

static void read_value(struct reader *reader, const struct csi_value *object,
                       struct cosend_condition *test)
{
    const struct csi_value *value = csi_value_get(object, "value");
    char text[64];

    if (test->op == CSI_OP_EXISTS || test->op == CSI_OP_EMPTY) {
        if (value) {
            snprintf(text, sizeof(text), "\"%s\" takes no value",
                     csi_condition_ops[test->op]);
            problem(reader, value, text);
        }
        return;
    }
    if (!value) {
        snprintf(text, sizeof(text), "\"%s\" needs a \"value\"",
                 csi_condition_ops[test->op]);
        problem(reader, object, text);
        return;
    }
    switch (test->op) {
    case CSI_OP_IN:
    case CSI_OP_NOT_IN:
        read_list(reader, value, test);
        break;
    case CSI_OP_REGEX:
    case CSI_OP_MATCHES:
        read_regex(reader, value, test);
        break;
    case CSI_OP_CONTAINS:
    case CSI_OP_STARTS_WITH:
    case CSI_OP_ENDS_WITH:
        read_text(reader, value, test, "a string");
        break;
    default:
        read_one(reader, value, test);
        if (test->operand_count) {
            warn_of_text(reader, value, test->op, test->operands);
            warn_of_empty(reader, value, test->operands);
        }
    }
}

static void wrong_op(struct reader *reader, const struct csi_value *op)
{
    const char *word = json_string_value(op->json), *hint;
    char text[192], remark[96];

    if (!word) {
        wrong_type(reader, op, "an operator's name");
        return;
    }
    hint = csi_condition_op_hint(word, remark);
    snprintf(text, sizeof(text), "\"%.80s\" is not an operator%s", word,
             hint ? hint : "");
    reader->hooks->problem(reader->hooks->context, op, false, text,
                           hint ? NULL : csi_condition_ops);
    reader->failed = true;
}

/* What is wrong for every operator. */
static void check_value(struct reader *reader, const struct csi_value *value)
{
    if (value && !is_scalar(value->json) && !json_is_array(value->json))
        wrong_type(reader, value, "a string, a number or an array of them");
}

/* field: NULL where there is none. */
static void read_test(struct reader *reader, const struct csi_value *object,
                      const struct csi_value *field,
                      struct cosend_condition *test)
{
    const char *name = field ? json_string_value(field->json) : NULL;
    const struct csi_value *op = csi_value_get(object, "op");
    const char *word = op ? json_string_value(op->json) : NULL;

    if (field) {
        test->field.slot = reader->hooks->field(reader->hooks->context, field);
        reader->failed |= test->field.slot == COSEND_NO_FIELD;
    }
    if (name && !(test->name = csi_strndup(name, strlen(name))))
        fail_for_memory(reader);
    if (word && csi_condition_op_of(word, &test->op)) {
        read_value(reader, object, test);
        return;
    }
    if (op)
        wrong_op(reader, op);
    else if (field)
        problem(reader, object, "a condition on a field needs an \"op\"");
    check_value(reader, csi_value_get(object, "value"));
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
        fail_for_memory(reader);
    }
}

static void read_parts(struct reader *reader, const struct csi_value *value,
                       struct cosend_condition *whole)
{
    if (whole->kind == CSI_CONDITION_NOT) {
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
static const char *const *proper_keys(bool found, enum csi_condition_kind kind)
{
    if (!found)
        return condition_keys;
    return kind == CSI_CONDITION_TEST ? test_keys : NULL;
}

static void wrong_key(struct reader *reader, const struct csi_value *value,
                      bool found, enum csi_condition_kind kind)
{
    const char *hint = csi_condition_key_hint(value->key);
    char text[160];

    snprintf(text, sizeof(text), "\"%.60s\" is not a key of %s%s", value->key,
             found ? "this kind of condition" : "a condition",
             hint ? hint : "");
    reader->hooks->problem(reader->hooks->context, value, true, text,
                           hint ? NULL : proper_keys(found, kind));
    reader->failed = true;
}

/* Read what a second kind in one condition holds, for the problems in it. */
static void check_parts(struct reader *reader, const struct csi_value *value,
                        enum csi_condition_kind kind)
{
    struct cosend_condition unused = {.kind = kind};

    if (kind == CSI_CONDITION_TEST)
        return;
    read_parts(reader, value, &unused);
    for (size_t i = 0; i < unused.count; i++)
        csi_condition_free(unused.parts[i]);
    csi_free(unused.parts);
}

/* The first key, of those that may, to say what kind of condition it is. */
static const struct csi_value *find_kind(const struct csi_value *object,
                                         enum csi_condition_kind *kind)
{
    const struct csi_value *value = csi_value_first(object);

    while (value && !csi_condition_kind_of(value->key, kind))
        value = csi_value_next(value);
    return value;
}

static void check_keys(struct reader *reader, const struct csi_value *object,
                       const struct csi_value *found,
                       enum csi_condition_kind kind)
{
    const struct csi_value *value = csi_value_first(object);
    bool is_test = !found || kind == CSI_CONDITION_TEST;

    for (; value; value = csi_value_next(value)) {
        bool of_test =
            strcmp(value->key, "op") == 0 || strcmp(value->key, "value") == 0;
        enum csi_condition_kind other;

        if (value == found || (of_test && is_test))
            continue;
        wrong_key(reader, value, found, kind);
        if (csi_condition_kind_of(value->key, &other))
            check_parts(reader, value, other);
    }
}

static void read_object(struct reader *reader, const struct csi_value *object,
                        struct cosend_condition *condition)
{
    bool failed = reader->failed;
    const struct csi_value *found = find_kind(object, &condition->kind);

    reader->failed = false;
    check_keys(reader, object, found, condition->kind);
    if (found && condition->kind != CSI_CONDITION_TEST) {
        read_parts(reader, found, condition);
    } else {
        if (!found && !reader->failed)
            problem(reader, object,
                    "a condition has a \"field\", or is \"all\", \"any\" or "
                    "\"not\" of others");
        read_test(reader, object, found, condition);
    }
    reader->failed |= failed;
}

static struct cosend_condition *read_expression(struct reader *reader,
                                                const struct csi_value *value)
{
    struct cosend_condition *condition = csi_calloc(1, sizeof(*condition));

    if (!condition) {
        fail_for_memory(reader);
        return NULL;
    }
    condition->kind = CSI_CONDITION_EXPRESSION;
    condition->expression =
        reader->hooks->expression(reader->hooks->context, value);
    reader->failed |= !condition->expression;
    return condition;
}

static struct cosend_condition *read_any(struct reader *reader,
                                         const struct csi_value *value)
{
    struct cosend_condition *condition;

    if (json_is_string(value->json))
        return read_expression(reader, value);
    if (!json_is_object(value->json)) {
        wrong_type(reader, value, "a condition, an object");
        return NULL;
    }
    condition = csi_calloc(1, sizeof(*condition));
    if (condition)
        read_object(reader, value, condition);
    else
        fail_for_memory(reader);
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

/* ---- Writing ------------------------------------------------------------- */

static json_t *operand_json(const struct csi_operand *operand)
{
    switch (operand->kind) {
    case CSI_OPERAND_NUMBER:
        return csi_number_json(operand->text, operand->length);
    case CSI_OPERAND_BOOLEAN:
        return json_boolean(*operand->text == 't');
    default:
        return json_stringn_nocheck(operand->text, operand->length);
    }
}

static json_t *value_json(const struct cosend_condition *test)
{
    json_t *array;

    if (test->op != CSI_OP_IN && test->op != CSI_OP_NOT_IN)
        return operand_json(test->operands);
    array = json_array();
    for (size_t i = 0; array && i < test->operand_count; i++)
        if (json_array_append_new(array, operand_json(&test->operands[i])) <
            0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

static json_t *parts_json(const struct cosend_condition *condition)
{
    json_t *array;

    if (condition->kind == CSI_CONDITION_NOT)
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
    json_t *json;
    bool ok;

    if (condition->kind == CSI_CONDITION_EXPRESSION)
        return json_stringn_nocheck(condition->expression->text,
                                    condition->expression->length);
    json = json_object();
    ok = json != NULL;

    if (condition->kind != CSI_CONDITION_TEST) {
        ok = ok &&
             json_object_set_new(json, csi_condition_kinds[condition->kind],
                                 parts_json(condition)) == 0;
    } else {
        ok = ok &&
             json_object_set_new(json, "field",
                                 json_string_nocheck(condition->name)) == 0;
        ok = ok && json_object_set_new(
                       json, "op",
                       json_string(csi_condition_ops[condition->op])) == 0;
        if (condition->operands)
            ok = ok &&
                 json_object_set_new(json, "value", value_json(condition)) == 0;
    }
    if (ok)
        return json;
    json_decref(json);
    return NULL;
}
