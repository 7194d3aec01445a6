/* SPDX-License-Identifier: MIT */
/*
 * ArcSight's Common Event Format, as its implementation standard has it:
 *
 *     [head] CEF:version|vendor|product|version|class|name|severity|extension
 *
 * In the fields of its header \| and \\ are | and \. The extension is pairs
 * key=value with blanks between; a value may have blanks itself, and ends at
 * the one blank in front of the next key. In values \=, \\, \n and \r are what
 * they are elsewhere; any other backslash is itself. Standard or not, many
 * leave the = in an address as it is: only one with a key in front, behind a
 * blank, begins a pair.
 */
#include "format/pair_cef.h"

#include <string.h>

enum { HEADER_FIELDS = 7 };

static const char *const header_names[HEADER_FIELDS] = {
    "cef_version",  "device_vendor", "device_product", "device_version",
    "signature_id", "name",          "severity"};

static bool is_cef_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_key(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || (c && strchr("_.-[]:", c));
}

/* ---- Values -------------------------------------------------------------- */

static size_t decode_cef(const char *p, size_t length, char *out)
{
    const char *end = p + length;
    char *to = out;

    while (p < end) {
        if (*p == '\\' && p + 1 < end && memchr("|=\\nr", p[1], 5)) {
            *to++ = p[1] == 'n' ? '\n' : p[1] == 'r' ? '\r' : p[1];
            p += 2;
        } else {
            *to++ = *p++;
        }
    }
    return (size_t)(to - out);
}

static bool cef_cell(const struct csi_json_member *member,
                     struct csi_arena *arena, struct cosend_cell *cell)
{
    return csi_pairs_decode(member, arena, cell, decode_cef);
}

static bool add_cef(struct cosend_pair_cutter *cutter, const char *name,
                    size_t name_length, const char *value, const char *end)
{
    size_t length = (size_t)(end - value);

    return csi_pair_add(cutter, name, name_length, value, length,
                        memchr(value, '\\', length) != NULL);
}

/* ---- The header ---------------------------------------------------------- */

/* Where the format begins in a line. */
static const char *find_cef(const char *start, const char *end)
{
    const char *p = start;

    while ((p = memmem(p, (size_t)(end - p), "CEF:", 4))) {
        if ((p == start || is_cef_blank(p[-1])) && end - p > 4 && p[4] >= '0' &&
            p[4] <= '9')
            return p;
        p += 4;
    }
    return NULL;
}

/* The | behind p that no backslash makes text. */
static const char *find_bar(const char *p, const char *end)
{
    while (p < end && *p != '|')
        p += 1 + (*p == '\\' && p + 1 < end);
    return p < end ? p : NULL;
}

/* A number from 0 to 10, or a word: Low, Very-High. With a = in it, it is no
   severity, but what follows, since there is a | too few. */
static bool is_severity(const char *start, const char *end)
{
    return !memchr(start, '=', (size_t)(end - start));
}

/* The header at *p, which then is behind it. */
static enum cosend_pair_result take_header(struct cosend_pair_cutter *cutter,
                                           const char **p, const char *end)
{
    for (int i = 0; i < HEADER_FIELDS; i++) {
        const char *bar = find_bar(*p, end);

        if (!bar)
            return csi_pair_other(
                cutter,
                "the header of CEF is seven fields with a | behind each; "
                "this one ends at its %s",
                header_names[i]);
        if (!add_cef(cutter, header_names[i], strlen(header_names[i]), *p, bar))
            return COSEND_PAIRS_MEMORY;
        if (i == HEADER_FIELDS - 1 && !is_severity(*p, bar))
            return csi_pair_bad(cutter, *p,
                                "there is a = in the severity, so one of the "
                                "seven | of the header may lack");
        *p = bar + 1;
    }
    return COSEND_PAIRS_CUT;
}

/* ---- The extension ------------------------------------------------------- */

/* The = of the next pair behind the start of a value, and its key. */
static const char *find_pair(const char *value, const char *end,
                             const char **key)
{
    for (const char *p = value; p < end; p++) {
        if (*p == '\\' && p + 1 < end) {
            p++;
            continue;
        }
        if (*p != '=')
            continue;
        *key = p;
        while (*key > value && is_key((*key)[-1]))
            --*key;
        if (*key<p && * key> value && is_cef_blank((*key)[-1]))
            return p;
    }
    return NULL;
}

static enum cosend_pair_result take_extension(struct cosend_pair_cutter *cutter,
                                              const char *p, const char *end)
{
    const char *key, *equals;

    while (p < end && is_cef_blank(*p))
        p++;
    for (key = equals = p; equals < end && is_key(*equals);)
        equals++;
    if (p == end)
        return COSEND_PAIRS_CUT;
    if (equals == p || equals == end || *equals != '=')
        return csi_pair_bad(cutter, p,
                            "a key with = behind it was expected where the "
                            "extension begins");
    while (equals) {
        const char *value = equals + 1, *next_key = NULL;
        const char *next = find_pair(value, end, &next_key);

        if (!add_cef(cutter, key, (size_t)(equals - key), value,
                     next ? next_key - 1 : end))
            return COSEND_PAIRS_MEMORY;
        key = next_key;
        equals = next;
    }
    return COSEND_PAIRS_CUT;
}

/* ---- All ----------------------------------------------------------------- */

static enum cosend_pair_result cut_cef(struct cosend_pair_cutter *cutter,
                                       const char *start, const char *end,
                                       const char *source)
{
    const char *p = find_cef(start, end), *head = p;
    enum cosend_pair_result result;

    (void)source;
    if (!p)
        return csi_pair_other(cutter, "there is no CEF:0| or CEF:1| in it");
    while (head > start && is_cef_blank(head[-1]))
        head--;
    if (head > start &&
        !csi_pair_add(cutter, "head", 4, start, (size_t)(head - start), false))
        return COSEND_PAIRS_MEMORY;
    p += 4;
    result = take_header(cutter, &p, end);
    return result == COSEND_PAIRS_CUT ? take_extension(cutter, p, end) : result;
}

const struct csi_pair_ops csi_pair_cef = {.cut = cut_cef, .cell = cef_cell};
