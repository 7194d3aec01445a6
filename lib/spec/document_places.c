/* SPDX-License-Identifier: MIT */
/* The scan for places; iterative, so that no nesting can exhaust the stack. */
#include "spec/document_places.h"

#include <string.h>

enum state { VALUE, FIRST_ELEMENT, FIRST_KEY, KEY, AFTER };

struct scan {
    struct csi_document *document;
    const char *text, *places;
    size_t length, at;
    uint32_t line, column;
    size_t container; /* value number, or SIZE_MAX outside of all */
    unsigned depth;
    uint64_t objects; /* a bit a level, the innermost last: no array */
    enum state state;
    /* The key read last. */
    uint32_t key_line, key_column, key_offset, key_length;
};

static void advance(struct scan *scan)
{
    char c = scan->places[scan->at++];

    if (c == '\n') {
        scan->line++;
        scan->column = 1;
    } else if (((unsigned char)c & 0xC0) != 0x80) {
        scan->column++;
    }
}

static int peek(const struct scan *scan)
{
    return scan->at < scan->length ? (unsigned char)scan->text[scan->at] : -1;
}

static void skip_space(struct scan *scan)
{
    int c;

    while ((c = peek(scan)) == ' ' || c == '\t' || c == '\n' || c == '\r')
        advance(scan);
}

/* Behind a string; false, going nowhere, where it does not end. */
static bool skip_string(struct scan *scan)
{
    struct scan start = *scan;
    int c;

    advance(scan);
    while ((c = peek(scan)) != '"') {
        if (c == '\\' && scan->at + 1 < scan->length)
            advance(scan);
        else if (c < 0 || c == '\n') {
            *scan = start;
            return false;
        }
        advance(scan);
    }
    advance(scan);
    return true;
}

static bool is_bare(int c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '+' || c == '-' || c == '.';
}

static int add(struct scan *scan)
{
    struct csi_value *value = csi_document_add(scan->document, scan->container);

    if (!value)
        return COSEND_E_MEMORY;
    value->line = scan->line;
    value->column = scan->column;
    value->key_line = scan->line;
    value->key_column = scan->column;
    if (scan->objects & 1) {
        value->key_line = scan->key_line;
        value->key_column = scan->key_column;
        value->key_offset = scan->key_offset;
        value->key_length = scan->key_length;
    }
    return COSEND_OK;
}

static int open_container(struct scan *scan, int c)
{
    if (scan->depth == CSI_DOCUMENT_DEPTH)
        return COSEND_E_LIMIT;
    if (add(scan) < 0)
        return COSEND_E_MEMORY;
    scan->container = scan->document->count - 1;
    scan->depth++;
    scan->objects = scan->objects << 1 | (c == '{');
    scan->state = c == '{' ? FIRST_KEY : FIRST_ELEMENT;
    advance(scan);
    return COSEND_OK;
}

static int close_container(struct scan *scan)
{
    struct csi_value *value = &scan->document->values[scan->container];

    csi_document_end(scan->document, scan->container);
    scan->container = value->up ? scan->container - value->up : SIZE_MAX;
    scan->depth--;
    scan->objects >>= 1;
    scan->state = AFTER;
    advance(scan);
    return COSEND_OK;
}

/* Whether bytes are an integer of JSON's that does not fit in 64 bits. */
static bool is_large(const char *text, size_t length)
{
    bool negative = *text == '-';
    const char *limit =
        negative ? "9223372036854775808" : "9223372036854775807";

    text += negative;
    length -= negative;
    if (length < 19 || *text == '0')
        return false;
    for (size_t i = 0; i < length; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return length > 19 || memcmp(text, limit, 19) > 0;
}

static int scan_value(struct scan *scan, int c)
{
    struct csi_document *document = scan->document;
    size_t start = scan->at;

    if (c == '{' || c == '[')
        return open_container(scan, c);
    if (c != '"' && !is_bare(c))
        return COSEND_E_SPEC;
    if (add(scan) < 0)
        return COSEND_E_MEMORY;
    scan->state = AFTER;
    if (c == '"')
        return skip_string(scan) ? COSEND_OK : COSEND_E_SPEC;
    while (is_bare(peek(scan)))
        advance(scan);
    document->values[document->count - 1].number_offset = (uint32_t)start;
    if (is_large(scan->text + start, scan->at - start)) {
        document->values[document->count - 1].large = true;
        document->large_count++;
    }
    return COSEND_OK;
}

static int scan_key(struct scan *scan, int c)
{
    scan->key_line = scan->line;
    scan->key_column = scan->column;
    scan->key_offset = (uint32_t)scan->at + 1;
    if (c != '"' || !skip_string(scan))
        return COSEND_E_SPEC;
    scan->key_length = (uint32_t)scan->at - 1 - scan->key_offset;
    skip_space(scan);
    if (peek(scan) != ':')
        return COSEND_E_SPEC;
    advance(scan);
    scan->state = VALUE;
    return COSEND_OK;
}

static int scan_after(struct scan *scan, int c)
{
    bool in_object = scan->objects & 1;

    if (scan->container == SIZE_MAX)
        return COSEND_E_SPEC;
    if (c == (in_object ? '}' : ']'))
        return close_container(scan);
    if (c != ',')
        return COSEND_E_SPEC;
    advance(scan);
    scan->state = in_object ? KEY : VALUE;
    return COSEND_OK;
}

static int scan_token(struct scan *scan, int c)
{
    switch (scan->state) {
    case FIRST_ELEMENT:
        return c == ']' ? close_container(scan) : scan_value(scan, c);
    case FIRST_KEY:
        return c == '}' ? close_container(scan) : scan_key(scan, c);
    case KEY:
        return scan_key(scan, c);
    case AFTER:
        return scan_after(scan, c);
    default:
        return scan_value(scan, c);
    }
}

int csi_document_scan(struct csi_document *document, const char *text,
                      const char *places, size_t length,
                      struct csi_document_stop *stop)
{
    struct scan scan = {.document = document,
                        .text = text,
                        .places = places,
                        .length = length,
                        .line = 1,
                        .column = 1,
                        .container = SIZE_MAX};
    int status = COSEND_OK;

    for (skip_space(&scan); status == COSEND_OK; skip_space(&scan)) {
        int c = peek(&scan);

        if (c < 0 && scan.container == SIZE_MAX && scan.state == AFTER)
            return COSEND_OK;
        status = scan_token(&scan, c);
        stop->offset = scan.at;
        stop->line = scan.line;
        stop->column = scan.column;
    }
    return status;
}
