/* SPDX-License-Identifier: MIT */
/*
 * PostgreSQL's log_line_prefix (Error Reporting and Logging, What to Log), and
 * what every line has behind it: the level, a colon and two blanks, the
 * message. Lines of processes that serve nobody end their prefix at %q.
 */
#include "record/line_prefix.h"

#include "record/line_time.h"

#include <string.h>

static const struct escape {
    char letter;
    const char *field;
    enum csi_line_kind kind;
    const char *looks;
} escapes[] = {
    {'a', "app", CSI_LINE_UPTO, NULL},
    {'u', "user", CSI_LINE_INNER, NULL},
    {'d', "database", CSI_LINE_INNER, NULL},
    {'r', "remote", CSI_LINE_UPTO, NULL},
    {'h', "host", CSI_LINE_UPTO, NULL},
    {'L', "local_host", CSI_LINE_UPTO, NULL},
    {'b', "backend", CSI_LINE_UPTO, NULL},
    {'p', "pid", CSI_LINE_NUMBER, NULL},
    {'P', "leader_pid", CSI_LINE_UPTO, NULL},
    {'t', "time", CSI_LINE_TIME, CSI_ISOL},
    {'m', "time", CSI_LINE_TIME, CSI_ISOL},
    {'n', "time", CSI_LINE_TIME, "sF"},
    {'i', "command", CSI_LINE_UPTO, NULL},
    {'e', "sqlstate", CSI_LINE_WORD, NULL},
    {'c', "session_id", CSI_LINE_UPTO, NULL},
    {'l', "session_line", CSI_LINE_NUMBER, NULL},
    {'s', "session_start", CSI_LINE_TIME, CSI_ISOL},
    {'v', "virtual_xid", CSI_LINE_UPTO, NULL},
    {'x', "xid", CSI_LINE_NUMBER, NULL},
    {'Q', "query_id", CSI_LINE_SIGNED, NULL},
};

static const struct escape *find_escape(char letter)
{
    for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
        if (escapes[i].letter == letter)
            return &escapes[i];
    return NULL;
}

/* An escape whose percent sign is at `place`; its length is added to *at. */
static int read_prefix_escape(struct csi_line_maker *maker, size_t place,
                              size_t *at, uint32_t *short_count)
{
    const struct escape *escape;
    size_t start = *at;
    char letter;

    while (*at < maker->length &&
           (maker->text[*at] == '-' || (unsigned)(maker->text[*at] - '0') < 10))
        (*at)++;
    letter = *at < maker->length ? maker->text[(*at)++] : '\0';
    if (letter == '%')
        return csi_line_maker_text(maker, "%", 1);
    if (letter == 'q' && !*short_count && maker->count) {
        *short_count = maker->count;
        return csi_line_maker_stop(maker);
    }
    escape = find_escape(letter);
    if (!escape)
        return csi_error_in(
            maker->error, maker->text, place,
            letter == 'q' ? "%%q may stand behind another one, once"
                          : "there is no such escape; there are %%a %%u %%d "
                            "%%r %%h %%b %%p %%P %%t %%m %%n %%i %%e %%c %%l "
                            "%%s %%v %%x %%Q %%q");
    return csi_line_maker_part(maker, place, escape->field,
                               strlen(escape->field), escape->kind,
                               *at - start > 1, escape->looks);
}

int csi_line_prefix(struct csi_line_maker *maker, uint32_t *short_count)
{
    size_t at = 0, place;
    int status = COSEND_OK;

    *short_count = 0;
    while (status == COSEND_OK && at < maker->length) {
        place = at++;
        if (maker->text[place] == '%')
            status = read_prefix_escape(maker, place, &at, short_count);
        else
            status = csi_line_maker_text(maker, maker->text + place, 1);
    }
    if (status == COSEND_OK)
        status = csi_line_maker_part(maker, maker->length, "level", 5,
                                     CSI_LINE_LEVEL, false, NULL);
    if (status == COSEND_OK)
        status = csi_line_maker_text(maker, ":  ", 3);
    if (status == COSEND_OK)
        status = csi_line_maker_part(maker, maker->length, "message", 7,
                                     CSI_LINE_REST, false, NULL);
    return status;
}
