/* SPDX-License-Identifier: MIT */
/* Text that grows, and JSON in it. */
#include "format/format.h"

#include <string.h>

bool csi_text_add(struct csi_text *text, const char *data, size_t length)
{
    if (length > text->capacity - text->length &&
        !csi_grow(&text->data, &text->capacity, text->length + length, 1))
        return false;
    if (length)
        memcpy(text->data + text->length, data, length);
    text->length += length;
    return true;
}

void csi_text_free(struct csi_text *text)
{
    csi_free(text->data);
    *text = (struct csi_text){0};
}

/* Bytes that stand for themselves in a JSON string, UTF-8 aside. */
static inline bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/*
 * The length of the character of UTF-8 at p (Unicode 15, table 3-7), or, as a
 * negative number, of the maximal subpart of one that is ill-formed.
 */
static int character(const unsigned char *p, const unsigned char *end)
{
    unsigned char low = 0x80, high = 0xbf;
    int size = *p < 0xc2   ? 0
               : *p < 0xe0 ? 2
               : *p < 0xf0 ? 3
               : *p < 0xf5 ? 4
                           : 0;

    if (size == 0)
        return -1;
    if (*p == 0xe0)
        low = 0xa0;
    else if (*p == 0xed)
        high = 0x9f;
    else if (*p == 0xf0)
        low = 0x90;
    else if (*p == 0xf4)
        high = 0x8f;
    for (int i = 1; i < size; i++) {
        if (p + i == end || p[i] < low || p[i] > high)
            return -i;
        low = 0x80;
        high = 0xbf;
    }
    return size;
}

static bool add_escape(struct csi_text *text, unsigned char byte)
{
    static const char digits[] = "0123456789abcdef";
    static const char letters[32] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n',
                                     ['\f'] = 'f', ['\r'] = 'r'};
    char form[6] = {'\\', 'u', '0', '0', digits[byte >> 4],
                    digits[byte & 15]};

    if (byte >= 0x20 || letters[byte]) {
        form[1] = byte >= 0x20 ? (char)byte : letters[byte];
        return csi_text_add(text, form, 2);
    }
    return csi_text_add(text, form, sizeof(form));
}

bool csi_text_json(struct csi_text *text, const char *data, size_t length)
{
    const unsigned char *p = (const unsigned char *)data, *end = p + length;
    bool done = csi_text_add(text, "\"", 1);

    while (done && p < end) {
        const unsigned char *start = p;
        int size = 0;

        while (p < end && (is_plain(*p) ||
                           (*p >= 0x80 && (size = character(p, end)) > 0)))
            p += *p >= 0x80 ? size : 1;
        done = csi_text_add(text, (const char *)start, (size_t)(p - start));
        if (!done || p == end)
            break;
        if (*p < 0x80) {
            done = add_escape(text, *p++);
        } else {
            done = csi_text_add(text, "\xef\xbf\xbd", 3);
            p -= size;
        }
    }
    return done && csi_text_add(text, "\"", 1);
}

bool csi_text_cell(struct csi_text *text, struct cosend_cell cell)
{
    switch (cell.kind) {
    case COSEND_ABSENT:
    case COSEND_NULL:
        return csi_text_add(text, "null", 4);
    case COSEND_TEXT:
        return csi_text_json(text, cell.data, cell.length);
    case COSEND_NUMBER:
    case COSEND_BOOL:
    case COSEND_NESTED:
        break;
    }
    return csi_text_add(text, cell.data, cell.length);
}
