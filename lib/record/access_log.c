/* SPDX-License-Identifier: MIT */
/*
 * Lines of access logs. A form is a row of parts, each of a kind that says
 * where it ends; one space is between any two. Of combined they do what this
 * pattern does (the unit test holds them to that), at a multiple of its speed:
 *
 *     ^(?<host>[^ ]*[^ ,]) (?<ident>[^ ]+)
 *      (?<user>-|(?!- )(?:(?! \[).)*(?<! -))
 *      \[(?<time>[^\[\]]+)\] "(?<request>(?:[^"\\]|\\.)*)"
 *      (?<status>\d{3}|-) (?<size>\d+|-)
 *      "(?<referer>(?:[^"\\]|\\.)*)" "(?<agent>(?:[^"\\]|\\.)*)"$
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
 *
 * What ends parts, quotes, spaces and brackets, was found for many lines at
 * once (cosend_find_bytes); so the end of a part costs no loop over its bytes.
 * All of a line is looked at, for one that is not of the form must not pass;
 * but a request is taken apart only when somebody asks for a piece of it.
 *
 * There are two ways to cut a line. A walk takes the plain ones, which nearly
 * all are: no user of several words, no word of more than 57 bytes, no number
 * of more than eight digits. Each of its steps ends it where it is not sure,
 * and whether it is still in the line it asks at its end alone: places ascend,
 * so if the last one is the line's end all of them are in the line. What it
 * does not take cosend_access_log_cut judges, which alone says what is no such
 * line, and at which field.
 *
 * A form more is a row more: FORM, its names in cosend_access_log_names and
 * cosend_access_logs. A part of another kind is a kind and its two cutters;
 * what ends with a mark of its own, and not with what stands before the next
 * field, can have anything before the next.
 */
#include "cosend/access_log.h"

#include "base/simd.h"
#include "cosend/find.h"

#include <string.h>

#if defined(__x86_64__)
#define BMI __attribute__((target("bmi,bmi2")))
#endif
#define INLINE __attribute__((always_inline)) static inline

/* ---- Kinds --------------------------------------------------------------- */

/* What a part is, which says where it ends. */
enum kind {
    WORD,    /* up to a space, not empty */
    HOST,    /* a word that does not go on in a list, as of addresses */
    NAMED,   /* a host, and not "-" */
    USER,    /* up to " [": may hold spaces, or be empty */
    TIME,    /* in brackets */
    QUOTED,  /* in quotes, its escapes as they are */
    REQUEST, /* the same, of three pieces */
    STATUS,  /* three digits, or "-", which becomes empty */
    NUMBER   /* digits, or "-", which becomes empty */
};

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

/* Of an uneven number of backslashes the last is not escaped. */
static bool is_escaped(const char *text, size_t quote, size_t start)
{
    size_t at = quote;

    while (at > start && text[at - 1] == '\\')
        at--;
    return (quote - at) & 1;
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
           is_escaped(cursor->in->text, *quote, part->start))
        quote++;
    if (*quote >= cursor->end)
        return false;
    part->end = *quote++;
    cursor->at = part->end + 1;
    cursor->quote = quote;
    return true;
}

/* How many digits eight bytes begin with. */
static inline uint32_t leading_digits(const char *text)
{
    uint64_t bytes, others;

    memcpy(&bytes, text, sizeof(bytes));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    bytes ^= UINT64_C(0x3030303030303030);
    /* What is carried comes from a byte that is no digit, into those above. */
    others = ((bytes + UINT64_C(0x7676767676767676)) | bytes) &
             UINT64_C(0x8080808080808080);
    return others ? (uint32_t)__builtin_ctzll(others) / 8 : 8;
}

static bool cut_number(struct cursor *cursor,
                       struct cosend_access_log_part *part)
{
    part->start = cursor->at;
    if (cursor->end - cursor->at >= 8)
        cursor->at += leading_digits(cursor->in->text + cursor->at);
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

static bool cut_part(struct cursor *cursor, int kind,
                     struct cosend_access_log_part *part)
{
    switch (kind) {
    case WORD:
        return cut_word(cursor, part);
    case HOST:
        return cut_host(cursor, part);
    case NAMED:
        return cut_host(cursor, part) && !is_dash(cursor, part);
    case USER:
        return cut_user(cursor, part);
    case TIME:
        return cut_time(cursor, part);
    case STATUS:
        return cut_status(cursor, part);
    case NUMBER:
        return cut_number(cursor, part);
    default:
        return cut_quoted(cursor, part);
    }
}

static bool skip_all(struct cursor *cursor, const char *bytes)
{
    while (*bytes)
        if (!skip(cursor, *bytes++))
            return false;
    return true;
}

const char *cosend_access_log_cut(const struct cosend_access_log *log,
                                  struct cosend_access_log_text *text,
                                  uint32_t start, uint32_t end,
                                  struct cosend_access_log_part *parts)
{
    struct cursor cursor = {text, text->quote, start, end};

    for (uint32_t i = 0; i < log->count; i++)
        if (!skip_all(&cursor, log->fields[i].before) ||
            !cut_part(&cursor, log->fields[i].kind, &parts[i]))
            return log->fields[i].name;
    text->quote = cursor.quote;
    return cursor.at == end ? NULL : "end";
}

/* ---- Plain lines --------------------------------------------------------- */

/* A plain line, from `at` on. */
struct walk {
    const char *text;
    size_t length;
    const uint64_t *spaces, *opening, *closing;
    const uint32_t *quote;
    size_t at, end;
};

/* Where a field is. */
struct place {
    size_t start, length;
};

/* Up to the next space of the text. It may be empty. */
INLINE bool walk_word(struct walk *walk, struct place *place)
{
    uint64_t spaces = cosend_found_bits(walk->spaces, walk->at);

    if (!spaces)
        return false;
    place->start = walk->at;
    place->length = (unsigned)__builtin_ctzll(spaces);
    walk->at += place->length;
    return true;
}

INLINE bool walk_host(struct walk *walk, struct place *place)
{
    return walk_word(walk, place) && place->length &&
           walk->text[walk->at - 1] != ',';
}

/* A user is a word if this is what comes behind its space. */
INLINE bool walk_time(struct walk *walk, struct place *place)
{
    uint64_t opening = cosend_found_bits(walk->opening, walk->at);
    uint64_t brackets = opening | cosend_found_bits(walk->closing, walk->at);

    if (!(opening & 1) || !(brackets >>= 1))
        return false;
    place->start = ++walk->at;
    place->length = (unsigned)__builtin_ctzll(brackets);
    walk->at += place->length;
    return place->length && walk->text[walk->at++] == ']';
}

/* The first quote that is not escaped, of those from one on that is. */
static const uint32_t *skip_escaped(const struct walk *walk,
                                    const uint32_t *quote, size_t start)
{
    while (*quote < walk->end && is_escaped(walk->text, *quote, start))
        quote++;
    return quote;
}

INLINE bool walk_quoted(struct walk *walk, struct place *place)
{
    const uint32_t *quote = walk->quote;
    size_t start = quote[0], end = quote[1];

    if (start++ != walk->at || end >= walk->end)
        return false;
    quote++;
    if (__builtin_expect(walk->text[end - 1] == '\\', 0)) {
        quote = skip_escaped(walk, quote, start);
        end = *quote;
        if (end >= walk->end)
            return false;
    }
    walk->quote = quote + 1;
    walk->at = end + 1;
    place->start = start;
    place->length = end - start;
    return true;
}

/* At most eight digits: more are another field, or none. */
INLINE bool walk_number(struct walk *walk, struct place *place)
{
    const char *text = walk->text + walk->at;

    if (walk->at + 8 > walk->length)
        return false;
    place->start = walk->at;
    place->length = leading_digits(text);
    walk->at += place->length + (*text == '-');
    return walk->at != place->start;
}

INLINE bool walk_part(struct walk *walk, int kind, struct place *place)
{
    switch (kind) {
    case WORD:
        return walk_word(walk, place) && place->length;
    case HOST:
        return walk_host(walk, place);
    case NAMED:
        return walk_host(walk, place) &&
               (place->length != 1 || walk->text[place->start] != '-');
    case USER:
        return walk_word(walk, place);
    case TIME:
        return walk_time(walk, place);
    case STATUS:
        return walk_number(walk, place) &&
               (!place->length || place->length == 3);
    case NUMBER:
        return walk_number(walk, place);
    default:
        return walk_quoted(walk, place);
    }
}

/* What ends at a space was seen to, and to be in the text. */
INLINE bool ends_at_space(int kind)
{
    return kind == WORD || kind == HOST || kind == NAMED || kind == USER;
}

/* Whether these bytes stand at a place, behind which there are more. */
INLINE bool is_at(const char *text, const char *bytes)
{
    return memcmp(text, bytes, strlen(bytes)) == 0;
}

/* The line at hand, of a form that is known here: so that of its parts and
   their kinds nothing is left to ask at run time. */
INLINE bool walk_line(struct walk *walk,
                      const struct cosend_access_log_field *fields,
                      uint32_t count, uint32_t wanted,
                      const struct cosend_access_log_cells *cells,
                      uint32_t position)
{
#pragma GCC unroll 12
    for (uint32_t i = 0; i < count; i++) {
        size_t before = strlen(fields[i].before);
        bool seen = i && before && ends_at_space(fields[i - 1].kind);
        const char *at = walk->text + walk->at;
        struct place place;

        walk->at += before;
        if ((!seen || before > 1) && walk->at > walk->end)
            return false;
        if (!walk_part(walk, fields[i].kind, &place) ||
            !is_at(at + seen, fields[i].before + seen))
            return false;
        if (wanted >> i & 1)
            cells->of[i][position] =
                cosend_text(walk->text + place.start, place.length);
    }
    return walk->at == walk->end;
}

INLINE uint32_t walk_lines(const struct cosend_access_log_field *fields,
                           uint32_t count, struct cosend_access_log_text *text,
                           const struct cosend_access_log_cells *cells,
                           uint32_t from, uint32_t to)
{
    struct walk walk = {text->text,
                        text->length,
                        text->spaces,
                        text->opening,
                        text->closing,
                        text->quote,
                        0,
                        0};
    uint32_t wanted = 0;

    for (uint32_t i = 0; i < count; i++)
        wanted |= (uint32_t)(cells->of[i] != NULL) << i;
    for (; from < to; from++) {
        struct cosend_cell line = cosend_cell_at(&cells->lines, from);

        if (!line.length)
            break;
        walk.at = (size_t)(line.data - walk.text);
        walk.end = walk.at + line.length;
        if (!walk_line(&walk, fields, count, wanted, cells, from))
            break;
        text->quote = walk.quote;
    }
    return from;
}

/* ---- Forms --------------------------------------------------------------- */

/* The same with shifts that need no register of their own. */
#if defined(__x86_64__)
#define WALK_BMI(form)                                                         \
    BMI static uint32_t bmi_##form(                                            \
        struct cosend_access_log_text *text,                                   \
        const struct cosend_access_log_cells *cells, uint32_t from,            \
        uint32_t to)                                                           \
    {                                                                          \
        return walk_lines(form##_fields, form##_count, text, cells, from, to); \
    }
#define TRY_BMI(form)                                                          \
    csi_simd_level() >= CSI_SIMD_AVX2 ? bmi_##form(text, cells, from, to):
#else
#define WALK_BMI(form)
#define TRY_BMI(form)
#endif

#define FORM(form, title, hint, ...)                                           \
    static const struct cosend_access_log_field form##_fields[] = {            \
        __VA_ARGS__};                                                          \
    enum { form##_count = sizeof(form##_fields) / sizeof(form##_fields[0]) };  \
    WALK_BMI(form)                                                             \
    static uint32_t walk_##form(struct cosend_access_log_text *text,           \
                                const struct cosend_access_log_cells *cells,   \
                                uint32_t from, uint32_t to)                    \
    {                                                                          \
        return TRY_BMI(form)                                                   \
            walk_lines(form##_fields, form##_count, text, cells, from, to);    \
    }                                                                          \
    static const struct cosend_access_log form = {                             \
        title, form##_fields, form##_count, walk_##form, hint}

#define BEHIND_HOST                                                            \
    {"ident", WORD, " "}, {"user", USER, " "}, {"time", TIME, " "},            \
        {"request", REQUEST, " "}, {"status", STATUS, " "},                    \
    {                                                                          \
        "size", NUMBER, " "                                                    \
    }
#define AGENT                                                                  \
    {"referer", QUOTED, " "},                                                  \
    {                                                                          \
        "agent", QUOTED, " "                                                   \
    }

FORM(vhost, "vhost_combined", NULL, {"vhost", HOST, ""}, {"host", NAMED, " "},
     BEHIND_HOST, AGENT);
FORM(combined, "combined", &vhost, {"host", HOST, ""}, BEHIND_HOST, AGENT);
FORM(common, "common", NULL, {"host", HOST, ""}, BEHIND_HOST);

const char *const cosend_access_log_names[] = {
    "combined", "common", "vhost_combined", "combined_log", "common_log", NULL};
const struct cosend_access_log *const cosend_access_logs[] = {
    &combined, &common, &vhost, &combined, &common};

/* ---- Columns ------------------------------------------------------------- */

enum piece { ALL, METHOD, PATH, PROTOCOL };

static const char *const request_names[] = {"method", "path", "protocol"};

size_t cosend_access_log_columns(
    const struct cosend_access_log *log,
    struct cosend_access_log_column columns[COSEND_ACCESS_LOG_COLUMNS])
{
    size_t count = 0;

    for (uint32_t i = 0; i < log->count; i++)
        if (log->fields[i].kind != REQUEST)
            columns[count++] =
                (struct cosend_access_log_column){log->fields[i].name, i, ALL};
        else
            for (int piece = METHOD; piece <= PROTOCOL; piece++)
                columns[count++] = (struct cosend_access_log_column){
                    request_names[piece - METHOD], i, piece};
    return count;
}

static bool is_method(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
              (i && (c == '-' || c == '_'))))
            return false;
    }
    return length > 0;
}

/* The place of the last space, if it is before a protocol; else the end. */
static const char *protocol_of(const char *at, const char *end)
{
    const char *space = memrchr(at, ' ', (size_t)(end - at));

    return space && end - space > 5 && memcmp(space + 1, "HTTP/", 5) == 0
               ? space
               : end;
}

struct cosend_cell
cosend_access_log_piece(const struct cosend_access_log_column *column,
                        struct cosend_cell part)
{
    const char *end, *space, *path, *protocol;
    struct cosend_cell empty = cosend_text("", 0);

    if (column->piece == ALL || part.kind == COSEND_ABSENT)
        return part;
    if (!part.length)
        return empty;
    end = part.data + part.length;
    space = memchr(part.data, ' ', part.length);
    if (!space || !is_method(part.data, (size_t)(space - part.data)))
        return column->piece == PATH ? part : empty;
    if (column->piece == METHOD)
        return cosend_text(part.data, (size_t)(space - part.data));
    path = space + 1;
    protocol = protocol_of(path, end);
    if (column->piece == PATH)
        return cosend_text(path, (size_t)(protocol - path));
    return protocol == end
               ? empty
               : cosend_text(protocol + 1, (size_t)(end - protocol - 1));
}
