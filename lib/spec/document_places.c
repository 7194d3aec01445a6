/* SPDX-License-Identifier: MIT */
/* The scan for places; iterative, so that no nesting can exhaust the stack. */
#include "spec/document_places.h"

#include <string.h>

struct scan {
    struct csi_document *document;
    const char *text, *places;
    size_t length, at;
    uint32_t line, column;
    size_t container; /* value number, or SIZE_MAX outside of all */
    unsigned depth;
    uint64_t objects; /* a bit a level, the innermost last: no array */
    enum csi_json_state state;
    enum csi_json_fault fault;
    struct csi_spot comma;
    /* The key read last. */
    uint32_t key_line, key_column, key_offset, key_length;
};

static void advance_scan(struct scan *scan)
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
        advance_scan(scan);
}

/* Whether what a backslash at the scan's place begins is an escape. */
static bool is_escape(const struct scan *scan)
{
    const char *text = scan->text + scan->at + 1;
    size_t left = scan->length - scan->at - 1;

    if (!left || !strchr("\"\\/bfnrtu", *text) || !*text)
        return false;
    if (*text != 'u')
        return true;
    for (size_t i = 1; i <= 4; i++)
        if (i >= left || !text[i] || !strchr("0123456789abcdefABCDEF", text[i]))
            return false;
    return true;
}

/* Behind a string; false at what is wrong with it: its first quote, where it
   does not end. */
static bool skip_string(struct scan *scan)
{
    struct scan start = *scan;
    int c;

    advance_scan(scan);
    while ((c = peek(scan)) != '"') {
        if (c < 0 || c == '\n') {
            *scan = start;
            scan->fault = CSI_JSON_STRING;
            return false;
        }
        if (c == '\\' && !is_escape(scan))
            scan->fault = CSI_JSON_ESCAPE;
        if (c < 0x20)
            scan->fault = CSI_JSON_CONTROL;
        if (scan->fault)
            return false;
        advance_scan(scan);
        if (c == '\\')
            advance_scan(scan);
    }
    advance_scan(scan);
    return true;
}

bool csi_json_is_bare(int c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '+' || c == '-' || c == '.';
}

static int add_value(struct scan *scan)
{
    struct csi_value *value = csi_document_add(scan->document, scan->container);

    if (!value)
        return COSEND_E_MEMORY;
    value->line = scan->line;
    value->column = scan->column;
    value->offset = (uint32_t)scan->at;
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
    if (add_value(scan) < 0)
        return COSEND_E_MEMORY;
    scan->container = scan->document->count - 1;
    scan->depth++;
    scan->objects = scan->objects << 1 | (c == '{');
    scan->state = c == '{' ? CSI_JSON_FIRST_KEY : CSI_JSON_FIRST_ELEMENT;
    advance_scan(scan);
    return COSEND_OK;
}

static int close_container(struct scan *scan)
{
    struct csi_value *value = &scan->document->values[scan->container];

    csi_document_end(scan->document, scan->container);
    scan->container = value->up ? scan->container - value->up : SIZE_MAX;
    scan->depth--;
    scan->objects >>= 1;
    scan->state = CSI_JSON_AFTER;
    advance_scan(scan);
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

static size_t digits(const char *text, size_t length)
{
    size_t count = 0;

    while (count < length && text[count] >= '0' && text[count] <= '9')
        count++;
    return count;
}

/* Whether bytes are a number in JSON's grammar. */
static bool is_number(const char *text, size_t length)
{
    size_t at = length && *text == '-';
    size_t whole = digits(text + at, length - at), part;

    if (!whole || (whole > 1 && text[at] == '0'))
        return false;
    at += whole;
    if (at < length && text[at] == '.') {
        part = digits(text + at + 1, length - at - 1);
        at += part ? part + 1 : 0;
    }
    if (at + 1 < length && (text[at] | 0x20) == 'e') {
        at += text[at + 1] == '+' || text[at + 1] == '-' ? 2 : 1;
        part = digits(text + at, length - at);
        return part && at + part == length;
    }
    return at == length;
}

/* Behind a number, true, false or null; false, going nowhere, at what is
   neither. */
static bool skip_word(struct scan *scan)
{
    struct scan start = *scan;
    const char *word = scan->text + scan->at;
    size_t length;

    while (csi_json_is_bare(peek(scan)))
        advance_scan(scan);
    length = (size_t)(scan->text + scan->at - word);
    if (is_number(word, length) ||
        (length == 4 && memcmp(word, "true", 4) == 0) ||
        (length == 4 && memcmp(word, "null", 4) == 0) ||
        (length == 5 && memcmp(word, "false", 5) == 0))
        return true;
    *scan = start;
    scan->fault = CSI_JSON_WORD;
    return false;
}

static int scan_value(struct scan *scan, int c)
{
    struct csi_document *document = scan->document;
    size_t start = scan->at;

    if (c == '{' || c == '[')
        return open_container(scan, c);
    if (c != '"' && !csi_json_is_bare(c))
        return COSEND_E_SPEC;
    if (add_value(scan) < 0)
        return COSEND_E_MEMORY;
    if (!(c == '"' ? skip_string(scan) : skip_word(scan)))
        return COSEND_E_SPEC;
    scan->state = CSI_JSON_AFTER;
    if (c == '"')
        return COSEND_OK;
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
    scan->state = CSI_JSON_COLON;
    return COSEND_OK;
}

static int scan_colon(struct scan *scan, int c)
{
    if (c != ':')
        return COSEND_E_SPEC;
    advance_scan(scan);
    scan->state = CSI_JSON_VALUE;
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
    scan->comma = (struct csi_spot){scan->line, scan->column};
    advance_scan(scan);
    scan->state = in_object ? CSI_JSON_KEY : CSI_JSON_VALUE;
    return COSEND_OK;
}

static int scan_token(struct scan *scan, int c)
{
    switch (scan->state) {
    case CSI_JSON_FIRST_ELEMENT:
        return c == ']' ? close_container(scan) : scan_value(scan, c);
    case CSI_JSON_FIRST_KEY:
        return c == '}' ? close_container(scan) : scan_key(scan, c);
    case CSI_JSON_KEY:
        return scan_key(scan, c);
    case CSI_JSON_COLON:
        return scan_colon(scan, c);
    case CSI_JSON_AFTER:
        return scan_after(scan, c);
    default:
        return scan_value(scan, c);
    }
}

static void describe_stop(const struct scan *scan,
                          struct csi_document_stop *stop)
{
    const struct csi_value *open;

    *stop = (struct csi_document_stop){.offset = scan->at,
                                       .line = scan->line,
                                       .column = scan->column,
                                       .state = scan->state,
                                       .fault = scan->fault,
                                       .comma = scan->comma};
    if (scan->container == SIZE_MAX)
        return;
    open = &scan->document->values[scan->container];
    stop->is_inside = true;
    stop->in_object = scan->objects & 1;
    stop->open = (struct csi_spot){open->line, open->column};
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

        if (c < 0 && scan.container == SIZE_MAX && scan.state == CSI_JSON_AFTER)
            return COSEND_OK;
        status = scan_token(&scan, c);
        if (status < 0)
            describe_stop(&scan, stop);
    }
    return status;
}
