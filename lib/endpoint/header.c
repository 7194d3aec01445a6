/* SPDX-License-Identifier: MIT */
/*
 * Rows that are appended to a CSV file get their names from its first line; so
 * no header is written where there is one, and rows with other columns than
 * that line names are refused: they would be read under wrong names.
 */
#include "endpoint/header.h"

#include <string.h>

static bool is_passed_over(char c, char quote)
{
    return c == quote || c == '\r';
}

static const char *behind_bom(const char *start, const char *end)
{
    static const char bom[] = {'\xef', '\xbb', '\xbf'};

    return (size_t)(end - start) >= sizeof(bom) &&
                   memcmp(start, bom, sizeof(bom)) == 0
               ? start + sizeof(bom)
               : start;
}

bool csi_header_is_there(const char *start, size_t length, const char *header,
                         size_t header_length, char quote)
{
    const char *end = start + length, *header_end = header + header_length;

    start = behind_bom(start, end);
    for (;;) {
        while (start < end && is_passed_over(*start, quote))
            start++;
        while (header < header_end && is_passed_over(*header, quote))
            header++;
        if (header == header_end)
            return true;
        if (start == end)
            return *header == '\n' && header + 1 == header_end;
        if (*start++ != *header++)
            return false;
    }
}

static int first_line(const char *text, size_t length)
{
    enum { LONGEST = 120 };
    const char *end = memchr(text, '\n', length);
    size_t line = end ? (size_t)(end - text) : length;

    while (line && text[line - 1] == '\r')
        line--;
    return line < LONGEST ? (int)line : LONGEST;
}

int csi_header_refuse(const char *name, const char *start, size_t length,
                      const char *header, size_t header_length,
                      struct cosend_error *error)
{
    const char *names = behind_bom(start, start + length);

    length -= (size_t)(names - start);
    return cosend_error_set(
        error, COSEND_E_OUTPUT,
        "%.200s: its first line is \"%.*s\", and the records to append have "
        "\"%.*s\": append them to another file, or say header=false",
        name, first_line(names, length), names,
        first_line(header, header_length), header);
}
