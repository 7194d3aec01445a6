/* SPDX-License-Identifier: MIT */
/*
 * Lines of syslog: by RFC 5424, and by what RFC 3164 describes, as daemons
 * write it into files, with a priority in front or without.
 *
 *     <165>1 2026-10-10T13:55:36.123Z host app 4821 ID47 [x@1 a="b"] message
 *     <34>Oct 10 13:55:36 host app[4821]: message
 *     2026-10-10T13:55:36.123456+02:00 host app: message
 *
 * What RFC 3164 calls a tag is an app, and its process in brackets. It is a
 * word that ends in a colon, or has a process behind it; a name with blanks in
 * it only where it has a process, or is followed by its version. Any other
 * message ("last message repeated 2 times") has none. A line whose first word
 * behind the time is a tag has no host. Devices write the zone behind the time,
 * which is a part of it:
 *
 *     <189>Oct 10 13:55:36.123 CEST: %SYS-5-CONFIG_I: Configured
 */
#include "record/line_syslog.h"

#include "base/base.h"
#include "base/text.h"
#include "record/line_layout.h"
#include "record/line_structured.h"
#include "record/line_time.h"

#include <string.h>

#define N CSI_LINE_FIELD

/* ---- Priorities: RFC 5424, 6.2.1 ----------------------------------------- */

static unsigned priority_of(struct cosend_cell part)
{
    unsigned priority = 0;

    for (uint32_t i = 0; i < part.length; i++)
        priority = priority * 10 + (unsigned)(part.data[i] - '0');
    return priority;
}

static bool make_facility(struct cosend_cell part, struct cosend_bytes *to)
{
    static const char *const names[] = {
        "kern",   "user",   "mail",   "daemon", "auth",     "syslog",
        "lpr",    "news",   "uucp",   "cron",   "authpriv", "ftp",
        "ntp",    "audit",  "alert",  "clock",  "local0",   "local1",
        "local2", "local3", "local4", "local5", "local6",   "local7"};
    const char *name = names[priority_of(part) / 8];

    cosend_put_raw(to, name, strlen(name));
    return true;
}

static bool make_severity(struct cosend_cell part, struct cosend_bytes *to)
{
    static const char *const names[] = {"emerg",   "alert",  "crit", "err",
                                        "warning", "notice", "info", "debug"};
    const char *name = names[priority_of(part) % 8];

    cosend_put_raw(to, name, strlen(name));
    return true;
}

enum {
    PRIORITY,
    FACILITY,
    SEVERITY,
    TIME,
    HOST,
    APP,
    PID,
    MSGID,
    STRUCTURED_DATA,
    MESSAGE
};

static const struct cosend_line_field syslog_fields[] = {
    N("priority"),
    {"facility", make_facility, COSEND_TEXT},
    {"severity", make_severity, COSEND_TEXT},
    N("time"),
    N("host"),
    N("app"),
    N("pid"),
    N("msgid"),
    {"structured_data", csi_make_structured_data, COSEND_NESTED},
    N("message")};

/* ---- Words --------------------------------------------------------------- */

struct cursor {
    const char *at, *end;
};

static struct cosend_cell slice(const char *start, const char *end)
{
    return cosend_text(start, (size_t)(end - start));
}

static bool skip(struct cursor *cursor, char byte)
{
    bool is_there = cursor->at < cursor->end && *cursor->at == byte;

    cursor->at += is_there;
    return is_there;
}

static const char *find(const struct cursor *cursor, char byte)
{
    const char *found =
        memchr(cursor->at, byte, (size_t)(cursor->end - cursor->at));

    return found ? found : cursor->end;
}

/* A word that is not empty, and a blank; "-" is none where that says so. */
static bool take_word(struct cursor *cursor, bool nil, struct cosend_cell *cell)
{
    const char *end = find(cursor, ' ');

    if (end == cursor->at || end == cursor->end)
        return false;
    if (!nil || end - cursor->at != 1 || *cursor->at != '-')
        *cell = slice(cursor->at, end);
    cursor->at = end + 1;
    return true;
}

static bool take_time(struct cursor *cursor, const char *looks,
                      struct cosend_cell *cell)
{
    const char *end = csi_line_time(looks, cursor->at, cursor->end);

    if (!end || end == cursor->end || *end != ' ')
        return false;
    *cell = slice(cursor->at, end);
    cursor->at = end + 1;
    return true;
}

/* ---- RFC 5424 ------------------------------------------------------------ */

static const char *cut_5424(struct cursor *cursor, struct cosend_cell *parts)
{
    const char *end;

    if ((cursor->end - cursor->at < 2 || memcmp(cursor->at, "- ", 2) != 0) &&
        !take_time(cursor, CSI_ISO_T, &parts[TIME]))
        return "time";
    if (parts[TIME].kind == COSEND_ABSENT)
        cursor->at += 2;
    if (!take_word(cursor, true, &parts[HOST]))
        return "host";
    if (!take_word(cursor, true, &parts[APP]))
        return "app";
    if (!take_word(cursor, true, &parts[PID]))
        return "pid";
    if (!take_word(cursor, true, &parts[MSGID]))
        return "msgid";
    if (!skip(cursor, '-')) {
        end = csi_structured_data_end(cursor->at, cursor->end);
        if (!end)
            return "structured_data";
        parts[STRUCTURED_DATA] = slice(cursor->at, end);
        cursor->at = end;
    }
    if (cursor->at == cursor->end)
        return NULL;
    if (!skip(cursor, ' '))
        return "structured_data";
    if (cursor->end - cursor->at >= 3 &&
        memcmp(cursor->at, "\xEF\xBB\xBF", 3) == 0)
        cursor->at += 3;
    parts[MESSAGE] = slice(cursor->at, cursor->end);
    return NULL;
}

/* ---- RFC 3164 ------------------------------------------------------------ */

enum { LONGEST_NAME = 64 /* of an app that has blanks in it */ };

/* The fields of a tag and what follows, where a form has them. */
struct tagged {
    struct cosend_cell *app, *pid, *message;
};

/* [4821], and a colon or a blank behind it: *pid is what is in it. Returns the
   place behind all, or NULL. */
static const char *process_end(const char *at, const char *end,
                               struct cosend_cell *pid)
{
    const char *start = at + 1, *close;

    if (at == end || *at != '[')
        return NULL;
    close = memchr(start, ']', (size_t)(end - start));
    if (!close || close == start || memchr(start, ' ', (size_t)(close - start)))
        return NULL;
    *pid = slice(start, close);
    at = close + 1;
    at += at < end && *at == ':';
    return at == end || *at == ' ' || at[-1] == ':' ? at : NULL;
}

/* The blank of a message behind a tag is none of it. */
static bool set_tag(const struct tagged *to, struct cosend_cell app,
                    const char *behind, const char *end)
{
    *to->app = app;
    behind += behind < end && *behind == ' ';
    *to->message = slice(behind, end);
    return true;
}

/* A name of several words: a process is behind it, or one more word, which is a
   version. */
static bool take_name(const char *at, const char *blank, const char *end,
                      const struct tagged *to)
{
    const char *most = end - at > LONGEST_NAME ? at + LONGEST_NAME : end;
    const char *mark = blank, *behind;

    while (mark < most && *mark != ':' && *mark != '[')
        mark++;
    if (mark == most)
        return false;
    if (*mark == '[' && (behind = process_end(mark, end, to->pid)) &&
        behind[-1] == ':')
        return set_tag(to, slice(at, mark), behind, end);
    *to->pid = (struct cosend_cell){0};
    return *mark == ':' && (unsigned)(blank[1] - '0') < 10 &&
           (mark + 1 == end || mark[1] == ' ') &&
           !memchr(blank + 1, ' ', (size_t)(mark - blank - 1)) &&
           set_tag(to, slice(at, mark), mark + 1, end);
}

static bool take_tag(const char *at, const char *end, const struct tagged *to)
{
    const char *mark = at, *behind;

    while (mark < end && *mark != ' ' && *mark != '[' &&
           (*mark != ':' || (mark + 1 < end && mark[1] != ' ')))
        mark++;
    if (mark == at || mark == end)
        return false;
    if (*mark == ':')
        return set_tag(to, slice(at, mark), mark + 1, end);
    if (*mark == ' ')
        return take_name(at, mark, end, to);
    behind = process_end(mark, end, to->pid);
    return behind && set_tag(to, slice(at, mark), behind, end);
}

/* The host, if the first word is no tag, and the message. */
static const char *cut_message(struct cursor *cursor, struct cosend_cell *host,
                               const struct tagged *to)
{
    const char *blank = find(cursor, ' ');

    if (blank == cursor->at)
        return "host";
    /* macOS: --- last message repeated 1 time --- */
    if (blank - cursor->at == 3 && memcmp(cursor->at, "---", 3) == 0) {
        *to->message = slice(cursor->at, cursor->end);
        return NULL;
    }
    if ((blank[-1] == ':' || blank[-1] == ']') &&
        take_tag(cursor->at, cursor->end, to))
        return NULL;
    if (blank == cursor->end)
        return "message";
    *host = slice(cursor->at, blank);
    cursor->at = blank + 1;
    /* Cisco: host : %ASA-6-302013: message */
    if (cursor->end - cursor->at > 2 && memcmp(cursor->at, ": ", 2) == 0)
        cursor->at += 2;
    if (!take_tag(cursor->at, cursor->end, to)) {
        *to->pid = (struct cosend_cell){0};
        *to->message = slice(cursor->at, cursor->end);
    }
    return NULL;
}

/* Where the zone ends that a time has behind it: an offset, or letters that
   are known as one, for others are a host's name. */
static const char *zone_end(const char *at, const char *end)
{
    const char *offset = csi_line_time("Z", at, end), *word = at + 1, *p = word;

    if (offset > at || at == end || *at != ' ')
        return offset;
    while (p < end && (unsigned)(*p - 'A') < 26)
        p++;
    return (p == end || *p == ' ' || *p == ':') &&
                   csi_is_zone(word, (size_t)(p - word))
               ? p
               : at;
}

/* Whether a word may be a zone: nearly no host's name begins so. */
static bool may_be_zone(const char *word)
{
    return *word == '+' || *word == '-' ||
           ((unsigned)(*word - 'A') < 26 && (unsigned)(word[1] - 'a') >= 26);
}

/* Behind it may be a year, a zone, and, of Cisco's devices, a colon. */
static bool take_old_time(struct cursor *cursor, struct cosend_cell *cell)
{
    const char *end =
        csi_line_time("M DD dd:dd:ddF|" CSI_ISO_T "|M DD dddd dd:dd:ddF|"
                      "M d dd:dd:ddF|M d dddd dd:dd:ddF",
                      cursor->at, cursor->end);
    const char *behind;

    if (!end || cursor->end - end < 2)
        return false;
    if (end[1] == '2') {
        behind = csi_line_time(" 20dd", end, cursor->end);
        if (behind && behind < cursor->end && *behind == ' ')
            end = behind;
    }
    if (*end != ' ' || (cursor->end - end > 2 && may_be_zone(end + 1)))
        end = zone_end(end, cursor->end);
    behind = end + (end < cursor->end && *end == ':');
    if (behind == cursor->end || *behind != ' ')
        return false;
    *cell = slice(cursor->at, end);
    cursor->at = behind + 1;
    return true;
}

/* What Cisco's devices write in front of a time: numbers of the message, each
   with a colon, and a mark of a clock that is not set. */
static void skip_sequence(struct cursor *cursor)
{
    const char *at = cursor->at;

    for (const char *number = at; at < cursor->end; number = at) {
        while (at < cursor->end && (unsigned)(*at - '0') < 10)
            at++;
        if (at == number || cursor->end - at < 2 || memcmp(at, ": ", 2) != 0)
            break;
        cursor->at = at += 2;
    }
    if (cursor->at < cursor->end && (*cursor->at == '*' || *cursor->at == '.'))
        cursor->at++;
}

static const char *cut_3164(struct cursor *cursor, struct cosend_cell *parts)
{
    struct tagged to = {&parts[APP], &parts[PID], &parts[MESSAGE]};

    skip_sequence(cursor);
    if (!take_old_time(cursor, &parts[TIME]))
        return "time";
    return cut_message(cursor, &parts[HOST], &to);
}

/* ---- Both ---------------------------------------------------------------- */

/* <0> to <191>. */
static bool take_priority(struct cursor *cursor, struct cosend_cell *parts)
{
    const char *start = cursor->at;

    while (cursor->at < cursor->end && cursor->at - start < 3 &&
           (unsigned)(*cursor->at - '0') < 10)
        cursor->at++;
    parts[PRIORITY] = parts[FACILITY] = parts[SEVERITY] =
        slice(start, cursor->at);
    return cursor->at > start && priority_of(parts[PRIORITY]) < 192 &&
           skip(cursor, '>');
}

/* A version, and a blank. */
static bool take_version(struct cursor *cursor)
{
    const char *at = cursor->at;

    while (at < cursor->end && at - cursor->at < 3 &&
           (unsigned)(*at - '0') < 10)
        at++;
    if (at == cursor->at || at == cursor->end || *at != ' ')
        return false;
    cursor->at = at + 1;
    return true;
}

static const char *cut_syslog(const struct cosend_line_form *form,
                              struct cosend_cell line,
                              struct cosend_cell *parts)
{
    const char *start = line.length ? line.data : "";
    struct cursor cursor = {start, start + line.length};

    memset(parts, 0, form->count * sizeof(*parts));
    if (skip(&cursor, '<') && !take_priority(&cursor, parts))
        return "priority";
    return take_version(&cursor) ? cut_5424(&cursor, parts)
                                 : cut_3164(&cursor, parts);
}

const struct cosend_line_form csi_line_form_syslog = {
    .name = "syslog",
    .help = "Syslog as files have it and as it is sent, by RFC 3164 and RFC "
            "5424. priority, facility and severity are there where the line "
            "begins with <PRI>; what a line does not have, or has as \"-\", is "
            "absent; structured_data is an object of objects; pid is what is "
            "in brackets behind the app, or PROCID.",
    .example = "<34>Oct 10 13:55:36 host sshd[4821]: session opened",
    .fields = syslog_fields,
    .count = CSI_LINE_COUNT(syslog_fields),
    .cut = cut_syslog};

/* ---- journalctl ---------------------------------------------------------- */

/* systemd, journalctl --output: short, short-full, short-iso,
   short-iso-precise, short-precise, short-monotonic, short-delta, short-unix */
static const struct cosend_line_field systemd_fields[] = {
    N("time"), N("uptime"), N("delta"),  N("host"),
    N("app"),  N("pid"),    N("message")};

/* So many seconds, with blanks before and behind. */
static bool take_seconds(struct cursor *cursor, struct cosend_cell *cell)
{
    const char *end;

    while (skip(cursor, ' '))
        continue;
    end = csi_line_time("sF", cursor->at, cursor->end);
    if (!end)
        return false;
    *cell = slice(cursor->at, end);
    cursor->at = end;
    while (skip(cursor, ' '))
        continue;
    return true;
}

/* [ 12.345678], of short-delta [ 12.345678 <    0.000021 >], where an asterisk
   stands before > when it was another boot's clock. */
static bool take_uptime(struct cursor *cursor, struct cosend_cell *uptime,
                        struct cosend_cell *delta)
{
    if (!skip(cursor, '[') || !take_seconds(cursor, uptime))
        return false;
    if (skip(cursor, '<')) {
        if (!take_seconds(cursor, delta))
            return false;
        skip(cursor, '*');
        if (!skip(cursor, '>'))
            return false;
    }
    return skip(cursor, ']') && skip(cursor, ' ');
}

/* The weekday is none of the time. */
static bool take_full(struct cursor *cursor, struct cosend_cell *cell)
{
    struct cursor copy = *cursor;
    const char *end = csi_line_time("W ", copy.at, copy.end);

    if (end)
        copy.at = end;
    if (!end || !take_time(&copy, "dddd-dd-dd dd:dd:ddFL", cell))
        return false;
    *cursor = copy;
    return true;
}

static const char *cut_systemd(const struct cosend_line_form *form,
                               struct cosend_cell line,
                               struct cosend_cell *parts)
{
    const char *start = line.length ? line.data : "";
    struct cursor cursor = {start, start + line.length};
    struct tagged to = {&parts[4], &parts[5], &parts[6]};
    const char *wrong;

    memset(parts, 0, form->count * sizeof(*parts));
    if (cursor.at < cursor.end && *cursor.at == '[') {
        if (!take_uptime(&cursor, &parts[1], &parts[2]))
            return "uptime";
    } else if (!take_full(&cursor, &parts[0]) &&
               !take_time(&cursor,
                          "M DD dd:dd:ddF|" CSI_ISO_T
                          "|dddddddddd.dddddd|ddddddddd.dddddd",
                          &parts[0])) {
        return "time";
    }
    wrong = cut_message(&cursor, &parts[3], &to);
    /* A journal has it always; dmesg has neither a host nor an app. */
    return !wrong && parts[1].length && !parts[4].length ? "app" : wrong;
}

const struct cosend_line_form csi_line_form_systemd = {
    .name = "systemd",
    .help = "What journalctl prints as short, short-full, short-iso, "
            "short-precise, short-unix, and as short-monotonic and "
            "short-delta, which have no time but the uptime in seconds.",
    .example = "2026-10-10T13:55:36+0200 host sshd[4821]: session opened",
    .fields = systemd_fields,
    .count = CSI_LINE_COUNT(systemd_fields),
    .cut = cut_systemd};
