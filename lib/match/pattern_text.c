/* SPDX-License-Identifier: MIT */
/*
 * A pattern is read from left to right, as far as it takes to know escapes,
 * \Q...\E and classes from the rest. Comments and free spacing are not known:
 * what they hold counts as if it were pattern, which at worst has a pattern
 * match characters, and not bytes, where nothing asked for it.
 */
#include "match/pattern_text.h"

#include "match/bytes.h"

#include <string.h>

struct scan {
    const char *p, *end;
    struct csi_pattern_text text;
    bool high; /* the item read last is a character beyond ASCII */
};

static bool is_high(char c)
{
    return (unsigned char)c >= 0x80;
}

static bool starts(const struct scan *scan, const char *word)
{
    size_t length = strlen(word);

    return (size_t)(scan->end - scan->p) >= length &&
           memcmp(scan->p, word, length) == 0;
}

/* From a backslash on. */
static void scan_escape(struct scan *scan)
{
    char c = scan->p + 1 < scan->end ? scan->p[1] : '\0';

    scan->text.property |= c == 'p' || c == 'P';
    scan->text.boundary |= c == 'b' || c == 'B';
    scan->text.numbers |= c && strchr("0123456789xoNuUC", c);
    scan->p += c ? 2 : 1;
    scan->high = is_high(c);
}

/* From \Q to behind \E. */
static void scan_quoted(struct scan *scan)
{
    for (scan->p += 2; scan->p < scan->end; scan->p++) {
        if (starts(scan, "\\E")) {
            scan->p += 2;
            return;
        }
        scan->high = is_high(*scan->p);
    }
}

/* From [ to behind ]. */
static void scan_class(struct scan *scan)
{
    const char *first;

    scan->text.boundary |= starts(scan, "[[:<:]]") || starts(scan, "[[:>:]]");
    scan->p++;
    if (scan->p < scan->end && *scan->p == '^')
        scan->p++;
    first = scan->p;
    while (scan->p < scan->end && (*scan->p != ']' || scan->p == first)) {
        bool boundary = scan->text.boundary;

        scan->text.letters |= is_high(*scan->p);
        if (*scan->p != '\\') {
            scan->p++;
            continue;
        }
        scan_escape(scan); /* \b is a backspace here */
        scan->text.letters |= scan->high;
        scan->text.boundary = boundary;
    }
    scan->high = false;
    scan->p += scan->p < scan->end;
}

/* From ( to behind the flags of (?i-m). */
static void scan_open(struct scan *scan)
{
    scan->text.lookahead |=
        starts(scan, "(?=") || starts(scan, "(?*") || starts(scan, "(*");
    scan->p++;
    if (scan->p < scan->end && *scan->p == '?')
        for (scan->p++;
             scan->p < scan->end && *scan->p && strchr("^Jaimnsx", *scan->p);
             scan->p++) {
            scan->text.fold |= *scan->p == 'i';
            scan->text.multiline |= *scan->p == 'm';
        }
    scan->high = false;
}

static bool is_quantifier(char c)
{
    return c == '?' || c == '*' || c == '+' || c == '{';
}

static void scan_item(struct scan *scan)
{
    if (starts(scan, "\\Q")) {
        scan_quoted(scan);
    } else if (starts(scan, "\\E")) {
        scan->p += 2;
    } else if (*scan->p == '\\') {
        scan_escape(scan);
    } else if (*scan->p == '[') {
        scan_class(scan);
    } else if (*scan->p == '(') {
        scan_open(scan);
    } else {
        scan->text.letters |= scan->high && is_quantifier(*scan->p);
        scan->high = is_high(*scan->p++);
    }
}

struct csi_pattern_text csi_pattern_text(const char *pattern, size_t length)
{
    struct scan scan = {.p = pattern, .end = pattern + length};

    scan.text.ascii = csi_is_ascii(pattern, length);
    while (scan.p < scan.end)
        scan_item(&scan);
    return scan.text;
}

/* What says the same as an escape of these, with ^ and $; or NULL. */
static const char *stand_in(const char *p, const char *end)
{
    if (end - p < 2 || *p != '\\')
        return NULL;
    switch (p[1]) {
    case 'A':
    case 'G':
        return "^";
    case 'z':
        return "$";
    case 'Z':
        return "(?=\\n?$)";
    default:
        return NULL;
    }
}

bool csi_pattern_rewrite(struct csi_text *rewritten, const char *pattern,
                         size_t length)
{
    struct scan scan = {.p = pattern, .end = pattern + length};
    bool ok = true;

    if (csi_pattern_text(pattern, length).multiline)
        return csi_text_add(rewritten, pattern, length);
    while (ok && scan.p < scan.end) {
        const char *start = scan.p, *text = stand_in(start, scan.end);

        scan_item(&scan);
        ok = text ? csi_text_string(rewritten, text)
                  : csi_text_add(rewritten, start, (size_t)(scan.p - start));
    }
    return ok;
}
