/* SPDX-License-Identifier: MIT */
/*
 * What our patterns make of others' tests. Each line of standard input is
 *
 *     FLAGS PATTERN TEXT
 *
 * with the flags u (unicode), i (ignore_case) or -, and the other two in
 * hexadecimal behind an x. A line is printed for each:
 *
 *     error      the pattern does not compile
 *     none       it does not match
 *     some       it matches
 *     FROM TO    so does it, and this is where its group `all` is
 *     limit      it was given up
 *     differ     the text as a line among others is answered otherwise
 */
#include "format/format.h"
#include "cosend/match.h"
#include "record/record.h"
#include "format/text_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES = 5 };

static unsigned digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Decode in place; returns the length. */
static size_t decode(char *text)
{
    size_t length = 0;

    for (const char *p = text + 1; p[0] && p[1]; p += 2)
        text[length++] = (char)(digit(p[0]) << 4 | digit(p[1]));
    text[length] = '\0';
    return length;
}

/* The text as a line, again and again, with an empty one in between. */
static struct csi_block *repeat(const char *text, size_t length)
{
    struct csi_block *block = csi_block_new(LINES * (length + 2));

    for (int i = 0; block && i < LINES; i++) {
        memcpy(block->data + block->length, text, length);
        memcpy(block->data + block->length + length, "\n\n", 2);
        block->length += length + 2;
    }
    return block;
}

/* Whether every one of these lines is answered as the text is. */
static bool agree(const struct cosend_regex *regex, const char *text,
                  size_t length)
{
    struct cosend_format_options options = {0};
    struct csi_reader *reader = csi_text_reader(&options, NULL);
    struct csi_block *block = repeat(text, length);
    struct csi_rows *rows = csi_rows_new(block);
    struct cosend_batch *batch;
    signed char answers[2 * LINES];
    size_t consumed;
    bool same =
        reader->ops->cut(reader, rows, true, &consumed, NULL) == COSEND_OK &&
        rows->count == 2 * LINES;

    batch = csi_batch_of_rows(rows, reader->schema, 0, rows->count);
    same = same && cosend_regex_match_lines(regex, batch, answers);
    for (uint32_t i = 0; same && i < rows->count; i++) {
        const char *data;
        size_t size;

        csi_rows_content(rows, i, &data, &size);
        same = answers[i] ==
               (signed char)cosend_regex_match(regex, cosend_text(data, size));
    }
    csi_batch_unref(batch);
    csi_rows_unref(rows);
    csi_block_unref(block);
    reader->ops->free(reader);
    return same;
}

static void print_match(const struct cosend_regex *regex, const char *text,
                        size_t length)
{
    struct cosend_cell cells[64], cell = cosend_text(text, length);
    enum cosend_match match = cosend_regex_match(regex, cell);

    if (match == COSEND_NO_MATCH) {
        puts("none");
    } else if (match != COSEND_MATCH) {
        puts("limit");
    } else if (cosend_regex_groups(regex) > 64 ||
               cosend_regex_groups(regex) == 0 ||
               strcmp(cosend_regex_group(regex, 0), "all") != 0) {
        puts("some");
    } else if (!length) { /* there is one place to match at */
        puts("0 0");
    } else {
        cosend_regex_captures(regex, cell, cells);
        printf("%td %td\n", cells[0].data - text,
               cells[0].data - text + (ptrdiff_t)cells[0].length);
    }
}

static void answer(const char *flags, char *pattern, char *text)
{
    struct cosend_regex_options options = {.unicode = strchr(flags, 'u'),
                                           .ignore_case = strchr(flags, 'i')};
    size_t pattern_length = decode(pattern), length = decode(text);
    struct cosend_regex *regex =
        cosend_regex_new(pattern, pattern_length, &options, NULL);

    if (!regex)
        puts("error");
    else if (!memchr(text, '\n', length) && length &&
             !agree(regex, text, length))
        puts("differ");
    else
        print_match(regex, text, length);
    cosend_regex_free(regex);
}

int main(void)
{
    char *line = NULL;
    size_t capacity = 0;

    while (getline(&line, &capacity, stdin) > 0) {
        char *flags = strtok(line, " \n"), *pattern = strtok(NULL, " \n");
        char *text = strtok(NULL, " \n");

        if (!text)
            return 2;
        answer(flags, pattern, text);
    }
    free(line);
    return 0;
}
