/* SPDX-License-Identifier: MIT */
/*
 * The nearest spelling is no help where a word means the opposite of what it
 * resembles: nin is near to in, not_contains to contains. Such words are known
 * here, and answered by their meaning.
 */
#include "spec/condition_words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Of two as near to a wrong one, the earlier is proposed: le for lte. */
const char *const csi_condition_ops[] = {
    "eq",        "ne",    "le",      "lt",     "ge",       "gt",
    "exists",    "empty", "in",      "not_in", "contains", "starts_with",
    "ends_with", "regex", "matches", NULL};

const char *const csi_condition_kinds[] = {"field", "all", "any", "not", NULL};

bool csi_condition_op_of(const char *word, enum csi_condition_op *op)
{
    static const char *const others[][2] = {
        {"starts", "starts_with"}, {"ends", "ends_with"}, {"blank", "empty"}};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (strcmp(others[i][0], word) == 0)
            word = others[i][1];
    for (int i = 0; csi_condition_ops[i]; i++)
        if (strcmp(csi_condition_ops[i], word) == 0) {
            *op = (enum csi_condition_op)i;
            return true;
        }
    return false;
}

bool csi_condition_kind_of(const char *key, enum csi_condition_kind *kind)
{
    if (strcmp(key, "and") == 0)
        key = "all";
    else if (strcmp(key, "or") == 0)
        key = "any";
    for (int i = 0; csi_condition_kinds[i]; i++)
        if (strcmp(csi_condition_kinds[i], key) == 0) {
            *kind = (enum csi_condition_kind)i;
            return true;
        }
    return false;
}

/* Other languages' words for our operators. */
static const char *const foreign[][2] = {{"=", "eq"},
                                         {"==", "eq"},
                                         {"===", "eq"},
                                         {"is", "eq"},
                                         {"equal", "eq"},
                                         {"equals", "eq"},
                                         {"equal_to", "eq"},
                                         {"!=", "ne"},
                                         {"!==", "ne"},
                                         {"<>", "ne"},
                                         {"neq", "ne"},
                                         {"is_not", "ne"},
                                         {"not_equal", "ne"},
                                         {"not_equals", "ne"},
                                         {"not_equal_to", "ne"},
                                         {"<", "lt"},
                                         {"less", "lt"},
                                         {"less_than", "lt"},
                                         {"below", "lt"},
                                         {"<=", "le"},
                                         {"=<", "le"},
                                         {"leq", "le"},
                                         {"lte", "le"},
                                         {"less_equal", "le"},
                                         {"less_or_equal", "le"},
                                         {"less_than_or_equal", "le"},
                                         {">", "gt"},
                                         {"greater", "gt"},
                                         {"greater_than", "gt"},
                                         {"more", "gt"},
                                         {"above", "gt"},
                                         {">=", "ge"},
                                         {"=>", "ge"},
                                         {"geq", "ge"},
                                         {"gte", "ge"},
                                         {"greater_equal", "ge"},
                                         {"greater_or_equal", "ge"},
                                         {"greater_than_or_equal", "ge"},
                                         {"nin", "not_in"},
                                         {"not in", "not_in"},
                                         {"notin", "not_in"},
                                         {"=~", "regex"},
                                         {"~", "regex"},
                                         {"match", "matches"},
                                         {"like", "regex"},
                                         {"prefix", "starts_with"},
                                         {"suffix", "ends_with"},
                                         {"null", "empty"},
                                         {"has", "contains"},
                                         {"include", "contains"},
                                         {"includes", "contains"}};

/* Questions that an expression asks. */
static const char *const calls[][2] = {{"is_number", "is_number(FIELD)"},
                                       {"is_finite", "is_number(FIELD)"},
                                       {"length", "length(FIELD) == 3"},
                                       {"between", "FIELD >= 1 && FIELD <= 5"},
                                       {"ip_in", "ip_in(FIELD, '10.0.0.0/8')"}};

/* Behind not, no, n, is_not or !, as in not_contains and !~; or NULL. */
static const char *negated(const char *word)
{
    static const char *const prefixes[] = {"is_not", "does_not", "not", "non",
                                           "no",     "!",        "n"};

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        size_t length = strlen(prefixes[i]);
        enum csi_condition_op op;
        const char *rest = word + length;

        if (strncmp(word, prefixes[i], length) != 0)
            continue;
        rest += *rest == '_' || *rest == ' ' || *rest == '-';
        if (strcmp(rest, "~") == 0 || strcmp(rest, "match") == 0)
            return "matches";
        if (csi_condition_op_of(rest, &op))
            return csi_condition_ops[op];
    }
    return NULL;
}

/* A word, or its first 31 bytes, in small letters. */
static void lower(const char *word, char small[32])
{
    size_t i;

    for (i = 0; i < 31 && word[i]; i++)
        small[i] = (char)tolower((unsigned char)word[i]);
    small[i] = '\0';
}

const char *csi_condition_op_hint(const char *word, char hint[96])
{
    char small[32];
    const char *op;
    size_t i;

    lower(word, small);
    for (i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
        if (strcmp(foreign[i][0], small) == 0) {
            snprintf(hint, 96, "; did you mean \"%s\"?", foreign[i][1]);
            return hint;
        }
    for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
        if (strcmp(calls[i][0], small) == 0) {
            snprintf(hint, 96, "; as an expression it is \"%s\"", calls[i][1]);
            return hint;
        }
    op = negated(small);
    if (!op)
        return NULL;
    snprintf(hint, 96, "; write {\"not\": {..., \"op\": \"%s\", ...}}", op);
    return hint;
}

const char *csi_condition_key_hint(const char *key)
{
    static const char *const keys[][2] = {
        {"none", "; write {\"not\": {\"any\": [...]}}"},
        {"nor", "; write {\"not\": {\"any\": [...]}}"},
        {"nand", "; write {\"not\": {\"all\": [...]}}"},
        {"and", "; did you mean \"all\"?"},
        {"all", "; did you mean \"all\"?"},
        {"or", "; did you mean \"any\"?"},
        {"any", "; did you mean \"any\"?"},
        {"every", "; did you mean \"all\"?"},
        {"must", "; did you mean \"all\"?"},
        {"&&", "; did you mean \"all\"?"},
        {"some", "; did you mean \"any\"?"},
        {"||", "; did you mean \"any\"?"},
        {"must_not", "; did you mean \"not\"?"},
        {"not", "; did you mean \"not\"?"},
        {"!", "; did you mean \"not\"?"},
        {"operator", "; did you mean \"op\"?"},
        {"column", "; did you mean \"field\"?"}};
    enum csi_condition_kind kind;
    char small[32];

    if (csi_condition_kind_of(key, &kind)) /* one that may not stand there */
        return NULL;
    lower(key, small);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (strcmp(keys[i][0], small) == 0)
            return keys[i][1];
    return NULL;
}
