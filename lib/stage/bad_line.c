/* SPDX-License-Identifier: MIT */
/*
 * Lines that are of another form than somebody said: they are told which would
 * take them. To try all forms takes longer than to write a reject, so it is
 * done for those that are shown, and in a file of rejects for the first ones:
 * by where they are in the input, which no number of threads changes.
 */
#include "cosend/log_forms.h"
#include "cosend/log_lines.h"
#include "cosend/receive.h"
#include "stage/stage.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_BYTES = 1 << 16 /* of the input */ };

static bool is_worth_it(struct cosend_stage *self,
                        const struct cosend_record *record)
{
    return cosend_bad_is_told(self, record) &&
           (!csi_stage_of(self)->shared->plan->rejects_path ||
            cosend_record_ordinal(record) < FIRST_BYTES);
}

/* What would take a line, put behind why it is bad: a form by its name, or that
   lines are joined of which one is indented. */
static void add_way(struct cosend_stage *self,
                    const struct cosend_record *record,
                    struct cosend_field field, char *to, size_t room)
{
    struct cosend_cell line = cosend_field(record, field);
    int form;

    if (!line.length || !is_worth_it(self, record))
        return;
    form = cosend_log_form_of(line);
    if (form >= 0)
        snprintf(to, room, "; parse %s takes it", cosend_log_form_names[form]);
    else if (*line.data == ' ' || *line.data == '\t')
        snprintf(to, room,
                 "; `multiline indent=true |` in front joins it to the one "
                 "before");
}

void cosend_bad_line(struct cosend_stage *self,
                     const struct cosend_record *record,
                     struct cosend_field field, const char *format, ...)
{
    char why[400], way[100] = "";
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(why, sizeof(why), format, arguments);
    va_end(arguments);
    add_way(self, record, field, way, sizeof(way));
    cosend_bad(self, record, "no_match", "%s%s", why, way);
}

void cosend_bad_log_line(struct cosend_stage *self,
                         const struct cosend_record *record,
                         struct cosend_field field,
                         const struct cosend_access_log *log, const char *where,
                         const char *other)
{
    const char *a = strchr("aeins", *log->name) ? "n" : "";

    if (!other)
        cosend_bad_line(self, record, field, "not a%s %s log line, at its %s",
                        a, log->name, where);
    else if (strcmp(other, log->name) == 0)
        cosend_bad(self, record, "no_match",
                   "not a%s %s log line, at its %s; rest=keep takes it", a,
                   log->name, where);
    else
        cosend_bad(self, record, "no_match",
                   "not a%s %s log line, at its %s; parse %s takes it", a,
                   log->name, where, other);
}
