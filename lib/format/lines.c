/* SPDX-License-Identifier: MIT */
#include "format/lines.h"

#include <string.h>

static const char bom[3] = "\xef\xbb\xbf";

const char *csi_lines_begin(struct csi_lines *lines, const char *data,
                            const char *end, bool final)
{
    size_t length = (size_t)(end - data);

    if (!lines->begun) {
        size_t seen = length < sizeof(bom) ? length : sizeof(bom);
        bool same = memcmp(data, bom, seen) == 0;

        if (same && seen < sizeof(bom) && !final)
            return NULL;
        lines->begun = true;
        if (same && seen == sizeof(bom))
            data += sizeof(bom);
    }
    if (lines->skipping) {
        const char *newline = memchr(data, '\n', (size_t)(end - data));

        lines->skipping = !newline && !final;
        data = newline ? newline + 1 : end;
    }
    return data;
}

bool csi_lines_cut(struct csi_lines *lines, struct csi_rows *rows,
                   const char **start, bool final,
                   bool (*is_blank)(const char *start, const char *end))
{
    const char *data = rows->block->data, *end = data + rows->block->length;
    bool skipped = *start > data + rows->base && (*start)[-1] == '\n';

    if (!csi_scan_lines(rows, start, *start + lines->scanned, end,
                        CSI_ROWS_MAX, is_blank))
        return false;
    /* Before them the end of an overlong line may have been skipped. */
    if (skipped)
        rows->line_ends++;
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
        return csi_format_memory(error);
    fault = csi_rows_fault(rows, "overlong",
                           "longer than max_record_bytes (%lld)%s",
                           (long long)reader->options->max_record_bytes, hint);
    if (!fault)
        return csi_format_memory(error);
    fault->truncated = true;
    reader->boundaries++;
    reader->records++;
    lines->scanned = 0;
    lines->skipping = true;
    *consumed = length;
    return COSEND_OK;
}

const char *csi_lines_border(const struct csi_reader *reader, const char *start,
                             const char *end)
{
    const char *newline = memrchr(start, '\n', (size_t)(end - start));

    (void)reader;
    return newline ? newline + 1 : start;
}

void csi_reader_share_schema(struct csi_reader *reader,
                             const struct csi_reader *other)
{
    if (reader->schema == other->schema)
        return;
    csi_schema_unref(reader->schema);
    reader->schema = csi_schema_ref(other->schema);
}

int csi_format_memory(struct cosend_error *error)
{
    return cosend_error_set(error, COSEND_E_MEMORY, "out of memory");
}
