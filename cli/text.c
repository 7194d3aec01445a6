/* SPDX-License-Identifier: MIT */
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for `more` bytes and a NUL. */
static bool reserve(struct csi_cli_text *text, size_t more)
{
    size_t wanted = text->length + more + 1;
    char *grown;

    if (text->failed)
        return false;
    if (wanted <= text->capacity)
        return true;
    wanted += wanted / 2;
    grown = realloc(text->data, wanted);
    if (!grown) {
        text->failed = true;
        return false;
    }
    text->data = grown;
    text->capacity = wanted;
    return true;
}

void csi_cli_add(struct csi_cli_text *text, const char *data, size_t length)
{
    if (!reserve(text, length))
        return;
    if (length)
        memcpy(text->data + text->length, data, length);
    text->length += length;
    text->data[text->length] = '\0';
}

COSEND_PRINTF(2, 0)
static void add_varying(struct csi_cli_text *text, const char *format,
                        va_list arguments)
{
    va_list again;
    int length;

    va_copy(again, arguments);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0 || !reserve(text, (size_t)length))
        return;
    vsnprintf(text->data + text->length, (size_t)length + 1, format, arguments);
    text->length += (size_t)length;
}

void csi_cli_format(struct csi_cli_text *text, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add_varying(text, format, arguments);
    va_end(arguments);
}

/* Bytes of the UTF-8 character at data, or 0 where there is none. The table is
   Unicode's 3-7, "Well-Formed UTF-8 Byte Sequences". */
static size_t character(const unsigned char *data, size_t length)
{
    static const struct {
        unsigned char first, last, low, high, size;
    } forms[] = {{0x00, 0x7f, 0x00, 0x00, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2},
                 {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
                 {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
                 {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4},
                 {0xf4, 0xf4, 0x80, 0x8f, 4}};

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (data[0] < forms[i].first || data[0] > forms[i].last)
            continue;
        if (forms[i].size == 1)
            return 1;
        if (length < forms[i].size || data[1] < forms[i].low ||
            data[1] > forms[i].high)
            return 0;
        for (size_t j = 2; j < forms[i].size; j++)
            if ((data[j] & 0xc0) != 0x80)
                return 0;
        return forms[i].size;
    }
    return 0;
}

/* One character of a JSON string; returns how many bytes it took. */
static size_t add_json_character(struct csi_cli_text *text, const char *data,
                                 size_t length)
{
    unsigned char byte = (unsigned char)data[0];
    size_t size = character((const unsigned char *)data, length);

    if (size == 0)
        csi_cli_add(text, "\xef\xbf\xbd", 3);
    else if (byte == '"' || byte == '\\')
        csi_cli_format(text, "\\%c", byte);
    else if (byte == '\n')
        csi_cli_add(text, "\\n", 2);
    else if (byte == '\t')
        csi_cli_add(text, "\\t", 2);
    else if (byte < 0x20 || byte == 0x7f)
        csi_cli_format(text, "\\u%04x", byte);
    else
        csi_cli_add(text, data, size);
    return size ? size : 1;
}

void csi_cli_json(struct csi_cli_text *text, const char *data, size_t length)
{
    csi_cli_add(text, "\"", 1);
    for (size_t at = 0; at < length;)
        at += add_json_character(text, data + at, length - at);
    csi_cli_add(text, "\"", 1);
}

void csi_cli_json_string(struct csi_cli_text *text, const char *string)
{
    if (string)
        csi_cli_json(text, string, strlen(string));
    else
        csi_cli_add(text, "null", 4);
}

size_t csi_cli_width(const char *string)
{
    size_t width = 0;

    for (; *string; string++)
        width += ((unsigned char)*string & 0xc0) != 0x80;
    return width;
}

void csi_cli_pad(struct csi_cli_text *text, const char *string, size_t width)
{
    size_t have = csi_cli_width(string);

    csi_cli_format(text, "%s%*s", string,
                   have < width ? (int)(width - have) : 0, "");
}

/* The words of one line, `length` bytes, broken where they must be. */
static void wrap_line(struct csi_cli_text *text, const char *line,
                      size_t length, size_t indent)
{
    size_t column = 0;

    while (length) {
        size_t word = 0;

        while (word < length && line[word] != ' ')
            word++;
        if (column && column + 1 + word > 78) {
            csi_cli_add(text, "\n", 1);
            column = 0;
        }
        csi_cli_format(text, "%*s%.*s", column ? 1 : (int)indent, "", (int)word,
                       line);
        column += (column ? 1 : indent) + word;
        while (word < length && line[word] == ' ')
            word++;
        line += word;
        length -= word;
    }
}

void csi_cli_wrap(struct csi_cli_text *text, const char *words, size_t indent)
{
    while (*words) {
        size_t length = strcspn(words, "\n");

        if (*words == ' ')
            csi_cli_format(text, "%*s%.*s", (int)indent, "", (int)length,
                           words);
        else
            wrap_line(text, words, length, indent);
        csi_cli_add(text, "\n", 1);
        words += length;
        words += *words == '\n';
    }
}

void csi_cli_free(struct csi_cli_text *text)
{
    free(text->data);
    memset(text, 0, sizeof(*text));
}
