/* SPDX-License-Identifier: MIT */
#include "format/csv_cut.h"

#include <string.h>

void csi_csv_restart(struct csi_csv_cut *cut)
{
    cut->state = CSI_CSV_CELL_START;
    cut->scanned = 0;
}

void csi_csv_stretch(struct csi_csv_cut *cut)
{
    cut->newline = NULL;
    cut->next_quote = NULL;
}

static const char *find(const char *known, char byte, const char *from,
                        const char *end)
{
    if (known && known >= from)
        return known;
    known = memchr(from, byte, (size_t)(end - from));
    return known ? known : end;
}

/* From CELL_START or CELL at p: to the end of the line, or into quotes. */
static const char *plain(struct csi_csv_cut *cut, const char *p,
                         const char *end)
{
    const char *quote;

    cut->newline = find(cut->newline, '\n', p, end);
    for (;;) {
        quote = cut->tsv ? end : find(cut->next_quote, cut->quote, p, end);
        cut->next_quote = quote;
        if (quote >= cut->newline)
            break;
        if (quote > p)
            cut->state =
                quote[-1] == cut->delimiter ? CSI_CSV_CELL_START : CSI_CSV_CELL;
        p = quote + 1;
        if (cut->state == CSI_CSV_CELL_START) {
            cut->state = CSI_CSV_QUOTED;
            return p;
        }
    }
    if (cut->newline > p)
        cut->state = cut->newline[-1] == cut->delimiter ? CSI_CSV_CELL_START
                                                        : CSI_CSV_CELL;
    return cut->newline;
}

/*
 * From QUOTE_SEEN at p < end: leave that state.
 *
 * Returns where the cutter is then: at the LF that ends the record; or NULL
 * where a CR is last and an LF may follow.
 */
static const char *after_quote(struct csi_csv_cut *cut, const char *p,
                               const char *end, bool final)
{
    if (*p == cut->delimiter) {
        cut->state = CSI_CSV_CELL_START;
        return p + 1;
    }
    if (*p == '\n')
        return p;
    if (*p == '\r') {
        if (p + 1 == end && !final)
            return NULL;
        if (p + 1 < end && p[1] == '\n')
            return p + 1;
    }
    cut->state = CSI_CSV_QUOTED;
    return p + 1;
}

static const char *unfinished(struct csi_csv_cut *cut, const char *start,
                              const char *p)
{
    cut->scanned = (size_t)(p - start);
    return NULL;
}

const char *csi_csv_next(struct csi_csv_cut *cut, const char *start,
                         const char *end, bool final)
{
    const char *p = start + cut->scanned, *next;

    if (cut->scanned == 0)
        cut->state = CSI_CSV_CELL_START;
    while (p < end) {
        switch (cut->state) {
        case CSI_CSV_CELL_START:
        case CSI_CSV_CELL:
            p = plain(cut, p, end);
            if (cut->state == CSI_CSV_QUOTED)
                cut->opened = (size_t)(p - 1 - start);
            else if (p < end)
                goto ended;
            break;
        case CSI_CSV_QUOTED:
            cut->next_quote = find(cut->next_quote, cut->quote, p, end);
            p = cut->next_quote;
            if (p < end) {
                cut->state = CSI_CSV_QUOTE_SEEN;
                p++;
            }
            break;
        case CSI_CSV_QUOTE_SEEN:
            next = after_quote(cut, p, end, final);
            if (!next)
                return unfinished(cut, start, p);
            p = next;
            if (cut->state == CSI_CSV_QUOTE_SEEN)
                goto ended;
            break;
        }
    }
    if (!final || start == end)
        return unfinished(cut, start, p);
    cut->scanned = 0;
    return end;

ended:
    cut->scanned = 0;
    return p + 1;
}
