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
    char decimal[20];
    size_t at = sizeof(decimal);

    do {
        decimal[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    return csi_text_add(text, decimal + at, sizeof(decimal) - at);
}

static const char digits[] = "0123456789abcdef";

bool csi_text_utf8(struct csi_text *text, const char *data, size_t length)
{
    const char *end = data + length;
    bool done = true;

    while (done && data < end) {
        int size = csi_utf8_character(data, end);
        unsigned char byte = (unsigned char)*data;
        char form[4] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};

        done = size > 0 ? csi_text_add(text, data, (size_t)size)
                        : csi_text_add(text, form, sizeof(form));
        data += size > 0 ? size : 1;
    }
    return done;
}

/* ---- JSON strings -------------------------------------------------------- */

/* What stands in a JSON string for a character that does not stand for itself.
 */
struct form {
    char text[6];
    unsigned char length;
};

static struct form form_of_code(unsigned code)
{
    struct form form = {{'\\', 'u', digits[code >> 12 & 15],
                         digits[code >> 8 & 15], digits[code >> 4 & 15],
                         digits[code & 15]},
                        6};

    return form;
}

/* A quote, a backslash, or a control. */
static struct form form_of_byte(unsigned char byte)
{
    static const char letters[32] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    struct form form = {{'\\', (char)byte}, 2};

    if (byte == '"' || byte == '\\')
        return form;
    form.text[1] = byte < 0x20 ? letters[byte] : 0;
    return form.text[1] ? form : form_of_code(byte);
}

/* The form of the character at p, which does not stand for itself. *next is
   behind what it stands for. */
static struct form form_at(const char *p, const char *end,
                           struct csi_json_style *style, const char **next)
{
    static const struct form replacement = {"\xef\xbf\xbd", 3};
    unsigned char byte = (unsigned char)*p;
    int size = csi_utf8_character(p, end);
    struct form form = {{'\\', '\\', 'x', digits[byte >> 4], digits[byte & 15]},
                        5};

    *next = p + (size > 0 ? size : style->bytes ? 1 : -size);
    if (size == 1)
        return form_of_byte(byte);
    if (size > 0)
        return form_of_code(csi_utf8_code(p, size));
    style->ill_formed = true;
    return style->bytes ? form : replacement;
}

/* The end of the run from p on that stands for itself. */
static const char *run_end(const char *p, const char *end, bool visible)
{
    const char *start = p, *delete;

    while ((p = csi_json_plain(p, end)) < end && *p & 0x80) {
        int size = csi_utf8_character(p, end);

        if (size < 0 ||
            (visible && csi_utf8_is_control(csi_utf8_code(p, size))))
            break;
        p += size;
    }
    delete = visible ? memchr(start, 0x7f, (size_t)(p - start)) : NULL;
    return delete ? delete : p;
}

bool csi_text_json_styled(struct csi_text *text, const char *data,
                          size_t length, struct csi_json_style *style)
{
    const char *p = data, *end = p + length;
    bool done = csi_text_add(text, "\"", 1);

    while (done && p < end) {
        const char *start = p;
        struct form form;

        p = run_end(p, end, style->visible);
        done = csi_text_add(text, start, (size_t)(p - start));
        if (!done || p == end)
            break;
        form = form_at(p, end, style, &p);
        done = csi_text_add(text, form.text, form.length);
    }
    return done && csi_text_add(text, "\"", 1);
}

char *csi_json_put(char *to, const char **p, const char *end,
                   struct csi_json_style *style)
{
    do {
        int size = csi_utf8_character(*p, end);

        if (size > 1) {
            memcpy(to, *p, 4);
            to += size;
            *p += size;
        } else {
            struct form form = form_at(*p, end, style, p);

            memcpy(to, form.text, sizeof(form.text));
            to += form.length;
        }
    } while (*p < end && **p & 0x80);
    return to;
}

bool csi_text_json(struct csi_text *text, const char *data, size_t length)
{
    struct csi_json_style plain = {0};

    return csi_text_json_styled(text, data, length, &plain);
}

bool csi_text_json_visible(struct csi_text *text, const char *data,
                           size_t length)
{
    const char *end = data + length;
    bool done = true;
    int size;

    for (const char *p = data; done && p < end; p += size) {
        unsigned code;

        size = csi_utf8_character(p, end);
        size = size > 0 ? size : 1;
        code = csi_utf8_code(p, size);
        if (*p == '\r' && p + 1 < end && p[1] != '\n')
            done = csi_text_add(text, " ", 1);
        else if (csi_utf8_is_control(code) && !strchr("\t\n\r", *p))
            done = csi_text_add(text, form_of_code(code).text, 6);
        else
            done = csi_text_add(text, p, (size_t)size);
    }
    return done;
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
    const char *p = length ? text : "", *end = p + length;
    struct csi_json_style style = {.visible = true};
    size_t total = 1;

    keep_piece(out, capacity, 0, "\"", 1);
    while (p < end) {
        const char *start = p;
        struct form form = {0};

        p = run_end(p, end, true);
        keep_piece(out, capacity, total, start, (size_t)(p - start));
        total += (size_t)(p - start);
        if (p < end)
            form = form_at(p, end, &style, &p);
        keep_piece(out, capacity, total, form.text, form.length);
        total += form.length;
    }
    keep_piece(out, capacity, total++, "\"", 1);
    if (capacity)
        out[total < capacity ? total : capacity - 1] = '\0';
    return total;
}

int cosend_shown(const char *text, size_t length, size_t most)
{
    if (length <= most)
        return (int)length;
    while (most && ((unsigned char)text[most] & 0xC0) == 0x80)
        most--;
    return (int)most;
}
