/* SPDX-License-Identifier: MIT */
/* Text that grows, and JSON strings in it. */
#ifndef CSI_BASE_TEXT_H
#define CSI_BASE_TEXT_H

#include "base/base.h"

#include <string.h>

/*
 * All zero is an empty one; no NUL ends it. What appends returns false without
 * memory: the text then holds a part of what was to be appended, and whoever
 * began it must drop the whole or cut it back to where that began.
 */
struct csi_text {
    char *data;
    size_t length, capacity;
};

/* Room for `more` bytes behind those there are, which may then be written
   before length is raised. */
static inline bool csi_text_reserve(struct csi_text *text, size_t more)
{
    return more <= text->capacity - text->length ||
           csi_grow(&text->data, &text->capacity, text->length + more, 1);
}

static inline bool csi_text_add(struct csi_text *text, const char *data,
                                size_t length)
{
    if (!csi_text_reserve(text, length))
        return false;
    if (length)
        memcpy(text->data + text->length, data, length);
    text->length += length;
    return true;
}

/* The same for a string that a NUL ends. */
static inline bool csi_text_string(struct csi_text *text, const char *string)
{
    return csi_text_add(text, string, strlen(string));
}

/* Append text as UTF-8: bytes that are none become \xNN, as a person would
   write them. */
bool csi_text_utf8(struct csi_text *text, const char *data, size_t length);

/* Decimal digits. */
bool csi_text_unsigned(struct csi_text *text, uint64_t number);

/* ---- JSON ---------------------------------------------------------------- */

/* How JSON strings are written, and what was found on the way. All zero is the
   shortest form. */
struct csi_json_style {
    bool visible;    /* what a terminal would act on is escaped too */
    bool bytes;      /* what is no UTF-8 becomes \xNN, byte by byte, in place of
                        one U+FFFD for each maximal subpart */
    bool numbers;    /* text that is a number in JSON is written as one */
    bool ill_formed; /* set where something was no UTF-8 */
};

/* Append a JSON string, quotes included. */
bool csi_text_json_styled(struct csi_text *text, const char *data,
                          size_t length, struct csi_json_style *style);
bool csi_text_json(struct csi_text *text, const char *data, size_t length);

/*
 * Write what begins at *p < end, where that does not stand for itself or is
 * beyond ASCII, as it stands in a JSON string: a character, or all up to the
 * next one of ASCII. style->visible is false. It takes at most six times its
 * bytes, and three bytes behind it may be written too; three behind `end` can
 * be read. *p moves on.
 *
 * Returns what is behind it.
 */
char *csi_json_put(char *to, const char **p, const char *end,
                   struct csi_json_style *style);

/* Append JSON text, whose strings are well-formed, with what a terminal would
   act on escaped in them. */
bool csi_text_json_visible(struct csi_text *text, const char *data,
                           size_t length);

void csi_text_free(struct csi_text *text);

#endif
