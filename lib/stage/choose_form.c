/* SPDX-License-Identifier: MIT */
/*
 * The form of lines, by the first one. A step has to say which columns it adds
 * before it receives a record, and the threads of a run each receive others; so
 * the reader notes the first line of all in its schema, which each step gets
 * before a record, in each thread, and a body waits for that.
 */
#include "cosend/choose_form.h"

#include "cosend/fields.h"
#include "cosend/state.h"
#include "record/schema.h"

#include <string.h>

enum { MOST_SHOWN = 60 };

/* Records that have more than a line, or another one than was read. */
static int refuse_others(struct cosend_stage *self)
{
    return cosend_fail(self, COSEND_E_USAGE,
                       "auto goes by the first line of a text as it was read: "
                       "put steps that change lines or add fields behind this "
                       "one, read what is no text as text (-f text), or say "
                       "the form of the field by its name");
}

/* There is no first line: no record either, or somebody changed them. */
static int choose_nothing(struct cosend_stage *self)
{
    struct cosend_record record;

    cosend_open_columns(self);
    return cosend_receive(self, &record) ? refuse_others(self) : COSEND_NO_FORM;
}

/* Whether an entry of a slow query log begins, which has several lines. */
static bool is_slow_entry(struct cosend_cell line)
{
    static const char *const heads[] = {"# Time: ", "# User@Host: ", NULL};
    size_t i = 0;

    while (heads[i] && (line.length < strlen(heads[i]) ||
                        memcmp(line.data, heads[i], strlen(heads[i])) != 0))
        i++;
    return heads[i];
}

static int refuse_line(struct cosend_stage *self, struct cosend_cell line)
{
    if (is_slow_entry(line))
        return cosend_fail(self, COSEND_E_TYPE,
                           "auto: the first line begins an entry of several "
                           "lines: `multiline mysql_slow | parse mysql_slow` "
                           "takes it");
    return cosend_fail(
        self, COSEND_E_TYPE,
        "auto: the first line is of no form that is known by its lines, "
        "\"%.*s%s\"; `cosend help parse` has the forms, of which kv and csv "
        "are to be named; regex=, grok=, pattern= and log4j= say others, and "
        "`input skip_lines=1 |` in front passes over it",
        line.length < MOST_SHOWN ? (int)line.length : MOST_SHOWN,
        line.data ? line.data : "", line.length < MOST_SHOWN ? "" : "...");
}

int cosend_choose_form(struct cosend_stage *self)
{
    const struct cosend_schema *schema;
    struct cosend_cell line;
    int form;

    if (!cosend_await_columns(self))
        return COSEND_NO_FORM;
    schema = cosend_input_schema(self);
    line = cosend_first_line(self);
    if (line.kind == COSEND_ABSENT)
        return schema->text || schema->unknown ? choose_nothing(self)
                                               : refuse_others(self);
    form = cosend_log_form_of(line);
    if (form == -2)
        return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    if (form < 0)
        return refuse_line(self, line);
    cosend_warn(self, "lines are read as %s", cosend_log_form_names[form]);
    return form;
}
