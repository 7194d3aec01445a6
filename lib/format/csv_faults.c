/* SPDX-License-Identifier: MIT */
#include "format/csv_faults.h"

#include "format/csv_fill.h"

#include <stdio.h>

static bool fault_row(struct csi_rows *rows, uint32_t row,
                      const struct csi_fault *fault)
{
    struct csi_fault *added =
        csi_rows_fault(rows, fault->kind, "%s", fault->reason);

    if (!added)
        return false;
    added->row = row;
    added->skip = fault->skip;
    added->truncated = fault->truncated;
    return csi_csv_put_aside(rows, row, NULL, 0);
}

bool csi_csv_fault_ragged(const struct csi_csv *reader, struct csi_rows *rows,
                          uint32_t row, size_t count)
{
    const struct cosend_format_options *options = reader->base.options;
    bool few = count < reader->columns;
    struct csi_fault fault = {.kind = "ragged",
                              .skip = options->ragged == COSEND_RAGGED_SKIP};

    snprintf(fault.reason, sizeof(fault.reason),
             "%zu field%s where the %s %u; %s", count, count == 1 ? "" : "s",
             options->header.first_record ? "header has" : "columns are",
             (unsigned)reader->columns,
             few ? "input ragged=pad | fills it up"
             : reader->columns == 1 && options->header.first_record
                 ? "is the header behind it? input skip_lines=1 | passes over "
                   "the first line"
                 : "input ragged=truncate | drops the rest, ragged=keep keeps "
                   "it");
    return fault_row(rows, row, &fault);
}

bool csi_csv_fault_stray(struct csi_rows *rows, const char *start,
                         const char *stray)
{
    struct csi_fault fault = {.kind = "stray_quote"};

    snprintf(fault.reason, sizeof(fault.reason),
             "a quote in a cell that has none around it, or text behind a "
             "closing one, in byte %zu, which strict forbids",
             (size_t)(stray - start) + 1);
    return fault_row(rows, rows->count - 1, &fault);
}

bool csi_csv_add_row(struct csi_rows *rows, const char *start, const char *end)
{
    const char *data = rows->block->data;

    if (!csi_rows_add(rows, (size_t)(start - data), (size_t)(end - data)))
        return false;
    rows->first_mark[rows->count - 1] = 0;
    return true;
}

static bool fault_overlong(const struct csi_csv *reader, struct csi_rows *rows)
{
    uint32_t row = rows->count - 1;

    return csi_rows_overlong(rows, row,
                             reader->base.options->max_record_bytes) &&
           csi_csv_put_aside(rows, row, NULL, 0);
}

/* ---- What does not end --------------------------------------------------- */

/* Behind the line of a quote that is not closed. Where that line is not whole,
   the rest of it is not a record's. */
const char *csi_csv_pass_line(struct csi_csv *reader, const char *quote,
                              const char *end, bool final)
{
    const char *next = csi_csv_line_end(quote, end);

    reader->lines.skipping = next[-1] != '\n' && !final;
    return next;
}

/* The record at *start has a quote that is not closed. */
bool csi_csv_reject_line(struct csi_csv *reader, struct csi_rows *rows,
                         const char **start, const char *end, bool final,
                         const char *quote)
{
    const char *next = csi_csv_pass_line(reader, quote, end, final);
    int64_t most = reader->base.options->max_record_bytes;
    struct csi_fault fault = {.kind = "unterminated_quote",
                              .truncated =
                                  most > 0 && next - *start > (ptrdiff_t)most};
    unsigned long long line;

    if (!csi_csv_add_row(rows, *start, next))
        return false;
    if ((size_t)(quote - *start) > reader->base.hold) {
        *start = next;
        return fault_overlong(reader, rows);
    }
    *start = next;
    line = csi_csv_line(rows, quote);
    if (line)
        snprintf(fault.reason, sizeof(fault.reason),
                 "the quote that opened in line %llu is not closed", line);
    else
        snprintf(fault.reason, sizeof(fault.reason),
                 "a quote that opened in this record is not closed");
    return fault_row(rows, rows->count - 1, &fault);
}

/* Pass over what is left of a record that was given up, or what there is of
   it. */
void csi_csv_skip(struct csi_csv *reader, const char **start, const char *end,
                  bool final)
{
    struct csi_csv_cut cut = {.most = reader->base.hold,
                              .state = reader->state};
    const char *next = csi_csv_cut(&reader->rules, &cut, *start, end, final);

    reader->skipping = !next && !cut.unclosed && !final;
    if (cut.unclosed)
        next = csi_csv_pass_line(reader, cut.opened, end, final);
    reader->state = cut.state;
    if (!next && csi_csv_is_quoted(&cut)) {
        reader->state = CSI_CSV_START;
        next = cut.opened;
    }
    *start = next ? next : cut.at;
}

bool csi_csv_give_up(struct csi_csv *reader, struct csi_rows *rows,
                     const char **start, const char *end)
{
    const char *record = *start;

    reader->state = CSI_CSV_START;
    csi_csv_skip(reader, start, end, false);
    return csi_csv_add_row(rows, record, *start) &&
           fault_overlong(reader, rows);
}
