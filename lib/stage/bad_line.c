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

static bool begins(struct cosend_cell line, const char *with)
{
    size_t length = strlen(with);

    return line.length >= length && memcmp(line.data, with, length) == 0;
}

/* java.io.IOException: disk */
static bool is_exception(struct cosend_cell line)
{
    static const char *const ends[] = {"Exception", "Error", "Throwable"};
    const char *colon = memchr(line.data, ':', line.length);
    size_t length = colon ? (size_t)(colon - line.data) : line.length;
    bool has_point = memchr(line.data, '.', length);

    if (memchr(line.data, ' ', length))
        return false;
    for (size_t i = 0; has_point && i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t end = strlen(ends[i]);

        if (length > end && memcmp(line.data + length - end, ends[i], end) == 0)
            return true;
    }
    return false;
}

/* By which option multiline joins a line, which seems to be one of a trace, to
   the one before; NULL where it seems to be none. */
static const char *joins(struct cosend_cell line)
{
    static const char *const known[][2] = {
        {"\tat ", "java"},       {"    at ", "java"},
        {"Caused by: ", "java"}, {"Traceback (most recent", "python"},
        {"  File \"", "python"}, {"goroutine ", "go"}};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (begins(line, known[i][0]))
            return known[i][1];
    if (is_exception(line))
        return "java";
    return *line.data == ' ' || *line.data == '\t' ? "indent=true" : NULL;
}

/* What would take a line, put behind why it is bad: a form by its name, or that
   lines are joined of which one is indented. */
static void add_way(struct cosend_stage *self,
                    const struct cosend_record *record,
                    struct cosend_field field, char *to, size_t room)
{
    struct cosend_cell line = cosend_field(record, field);
    const char *step;
    int form;

    if (!line.length || !is_worth_it(self, record))
        return;
    form = cosend_log_form_of(line);
    if (form >= 0)
        snprintf(to, room, "; parse %s takes it", cosend_log_form_names[form]);
    else if ((step = joins(line)))
        snprintf(to, room, "; `multiline %s |` in front joins %s", step,
                 *step == 'i' ? "it to the one before"
                              : "traces to the lines before them");
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
