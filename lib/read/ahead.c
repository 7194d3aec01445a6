/* SPDX-License-Identifier: MIT */
#include "read/ahead.h"

#include "record/byte_bitmaps.h"

/* Cut what comes next of the block, which ends where the stretch does. */
static bool cut_some(struct csi_ahead *ahead, struct csi_reader *reader,
                     struct csi_block *block, size_t from, uint64_t *lines)
{
    unsigned i = ahead->count;
    struct csi_rows *rows = csi_rows_renew(ahead->rows[i], block);
    struct cosend_error error = {0};

    if (!rows)
        return false;
    ahead->rows[i] = rows;
    ahead->count++;
    rows->base = from;
    if (reader->ops->cut(reader, rows, false, &ahead->consumed[i], &error) !=
            COSEND_OK ||
        !ahead->consumed[i] || rows->fault_count || reader->midway)
        return false;
    if (rows->line_ends == CSI_NOT_COUNTED)
        rows->line_ends =
            csi_scan_count(block->data + from, ahead->consumed[i], '\n');
    *lines += rows->line_ends;
    return true;
}

bool csi_ahead_cut(struct csi_ahead *ahead, struct csi_reader *reader,
                   struct csi_block *block, size_t from, size_t end,
                   uint64_t *lines)
{
    uint64_t records = reader->records, boundaries = reader->boundaries;
    size_t length = block->length;
    /* So nothing can be too long for the reader, which would make it go on
       behind that. */
    bool done = reader->ops->cuts_ahead && !reader->midway &&
                end - from <= reader->hold;

    *lines = 0;
    ahead->count = ahead->next = 0;
    reader->sieve = NULL;
    block->length = end;
    while (done && from < end) {
        done = ahead->count < CSI_AHEAD_MOST &&
               cut_some(ahead, reader, block, from, lines);
        if (done)
            from += ahead->consumed[ahead->count - 1];
    }
    block->length = length;
    ahead->records = reader->records - records;
    ahead->boundaries = reader->boundaries - boundaries;
    reader->records = records;
    reader->boundaries = boundaries;
    if (!done)
        csi_ahead_forget(ahead);
    return done;
}

struct csi_rows *csi_ahead_next(struct csi_ahead *ahead,
                                struct csi_reader *reader, size_t *consumed)
{
    if (ahead->next == ahead->count)
        return NULL;
    if (!ahead->next) {
        reader->records += ahead->records;
        reader->boundaries += ahead->boundaries;
    }
    *consumed = ahead->consumed[ahead->next];
    return ahead->rows[ahead->next++];
}

bool csi_ahead_has(const struct csi_ahead *ahead, const struct csi_rows *rows)
{
    return ahead->next && ahead->rows[ahead->next - 1] == rows;
}

void csi_ahead_forget(struct csi_ahead *ahead)
{
    for (unsigned i = 0; i < ahead->count; i++)
        ahead->rows[i] = csi_rows_recycle(ahead->rows[i]);
    ahead->count = ahead->next = 0;
}

void csi_ahead_settle(struct csi_ahead *ahead)
{
    for (unsigned i = 0; i < ahead->count; i++)
        if (!csi_is_sole(&ahead->rows[i]->refs))
            return;
    csi_ahead_forget(ahead);
}

void csi_ahead_free(struct csi_ahead *ahead)
{
    csi_ahead_forget(ahead);
    for (unsigned i = 0; i < CSI_AHEAD_MOST; i++)
        csi_rows_unref(ahead->rows[i]);
}
