/* SPDX-License-Identifier: MIT */
/*
 * Entries of the slow query log of MySQL, MariaDB and Percona: several lines,
 * which a step before has joined.
 *
 *     # Time: 2026-10-10T13:55:36.123456Z
 *     # User@Host: root[root] @ localhost [127.0.0.1]  Id:     8
 *     # Query_time: 2.000161  Lock_time: 0.000000 Rows_sent: 1  Rows_examined:
 * 1 use shop; SET timestamp=1791640536; select sleep(2);
 *
 * Of the lines that begin with # the pairs that are fields are taken, in any
 * order, and others passed over. A time of two digits a year, as older servers
 * write it, is not taken: the timestamp is the same.
 */
#include "record/line_mysql_slow.h"

#include "record/line_layout.h"
#include "record/line_time.h"

#include <string.h>

#define N CSI_LINE_FIELD

enum {
    TIME,
    USER,
    HOST,
    ADDRESS,
    ID,
    DATABASE,
    QUERY_TIME,
    LOCK_TIME,
    ROWS_SENT,
    ROWS_EXAMINED,
    ROWS_AFFECTED,
    BYTES_SENT,
    TIMESTAMP,
    QUERY
};

static const struct cosend_line_field mysql_slow_fields[] = {
    N("time"),      N("user"),          N("host"),          N("address"),
    N("id"),        N("database"),      N("query_time"),    N("lock_time"),
    N("rows_sent"), N("rows_examined"), N("rows_affected"), N("bytes_sent"),
    N("timestamp"), N("query")};

static const struct {
    const char *name;
    int field;
} pairs[] = {
    {"Id", ID},
    {"Thread_id", ID},
    {"Schema", DATABASE},
    {"Query_time", QUERY_TIME},
    {"Lock_time", LOCK_TIME},
    {"Rows_sent", ROWS_SENT},
    {"Rows_examined", ROWS_EXAMINED},
    {"Rows_affected", ROWS_AFFECTED},
    {"Bytes_sent", BYTES_SENT},
};

static struct cosend_cell slice(const char *start, const char *end)
{
    return cosend_text(start, (size_t)(end - start));
}

static bool begins(const char *at, const char *end, const char *text)
{
    size_t length = strlen(text);

    return (size_t)(end - at) >= length && memcmp(at, text, length) == 0;
}

/* The pairs Name: value of a line; a value that is none is left out. */
static void take_pairs(const char *at, const char *end,
                       struct cosend_cell *parts)
{
    while (at < end) {
        const char *name = at, *value;

        while (at < end && *at != ' ')
            at++;
        value = at;
        while (value < end && *value == ' ')
            value++;
        if (at == name || at[-1] != ':') {
            at = value;
            continue;
        }
        for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
            size_t length = strlen(pairs[i].name);
            const char *stop = value;

            while (stop < end && *stop != ' ')
                stop++;
            if ((size_t)(at - name) == length + 1 &&
                memcmp(name, pairs[i].name, length) == 0 && stop > value &&
                stop[-1] != ':') {
                parts[pairs[i].field] = slice(value, stop);
                value = stop;
            }
        }
        at = value;
        while (at < end && *at == ' ')
            at++;
    }
}

/* root[root] @ localhost [127.0.0.1]  Id: 8 */
static bool take_user(const char *at, const char *end,
                      struct cosend_cell *parts)
{
    const char *bracket = memchr(at, '[', (size_t)(end - at)), *from, *close;
    const char *sign = memmem(at, (size_t)(end - at), " @ ", 3);

    if (!bracket || !sign || bracket > sign)
        return false;
    parts[USER] = slice(at, bracket);
    from = sign + 3;
    bracket = memchr(from, '[', (size_t)(end - from));
    close = bracket ? memchr(bracket, ']', (size_t)(end - bracket)) : NULL;
    if (!close)
        return false;
    parts[ADDRESS] = slice(bracket + 1, close);
    parts[HOST] = slice(from, bracket > from && bracket[-1] == ' ' ? bracket - 1
                                                                   : bracket);
    take_pairs(close + 1, end, parts);
    return true;
}

/* A line behind its # and blank. False where it is the query's own. */
static bool take_comment(const char *at, const char *end,
                         struct cosend_cell *parts)
{
    if (begins(at, end, "Time: ")) {
        parts[TIME] = slice(at + 6, end);
        return true;
    }
    if (begins(at, end, "User@Host: "))
        return take_user(at + 11, end, parts);
    if (begins(at, end, "administrator command"))
        return false;
    take_pairs(at, end, parts);
    return true;
}

/* use shop; or SET timestamp=1791640536; or the query. */
static bool take_statement(const char *at, const char *end,
                           struct cosend_cell *parts)
{
    int field = begins(at, end, "use ")             ? DATABASE
                : begins(at, end, "SET timestamp=") ? TIMESTAMP
                                                    : QUERY;

    if (field == QUERY || end[-1] != ';')
        return false;
    parts[field] = slice(at + (field == DATABASE ? 4 : 14), end - 1);
    return true;
}

static const char *missing(const struct cosend_cell *parts)
{
    static const int needed[] = {USER, QUERY_TIME, QUERY};

    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        if (parts[needed[i]].kind == COSEND_ABSENT)
            return mysql_slow_fields[needed[i]].name;
    return NULL;
}

static const char *cut_mysql_slow(const struct cosend_line_form *form,
                                  struct cosend_cell entry,
                                  struct cosend_cell *parts)
{
    const char *at = entry.length ? entry.data : "", *end = at + entry.length;

    memset(parts, 0, form->count * sizeof(*parts));
    while (at < end) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        const char *stop = feed ? feed : end;
        bool is_head = begins(at, stop, "# ")
                           ? take_comment(at + 2, stop, parts)
                           : take_statement(at, stop, parts);

        if (!is_head) {
            parts[QUERY] = slice(at, end);
            break;
        }
        at = feed ? feed + 1 : end;
    }
    return missing(parts);
}

const struct cosend_line_form csi_line_form_mysql_slow = {
    .name = "mysql_slow",
    .help = "Entries of the slow query log of MySQL and MariaDB, whose lines a "
            "step before joins; timestamp is in seconds since 1970, the others "
            "are in seconds too.",
    .example = "# Time: 2026-10-10T13:55:36.123456Z\n"
               "# User@Host: root[root] @ localhost []  Id:     8\n"
               "# Query_time: 2.0  Lock_time: 0.0 Rows_sent: 1  "
               "Rows_examined: 1\n"
               "SET timestamp=1791640536;\n"
               "select sleep(2);",
    .fields = mysql_slow_fields,
    .count = CSI_LINE_COUNT(mysql_slow_fields),
    .cut = cut_mysql_slow};
