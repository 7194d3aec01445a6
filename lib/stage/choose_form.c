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

enum { MOST_SHOWN = 60 };

int cosend_choose_form(struct cosend_stage *self)
{
    struct cosend_cell line;
    int form;

    if (!cosend_await_columns(self))
        return COSEND_NO_FORM;
    line = cosend_first_line(self);
    if (line.kind == COSEND_ABSENT &&
        !cosend_schema_is_text(cosend_input_schema(self)))
        return cosend_fail(
            self, COSEND_E_USAGE,
            "auto is for the lines of a text; give the form of a "
            "field by its name");
    if (line.kind == COSEND_ABSENT) {
        cosend_open_columns(self);
        return COSEND_NO_FORM;
    }
    form = cosend_log_form_of(line);
    if (form >= 0) {
        cosend_warn(self, "auto: the lines are %s",
                    cosend_log_form_names[form]);
        return form;
    }
    if (form == -2)
        return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    return cosend_fail(
        self, COSEND_E_TYPE,
        "auto: the first line is of no form that has a name, \"%.*s%s\"; "
        "skip_lines=1 passes over it, log4j=, grok= or pattern= take others",
        line.length < MOST_SHOWN ? (int)line.length : MOST_SHOWN, line.data,
        line.length < MOST_SHOWN ? "" : "...");
}
