/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include "cosend/text.h"
#include "base/json_plain.h"
#include "base/utf8.h"

void csi_text_free(struct csi_text *text)
{
    csi_free(text->data);
    *text = (struct csi_text){0};
}

bool csi_text_unsigned(struct csi_text *text, uint64_t number)
{
    char digits[20];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    return csi_text_add(text, digits + at, sizeof(digits) - at);
}

/* ---- JSON strings -------------------------------------------------------- */

/* What stands in a JSON string for a character that does not stand for itself.
 */
struct form {
    char text[6];
    unsigned char length;
};

static struct form hexadecimal(unsigned code)
{
    static const char digits[] = "0123456789abcdef";
    struct form form = {{'\\', 'u', digits[code >> 12 & 15],
                         digits[code >> 8 & 15], digits[code >> 4 & 15],
                         digits[code & 15]},
                        6};

    return form;
}

static struct form form_of(unsigned char byte)
{
    static const char letters[32] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    struct form form = {{'\\', (char)byte}, 2};

    if (byte >= 0x20)
        return form;
    form.text[1] = letters[byte];
    return letters[byte] ? form : hexadecimal(byte);
}

static const struct form replacement = {"\xef\xbf\xbd", 3};

/*
 * The end of the run from p on that stands for itself, which is where a
 * character begins that does not: *form is what stands for it, *next is behind
 * it. With `visible` what a terminal would act on has a form as well.
 */
static const char *run_of(const char *p, const char *end, bool visible,
                          struct form *form, const char **next)
{
    const char *start = p, *delete;
    int size = 1;

    while ((p = csi_json_plain(p, end)) < end && *p & 0x80) {
        size = csi_utf8_character(p, end);
        if (size < 0 ||
            (visible && csi_utf8_is_control(csi_utf8_code(p, size))))
            break;
        p += size;
    }
    delete = visible ? memchr(start, 0x7f, (size_t)(p - start)) : NULL;
    if (delete) {
        *form = hexadecimal(0x7f);
        *next = delete + 1;
        return delete;
    }
    if (p == end)
        return *next = end;
    if (!(*p & 0x80))
        *form = form_of((unsigned char)*p);
    else
        *form = size < 0 ? replacement : hexadecimal(csi_utf8_code(p, size));
    *next = *p & 0x80 ? p + (size < 0 ? -size : size) : p + 1;
    return p;
}

bool csi_text_json(struct csi_text *text, const char *data, size_t length)
{
    const char *p = data, *end = p + length;
    bool done = csi_text_add(text, "\"", 1);

    while (done && p < end) {
        struct form form = {0};
        const char *next, *stop = run_of(p, end, false, &form, &next);

        done = csi_text_add(text, p, (size_t)(stop - p)) &&
               csi_text_add(text, form.text, form.length);
        p = next;
    }
    return done && csi_text_add(text, "\"", 1);
}

/* Keep as much as there is room for, a NUL beside it. */
static void keep_piece(char *out, size_t capacity, size_t at, const char *data,
                       size_t length)
{
    if (at + 1 >= capacity)
        return;
    memcpy(out + at, data,
           length < capacity - at - 1 ? length : capacity - at - 1);
}

size_t cosend_json_string(const char *text, size_t length, char *out,
                          size_t capacity)
{
    const char *p = text, *end = p + length;
    size_t total = 1;

    keep_piece(out, capacity, 0, "\"", 1);
    while (p < end) {
        struct form form = {0};
        const char *next, *stop = run_of(p, end, true, &form, &next);

        keep_piece(out, capacity, total, p, (size_t)(stop - p));
        total += (size_t)(stop - p);
        keep_piece(out, capacity, total, form.text, form.length);
        total += form.length;
        p = next;
    }
    keep_piece(out, capacity, total++, "\"", 1);
    if (capacity)
        out[total < capacity ? total : capacity - 1] = '\0';
    return total;
}
