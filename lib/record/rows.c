/* SPDX-License-Identifier: MIT */
/* Blocks of input, and the records that were cut from them. */
#include "record/rows.h"

#include <stdio.h>
#include <string.h>

struct csi_block *csi_block_new(size_t capacity)
{
    struct csi_block *block;

    if (capacity > UINT32_MAX - CSI_BLOCK_SLACK)
        return NULL;
    block = csi_malloc(sizeof(*block) + capacity + CSI_BLOCK_SLACK);
    if (!block)
        return NULL;
    atomic_init(&block->refs, 1);
    block->capacity = capacity;
    block->length = 0;
    block->sparse = false;
    block->kept = NULL;
    block->kept_count = block->kept_capacity = 0;
    return block;
}

struct csi_block *csi_block_new_sparse(size_t capacity)
{
    struct csi_block *block = csi_block_new(capacity);

    if (!block)
        return NULL;
    memset(block->data, 0, capacity + CSI_BLOCK_SLACK);
    block->sparse = true;
    return block;
}

bool csi_block_keep(struct csi_block *block, uint32_t start, uint32_t line_ends)
{
    if (!csi_grow(&block->kept, &block->kept_capacity, block->kept_count + 1,
                  sizeof(*block->kept)))
        return false;
    block->kept[block->kept_count++] = (struct csi_kept_line){start, line_ends};
    if (start)
        block->data[start - 1] = '\n';
    return true;
}

struct csi_block *csi_block_ref(struct csi_block *block)
{
    csi_ref(&block->refs);
    return block;
}

void csi_block_unref(struct csi_block *block)
{
    if (!block || !csi_unref(&block->refs))
        return;
    csi_free(block->kept);
    csi_free(block);
}

struct csi_rows *csi_rows_new(struct csi_block *block)
{
    struct csi_rows *rows = csi_calloc(1, sizeof(*rows));

    if (!rows)
        return NULL;
    atomic_init(&rows->refs, 1);
    rows->block = csi_block_ref(block);
    rows->line_ends = CSI_NOT_COUNTED;
    return rows;
}

struct csi_rows *csi_rows_recycle(struct csi_rows *rows)
{
    struct csi_rows kept;

    if (!rows)
        return NULL;
    if (!csi_is_sole(&rows->refs)) {
        csi_rows_unref(rows);
        return NULL;
    }
    csi_block_unref(rows->block);
    csi_arena_clear(&rows->arena);
    kept = (struct csi_rows){.capacity = rows->capacity,
                             .starts = rows->starts,
                             .ends = rows->ends,
                             .marks = rows->marks,
                             .first_mark = rows->first_mark,
                             .mark_capacity = rows->mark_capacity,
                             .faults = rows->faults,
                             .fault_capacity = rows->fault_capacity,
                             .arena = rows->arena};
    *rows = kept;
    atomic_init(&rows->refs, 1);
    return rows;
}

struct csi_rows *csi_rows_renew(struct csi_rows *recycled,
                                struct csi_block *block)
{
    if (!recycled)
        return csi_rows_new(block);
    recycled->block = csi_block_ref(block);
    recycled->line_ends = CSI_NOT_COUNTED;
    return recycled;
}

struct csi_rows *csi_rows_ref(struct csi_rows *rows)
{
    csi_ref(&rows->refs);
    return rows;
}

void csi_rows_unref(struct csi_rows *rows)
{
    if (!rows || !csi_unref(&rows->refs))
        return;
    if (rows->release)
        rows->release(rows);
    csi_block_unref(rows->block);
    csi_free(rows->starts);
    csi_free(rows->ends);
    csi_free(rows->marks);
    csi_free(rows->first_mark);
    csi_free(rows->faults);
    csi_arena_free(&rows->arena);
    csi_free(rows);
}

bool csi_rows_reserve(struct csi_rows *rows, size_t more)
{
    size_t capacity[3] = {rows->capacity, rows->capacity, rows->capacity};
    size_t need = rows->count + more;

    if (need <= rows->capacity)
        return true;
    if (!csi_grow(&rows->starts, &capacity[0], need, sizeof(*rows->starts)) ||
        !csi_grow(&rows->ends, &capacity[1], need, sizeof(*rows->ends)) ||
        !csi_grow(&rows->first_mark, &capacity[2], need,
                  sizeof(*rows->first_mark)))
        return false;
    rows->capacity = capacity[0]; /* all grow alike */
    return true;
}

void csi_rows_place(struct csi_rows *rows, const struct csi_rows *read)
{
    rows->source = read->source;
    rows->ordinal = read->ordinal;
    rows->offset = read->offset;
    rows->first_line = read->first_line;
    rows->base = read->base;
    rows->nul = read->nul;
    rows->timed = read->timed;
    rows->made = read->made;
}

bool csi_rows_add(struct csi_rows *rows, size_t start, size_t end)
{
    if (!csi_rows_reserve(rows, 1))
        return false;
    rows->starts[rows->count] = (uint32_t)start;
    rows->ends[rows->count] = (uint32_t)end;
    rows->count++;
    return true;
}

struct csi_rows *csi_rows_of_bytes(const char *data, size_t length)
{
    struct csi_block *block = csi_block_new(length);
    struct csi_rows *rows;

    if (!block)
        return NULL;
    memcpy(block->data, data, length);
    memset(block->data + length, 0, CSI_BLOCK_SLACK);
    block->length = length;
    rows = csi_rows_new(block);
    csi_block_unref(block);
    if (rows && csi_rows_add(rows, 0, length))
        return rows;
    csi_rows_unref(rows);
    return NULL;
}

struct csi_fault *csi_rows_fault(struct csi_rows *rows, const char *kind,
                                 const char *format, ...)
{
    struct csi_fault *fault;
    va_list arguments;

    if (!csi_grow(&rows->faults, &rows->fault_capacity, rows->fault_count + 1,
                  sizeof(*rows->faults)))
        return NULL;
    fault = &rows->faults[rows->fault_count++];
    memset(fault, 0, sizeof(*fault));
    fault->row = rows->count - 1;
    fault->kind = kind;
    va_start(arguments, format);
    vsnprintf(fault->reason, sizeof(fault->reason), format, arguments);
    va_end(arguments);
    return fault;
}

bool csi_rows_overlong(struct csi_rows *rows, uint32_t row, int64_t most)
{
    struct csi_fault *fault;
    size_t at = 0;

    while (at < rows->fault_count && rows->faults[at].row < row)
        at++;
    if (at == rows->fault_count || rows->faults[at].row != row) {
        if (!csi_grow(&rows->faults, &rows->fault_capacity,
                      rows->fault_count + 1, sizeof(*rows->faults)))
            return false;
        fault = rows->faults + at;
        memmove(fault + 1, fault, (rows->fault_count - at) * sizeof(*fault));
        rows->fault_count++;
    } else {
        fault = rows->faults + at;
        if (strcmp(fault->kind, "unterminated_quote") == 0)
            return true;
    }
    *fault =
        (struct csi_fault){.row = row, .truncated = true, .kind = "overlong"};
    snprintf(fault->reason, sizeof(fault->reason),
             "longer than max_record_bytes (%lld)", (long long)most);
    return true;
}

bool csi_rows_reshape(struct csi_rows *rows, uint32_t row)
{
    if (!rows->reshaped) {
        size_t size = CSI_ROWS_MAX / 64 * sizeof(*rows->reshaped);

        rows->reshaped = csi_arena_get(&rows->arena, size);
        if (!rows->reshaped)
            return false;
        memset(rows->reshaped, 0, size);
    }
    rows->reshaped[row / 64] |= UINT64_C(1) << (row % 64);
    return true;
}

uint64_t csi_rows_ordinal(const struct csi_rows *rows, uint32_t row)
{
    return rows->ordinal + (rows->starts[row] - rows->base);
}
