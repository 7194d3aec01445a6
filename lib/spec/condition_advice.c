/* SPDX-License-Identifier: MIT */
#include "spec/condition_advice.h"

#include "base/text.h"
#include "spec/number_json.h"

#include <string.h>

/* `field op value`, taken apart. */
struct simple {
    const char *field, *value;
    size_t field_length, value_length;
    const char *op; /* its name in a condition */
};

/* The longer ones first. */
static const char *const operators[][2] = {
    {"==", "eq"},    {"!=", "ne"}, {"<>", "ne"}, {">=", "ge"}, {"<=", "le"},
    {"=~", "regex"}, {"=", "eq"},  {">", "gt"},  {"<", "lt"}};

static const char *find_operator(const char *text, size_t length, size_t *size)
{
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        *size = strlen(operators[i][0]);
        if (*size <= length && memcmp(text, operators[i][0], *size) == 0)
            return operators[i][1];
    }
    return NULL;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' ||
           (unsigned char)c >= 0x80;
}

static void trim(const char **text, size_t *length)
{
    while (*length && (**text == ' ' || **text == '\t')) {
        ++*text;
        --*length;
    }
    while (*length && strchr(" \t", (*text)[*length - 1]))
        --*length;
}

/* A value without its quotes; false where it is more than one value. */
static bool take_value(struct simple *simple, const char *text, size_t length)
{
    bool quoted = length > 1 && (*text == '"' || *text == '\'') &&
                  text[length - 1] == *text;

    if (quoted) {
        if (memchr(text + 1, *text, length - 2))
            return false;
        text++;
        length -= 2;
    }
    for (size_t i = 0; i < length; i++)
        if ((!quoted && strchr(" \t()[]{}&|!\"'`", text[i])) ||
            strchr("\"\\", text[i]))
            return false;
    simple->value = text;
    simple->value_length = length;
    return quoted || length;
}

static bool take_apart(struct simple *simple, const char *text, size_t length)
{
    size_t name = 0, size;

    trim(&text, &length);
    while (name < length && is_name_byte(text[name]))
        name++;
    simple->field = text;
    simple->field_length = name;
    text += name;
    length -= name;
    trim(&text, &length);
    simple->op = find_operator(text, length, &size);
    if (!name || !simple->op)
        return false;
    text += size;
    length -= size;
    trim(&text, &length);
    return take_value(simple, text, length);
}

/* field=status op=ge value=500 */
static bool add_words(struct csi_text *advice, const struct simple *simple)
{
    bool plain = simple->value_length > 0;

    for (size_t i = 0; i < simple->value_length; i++)
        plain &= !strchr(" \t|',=", simple->value[i]);
    return csi_text_string(advice, "field=") &&
           csi_text_add(advice, simple->field, simple->field_length) &&
           csi_text_string(advice, " op=") &&
           csi_text_string(advice, simple->op) &&
           csi_text_string(advice, plain ? " value=" : " value=\"") &&
           csi_text_add(advice, simple->value, simple->value_length) &&
           csi_text_string(advice, plain ? "" : "\"");
}

/* {"field": "status", "op": "ge", "value": 500} */
static bool add_json(struct csi_text *advice, const struct simple *simple)
{
    const char *quote =
        csi_is_json_number(simple->value, simple->value_length) ? "" : "\"";

    return csi_text_string(advice, "{\"field\": \"") &&
           csi_text_add(advice, simple->field, simple->field_length) &&
           csi_text_string(advice, "\", \"op\": \"") &&
           csi_text_string(advice, simple->op) &&
           csi_text_string(advice, "\", \"value\": ") &&
           csi_text_string(advice, quote) &&
           csi_text_add(advice, simple->value, simple->value_length) &&
           csi_text_string(advice, quote) && csi_text_string(advice, "}");
}

const char *csi_condition_advice(struct csi_spec *spec, const char *text,
                                 size_t length, bool in_line)
{
    static const char *const general[] = {
        "expressions are not read by this version; write a condition as "
        "{\"field\": ..., \"op\": ..., \"value\": ...}, several as {\"all\": "
        "[...]} or {\"any\": [...]}",
        "expressions are not read by this version; write field=NAME op=OP "
        "value=VALUE, and one where behind the other for \"and\""};
    struct csi_text advice = {0};
    struct simple simple;
    const char *copy;
    bool ok;

    if (length > 200 || !take_apart(&simple, text, length))
        return general[in_line];
    ok = csi_text_string(&advice,
                         "expressions are not read by this version; write ");
    ok = ok &&
         (in_line ? add_words(&advice, &simple) : add_json(&advice, &simple));
    copy = ok ? csi_spec_copy(spec, advice.data, advice.length) : NULL;
    spec->no_memory |= !copy;
    csi_text_free(&advice);
    return copy ? copy : "";
}
