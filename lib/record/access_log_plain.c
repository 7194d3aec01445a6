/* SPDX-License-Identifier: MIT */
/*
 * Plain lines of access logs, many in one walk (access_log.c). Of the fields of
 * a form that is known here, and of those that nearly all formats of nginx and
 * Apache begin with, nothing is left to ask at run time; of all others what
 * each of them is.
 */
#include "record/access_log.h"

#include "base/simd.h"
#include "cosend/find.h"
#include "record/access_log_plain.h"

#if defined(__x86_64__)
#define BMI __attribute__((target("bmi,bmi2")))
#endif
#define INLINE __attribute__((always_inline)) static inline

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
    while (*quote < walk->end && csi_is_escaped(walk->text, *quote, start))
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
    place->length = csi_leading_digits(text);
    walk->at += place->length + (*text == '-');
    return walk->at != place->start;
}

/* What is behind a plain line is nothing. */
INLINE bool walk_rest(struct walk *walk, struct place *place)
{
    place->start = walk->end;
    place->length = 0;
    return walk->at == walk->end;
}

INLINE bool walk_part(struct walk *walk, int kind, struct place *place)
{
    switch (kind) {
    case CSI_LOG_WORD:
        return walk_word(walk, place) && place->length;
    case CSI_LOG_HOST:
        return walk_host(walk, place);
    case CSI_LOG_NAMED:
        return walk_host(walk, place) &&
               (place->length != 1 || walk->text[place->start] != '-');
    case CSI_LOG_USER:
        return walk_word(walk, place);
    case CSI_LOG_TIME:
        return walk_time(walk, place);
    case CSI_LOG_STATUS:
        return walk_number(walk, place) &&
               (!place->length || place->length == 3);
    case CSI_LOG_NUMBER:
        return walk_number(walk, place);
    case CSI_LOG_QUOTED:
        return walk_quoted(walk, place);
    case CSI_LOG_REST:
        return walk_rest(walk, place);
    default:
        return false;
    }
}

/* What ends at a space was seen to, and to be in the text. */
INLINE bool ends_at_space(int kind)
{
    return kind == CSI_LOG_WORD || kind == CSI_LOG_HOST ||
           kind == CSI_LOG_NAMED || kind == CSI_LOG_USER;
}

/* Whether these bytes stand at a place, behind which there are more. */
INLINE bool is_at(const char *text, const char *bytes)
{
    return memcmp(text, bytes, strlen(bytes)) == 0;
}

/* The fields of the line at hand that are known here: so that of them and their
   kinds nothing is left to ask at run time. */
INLINE bool walk_known(struct walk *walk,
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
                cosend_text(walk->text + place.start, (uint32_t)place.length);
    }
    return true;
}

/* ---- A line of any form -------------------------------------------------- */

/* A list, "a, b" or "a : b", is not plain. */
INLINE bool walk_value(struct walk *walk, struct place *place)
{
    const char *space;

    if (!walk_word(walk, place) || walk->at + 2 > walk->end)
        return false;
    space = walk->text + walk->at;
    return (!place->length || space[-1] != ',') && space[1] != ':';
}

INLINE bool walk_up_to(struct walk *walk, char ends, struct place *place)
{
    const char *from = walk->text + walk->at, *found;

    if (walk->at >= walk->end)
        return false;
    found = memchr(from, ends, walk->end - walk->at);
    if (!found)
        return false;
    place->start = walk->at;
    place->length = (size_t)(found - from);
    walk->at += place->length;
    return true;
}

INLINE bool walk_tail(struct walk *walk, struct place *place)
{
    size_t end = walk->end;

    place->start = walk->at;
    walk->at = cosend_next_found(walk->spaces, walk->at, end);
    place->length = walk->at - place->start;
    return walk->at <= end && place->length && *walk->quote >= walk->at;
}

INLINE bool walk_address(struct walk *walk, struct place *place)
{
    const char *colon;

    if (!walk_word(walk, place))
        return false;
    colon = memrchr(walk->text + place->start, ':', place->length);
    if (!colon)
        return false;
    walk->at = (size_t)(colon - walk->text);
    place->length = walk->at - place->start;
    return place->length;
}

INLINE bool walk_last(struct walk *walk, char ends, struct place *place)
{
    place->start = walk->at;
    place->length = walk->end - walk->at;
    walk->at = walk->end;
    return !place->length || !ends ||
           !memchr(walk->text + place->start, ends, place->length);
}

/* The next quote, where not each was of a field in quotes. */
INLINE void find_quote(struct walk *walk)
{
    while (*walk->quote < walk->at)
        walk->quote++;
}

INLINE bool walk_field(struct walk *walk,
                       const struct cosend_access_log_field *field,
                       struct place *place)
{
    switch (field->kind) {
    case CSI_LOG_TAIL:
        find_quote(walk);
        return walk_tail(walk, place);
    case CSI_LOG_ADDRESS:
        return walk_address(walk, place);
    case CSI_LOG_VALUE:
        return walk_value(walk, place);
    case CSI_LOG_UPTO:
        return walk_up_to(walk, field->ends, place);
    case CSI_LOG_INSIDE:
        find_quote(walk);
        return walk_up_to(walk, field->ends, place) && *walk->quote >= walk->at;
    case CSI_LOG_LAST:
        return walk_last(walk, field->ends, place);
    case CSI_LOG_QUOTED:
        find_quote(walk);
        return walk_quoted(walk, place);
    default:
        return walk_part(walk, field->kind, place);
    }
}

INLINE bool walk_bytes(struct walk *walk, const char *bytes)
{
    for (; *bytes; bytes++)
        if (walk->at >= walk->end || walk->text[walk->at++] != *bytes)
            return false;
    return walk->at <= walk->end;
}

/* The fields of the line at hand from one on, and its end. */
INLINE bool walk_others(struct walk *walk, const struct cosend_access_log *log,
                        const struct cosend_access_log_cells *cells,
                        uint32_t from, uint32_t position)
{
    for (uint32_t i = from; i < log->count; i++) {
        const struct cosend_access_log_field *field = &log->fields[i];
        struct place place;

        if (!walk_bytes(walk, field->before) ||
            !walk_field(walk, field, &place))
            return false;
        if (cells->of[i])
            cells->of[i][position] =
                cosend_text(walk->text + place.start, (uint32_t)place.length);
    }
    return walk_bytes(walk, log->after) && walk->at == walk->end;
}

/* ---- Lines --------------------------------------------------------------- */

/* Lines of a form: `count` of its fields are those that are known here; where
   there is a `log` it has others behind them, or none. */
INLINE uint32_t walk_lines(const struct cosend_access_log_field *fields,
                           uint32_t count, const struct cosend_access_log *log,
                           struct cosend_access_log_text *text,
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
        if (!walk_known(&walk, fields, count, wanted, cells, from))
            break;
        if (log ? !walk_others(&walk, log, cells, count, from)
                : walk.at != walk.end)
            break;
        text->quote = walk.quote;
    }
    return from;
}

/* ---- Forms --------------------------------------------------------------- */

#define WALK_ARGUMENTS                                                         \
    (const struct cosend_access_log *log, struct cosend_access_log_text *text, \
     const struct cosend_access_log_cells *cells, uint32_t from, uint32_t to)

/* A walk; and the same with shifts that need no register of their own. */
#if defined(__x86_64__)
#define WALK(name, fields, count, others)                                      \
    BMI static uint32_t bmi_##name WALK_ARGUMENTS                              \
    {                                                                          \
        return walk_lines(fields, count, (others) ? log : NULL, text, cells,   \
                          from, to);                                           \
    }                                                                          \
    static uint32_t walk_##name WALK_ARGUMENTS                                 \
    {                                                                          \
        return csi_simd_level() >= CSI_SIMD_AVX2                               \
                   ? bmi_##name(log, text, cells, from, to)                    \
                   : walk_lines(fields, count, (others) ? log : NULL, text,    \
                                cells, from, to);                              \
    }
#else
#define WALK(name, fields, count, others)                                      \
    static uint32_t walk_##name WALK_ARGUMENTS                                 \
    {                                                                          \
        return walk_lines(fields, count, (others) ? log : NULL, text, cells,   \
                          from, to);                                           \
    }
#endif

#define COUNT(fields) (sizeof(fields) / sizeof((fields)[0]))
#define FORM(form, title, text, ...)                                           \
    static const struct cosend_access_log_field form##_fields[] = {            \
        __VA_ARGS__};                                                          \
    WALK(form, form##_fields, COUNT(form##_fields), false)                     \
    const struct cosend_access_log csi_access_log_##form = {                   \
        .name = title,                                                         \
        .help = text,                                                          \
        .fields = form##_fields,                                               \
        .count = COUNT(form##_fields),                                         \
        .after = "",                                                           \
        .cut_plain = walk_##form,                                              \
        .has_rest = true}

#define BEHIND_USER                                                            \
    CSI_LOG_FIELD("time", TIME, " "), CSI_LOG_REQUEST(" "),                    \
        CSI_LOG_FIELD("status", STATUS, " "),                                  \
        CSI_LOG_FIELD("size", NUMBER, " ")
#define CLIENT CSI_LOG_FIELD("host", HOST, "")
#define BEHIND_HOST                                                            \
    CSI_LOG_FIELD("ident", WORD, " "), CSI_LOG_FIELD("user", USER, " "),       \
        BEHIND_USER
#define AGENT                                                                  \
    CSI_LOG_FIELD("referer", QUOTED, " "), CSI_LOG_FIELD("agent", QUOTED, " ")
#define REST CSI_LOG_FIELD("rest", REST, "")

FORM(vhost, "vhost_combined", "combined behind a first word, the virtual host.",
     CSI_LOG_FIELD("vhost", HOST, ""), CSI_LOG_FIELD("host", NAMED, " "),
     BEHIND_HOST, AGENT, REST);
FORM(combined, "combined",
     "Access logs as Apache and nginx write them; rest is what lines have "
     "behind the agent, mostly nothing.",
     CLIENT, BEHIND_HOST, AGENT, REST);
FORM(common, "common", "combined without the referer and the agent.", CLIENT,
     BEHIND_HOST, REST);

/* What most formats of nginx begin with. */
static const struct cosend_access_log_field nginx_fields[] = {
    CLIENT, CSI_LOG_FIELD("user", USER, " - "), BEHIND_USER, AGENT};

WALK(nginx, nginx_fields, COUNT(nginx_fields), true)
WALK(apache, combined_fields, COUNT(combined_fields) - 1, true)
WALK(any, NULL, 0, true)

/* Whether a form begins with those fields. */
static bool begins_with(const struct cosend_access_log *log,
                        const struct cosend_access_log_field *fields,
                        uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (i == log->count || log->fields[i].kind != fields[i].kind ||
            strcmp(log->fields[i].before, fields[i].before) != 0)
            return false;
    return true;
}

uint32_t csi_access_log_walk WALK_ARGUMENTS
{
    if (begins_with(log, nginx_fields, COUNT(nginx_fields)))
        return walk_nginx(log, text, cells, from, to);
    if (begins_with(log, combined_fields, COUNT(combined_fields) - 1))
        return walk_apache(log, text, cells, from, to);
    return walk_any(log, text, cells, from, to);
}
