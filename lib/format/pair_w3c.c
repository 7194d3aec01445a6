/* SPDX-License-Identifier: MIT */
/*
 * The W3C's extended log file format: the fields of lines are called as the
 * last line says that begins with #Fields:, which each file has of its own.
 * Values have blanks between, and stand in quotes where they have some
 * themselves; two quotes are one there. IIS has no quotes around values, and
 * any in them: a line has either, lest one that lacks a quote is taken for
 * another.
 */
#include "format/pair_w3c.h"

#include "cosend/group.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What the lines of a file have; a cutter's own is a table of them, by the
   files' names. */
struct w3c_fields {
    char *text; /* names, each with a NUL behind */
    const char **names;
    bool *is_number;
    size_t count;
    unsigned lines; /* of #Fields, of which there may be several, ... */
    uint64_t last;  /* ... so that lines that a step kept must be in order: the
                       last one's number, ... */
    bool mixed;     /* ... and they are not */
};

enum { MOST_W3C_FIELDS = 1000 };

static bool is_w3c_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *pass_w3c_blanks(const char *p, const char *end)
{
    while (p < end && is_w3c_blank(*p))
        p++;
    return p;
}

/* ---- #Fields ------------------------------------------------------------- */

static void free_fields(void *memory)
{
    struct w3c_fields *fields = memory;

    csi_free(fields->text);
    csi_free(fields->names);
    csi_free(fields->is_number);
    fields->text = NULL;
    fields->names = NULL;
    fields->is_number = NULL;
    fields->count = 0;
}

/* Of these a "-" is no number, as in access logs. */
static bool is_number(const char *name)
{
    static const char *const numbers[] = {
        "bytes",     "sc-bytes",     "cs-bytes",        "c-port", "s-port",
        "sc-status", "sc-substatus", "sc-win32-status", "cached", "time-taken",
        NULL};

    for (int i = 0; numbers[i]; i++)
        if (strcmp(name, numbers[i]) == 0)
            return true;
    return false;
}

/* How many names are this one, or this one with a number behind. */
static unsigned count_w3c_names(const struct w3c_fields *fields,
                                const char *name, size_t length)
{
    unsigned count = 0;

    for (size_t i = 0; i < fields->count; i++)
        count += strncmp(fields->names[i], name, length) == 0 &&
                 (!fields->names[i][length] || fields->names[i][length] == '_');
    return count;
}

static bool has_w3c_name(const struct w3c_fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->names[i], name) == 0)
            return true;
    return false;
}

/* Put a name, one that none before has, into *to, which is moved behind. */
static const char *put_w3c_name(const struct w3c_fields *fields, char **to,
                                const char *name, size_t length)
{
    char *start = *to, *end = start + length;
    unsigned number;

    memcpy(start, name, length);
    *end = '\0';
    number = count_w3c_names(fields, start, length);
    while (has_w3c_name(fields, start))
        end = start + length +
              snprintf(start + length, 16, "_%u", ++number % 1000000000);
    *to = end + 1;
    return start;
}

/* The names of a #Fields line. False without memory. */
static bool take_fields(struct w3c_fields *fields, const char *p,
                        const char *end)
{
    size_t length = (size_t)(end - p), most = length / 2 + 1;
    char *to;

    free_fields(fields);
    /* A name has a byte, and with its number 16 more. */
    to = fields->text = csi_malloc(length + 1 + most * 17);
    fields->names = csi_calloc(most, sizeof(*fields->names));
    fields->is_number = csi_calloc(most, sizeof(*fields->is_number));
    if (!fields->text || !fields->names || !fields->is_number) {
        free_fields(fields);
        return false;
    }
    for (p = pass_w3c_blanks(p, end); p < end; p = pass_w3c_blanks(p, end)) {
        const char *start = p, *name;

        /* More than there may be are counted, and no more than that. */
        if (fields->count > MOST_W3C_FIELDS)
            break;

        while (p < end && !is_w3c_blank(*p))
            p++;
        name = put_w3c_name(fields, &to, start, (size_t)(p - start));
        fields->is_number[fields->count] = is_number(name);
        fields->names[fields->count++] = name;
    }
    return true;
}

/* ---- Lines --------------------------------------------------------------- */

/* Two quotes in quotes are one. */
static size_t decode_w3c(const char *p, size_t length, char *out)
{
    const char *end = p + length;
    char *to = out;

    for (; p < end; p++) {
        *to++ = *p;
        p += *p == '"';
    }
    return (size_t)(to - out);
}

static bool w3c_cell(const struct csi_json_member *member,
                     struct csi_arena *arena, struct cosend_cell *cell)
{
    return csi_pairs_decode(member, arena, cell, decode_w3c);
}

/* The value at *p, which then is behind it. Returns what is wrong, or NULL. */
static const char *take_w3c_value(const char **p, const char *end,
                                  struct csi_json_member *value)
{
    const char *start = *p, *at = start;

    *value = (struct csi_json_member){.kind = COSEND_TEXT, .value = start};
    if (*at != '"') {
        while (at < end && !is_w3c_blank(*at))
            at++;
        value->length = (uint32_t)(at - start);
        *p = at;
        return NULL;
    }
    for (at++; at < end; at++) {
        if (*at != '"')
            continue;
        if (at + 1 == end || at[1] != '"')
            break;
        value->escaped = true;
        at++;
    }
    if (at == end)
        return "a quote that is not closed";
    value->value = start + 1;
    value->length = (uint32_t)(at - start - 1);
    *p = at + 1;
    return *p == end || is_w3c_blank(**p) ? NULL
                                          : "text behind a closing quote";
}

static enum cosend_pair_result take_w3c(struct cosend_pair_cutter *cutter,
                                        const struct w3c_fields *fields,
                                        const char *p, const char *end)
{
    struct csi_json_member value;
    const char *stray = NULL; /* a value with a quote, and none around it */
    bool quoted = false;
    size_t count = 0;

    for (; p < end; p = pass_w3c_blanks(p, end)) {
        const char *start = p, *wrong = take_w3c_value(&p, end, &value);

        if (wrong)
            return csi_pair_bad(cutter, start, wrong);
        if (value.value != start)
            quoted = true;
        else if (memchr(start, '"', value.length))
            stray = start;
        if (count++ >= fields->count)
            continue;
        value.name = fields->names[count - 1];
        value.name_length = (uint32_t)strlen(value.name);
        if (fields->is_number[count - 1] && value.length == 1 &&
            *value.value == '-')
            value.length = 0;
        if (!csi_json_add_member(&cutter->pairs.json, &value))
            return COSEND_PAIRS_MEMORY;
    }
    if (quoted && stray)
        return csi_pair_bad(cutter, stray,
                            "a quote in a value that is not in quotes");
    if (count == fields->count)
        return COSEND_PAIRS_CUT;
    return csi_pair_other(cutter,
                          "it has %zu values, and the last #Fields: line of "
                          "its file names %zu",
                          count, fields->count);
}

/* Whether a line begins with #Fields:, which is passed. */
static bool is_fields_line(const char **p, const char *end)
{
    static const char head[] = "#Fields:";
    size_t length = sizeof(head) - 1;

    if ((size_t)(end - *p) < length || strncasecmp(*p, head, length) != 0)
        return false;
    *p += length;
    return true;
}

static enum cosend_pair_result name_w3c(struct cosend_pair_cutter *cutter,
                                        struct w3c_fields *fields,
                                        const char *p, const char *end)
{
    if (!take_fields(fields, p, end))
        return COSEND_PAIRS_MEMORY;
    if (fields->count <= MOST_W3C_FIELDS)
        return COSEND_PAIRS_NO_LINE;
    free_fields(fields);
    return csi_pair_other(cutter, "it names more than %d fields",
                          MOST_W3C_FIELDS);
}

/* A line that comes behind one that is further down in its file is noted. */
static void note_order(struct w3c_fields *fields, uint64_t line)
{
    fields->mixed |= line && line < fields->last;
    fields->last = line;
}

static enum cosend_pair_result cut_w3c(struct cosend_pair_cutter *cutter,
                                       const char *start, const char *end,
                                       const char *source)
{
    const char *p = pass_w3c_blanks(start, end);
    struct w3c_fields *fields;

    if (p == end)
        return COSEND_PAIRS_NO_LINE;
    fields = cosend_table_get(cutter->own, source, strlen(source), NULL);
    if (!fields)
        return COSEND_PAIRS_MEMORY;
    note_order(fields, cutter->kept_line);
    if (is_fields_line(&p, end)) {
        fields->lines += fields->lines < 2;
        return name_w3c(cutter, fields, p, end);
    }
    if (*p == '#')
        return COSEND_PAIRS_NO_LINE;
    if (fields->mixed && fields->lines > 1)
        return csi_pair_other(
            cutter, "its file has several #Fields: lines, and a step before "
                    "this one put lines in another order; parse w3c before it");
    if (!fields->count)
        return csi_pair_other(
            cutter, "no line before it in its file begins with #Fields: and "
                    "says what its values are; put one in front, or parse it "
                    "by regex, by pattern, or as csv with names");
    return take_w3c(cutter, fields, p, end);
}

static bool begin_w3c(struct cosend_pair_cutter *cutter,
                      const struct cosend_pair_options *options,
                      struct cosend_error *error)
{
    (void)options;
    cutter->own = cosend_table_new(sizeof(struct w3c_fields), error);
    return cutter->own != NULL;
}

static void end_w3c(struct cosend_pair_cutter *cutter)
{
    const void *key;
    size_t length;

    for (size_t i = 0; i < cosend_table_count(cutter->own); i++)
        free_fields(cosend_table_at(cutter->own, i, &key, &length));
    cosend_table_free(cutter->own);
}

const struct csi_pair_ops csi_pair_w3c = {
    .begin = begin_w3c, .cut = cut_w3c, .cell = w3c_cell, .end = end_w3c};
