/* SPDX-License-Identifier: MIT */
/* Text that grows, and JSON in it. */
#include "format/format.h"
#include "format/json_plain.h"
#include "format/utf8.h"

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

static bool add_escape(struct csi_text *text, unsigned char byte)
{
    static const char digits[] = "0123456789abcdef";
    static const char letters[32] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    char form[6] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};

    if (byte >= 0x20 || letters[byte]) {
        form[1] = byte >= 0x20 ? (char)byte : letters[byte];
        return csi_text_add(text, form, 2);
    }
    return csi_text_add(text, form, sizeof(form));
}

bool csi_text_json(struct csi_text *text, const char *data, size_t length)
{
    const char *p = data, *end = p + length;
    bool done = csi_text_add(text, "\"", 1);

    while (done && p < end) {
        const char *start = p;
        int size = 1;

        while ((p = csi_json_plain(p, end)) < end && *p & 0x80) {
            size = csi_utf8_character(p, end);
            if (size < 0)
                break;
            p += size;
        }
        done = csi_text_add(text, start, (size_t)(p - start));
        if (!done || p == end)
            break;
        if (size > 0) {
            done = add_escape(text, (unsigned char)*p++);
        } else {
            done = csi_text_add(text, "\xef\xbf\xbd", 3);
            p -= size;
        }
    }
    return done && csi_text_add(text, "\"", 1);
}

/* Whether a computed number is NaN or infinite, which JSON cannot say. */
static bool is_not_finite(struct cosend_cell cell)
{
    const char *p = cell.data + (cell.length && cell.data[0] == '-');

    return p == cell.data + cell.length || *p < '0' || *p > '9';
}

bool csi_text_cell(struct csi_text *text, struct cosend_cell cell)
{
    switch (cell.kind) {
    case COSEND_TEXT:
        return csi_text_json(text, cell.data, cell.length);
    case COSEND_NUMBER:
        if (is_not_finite(cell))
            break;
        return csi_text_add(text, cell.data, cell.length);
    case COSEND_BOOL:
    case COSEND_NESTED:
        return csi_text_add(text, cell.data, cell.length);
    case COSEND_ABSENT:
    case COSEND_NULL:
        break;
    }
    return csi_text_add(text, "null", 4);
}
