/* SPDX-License-Identifier: MIT */
#include "read/chunk.h"

int csi_chunk_capture(void *context, const struct csi_edge *edge,
                      const struct csi_stage *from,
                      const struct cosend_batch *batch)
{
    struct csi_chunk *chunk = context;
    struct csi_captured *captured;

    if (!csi_grow(&chunk->captured, &chunk->captured_capacity,
                  chunk->captured_count + 1, sizeof(*chunk->captured)))
        return COSEND_E_MEMORY;
    captured = &chunk->captured[chunk->captured_count++];
    *captured = (struct csi_captured){.edge = edge ? edge->number : 0,
                                      .from = from->index,
                                      .at = chunk->text.length};
    if (!batch)
        return COSEND_OK;
    captured->batch = csi_batch_ref(batch);
    csi_encode(chunk->encoders, edge, batch, &chunk->text, &captured->encoded);
    return COSEND_OK;
}

void csi_chunk_empty(struct csi_chunk *chunk)
{
    for (size_t i = 0; i < chunk->captured_count; i++)
        csi_batch_unref(chunk->captured[i].batch);
    csi_rejects_empty(&chunk->rejects);
    csi_block_unref(chunk->extent.block);
    chunk->extent.block = NULL;
    chunk->captured_count = 0;
    chunk->text.length = 0;
    chunk->rows = csi_rows_recycle(chunk->rows);
    csi_ahead_forget(&chunk->ahead);
    chunk->bad = 0;
    chunk->ended = false;
    chunk->error.kind = COSEND_OK;
}

void csi_chunk_free(struct csi_chunk *chunk)
{
    csi_chunk_empty(chunk);
    csi_text_free(&chunk->text);
    csi_free(chunk->captured);
    csi_free(chunk->rejects.items);
    csi_rows_unref(chunk->rows);
    csi_ahead_free(&chunk->ahead);
    csi_block_unref(chunk->at.block);
}
