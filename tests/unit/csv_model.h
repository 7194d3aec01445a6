/* SPDX-License-Identifier: MIT */
/*
 * What CSV means, written down once more as simply as can be: one byte after
 * the other, over a whole file, with nothing of the library's. What cuts
 * records and what takes them apart is held to it.
 */
#ifndef CSV_MODEL_H
#define CSV_MODEL_H

#include "chance.h"

enum { MODEL_CELLS = 1000 };

struct model {
    const char *delimiter;
    int quote;           /* -1: there is none */
    int escape;          /* the same */
    const char *comment; /* NULL: the same */
    bool trim, blank;    /* a blank line is a record */
    size_t hold;         /* bytes that a quote may be open; 0: any */
    bool more;           /* bytes may follow: what is not ended is no record */
};

struct model_record {
    size_t start, end;   /* `end` is behind the line end */
    size_t content;      /* where the line end starts */
    bool none;           /* a blank line or a comment */
    bool unclosed, tail; /* text or blanks are behind a closing quote */
    bool strict;         /* nothing that `strict` forbids */
    size_t opened;       /* the quote that opened last */
    size_t cells;
    size_t from[MODEL_CELLS], length[MODEL_CELLS]; /* in text */
    char text[16384];
    size_t used;
};

static inline bool model_blank(char c)
{
    return c == ' ' || c == '\t';
}

static inline void model_put(struct model_record *r, char c)
{
    assert_true(r->used < sizeof(r->text));
    r->text[r->used++] = c;
}

static inline void model_begin_cell(struct model_record *r)
{
    assert_true(r->cells < MODEL_CELLS);
    r->from[r->cells] = r->used;
}

static inline void model_end_cell(const struct model *m, struct model_record *r,
                                  bool trims)
{
    size_t from = r->from[r->cells];

    while (m->trim && trims && r->used > from &&
           model_blank(r->text[r->used - 1]))
        r->used--;
    r->length[r->cells++] = r->used - from;
}

/* A quote is not closed: the line that it is in is all of the record. */
static inline void model_unclosed(struct model_record *r, const char *d,
                                  size_t length)
{
    size_t i = r->opened;

    r->unclosed = true;
    while (i < length && d[i] != '\n')
        i++;
    r->end = i < length ? i + 1 : length;
}

/* The record at d[from]. False where there is none. */
static inline bool model_read(const struct model *m, const char *d, size_t from,
                              size_t length, struct model_record *r)
{
    enum { START, PLAIN, QUOTED, CLOSED, BLANKS, TAIL } state = START;
    size_t i = from, size = strlen(m->delimiter), blanks = 0;

    r->start = from;
    r->cells = r->used = 0;
    r->none = r->unclosed = r->tail = false;
    r->strict = true;
    if (from == length)
        return false;
    if (m->comment && length - from >= strlen(m->comment) &&
        memcmp(d + from, m->comment, strlen(m->comment)) == 0) {
        while (i < length && d[i] != '\n')
            i++;
        r->none = true;
        r->end = i < length ? i + 1 : length;
        return i < length || !m->more;
    }
    model_begin_cell(r);
    for (; i < length; i++) {
        bool crlf = d[i] == '\r' && i + 1 < length && d[i + 1] == '\n';
        bool quote = m->quote >= 0 && d[i] == (char)m->quote;
        bool escape =
            m->escape >= 0 && d[i] == (char)m->escape && i + 1 < length;

        if (state == QUOTED && quote) {
            if (m->hold && i - r->opened > m->hold)
                break;
            state = CLOSED;
            continue;
        }
        if (state != QUOTED && (d[i] == '\n' || crlf)) {
            r->content = i;
            r->end = i + 1 + crlf;
            model_end_cell(m, r, state == PLAIN || state == TAIL);
            r->none = i == from && !m->blank;
            return true;
        }
        if (state != QUOTED && length - i >= size &&
            memcmp(d + i, m->delimiter, size) == 0) {
            model_end_cell(m, r, state == PLAIN || state == TAIL);
            model_begin_cell(r);
            state = START;
            i += size - 1;
            continue;
        }
        if (state == START && quote) {
            r->opened = i;
            state = QUOTED;
            continue;
        }
        if (state == START && m->trim && model_blank(d[i]))
            continue;
        if (state == CLOSED && quote) {
            state = QUOTED;
            model_put(r, d[i]);
            continue;
        }
        if (state == CLOSED)
            blanks = i;
        if (state == CLOSED || state == BLANKS) {
            r->tail = true;
            state = BLANKS;
            if (model_blank(d[i]))
                continue;
            while (blanks < i)
                model_put(r, d[blanks++]);
            state = TAIL;
            r->strict = false;
        }
        if (state != QUOTED && quote)
            r->strict = false;
        if (state == START)
            state = PLAIN;
        if (escape)
            i++;
        model_put(r, d[i]);
        if (escape && d[i] == '\r' && i + 1 < length && d[i + 1] == '\n')
            model_put(r, d[++i]);
    }
    if (m->more)
        return false;
    r->content = r->end = length;
    if (state == QUOTED)
        model_unclosed(r, d, length);
    else
        model_end_cell(m, r, state == PLAIN || state == TAIL);
    return true;
}

#endif
