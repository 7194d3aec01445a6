/* SPDX-License-Identifier: MIT */
/*
 * Lines that match, many at a time. A search over all their bytes finds where
 * one may match; that line is then looked at by itself, so that what is found
 * is what would be found if each were, and the search goes on behind it.
 */
#include "match/block_search.h"
#include "match/line_finder.h"

#include "record/record.h"

#include <string.h>

/* One call's work: rows [row, stop), whose lines are in [p, end). */
struct search {
    const struct cosend_regex *regex;
    const struct csi_rows *rows;
    uint32_t first, row, stop;
    const char *p, *end;
    signed char *answers; /* of rows[first ..) */
};

/* What another pattern of a list has found before, counts. */
static void match_row(struct search *search, uint32_t row)
{
    signed char *answer = &search->answers[row - search->first];
    const char *line;
    size_t length;

    if (*answer == COSEND_MATCH)
        return;
    csi_rows_content(search->rows, row, &line, &length);
    *answer =
        (signed char)csi_either((enum cosend_match) * answer,
                                csi_regex_match(search->regex, line, length));
}

/* The last row that starts at or before a byte: steps that double, from the row
   at hand on, and then halves. */
static uint32_t row_at(const struct search *search, const char *place)
{
    const uint32_t *starts = search->rows->starts;
    uint32_t offset = (uint32_t)(place - search->rows->block->data);
    uint32_t low = search->row, step = 1;

    while (search->stop - low > step && starts[low + step] <= offset) {
        low += step;
        step *= 2;
    }
    while (step) {
        if (search->stop - low > step && starts[low + step] <= offset)
            low += step;
        step /= 2;
    }
    return low;
}

/* Look at the line in which something was found, and go on behind it. */
static void take_match(struct search *search, const char *place)
{
    const char *data = search->rows->block->data;
    uint32_t row = row_at(search, place);

    /* It may be in blank lines behind the row, which are none. */
    if (!search->regex->exact)
        match_row(search, row);
    else if (place < data + search->rows->ends[row])
        search->answers[row - search->first] = COSEND_MATCH;
    search->row = row + 1;
    search->p = row + 1 < search->stop ? data + search->rows->starts[row + 1]
                                       : search->end;
}

static void match_rest(struct search *search)
{
    for (; search->row < search->stop; search->row++)
        match_row(search, search->row);
}

static void search_strings(struct search *search)
{
    struct csi_line_finder finder = {.regex = search->regex};
    const char *place;

    while (search->row < search->stop &&
           (place = csi_line_finder_next(&finder, search->p, search->end)))
        take_match(search, place);
}

/* A line's end is one to the pattern only if no CR is before it. */
static bool is_behind_carriage(const struct search *search)
{
    return memchr(search->p, '\r', (size_t)(search->end - search->p)) != NULL;
}

static void search_block(struct search *search)
{
    struct csi_block_search block = {.regex = search->regex,
                                     .scratch =
                                         csi_scratch_get(search->regex->pairs),
                                     .end = search->end};
    const char *place;

    if (!block.scratch ||
        (search->regex->looks_at_end && is_behind_carriage(search))) {
        match_rest(search);
        return;
    }
    while (search->row < search->stop &&
           (place = csi_block_search_next(&block, search->p)))
        take_match(search, place);
}

static void search_rows(struct search *search)
{
    if (csi_regex_finds_lines(search->regex))
        search_strings(search);
    else if (search->regex->block)
        search_block(search);
    else
        match_rest(search);
}

/* Each pattern of a list in turn, over all lines. */
static void search_any(const struct search *all)
{
    for (size_t i = 0; i < all->regex->any_count; i++) {
        struct search search = *all;

        search.regex = all->regex->any[i];
        search_rows(&search);
    }
}

/* Where the first of them, which may be a list itself, has found a line, the
   others are asked. */
static void search_all(const struct search *all)
{
    struct search first = *all;

    first.regex = all->regex->any[0];
    if (first.regex->any)
        search_any(&first);
    else
        search_rows(&first);
    for (uint32_t row = all->row; row < all->stop; row++) {
        signed char *answer = &all->answers[row - all->first];
        const char *line;
        size_t length;

        if (*answer == COSEND_NO_MATCH)
            continue;
        csi_rows_content(all->rows, row, &line, &length);
        *answer = (signed char)csi_regex_match(all->regex, line, length);
    }
}

/* Each by itself: what is between may be other records, or a record has line
   ends in it. */
static bool search_selected(const struct cosend_regex *regex,
                            const struct cosend_batch *batch,
                            signed char *answers)
{
    for (uint32_t i = 0; i < batch->count; i++) {
        const char *line;
        size_t length;

        csi_rows_content(batch->rows, csi_batch_row(batch, i), &line, &length);
        answers[i] = (signed char)csi_regex_match(regex, line, length);
    }
    return true;
}

/* Rows that were picked by this very pattern, and others behind them. */
static void judge_picked(struct search *search)
{
    const struct csi_rows *rows = search->rows;

    while (search->row < search->stop && search->row < rows->found)
        search->answers[search->row++ - search->first] = COSEND_MATCH;
    if (search->row == search->stop)
        return;
    search->p = rows->block->data + rows->starts[search->row];
    if (rows->block->sparse)
        match_rest(search);
    else
        search_rows(search);
}

bool cosend_regex_match_lines(const struct cosend_regex *regex,
                              const struct cosend_batch *batch,
                              signed char *answers)
{
    const struct csi_rows *rows = batch->rows;
    struct search search = {.regex = regex, .rows = rows, .answers = answers};

    if (!batch->schema->text || !rows || !batch->schema->untouched ||
        rows->remapped)
        return false;
    if (batch->selection || rows->nul ||
        (rows->block->sparse && rows->sieve != regex))
        return search_selected(regex, batch, answers);
    memset(answers, 0, batch->count);
    if (!batch->count)
        return true;
    search.first = search.row = batch->first_row;
    search.stop = batch->first_row + batch->count;
    search.p = rows->block->data + rows->starts[search.row];
    search.end = rows->block->data + rows->ends[search.stop - 1];
    if (rows->sieve == regex)
        judge_picked(&search);
    else if (regex->all)
        search_all(&search);
    else if (regex->any)
        search_any(&search);
    else
        search_rows(&search);
    return true;
}

const char *cosend_regex_engine(const struct cosend_regex *regex)
{
    if (regex->any)
        return "several patterns";
    if (regex->set || (regex->teddy && regex->exact))
        return "literals";
    if (regex->teddy)
        return csi_program_is_jit(regex->program) ? "literals, then pcre2-jit"
                                                  : "literals, then pcre2";
    if (!regex->program)
        return "literal";
    if (regex->needle_count)
        return csi_program_is_jit(regex->program) ? "literal, then pcre2-jit"
                                                  : "literal, then pcre2";
    return csi_program_is_jit(regex->program) ? "pcre2-jit" : "pcre2";
}
