/* SPDX-License-Identifier: MIT */
#include "format/line_reader.h"

#include "match/line_sieve.h"
#include "record/byte_bitmaps.h"

#include <string.h>

enum { BOMS = 3 };

/* How many stretches are cut whole when most of one's lines were left in. */
enum { STRETCHES_WHOLE = 16 };

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

int csi_lines_begin(struct csi_lines *lines, const char **start,
                    const char *end, bool final, struct cosend_error *error)
{
    const char *data = *start;
    size_t length = (size_t)(end - data);

    if (!lines->begun) {
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
        if (whole)
            data += boms[i].length;
    }
    if (lines->skipping) {
        const char *newline = memchr(data, '\n', (size_t)(end - data));

        lines->skipping = !newline && !final;
        data = newline ? newline + 1 : end;
    }
    *start = data;
    return COSEND_OK;
}

/*
 * Leave out what the sieve does, up to the last line end. Where it leaves
 * most in, cutting every line is cheaper than looking for those lines' bounds;
 * it is tried again some stretches later.
 *
 * Returns false without memory.
 */
static bool sift(struct csi_lines *lines, struct csi_rows *rows,
                 const char **start, const char *end)
{
    const char *from = *start + lines->scanned;
    const char *newline = memrchr(from, '\n', (size_t)(end - from));

    if (!newline)
        return true;
    if (!csi_line_sieve(lines->sieve, rows, start, newline + 1, CSI_ROWS_MAX))
        return false;
    if (rows->sieve)
        lines->scanned = 0;
    if (rows->count > rows->left_out)
        lines->whole = STRETCHES_WHOLE;
    return true;
}

bool csi_lines_cut(struct csi_lines *lines, struct csi_rows *rows,
                   const char **start, bool final,
                   bool (*is_blank)(const char *start, const char *end))
{
    const char *data = rows->block->data, *end = data + rows->block->length;
    bool skipped = *start > data + rows->base && (*start)[-1] == '\n';
    uint64_t sifted;

    if (lines->whole)
        lines->whole--;
    else if (lines->sieve && !sift(lines, rows, start, end))
        return false;
    sifted = rows->left_out + rows->count;
    if (!csi_scan_lines(rows, start, *start + lines->scanned, end, CSI_ROWS_MAX,
                        is_blank))
        return false;
    /* Before them the end of an overlong line may have been skipped. */
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

int csi_lines_overflow(struct csi_lines *lines, struct csi_reader *reader,
                       struct csi_rows *rows, size_t *consumed,
                       const char *hint, struct cosend_error *error)
{
    size_t length = rows->block->length - rows->base;
    size_t kept = length < CSI_OVERLONG_KEPT ? length : CSI_OVERLONG_KEPT;
    struct csi_fault *fault;

    if (!csi_rows_add(rows, rows->base, rows->base + kept))
        return csi_no_memory(error);
    fault = csi_rows_fault(rows, "overlong",
                           "longer than max_record_bytes (%lld)%s",
                           (long long)reader->options->max_record_bytes, hint);
    if (!fault)
        return csi_no_memory(error);
    fault->truncated = true;
    reader->boundaries++;
    reader->records++;
    lines->scanned = 0;
    lines->skipping = true;
    *consumed = length;
    return COSEND_OK;
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

void csi_line_reader_next_file(struct csi_reader *reader)
{
    *lines_of(reader) = (struct csi_lines){0};
}

void csi_line_reader_restart(struct csi_reader *reader)
{
    lines_of(reader)->scanned = 0;
}

const char *csi_line_reader_border(const struct csi_reader *reader,
                                   const char *start, const char *end,
                                   uint64_t *newlines)
{
    const char *newline = memrchr(start, '\n', (size_t)(end - start));

    (void)reader;
    *newlines = 0;
    if (!newline)
        return start;
    *newlines = csi_scan_count(start, (size_t)(newline + 1 - start), '\n');
    return newline + 1;
}

bool csi_line_reader_adopt(struct csi_reader *reader,
                           const struct csi_reader *other)
{
    *lines_of(reader) = (struct csi_lines){.begun = true};
    csi_reader_share_schema(reader, other);
    return true;
}

int csi_line_reader_cut(struct csi_line_reader *reader, struct csi_rows *rows,
                        bool final, size_t *consumed,
                        bool (*is_blank)(const char *start, const char *end),
                        struct cosend_error *error)
{
    const char *first = rows->block->data + rows->base, *start = first;
    const char *end = rows->block->data + rows->block->length;
    int status = csi_lines_begin(&reader->lines, &start, end, final, error);

    *consumed = 0;
    if (status != COSEND_OK || !start)
        return status;
    if (!csi_lines_cut(&reader->lines, rows, &start, final, is_blank))
        return csi_no_memory(error);
    *consumed = (size_t)(start - first);
    /* The ledger's second count: line ends by another way than the rows were
       made from. */
    reader->base.boundaries += rows->count + rows->left_out - rows->line_ends +
                               csi_scan_count(first, *consumed, '\n');
    return COSEND_OK;
}
