/* SPDX-License-Identifier: MIT */
/*
 * Lines, as rows.
 *
 * Bytes come in stretches, each the unfinished line of the one before and what
 * was read behind it. Of a file they are, in this order:
 *
 *     BOM | lines to skip | line | line | blank line | line | unfinished li
 *     `begun`  `to_skip`    rows                              `scanned` bytes
 *
 * A row is a line with its line end, LF or CRLF, and goes into no other row. A
 * line that is not finished stays at hand; `scanned` says how much of it has
 * been searched, so that a long line that comes in small pieces is not searched
 * from its start again and again.
 *
 * Where lines end in CR alone, which the first line of a file may tell, these
 * CRs are made LFs before all else, in the
 * block itself; a CR that is the last byte waits for the next byte, which may
 * be the LF of a CRLF.
 *
 * A line that is longer than `hold` bytes without an end is given up: what is
 * at hand becomes a row, which is a fault, and the rest of the line is passed
 * over (`skipping`), however long it is. So memory is bounded, and one bad line
 * costs no other.
 *
 * Lines of the option nul end in NUL instead, and LF is a byte in them.
 *
 * Where the only stage that gets the records is a grep, the lines that its
 * pattern cannot match are not even cut: the search runs over whole stretches
 * (the sieve), and only lines around what it finds become rows.
 *
 * For the ledger every line end is counted twice, by the cut and by a scan for
 * LF bytes; the two must agree at the end (`boundaries`, `records`).
 */
#include "format/line_reader.h"

#include "format/format_options.h"
#include "match/line_sieve.h"
#include "record/byte_bitmaps.h"

#include <stdio.h>
#include <string.h>

enum { BOMS = 3 };

/* How many stretches are cut whole when most of one's lines were left in. */
enum { STRETCHES_WHOLE = 4 };

static const struct {
    char bytes[4];
    size_t length;
    bool utf16;
} boms[BOMS] = {
    {"\xef\xbb\xbf", 3, false}, {"\xff\xfe", 2, true}, {"\xfe\xff", 2, true}};

/* The BOM that data begins with, or with what there is of it; BOMS is none. */
static int find_bom(const char *data, size_t length)
{
    int i = 0;

    while (i < BOMS &&
           memcmp(data, boms[i].bytes,
                  length < boms[i].length ? length : boms[i].length) != 0)
        i++;
    return i;
}

void csi_lines_init(struct csi_lines *lines,
                    const struct cosend_format_options *options)
{
    *lines = (struct csi_lines){.end = csi_end_byte(options),
                                .to_skip = options->skip_lines};
}

size_t csi_lines_hold(const struct cosend_format_options *options)
{
    enum { SHOWN = 4096 };
    size_t most = options->max_record_bytes > 0
                      ? (size_t)options->max_record_bytes
                      : CSI_RECORD_BYTES;

    return most < SHOWN ? SHOWN : most + 1;
}

void csi_lines_begin_file(struct csi_reader *reader)
{
    reader->cr = reader->options->line_end == COSEND_LINE_END_CR;
    reader->cr_known = reader->options->line_end != COSEND_LINE_END_AUTO;
}

void csi_lines_learn_end(struct csi_reader *reader, const char *start,
                         const char *end, bool final)
{
    const char *lf, *cr;

    if (reader->cr_known || start == end)
        return;
    lf = memchr(start, '\n', (size_t)(end - start));
    cr = memchr(start, '\r', (size_t)((lf ? lf : end) - start));
    /* Before a CR at the end there may be an LF yet. */
    if (!lf && (!cr || (cr + 1 == end && !final)))
        return;
    reader->cr = cr && cr + 1 != lf;
    reader->cr_known = true;
}

const char *csi_lines_translate(const struct csi_reader *reader, char *start,
                                const char *end, bool final)
{
    char *p = start;

    if (!reader->cr)
        return !reader->cr_known && end > start && end[-1] == '\r' && !final
                   ? end - 1
                   : end;
    while (p < end && (p = memchr(p, '\r', (size_t)(end - p)))) {
        bool last = p + 1 == end;

        if (last ? final : p[1] != '\n')
            *p = '\n';
        p++;
    }
    return end > start && end[-1] == '\r' ? end - 1 : end;
}

/* A BOM at the start of the file. *start as for csi_lines_begin. */
static int skip_bom(struct csi_lines *lines, const char **start,
                    const char *end, bool final, struct cosend_error *error)
{
    const char *data = *start;
    size_t length = (size_t)(end - data);
    int i = find_bom(data, length);
    bool whole = i < BOMS && length >= boms[i].length;

    *start = NULL;
    if (i < BOMS && !whole && !final)
        return COSEND_OK;
    if (whole && boms[i].utf16)
        return cosend_error_set(error, COSEND_E_DATA,
                                "it is UTF-16, which is not read: convert "
                                "it with iconv -f UTF-16 -t UTF-8");
    lines->begun = true;
    *start = whole ? data + boms[i].length : data;
    return COSEND_OK;
}

/* A file has ended among the lines that are to be skipped. */
static void warn_of_skipped(const struct csi_reader *reader,
                            struct csi_lines *lines)
{
    int64_t all = reader->options->skip_lines, had = all - lines->to_skip;
    char message[120];

    lines->to_skip = 0;
    if (!had || !reader->warn)
        return;
    snprintf(message, sizeof(message),
             "it has %lld line%s, and skip_lines is %lld: nothing is left",
             (long long)had, had == 1 ? "" : "s", (long long)all);
    reader->warn(reader->context, message);
}

int csi_lines_begin(const struct csi_reader *reader, struct csi_lines *lines,
                    const char **start, const char *end, bool final,
                    struct cosend_error *error)
{
    int status = COSEND_OK;

    if (!lines->begun)
        status = skip_bom(lines, start, end, final, error);
    if (status != COSEND_OK || !*start)
        return status;
    while ((lines->skipping || lines->to_skip > 0) && *start < end) {
        const char *newline =
            memchr(*start, lines->end, (size_t)(end - *start));

        *start = newline ? newline + 1 : end;
        if (!newline && !final)
            break;
        if (!lines->skipping)
            lines->to_skip--;
        lines->skipping = false;
    }
    if (final && *start == end && lines->to_skip > 0)
        warn_of_skipped(reader, lines);
    return COSEND_OK;
}

/*
 * Leave out what the sieve does, up to the last line end. Where it looks at
 * most of them, cutting every line is cheaper than looking for those lines'
 * bounds; it is tried again some stretches later.
 *
 * Returns false without memory.
 */
static bool sift(struct csi_lines *lines, struct csi_rows *rows,
                 const char **start, const char *end)
{
    const char *from = *start + lines->scanned;
    const char *newline = memrchr(from, '\n', (size_t)(end - from));
    bool is_dense;

    if (!newline)
        return true;
    if (!csi_line_sieve(lines->sieve, rows, start, newline + 1, CSI_ROWS_MAX,
                        &is_dense))
        return false;
    if (rows->sieve)
        lines->scanned = 0;
    if (is_dense)
        lines->whole = STRETCHES_WHOLE;
    return true;
}

bool csi_lines_cut(struct csi_lines *lines, struct csi_rows *rows,
                   const char **start, const char *end, bool final,
                   bool (*is_blank)(const char *start, const char *end))
{
    const char *data = rows->block->data, *first = data + rows->base;
    uint64_t skipped = 0, sifted;

    if (*start > first)
        skipped = csi_scan_count(first, (size_t)(*start - first), lines->end);
    if (lines->whole)
        lines->whole--;
    else if (lines->sieve && !sift(lines, rows, start, end))
        return false;
    sifted = rows->left_out + rows->count;
    if (!csi_scan_lines(rows, start, *start + lines->scanned, end, CSI_ROWS_MAX,
                        is_blank))
        return false;
    /* Before them lines that are no records may have been skipped. */
    rows->line_ends += sifted + skipped;
    lines->scanned = 0;
    if (rows->count == CSI_ROWS_MAX || *start == end)
        return true;
    if (!final) {
        lines->scanned = (size_t)(end - *start);
        return true;
    }
    if (!(is_blank && is_blank(*start, end)) &&
        !csi_rows_add(rows, (size_t)(*start - data), (size_t)(end - data)))
        return false;
    *start = end;
    return true;
}

void csi_reader_share_schema(struct csi_reader *reader,
                             const struct csi_reader *other)
{
    if (reader->schema == other->schema)
        return;
    csi_schema_unref(reader->schema);
    reader->schema = csi_schema_ref(other->schema);
}

/* ---- Readers of formats whose records are lines -------------------------- */

static struct csi_lines *lines_of(struct csi_reader *reader)
{
    return &((struct csi_line_reader *)reader)->lines;
}

void csi_line_reader_init(struct csi_line_reader *reader,
                          const struct csi_reader_ops *ops,
                          const struct cosend_format_options *options)
{
    reader->base.ops = ops;
    reader->base.options = options;
    reader->base.hold = csi_lines_hold(options);
    csi_lines_init(&reader->lines, options);
    csi_lines_begin_file(&reader->base);
}

void csi_line_reader_next_file(struct csi_reader *reader)
{
    csi_lines_begin_file(reader);
    csi_lines_init(lines_of(reader), reader->options);
    reader->begun = reader->midway = false;
}

void csi_line_reader_restart(struct csi_reader *reader)
{
    lines_of(reader)->scanned = 0;
}

const char *csi_line_reader_border(const struct csi_reader *reader, char *start,
                                   const char *end, uint64_t *newlines)
{
    char byte = csi_end_byte(reader->options);
    const char *newline;

    csi_lines_translate(reader, start, end, false);
    newline = memrchr(start, byte, (size_t)(end - start));
    *newlines = 0;
    if (!newline)
        return start;
    *newlines = csi_scan_count(start, (size_t)(newline + 1 - start), byte);
    return newline + 1;
}

const char *csi_line_reader_next(const struct csi_reader *reader,
                                 const char *start, const char *end)
{
    const char *newline =
        memchr(start, csi_end_byte(reader->options), (size_t)(end - start));

    return newline ? newline + 1 : NULL;
}

bool csi_line_reader_share(struct csi_reader *reader,
                           const struct csi_reader *other)
{
    csi_reader_share_schema(reader, other);
    return true;
}

bool csi_line_reader_copy_state(struct csi_reader *reader,
                                const struct csi_reader *other)
{
    *lines_of(reader) =
        (struct csi_lines){.begun = true, .end = csi_end_byte(reader->options)};
    reader->begun = true;
    reader->midway = false;
    reader->cr = other->cr;
    reader->cr_known = other->cr_known;
    csi_reader_share_schema(reader, other);
    return true;
}

void csi_lines_warn_of_cr(const struct csi_reader *reader)
{
    if (reader->warn)
        reader->warn(reader->context,
                     "there is a carriage return in its first line: if its "
                     "lines end in CR alone, say input line_end=cr |");
}

void csi_lines_look_for_cr(const struct csi_reader *reader, const char *line,
                           size_t length)
{
    const char *cr = length ? memchr(line, '\r', length) : NULL;

    if (cr && (cr + 1 == line + length || cr[1] != '\n'))
        csi_lines_warn_of_cr(reader);
}

const char *csi_line_reader_translate(struct csi_line_reader *reader,
                                      char *start, const char *end, bool final)
{
    bool known = reader->base.cr_known;

    csi_lines_learn_end(&reader->base, start, end, final);
    /* What was looked at already may have line ends now. */
    if (!known && reader->base.cr)
        reader->lines.scanned = 0;
    return csi_lines_translate(&reader->base, start, end, final);
}

/* By another way than lines are cut, which may have been gone already. */
static uint64_t count_ends(const struct csi_reader *reader, const char *start,
                           const char *end)
{
    const struct csi_told *told = &reader->told;

    if (told->start == start && told->end == end)
        return told->line_ends;
    return csi_scan_count(start, (size_t)(end - start),
                          csi_end_byte(reader->options));
}

int csi_line_reader_cut(struct csi_line_reader *reader, struct csi_rows *rows,
                        bool final, size_t *consumed,
                        bool (*is_blank)(const char *start, const char *end),
                        struct cosend_error *error)
{
    struct csi_lines *lines = &reader->lines;
    char *first = rows->block->data + rows->base;
    const char *start = first, *end = rows->block->data + rows->block->length;
    int status;

    *consumed = 0;
    rows->nul = reader->base.options->nul;
    end = csi_line_reader_translate(reader, first, end, final);
    status = csi_lines_begin(&reader->base, lines, &start, end, final, error);
    if (status != COSEND_OK || !start)
        return status;
    if (!csi_lines_cut(lines, rows, &start, end, final, is_blank))
        return csi_no_memory(error);
    if (lines->scanned > reader->base.hold) {
        if (!csi_rows_add(rows, (size_t)(start - rows->block->data),
                          (size_t)(end - rows->block->data)))
            return csi_no_memory(error);
        lines->scanned = 0;
        lines->skipping = lines->given_up = true;
        start = end;
    }
    reader->base.begun = lines->to_skip <= 0;
    reader->base.midway = lines->skipping;
    *consumed = (size_t)(start - first);
    /* The ledger's second count. */
    reader->base.boundaries += rows->count + rows->left_out - rows->line_ends +
                               count_ends(&reader->base, first, start);
    return COSEND_OK;
}

bool csi_line_reader_end(struct csi_line_reader *reader, struct csi_rows *rows)
{
    bool given_up = reader->lines.given_up;

    reader->lines.given_up = false;
    return !given_up ||
           csi_rows_overlong(rows, rows->count - 1,
                             reader->base.options->max_record_bytes);
}
