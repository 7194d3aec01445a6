/* SPDX-License-Identifier: MIT */
/* What is to be worked out, as users write it: "slowest=max(ms * 2)". */
#include "cosend/aggregate.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Whether it is more than a name: a name with other signs than these is written
   in quotes or backquotes. */
static bool is_expression(struct cosend_slice text)
{
    static const char *const signs[] = {
        "(",   "[",   "*",    "+",     "<",    ">",    "=",
        "!",   "&",   "|",    "?",     "%",    "`",    ".",
        " - ", " / ", " // ", " and ", " or ", " in ", " not "};

    for (size_t i = 0; text.length && i < sizeof(signs) / sizeof(signs[0]); i++)
        if (memmem(text.data, text.length, signs[i], strlen(signs[i])))
            return true;
    return false;
}

/* A name in quotes, without them. */
static struct cosend_slice unquoted(struct cosend_slice text)
{
    char quote = text.length > 1 ? *text.data : '\0';

    if ((quote != '"' && quote != '\'') ||
        text.data[text.length - 1] != quote ||
        memchr(text.data + 1, quote, text.length - 2))
        return text;
    return (struct cosend_slice){text.data + 1, text.length - 2};
}

/* Whether an expression is only the way to a field in others, a.b[0]. */
static bool is_path(struct cosend_slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.data[i] < 0x80 &&
            !isalnum((unsigned char)text.data[i]) &&
            !strchr("_.[]-", text.data[i]))
            return false;
    return true;
}

/* Whether no parenthesis closes what was not opened there, but for those in
   quotes. */
static bool is_balanced(const char *at, const char *end)
{
    size_t depth = 0;
    char quote = '\0';

    for (; at < end; at++) {
        if (quote)
            quote = *at == quote ? '\0' : quote;
        else if (*at == '"' || *at == '\'' || *at == '`')
            quote = *at;
        else if (*at == '(')
            depth++;
        else if (*at == ')' && !depth--)
            return false;
    }
    return true;
}

struct cosend_call cosend_call_of(struct cosend_slice function,
                                  struct cosend_slice subject)
{
    struct cosend_slice name = unquoted(subject);
    struct cosend_call call = {.function = function, .subject = name};

    call.is_field = name.data != subject.data || !is_expression(name);
    call.row = cosend_find_function(function.data, function.length, &call.part);
    return call;
}

struct cosend_call cosend_read_call(const char *text, size_t length,
                                    bool is_named)
{
    const char *at = text, *end = length ? text + length : text;
    const char *open = length ? memchr(at, '(', length) : NULL;
    const char *behind = open ? open : end;
    const char *equals = is_named || behind == at
                             ? NULL
                             : memchr(at, '=', (size_t)(behind - at));
    bool is_open = open && (end[-1] != ')' || !is_balanced(open + 1, end - 1));
    struct cosend_slice subject = {0};
    struct cosend_call call;

    if (equals)
        at = equals + 1;
    if (open && !is_open)
        subject = (struct cosend_slice){open + 1, (size_t)(end - open - 2)};
    call = cosend_call_of((struct cosend_slice){at, (size_t)(behind - at)},
                          subject);
    if (equals)
        call.name = (struct cosend_slice){text, (size_t)(equals - text)};
    call.is_open = is_open;
    return call;
}

int cosend_call_column(const struct cosend_call *call, char *name, size_t size)
{
    struct cosend_slice function = call->function, subject = call->subject;

    if (call->name.data)
        return snprintf(name, size, "%.*s", (int)call->name.length,
                        call->name.data);
    if (!subject.length)
        return snprintf(name, size, "%.*s", (int)function.length,
                        function.data);
    return snprintf(
        name, size,
        call->is_field || is_path(subject) ? "%.*s_%.*s" : "%.*s(%.*s)",
        (int)function.length, function.data, (int)subject.length, subject.data);
}
