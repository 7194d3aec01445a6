/* SPDX-License-Identifier: MIT */
/*
 * A line's bytes each get a style, one over the other, and where it changes an
 * escape sequence (SGR, ECMA-48) is put. So a line without anything to paint
 * is written as it is.
 */
#include "endpoint/paint.h"

#include "base/text.h"
#include "cosend/match.h"
#include "run/run.h"

#include <string.h>
#include <strings.h>

enum style { PLAIN, KEY, MATCH, GRAVE, WARNING, NOTICE, FAINT };

static const char *const sequences[] = {"\033[0m",  "\033[34m", "\033[1;31m",
                                        "\033[31m", "\033[33m", "\033[32m",
                                        "\033[2m"};

static const struct {
    const char *word;
    enum style style;
} levels[] = {
    {"EMERG", GRAVE},     {"ALERT", GRAVE},    {"PANIC", GRAVE},
    {"FATAL", GRAVE},     {"CRITICAL", GRAVE}, {"CRIT", GRAVE},
    {"SEVERE", GRAVE},    {"ERROR", GRAVE},    {"ERR", GRAVE},
    {"WARNING", WARNING}, {"WARN", WARNING},   {"NOTICE", NOTICE},
    {"INFO", NOTICE},     {"DEBUG", FAINT},    {"TRACE", FAINT},
};

struct csi_paint {
    struct csi_stage *stage;
    struct cosend_output *output;
    int format;
    struct csi_text part;   /* of a line that is not whole */
    struct csi_text styles; /* of its bytes */
    struct csi_text out;
    struct cosend_matches matches;
};

struct csi_paint *csi_paint_new(struct csi_stage *stage, int format,
                                struct cosend_output *output)
{
    struct csi_paint *paint = csi_calloc(1, sizeof(*paint));

    if (!paint)
        return NULL;
    paint->stage = stage;
    paint->format = format;
    paint->output = output;
    return paint;
}

void csi_paint_free(struct csi_paint *paint)
{
    if (!paint)
        return;
    csi_text_free(&paint->part);
    csi_text_free(&paint->styles);
    csi_text_free(&paint->out);
    cosend_matches_free(&paint->matches);
    csi_free(paint);
}

static void mark(struct csi_paint *paint, size_t from, size_t to,
                 enum style style)
{
    memset(paint->styles.data + from, (int)style, to - from);
}

/* ---- Levels -------------------------------------------------------------- */

/* In any letters; PLAIN for another word. */
static enum style style_of(const char *word, size_t length)
{
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
        if (strlen(levels[i].word) == length &&
            strncasecmp(levels[i].word, word, length) == 0)
            return levels[i].style;
    return PLAIN;
}

/* A letter of ASCII, as levels have alone. */
static bool in_level(char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* The first word of text that is a level, in capitals, or between brackets. */
static void mark_level(struct csi_paint *paint, const char *line, size_t length)
{
    for (size_t at = 0, end; at < length; at = end + 1) {
        enum style style;

        for (end = at; end < length && in_level(line[end]);)
            end++;
        style = style_of(line + at, end - at);
        if (style == PLAIN)
            continue;
        if (line[end - 1] <= 'Z' ||
            (at && line[at - 1] == '[' && end < length && line[end] == ']')) {
            mark(paint, at, end, style);
            return;
        }
    }
}

/* ---- Names and values ---------------------------------------------------- */

static bool is_level_name(const char *name, size_t length)
{
    static const char *const names[] = {"level", "severity", "lvl", "loglevel",
                                        "log.level"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strlen(names[i]) == length &&
            strncasecmp(names[i], name, length) == 0)
            return true;
    return false;
}

/* Behind the string that begins at `at`. */
static size_t string_end(const char *line, size_t at, size_t length)
{
    for (at++; at < length && line[at] != '"'; at++)
        if (line[at] == '\\')
            at++;
    return at < length ? at + 1 : length;
}

static void mark_json(struct csi_paint *paint, const char *line, size_t length)
{
    bool level = false;

    for (size_t at = 0; at < length;) {
        size_t end = at + 1, behind;

        if (line[at] == '"') {
            end = behind = string_end(line, at, length);
            while (behind < length && line[behind] == ' ')
                behind++;
            if (behind < length && line[behind] == ':') {
                mark(paint, at, end, KEY);
                level = is_level_name(line + at + 1, end - at - 2);
            } else if (level) {
                mark(paint, at, end, style_of(line + at + 1, end - at - 2));
                level = false;
            }
        } else if (line[at] == ',' || line[at] == '{') {
            level = false;
        }
        at = end;
    }
}

static void mark_logfmt(struct csi_paint *paint, const char *line,
                        size_t length)
{
    for (size_t at = 0, end; at < length; at = end + 1) {
        size_t name = at;

        while (at < length && line[at] != '=' && line[at] != ' ')
            at++;
        end = at;
        if (at >= length || line[at] == ' ')
            continue;
        mark(paint, name, at, KEY);
        end = at + 1;
        if (end < length && line[end] == '"')
            end = string_end(line, end, length);
        while (end < length && line[end] != ' ')
            end++;
        if (is_level_name(line + name, at - name))
            mark(paint, at + 1, end, style_of(line + at + 1, end - at - 1));
    }
}

/* ---- Matches ------------------------------------------------------------- */

/* What the steps looked for that keep no line without it. */
static void mark_matches(struct csi_paint *paint, const char *line,
                         size_t length)
{
    const struct csi_run *run = csi_run_of(paint->stage);
    struct cosend_cell cell = cosend_text(line, length);

    for (uint32_t i = 0; i < run->stage_count; i++) {
        const struct cosend_regex *regex = run->stages[i].sought;

        if (!regex ||
            cosend_regex_find_all(regex, cell, &paint->matches) != COSEND_MATCH)
            continue;
        for (size_t j = 0; j < paint->matches.count; j++) {
            const struct cosend_cell *match = &paint->matches.items[j];
            size_t from = (size_t)(match->data - line);

            mark(paint, from, from + match->length, MATCH);
        }
    }
}

/* ---- Lines --------------------------------------------------------------- */

static bool add_painted(struct csi_paint *paint, const char *line,
                        size_t length)
{
    const char *styles = paint->styles.data;
    char style = PLAIN;
    bool fine = true;

    for (size_t at = 0, from; fine && at < length;) {
        for (from = at; at < length && styles[at] == styles[from];)
            at++;
        if (styles[from] != style && style != PLAIN)
            fine = csi_text_string(&paint->out, sequences[PLAIN]);
        style = styles[from];
        fine = fine &&
               (style == PLAIN ||
                csi_text_string(&paint->out, sequences[(int)style])) &&
               csi_text_add(&paint->out, line + from, at - from);
    }
    return fine &&
           (style == PLAIN || csi_text_string(&paint->out, sequences[PLAIN]));
}

/* A line without its end. */
static bool paint_line(struct csi_paint *paint, const char *line, size_t length)
{
    paint->styles.length = 0;
    if (!csi_text_reserve(&paint->styles, length + 1))
        return false;
    memset(paint->styles.data, PLAIN, length);
    if (paint->format == COSEND_FORMAT_JSONL ||
        paint->format == COSEND_FORMAT_JSON)
        mark_json(paint, line, length);
    else if (paint->format == COSEND_FORMAT_LOGFMT)
        mark_logfmt(paint, line, length);
    else
        mark_level(paint, line, length);
    if (paint->format == COSEND_FORMAT_TEXT)
        mark_matches(paint, line, length);
    return add_painted(paint, line, length);
}

static int write_out(struct csi_paint *paint, bool fine,
                     struct cosend_error *error)
{
    if (!fine)
        return csi_no_memory(error);
    return cosend_output_write(paint->output, paint->out.data,
                               paint->out.length, error);
}

int csi_paint_put(void *context, const char *data, size_t length,
                  struct cosend_error *error)
{
    struct csi_paint *paint = context;
    bool fine = csi_text_add(&paint->part, data, length);
    const char *at = paint->part.data, *end = at + paint->part.length;
    const char *newline;

    paint->out.length = 0;
    while (fine && at < end &&
           (newline = memchr(at, '\n', (size_t)(end - at)))) {
        fine = paint_line(paint, at, (size_t)(newline - at)) &&
               csi_text_add(&paint->out, "\n", 1);
        at = newline + 1;
    }
    if (fine) {
        paint->part.length = (size_t)(end - at);
        memmove(paint->part.data, at, paint->part.length);
    }
    return write_out(paint, fine, error);
}

int csi_paint_flush(struct csi_paint *paint, struct cosend_error *error)
{
    bool fine = true;

    if (!paint || !paint->part.length)
        return COSEND_OK;
    paint->out.length = 0;
    fine = paint_line(paint, paint->part.data, paint->part.length);
    paint->part.length = 0;
    return write_out(paint, fine, error);
}
