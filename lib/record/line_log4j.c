/* SPDX-License-Identifier: MIT */
/*
 * Patterns of log4j (Pattern Layout, Conversion Patterns), logback (Layouts,
 * PatternLayout) and log4net (PatternLayout): text, and conversions
 *
 *     %-5.20level{options}    %highlight(%level){options}
 *
 * What is around others, to colour or to change them, is as though they stood
 * alone.
 *
 * A conversion is a row here. Those that write what is not always there, as the
 * stack of an exception, come to nothing: what they write is behind the
 * message, and goes with it.
 */
#include "record/line_log4j.h"

#include "record/line_time.h"

#include <string.h>

static const struct conversion {
    const char *names; /* separated by blanks; of log4j, then of logback */
    const char *field; /* or NULL: it writes nothing that is looked for */
    enum csi_line_kind kind;
} conversions[] = {
    {"d date utcdate", "time", CSI_LINE_TIME},
    {"p level le", "level", CSI_LINE_WORD},
    {"t tn thread threadName", "thread", CSI_LINE_UPTO},
    {"T tid threadId", "tid", CSI_LINE_NUMBER},
    {"pid processId", "pid", CSI_LINE_NUMBER},
    {"c logger lo", "logger", CSI_LINE_CLASS},
    {"C class", "class", CSI_LINE_CLASS},
    {"M method", "method", CSI_LINE_CLASS},
    {"F file", "file", CSI_LINE_CLASS},
    {"L line", "line", CSI_LINE_WORD},
    {"l location caller", "location", CSI_LINE_UPTO},
    {"m msg message", "message", CSI_LINE_MESSAGE},
    {"x NDC ndc", "ndc", CSI_LINE_UPTO},
    {"X mdc MDC property", "mdc", CSI_LINE_UPTO},
    {"kvp", "kvp", CSI_LINE_UPTO},
    {"marker markerSimpleName", "marker", CSI_LINE_UPTO},
    {"r relative timestamp", "elapsed", CSI_LINE_NUMBER},
    {"sn sequenceNumber", "sequence", CSI_LINE_NUMBER},
    {"contextName cn", "context", CSI_LINE_UPTO},
    {"ex exception throwable xEx xException xThrowable rEx rException "
     "rThrowable "
     "wEx wex nopex nopexception",
     NULL, CSI_LINE_NONE},
};

/* Those around others: of Spring Boot, log4j and logback. */
static const char around[] =
    "clr style highlight replace enc encode maxLen maxLength black red green "
    "yellow blue magenta cyan white gray boldRed boldGreen boldYellow boldBlue "
    "boldMagenta boldCyan boldWhite";

enum { MOST_AROUND = 16 };

/* A pattern that is read from `at` on. */
struct pattern {
    struct csi_line_maker *maker;
    size_t at, depth;
    char closing[MOST_AROUND]; /* of those that are open, the first `depth` */
};

static int peek(const struct pattern *pattern)
{
    return pattern->at < pattern->maker->length
               ? (unsigned char)pattern->maker->text[pattern->at]
               : -1;
}

static bool is_name_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* ---- Times --------------------------------------------------------------- */

/* Formats that have a name. */
static const struct {
    const char *name, *looks;
} dates[] = {
    {"", CSI_ISO},
    {"DEFAULT", CSI_ISO},
    {"ISO8601", CSI_ISO},
    {"ISO8601_PERIOD", CSI_ISO},
    {"ISO8601_OFFSET_DATE_TIME_HH", CSI_ISO},
    {"ISO8601_OFFSET_DATE_TIME_HHMM", CSI_ISO},
    {"ISO8601_OFFSET_DATE_TIME_HHCMM", CSI_ISO},
    {"ISO8601_BASIC", "ddddddddTddddddF"},
    {"ABSOLUTE", "dd:dd:ddF"},
    {"ABSOLUTE_PERIOD", "dd:dd:ddF"},
    {"DATE", "dd M dddd dd:dd:ddF"},
    {"DATE_PERIOD", "dd M dddd dd:dd:ddF"},
    {"COMPACT", "dddddddddddddddddF"},
    {"UNIX", "s"},
    {"UNIX_MILLIS", "s"},
};

/* What a run of one letter of java.text.SimpleDateFormat looks like. */
static const char *look_of(char letter, size_t count)
{
    static const char digits[] = "dddddddddd";

    switch (letter) {
    case 'y':
    case 'u':
        return count == 2 ? "dd" : "dddd";
    case 'M':
        return count == 1 ? "s" : count == 2 ? "dd" : count == 3 ? "M" : NULL;
    case 'd':
    case 'H':
    case 'h':
    case 'k':
    case 'K':
    case 'm':
    case 's':
        return count == 1 ? "s" : count == 2 ? "dd" : NULL;
    case 'S':
    case 'n':
        return count < sizeof(digits) ? digits + sizeof(digits) - 1 - count
                                      : NULL;
    case 'E':
        return count < 4 ? "W" : NULL;
    case 'z':
        return "L";
    case 'Z':
    case 'X':
    case 'x':
        return "Z";
    case 'a':
        return count == 1 ? "A" : NULL;
    default:
        return NULL;
    }
}

/* Text that stands for itself, if it is none of the letters of looks. */
static bool add_plain(struct csi_text *looks, char c)
{
    return !strchr("dDsBWMFLZNA|", c) && csi_text_add(looks, &c, 1);
}

/* Where the quote is closed, and what is in it. */
static int add_quoted_date(struct csi_line_maker *maker, struct csi_text *looks,
                           size_t *at, size_t end)
{
    size_t start = *at;

    for ((*at)++; *at < end && maker->text[*at] != '\''; (*at)++)
        if (!add_plain(looks, maker->text[*at]))
            return csi_error_in(maker->error, maker->text, *at,
                                "a date with this letter in quotes "
                                "cannot be read");
    if (*at == end)
        return csi_error_in(maker->error, maker->text, start,
                            "this quote is not closed");
    (*at)++;
    return COSEND_OK;
}

/* The format at [at, end) of the maker's text. */
static int add_looks(struct csi_line_maker *maker, struct csi_text *looks,
                     size_t at, size_t end)
{
    const char *text = maker->text, *look;
    size_t start;
    int status = COSEND_OK;

    while (at < end && status == COSEND_OK) {
        start = at;
        if (text[at] == '\'') {
            status = add_quoted_date(maker, looks, &at, end);
        } else if (is_name_letter(text[at])) {
            while (at < end && text[at] == text[start])
                at++;
            look = look_of(text[start], at - start);
            if (!look)
                return csi_error_in(maker->error, maker->text, start,
                                    "a date with %.*s cannot be read",
                                    (int)(at - start), text + start);
            /* These have the blank in front of them. */
            if (strchr("AZL", *look) && looks->length &&
                looks->data[looks->length - 1] == ' ')
                looks->length--;
            if (!csi_text_string(looks, look))
                return csi_no_memory(maker->error);
        } else if (!csi_text_add(looks, &text[at++], 1)) {
            return csi_no_memory(maker->error);
        }
    }
    return status;
}

/* Where a format ends that a zone may follow, "HH:mm:ss, UTC"; the comma of
   "ss,SSS" is its own. */
static size_t format_end(const char *text, size_t at, size_t end)
{
    const char *comma = memrchr(text + at, ',', end - at), *zone = comma;
    size_t length;

    if (!comma)
        return end;
    for (zone++; zone < text + end && *zone == ' ';)
        zone++;
    length = (size_t)(text + end - zone);
    return csi_is_zone(zone, length) || memchr(zone, '/', length) ||
                   (length > 3 && memcmp(zone, "GMT", 3) == 0)
               ? (size_t)(comma - text)
               : end;
}

/* How the time of %d{format} looks, into *looks. */
static int read_date(struct csi_line_maker *maker, size_t at, size_t end,
                     const char **looks)
{
    struct csi_text made = {0};
    char *copy = NULL;
    int status;

    end = format_end(maker->text, at, end);
    if (end - at > 1 && maker->text[at] == '"' && maker->text[end - 1] == '"') {
        at++;
        end--;
    }
    for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++)
        if (strlen(dates[i].name) == end - at &&
            memcmp(dates[i].name, maker->text + at, end - at) == 0) {
            *looks = dates[i].looks;
            return COSEND_OK;
        }
    status = add_looks(maker, &made, at, end);
    if (status == COSEND_OK) {
        copy = csi_arena_bytes(&maker->arena, made.length + 1);
        if (!copy)
            status = csi_no_memory(maker->error);
    }
    if (copy) {
        memcpy(copy, made.data, made.length);
        copy[made.length] = '\0';
    }
    *looks = copy;
    csi_free(made.data);
    return status;
}

/* ---- Conversions --------------------------------------------------------- */

static bool has_word(const char *words, const char *word, size_t length)
{
    for (size_t own; *words; words += own + (words[own] == ' ')) {
        own = strcspn(words, " ");
        if (own == length && memcmp(words, word, length) == 0)
            return true;
    }
    return false;
}

/* The conversion of the longest name that letters begin with. Two more may
   follow, as those of %rms; with more it is another one. */
static const struct conversion *find_conversion(const char *letters,
                                                size_t *length)
{
    size_t all = *length;

    for (; *length && all - *length < 3; (*length)--)
        for (size_t i = 0; i < sizeof(conversions) / sizeof(conversions[0]);
             i++)
            if (has_word(conversions[i].names, letters, *length))
                return &conversions[i];
    return NULL;
}

/* How many of letters are those of a line's end: %n, behind which two more may
   stand, or %newline; 0 for none. */
static size_t newline_length(const char *letters, size_t length)
{
    if (has_word("newline", letters, length))
        return length;
    return length && length < 4 && *letters == 'n';
}

/* -5.20 behind a percent sign: returns whether there is a least width. */
static bool read_width(struct pattern *pattern)
{
    size_t start;

    pattern->at += peek(pattern) == '-';
    for (start = pattern->at; peek(pattern) >= '0' && peek(pattern) <= '9';)
        pattern->at++;
    if (peek(pattern) != '.')
        return pattern->at > start;
    pattern->at++;
    pattern->at += peek(pattern) == '-';
    while (peek(pattern) >= '0' && peek(pattern) <= '9')
        pattern->at++;
    return pattern->at > start && pattern->maker->text[start] != '.';
}

/* What is in braces, if any is there, into [*from, *to); more of them are
   passed over. */
static int read_braces(struct pattern *pattern, size_t *from, size_t *to)
{
    struct csi_line_maker *maker = pattern->maker;

    *from = *to = pattern->at;
    for (bool first = true; peek(pattern) == '{'; first = false) {
        const char *start = maker->text + pattern->at;
        const char *close = memchr(start, '}', maker->length - pattern->at);

        if (!close)
            return csi_error_in(maker->error, maker->text, pattern->at,
                                "this brace is not closed");
        if (first) {
            *from = pattern->at + 1;
            *to = (size_t)(close - maker->text);
        }
        pattern->at = (size_t)(close - maker->text) + 1;
    }
    return COSEND_OK;
}

static int add_conversion(struct pattern *pattern, size_t place, bool padded,
                          const struct conversion *conversion)
{
    struct csi_line_maker *maker = pattern->maker;
    const char *name = conversion->field, *what = NULL;
    size_t from, to, length;
    int status = read_braces(pattern, &from, &to);

    if (status != COSEND_OK || !name)
        return status;
    length = strlen(name);
    if (conversion->kind == CSI_LINE_TIME)
        status = read_date(maker, from, to, &what);
    else if (strcmp(name, "mdc") == 0 && to > from) {
        name = maker->text + from;
        length = strcspn(name, ":,}");
    }
    return status == COSEND_OK
               ? csi_line_maker_part(maker, place, name, length,
                                     conversion->kind, padded, what)
               : status;
}

/* %n: only blanks and what comes to nothing may follow. */
static bool is_end(const struct pattern *pattern)
{
    const struct csi_line_maker *maker = pattern->maker;
    size_t at = pattern->at, length, taken;
    const struct conversion *conversion;

    while (at < maker->length) {
        if (maker->text[at++] != '%')
            return false;
        for (length = 0; at + length < maker->length &&
                         is_name_letter(maker->text[at + length]);)
            length++;
        taken = length;
        conversion = find_conversion(maker->text + at, &taken);
        if (!conversion)
            taken = newline_length(maker->text + at, length);
        if (conversion ? conversion->field != NULL : !taken)
            return false;
        at += taken;
        while (at < maker->length && maker->text[at] == '{')
            at += strcspn(maker->text + at, "}") + 1;
    }
    return true;
}

/* What is around others begins. */
static int open_around(struct pattern *pattern, size_t place, bool padded)
{
    struct csi_line_maker *maker = pattern->maker;

    if (padded)
        return csi_error_in(maker->error, maker->text, place,
                            "what is filled up together cannot be read");
    if (pattern->depth == MOST_AROUND)
        return csi_error_in(maker->error, maker->text, place,
                            "there are %d around others at most", MOST_AROUND);
    pattern->closing[pattern->depth++] = peek(pattern) == '(' ? ')' : '}';
    pattern->at++;
    return COSEND_OK;
}

static int refuse_conversion(const struct pattern *pattern, size_t place)
{
    return csi_error_in(
        pattern->maker->error, pattern->maker->text, place,
        "there is no such conversion; there are %%d %%p %%pid %%t %%c %%C %%M "
        "%%F %%L %%m %%x %%X{key} %%r %%n and their longer names");
}

/* A conversion behind its percent sign. */
static int read_conversion(struct pattern *pattern, bool *ended)
{
    struct csi_line_maker *maker = pattern->maker;
    size_t place = pattern->at - 1, length = 0, taken;
    bool padded = read_width(pattern);
    const char *letters = maker->text + pattern->at;
    const struct conversion *conversion;

    if (peek(pattern) == '%') {
        pattern->at++;
        return csi_line_maker_text(maker, "%", 1);
    }
    while (pattern->at + length < maker->length &&
           is_name_letter(letters[length]))
        length++;
    pattern->at += length;
    if ((peek(pattern) == '(' || peek(pattern) == '{') &&
        (length ? has_word(around, letters, length) : peek(pattern) == '('))
        return open_around(pattern, place, padded);
    taken = length;
    conversion = find_conversion(letters, &taken);
    pattern->at -= length - taken;
    if (conversion)
        return add_conversion(pattern, place, padded, conversion);
    pattern->at -= taken;
    taken = newline_length(letters, length);
    if (!taken)
        return refuse_conversion(pattern, place);
    pattern->at += taken;
    *ended = true;
    return is_end(pattern) ? COSEND_OK
                           : csi_error_in(maker->error, maker->text, place,
                                          "a line ends at %%n: nothing can "
                                          "follow but an exception");
}

/* A byte that is no conversion's. */
static int read_pattern_text(struct pattern *pattern)
{
    struct csi_line_maker *maker = pattern->maker;
    int byte = peek(pattern);
    size_t from, to;

    if (pattern->depth && byte == pattern->closing[pattern->depth - 1]) {
        pattern->depth--;
        pattern->at++;
        return read_braces(pattern, &from, &to);
    }
    /* logback's brackets that stand for themselves */
    if (pattern->depth && byte == '\\' && pattern->at + 1 < maker->length)
        pattern->at++;
    return csi_line_maker_text(maker, maker->text + pattern->at++, 1);
}

int csi_line_log4j(struct csi_line_maker *maker)
{
    struct pattern pattern = {.maker = maker};
    bool ended = false;
    int status = COSEND_OK;

    while (status == COSEND_OK && !ended && pattern.at < maker->length)
        if (maker->text[pattern.at] == '%') {
            pattern.at++;
            status = read_conversion(&pattern, &ended);
        } else {
            status = read_pattern_text(&pattern);
        }
    if (status == COSEND_OK && pattern.depth)
        return csi_error_in(maker->error, maker->text, maker->length,
                            "it ends before the %c of what is around others",
                            pattern.closing[pattern.depth - 1]);
    if (status == COSEND_OK && !maker->count)
        return csi_error_in(maker->error, maker->text, 0,
                            "it has no conversion, as %%d or %%m, so "
                            "there is no field to make");
    return status == COSEND_OK ? csi_line_maker_end(maker) : status;
}
