/* SPDX-License-Identifier: MIT */
#include "text.h"

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

void csi_cli_json(struct csi_cli_text *text, const char *data, size_t length)
{
    size_t whole = cosend_json_string(data, length, NULL, 0);

    if (!reserve(text, whole))
        return;
    cosend_json_string(data, length, text->data + text->length, whole + 1);
    text->length += whole;
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
