/* SPDX-License-Identifier: MIT */
/*
 * Lines of access logs. A form is a row of parts, each of a kind that says
 * where it ends, with some text between any two. Of combined they do what this
 * pattern does (the unit test holds them to that), at a multiple of its speed:
 *
 *     ^(?<host>[^ ]*[^ ,]) (?<ident>[^ ]+)
 *      (?<user>-|(?!- )(?:(?! \[).)*(?<! -))
 *      \[(?<time>[^\[\]]+)\] "(?<request>(?:[^"\\]|\\.)*)"
 *      (?<status>\d{3}|-) (?<size>\d+|-)
 *      "(?<referer>(?:[^"\\]|\\.)*)" "(?<agent>(?:[^"\\]|\\.)*)"
 *      (?: (?<rest>Q(?:"Q"Q)*))?$    where Q is (?:[^"\\]|\\.|\\$)*
 *
 * and then the request:
 *
 *     ^(?<method>[A-Za-z][A-Za-z_-]*) (?<path>.*?)(?: (?<protocol>HTTP/[^
 * ]*))?$
 *
 * where what is no such request, "-" or a probe's binary garbage, is all path.
 *
 * A user's name may hold spaces, which other forms of log must not profit from:
 * a line with more words before its time, as of a virtual host or of a list of
 * proxies, has a "-" among those of its user, or a host that ends in a comma,
 * and is none of these. vhost_combined is combined behind one more word, the
 * virtual host, and its host is not "-", which the ident of a combined line is.
 * And a line whose rest has one quote without its other is one with a quote in
 * a field that did not escape it.
 *
 * What ends parts, quotes, spaces and brackets, was found for many lines at
 * once (access_log_lines.c); so the end of a part costs no loop over its bytes.
 * All of a line is looked at, for one that is not of the form must not pass;
 * but a request is taken apart only when somebody asks for a piece of it.
 *
 * There are two ways to cut a line. A walk takes the plain ones, which nearly
 * all are (access_log_plain.c): no user of several words, no word of more than
 * 57 bytes, no number of more than eight digits, no rest. Each of its steps
 * ends it where it is not sure, and whether it is still in the line it asks at
 * its end alone: places ascend, so if the last one is the line's end all of
 * them are in the line. What it does not take cosend_access_log_cut, here,
 * judges, which alone says what is no such line, and at which field.
 *
 * A form more is a row more, in cosend_access_logs, and its name in
 * stage/log_forms.c. A part of another kind is a kind and its cutter here;
 * the walk leaves to it what it does not know.
 */
#include "record/access_log.h"

#include "cosend/find.h"
#include "cosend/recognize.h"

#define INLINE __attribute__((always_inline)) static inline

/* ---- Any line ------------------------------------------------------------ */

/* What is left of a line: [at, end) of the text. */
struct cursor {
    const struct cosend_access_log_text *in;
    const uint32_t *quote; /* the next one, or one before `at` */
    uint32_t at, end;
};

/* The next place that was found, or one that is not before the end. */
INLINE uint32_t next_of(const struct cursor *cursor, const uint64_t *found,
                        uint32_t from)
{
    return (uint32_t)cosend_next_found(found, from, cursor->end);
}

static inline char byte_at(const struct cursor *cursor, uint32_t at)
{
    return cursor->in->text[at];
}

static inline bool skip(struct cursor *cursor, char c)
{
    if (cursor->at == cursor->end || byte_at(cursor, cursor->at) != c)
        return false;
    cursor->at++;
    return true;
}

INLINE bool cut_word(struct cursor *cursor, struct cosend_access_log_part *part)
{
    part->start = cursor->at;
    part->end = cursor->at = next_of(cursor, cursor->in->spaces, cursor->at);
    return part->end < cursor->end && part->end != part->start;
}

static bool is_dash(const struct cursor *cursor,
                    const struct cosend_access_log_part *part)
{
    return part->end - part->start == 1 && byte_at(cursor, part->start) == '-';
}

static bool cut_host(struct cursor *cursor, struct cosend_access_log_part *part)
{
    return cut_word(cursor, part) && byte_at(cursor, part->end - 1) != ',';
}

/* Whether of several words the first or the last is "-". */
static bool has_dash(const char *user, size_t length)
{
    return length > 1 && (memcmp(user, "- ", 2) == 0 ||
                          memcmp(user + length - 2, " -", 2) == 0);
}

/* The first " [" is behind more words than one. */
static bool cut_words(struct cursor *cursor,
                      struct cosend_access_log_part *part)
{
    uint32_t space = cursor->at;

    part->start = cursor->at;
    do {
        space = next_of(cursor, cursor->in->spaces, space) + 1;
        if (space >= cursor->end)
            return false;
    } while (byte_at(cursor, space) != '[');
    part->end = cursor->at = space - 1;
    return !has_dash(cursor->in->text + part->start, part->end - part->start);
}

static bool cut_user(struct cursor *cursor, struct cosend_access_log_part *part)
{
    struct cursor ahead = *cursor;

    if (!cut_word(&ahead, part) || ahead.at + 1 == ahead.end ||
        byte_at(&ahead, ahead.at + 1) != '[')
        return cut_words(cursor, part);
    cursor->at = ahead.at;
    return true;
}

static bool cut_time(struct cursor *cursor, struct cosend_access_log_part *part)
{
    if (!skip(cursor, '['))
        return false;
    part->start = cursor->at;
    part->end = next_of(cursor, cursor->in->closing, part->start);
    cursor->at = part->end + 1;
    return part->end < cursor->end && part->end != part->start &&
           next_of(cursor, cursor->in->opening, part->start) >= part->end;
}

/* Quotes are taken from the list of them all, so that where one field ends does
   not wait for where the one before it does. */
static bool cut_quoted(struct cursor *cursor,
                       struct cosend_access_log_part *part)
{
    const uint32_t *quote = cursor->quote;

    while (*quote < cursor->at)
        quote++;
    if (*quote != cursor->at || *quote >= cursor->end)
        return false;
    part->start = *quote++ + 1;
    while (*quote < cursor->end && byte_at(cursor, *quote - 1) == '\\' &&
           csi_is_escaped(cursor->in->text, *quote, part->start))
        quote++;
    if (*quote >= cursor->end)
        return false;
    part->end = *quote++;
    cursor->at = part->end + 1;
    cursor->quote = quote;
    return true;
}

static bool cut_number(struct cursor *cursor,
                       struct cosend_access_log_part *part)
{
    part->start = cursor->at;
    if (cursor->end - cursor->at >= 8)
        cursor->at += csi_leading_digits(cursor->in->text + cursor->at);
    while (cursor->at < cursor->end &&
           (unsigned)(byte_at(cursor, cursor->at) - '0') < 10)
        cursor->at++;
    part->end = cursor->at;
    return part->start != part->end || skip(cursor, '-');
}

static bool cut_status(struct cursor *cursor,
                       struct cosend_access_log_part *part)
{
    if (!cut_number(cursor, part))
        return false;
    return part->start == part->end || part->end - part->start == 3;
}

/* The next quote from a place on that is not escaped; or the end. */
static uint32_t next_quote(struct cursor *cursor, uint32_t from)
{
    const uint32_t *quote = cursor->quote;

    while (*quote < from)
        quote++;
    while (*quote < cursor->end &&
           csi_is_escaped(cursor->in->text, *quote, from))
        quote++;
    cursor->quote = quote;
    return *quote < cursor->end ? *quote : cursor->end;
}

/* One quote more than pairs is of a field that was broken off. */
static bool cut_rest(struct cursor *cursor, struct cosend_access_log_part *part)
{
    bool is_open = false;
    uint32_t at;

    part->start = part->end = cursor->end;
    if (cursor->at == cursor->end)
        return true;
    if (!skip(cursor, ' '))
        return false;
    part->start = cursor->at;
    for (at = next_quote(cursor, part->start); at < cursor->end;
         at = next_quote(cursor, at + 1))
        is_open = !is_open;
    cursor->at = cursor->end;
    return !is_open;
}

/* ---- Fields that end with what follows them ------------------------------ */

/* The place of a byte, or one that is not before the end. */
static uint32_t next_byte(const struct cursor *cursor, char byte, uint32_t from)
{
    const char *text = cursor->in->text, *found;

    if (from >= cursor->end)
        return cursor->end;
    found = memchr(text + from, byte, cursor->end - from);
    return found ? (uint32_t)(found - text) : cursor->end;
}

static bool end_at(struct cursor *cursor, struct cosend_access_log_part *part,
                   uint32_t end)
{
    part->start = cursor->at;
    part->end = cursor->at = end;
    return end < cursor->end;
}

/* A space is one of a list's behind a comma, and on both sides of a colon. */
static bool cut_value(struct cursor *cursor,
                      struct cosend_access_log_part *part)
{
    uint32_t space = cursor->at, at = cursor->at;

    do {
        space = next_of(cursor, cursor->in->spaces, at);
        at = space + 1;
        if (at + 1 < cursor->end && byte_at(cursor, at) == ':' &&
            byte_at(cursor, at + 1) == ' ')
            at += 2;
        else if (space == cursor->at || byte_at(cursor, space - 1) != ',')
            break;
    } while (at < cursor->end);
    return end_at(cursor, part, space);
}

static bool cut_tail(struct cursor *cursor, struct cosend_access_log_part *part)
{
    end_at(cursor, part, next_of(cursor, cursor->in->spaces, cursor->at));
    return part->start != part->end &&
           next_quote(cursor, part->start) >= part->end;
}

static bool cut_address(struct cursor *cursor,
                        struct cosend_access_log_part *part)
{
    const char *text = cursor->in->text, *colon;

    if (!cut_word(cursor, part))
        return false;
    colon = memrchr(text + part->start, ':', part->end - part->start);
    if (!colon)
        return false;
    part->end = cursor->at = (uint32_t)(colon - text);
    return part->start != part->end;
}

/* The last colon that has an address of IPv6 before it, which may itself go on
   with one; NULL where there is none. */
static const char *colon_behind_ipv6(const char *at, const char *end)
{
    const char *stop = at, *colon;
    unsigned char address[16];

    while (stop < end && *stop && strchr(":.0123456789abcdefABCDEF", *stop))
        stop++;
    for (colon = stop; colon > at;) {
        colon = memrchr(at, ':', (size_t)(colon - at));
        if (!colon || cosend_ipv6_at(at, at, colon, address) == colon)
            return colon;
    }
    return NULL;
}

/* An address is in brackets, or bare, and of IPv6 or none. */
static bool cut_before_colon(struct cursor *cursor,
                             struct cosend_access_log_part *part)
{
    const char *text = cursor->in->text, *at = text + cursor->at, *colon;
    uint32_t end;

    if (cursor->at < cursor->end && *at == '[') {
        end = next_byte(cursor, ']', cursor->at) + 1;
        return end_at(cursor, part, end) && text[end] == ':';
    }
    /* What nginx has of a socket. */
    if (cursor->end - cursor->at > 5 && memcmp(at, "unix::", 6) == 0)
        return end_at(cursor, part, cursor->at + 5);
    colon = colon_behind_ipv6(at, text + cursor->end);
    return end_at(cursor, part,
                  colon ? (uint32_t)(colon - text)
                        : next_byte(cursor, ':', cursor->at));
}

/* What is behind a site begins with a slash, or is "-"; it has no blank. */
static bool cut_site(struct cursor *cursor, struct cosend_access_log_part *part,
                     char ends)
{
    uint32_t end = ends ? next_byte(cursor, ends, cursor->at) : cursor->end;
    uint32_t slash = next_byte(cursor, '/', cursor->at);
    uint32_t space = next_of(cursor, cursor->in->spaces, cursor->at);

    if (slash < end && slash < space)
        return end_at(cursor, part, slash);
    return end > cursor->at && end <= space &&
           byte_at(cursor, end - 1) == '-' && end_at(cursor, part, end - 1);
}

/* The same for a number. */
static bool cut_port(struct cursor *cursor, struct cosend_access_log_part *part)
{
    return cut_number(cursor, part) && cursor->at < cursor->end &&
           (byte_at(cursor, cursor->at) == '/' ||
            byte_at(cursor, cursor->at) == '-');
}

static bool cut_inside(struct cursor *cursor,
                       struct cosend_access_log_part *part, char ends)
{
    return end_at(cursor, part, next_byte(cursor, ends, cursor->at)) &&
           next_quote(cursor, part->start) >= part->end;
}

/* A day of one digit may have a blank before it: so runs are counted. */
static bool cut_timed(struct cursor *cursor,
                      struct cosend_access_log_part *part,
                      const struct cosend_access_log_field *field)
{
    uint32_t at = cursor->at;

    for (unsigned i = 0; i < field->passes; i++) {
        at = next_byte(cursor, field->ends, at == cursor->at ? at + 1 : at);
        while (at < cursor->end && byte_at(cursor, at) == field->ends)
            at++;
    }
    at = next_byte(cursor, field->ends, at);
    return end_at(cursor, part, at) && part->start != part->end;
}

static bool has_byte(const struct cursor *cursor,
                     const struct cosend_access_log_part *part, char byte)
{
    return byte && part->start != part->end &&
           memchr(cursor->in->text + part->start, byte,
                  part->end - part->start);
}

static bool cut_closed(struct cursor *cursor,
                       struct cosend_access_log_part *part, char ends)
{
    return end_at(cursor, part, next_quote(cursor, cursor->at)) &&
           !has_byte(cursor, part, ends);
}

static bool cut_last(struct cursor *cursor, struct cosend_access_log_part *part,
                     char ends)
{
    end_at(cursor, part, cursor->end);
    return !has_byte(cursor, part, ends);
}

/* ---- Lines --------------------------------------------------------------- */

static bool cut_part(struct cursor *cursor,
                     const struct cosend_access_log_field *field,
                     struct cosend_access_log_part *part)
{
    switch ((enum csi_log_kind)field->kind) {
    case CSI_LOG_WORD:
        return cut_word(cursor, part);
    case CSI_LOG_HOST:
        return cut_host(cursor, part);
    case CSI_LOG_NAMED:
        return cut_host(cursor, part) && !is_dash(cursor, part);
    case CSI_LOG_USER:
        return cut_user(cursor, part);
    case CSI_LOG_TIME:
        return cut_time(cursor, part);
    case CSI_LOG_QUOTED:
        return cut_quoted(cursor, part);
    case CSI_LOG_STATUS:
        return cut_status(cursor, part);
    case CSI_LOG_NUMBER:
        return cut_number(cursor, part);
    case CSI_LOG_REST:
        return cut_rest(cursor, part);
    case CSI_LOG_TAIL:
        return cut_tail(cursor, part);
    case CSI_LOG_ADDRESS:
        return cut_address(cursor, part);
    case CSI_LOG_COLON:
        return cut_before_colon(cursor, part);
    case CSI_LOG_SITE:
        return cut_site(cursor, part, field->ends);
    case CSI_LOG_PORT:
        return cut_port(cursor, part);
    case CSI_LOG_VALUE:
        return cut_value(cursor, part);
    case CSI_LOG_UPTO:
        return end_at(cursor, part, next_byte(cursor, field->ends, cursor->at));
    case CSI_LOG_INSIDE:
        return cut_inside(cursor, part, field->ends);
    case CSI_LOG_CLOSED:
        return cut_closed(cursor, part, field->ends);
    case CSI_LOG_TIMED:
        return cut_timed(cursor, part, field);
    case CSI_LOG_LAST:
        return cut_last(cursor, part, field->ends);
    }
    return false;
}

static bool skip_all(struct cursor *cursor, const char *bytes)
{
    while (*bytes)
        if (!skip(cursor, *bytes++))
            return false;
    return true;
}

/* The fields that a line which ends before them does not have. */
static void leave_out(const struct cosend_access_log *log, uint32_t from,
                      uint32_t end, struct cosend_access_log_part *parts)
{
    for (uint32_t i = from; i < log->count; i++)
        parts[i].start = parts[i].end = end;
}

const char *cosend_access_log_cut(const struct cosend_access_log *log,
                                  struct cosend_access_log_text *text,
                                  uint32_t start, uint32_t end,
                                  struct cosend_access_log_part *parts)
{
    struct cursor cursor = {text, text->quote, start, end};

    for (uint32_t i = 0; i < log->count; i++) {
        if (cursor.at == end && log->least && i >= log->least) {
            leave_out(log, i, end, parts);
            break;
        }
        if (!skip_all(&cursor, log->fields[i].before) ||
            !cut_part(&cursor, &log->fields[i], &parts[i]))
            return log->fields[i].name;
    }
    if (!skip_all(&cursor, log->after) || cursor.at != end)
        return "end";
    text->quote = cursor.quote;
    return NULL;
}
