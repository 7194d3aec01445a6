/* SPDX-License-Identifier: MIT */
#include "read/encode.h"

void csi_encoders_free(struct csi_encoders *encoders)
{
    for (uint32_t i = 0; i < encoders->count; i++)
        if (encoders->writers[i])
            encoders->writers[i]->ops->free(encoders->writers[i]);
    csi_free(encoders->writers);
    encoders->writers = NULL;
    encoders->count = 0;
}

static int add_bytes(void *text, const char *data, size_t length,
                     struct cosend_error *error)
{
    return csi_text_add(text, data, length) ? COSEND_OK : csi_no_memory(error);
}

/* A writer that goes on behind what the sink's has begun. NULL without memory.
 */
static struct csi_writer *new_writer_for(const struct csi_encoding *encoding,
                                         const struct cosend_schema *schema)
{
    struct csi_writer *writer =
        encoding->format->writer(&encoding->options, NULL);

    if (!writer)
        return NULL;
    writer->behind = true;
    writer->columns = encoding->columns;
    writer->put = add_bytes;
    if (writer->ops->begin(writer, schema, NULL) == COSEND_OK)
        return writer;
    writer->ops->free(writer);
    return NULL;
}

static struct csi_writer *writer_for(struct csi_encoders *encoders,
                                     const struct csi_edge *edge,
                                     const struct cosend_batch *batch)
{
    const struct csi_stage *sink = encoders->run->edges[edge->number]->stage;

    if (!sink || !atomic_load_explicit(&sink->encodes, memory_order_acquire) ||
        (batch->schema->open && !sink->encoding.open))
        return NULL;
    if (!encoders->writers) {
        encoders->writers =
            csi_calloc(encoders->run->edge_count, sizeof(struct csi_writer *));
        if (!encoders->writers)
            return NULL;
        encoders->count = encoders->run->edge_count;
    }
    if (!encoders->writers[edge->number])
        encoders->writers[edge->number] =
            new_writer_for(&sink->encoding, batch->schema);
    return encoders->writers[edge->number];
}

bool csi_encode(struct csi_encoders *encoders, const struct csi_edge *edge,
                const struct cosend_batch *batch, struct csi_text *text,
                struct csi_encoded *encoded)
{
    struct csi_writer *writer = writer_for(encoders, edge, batch);
    size_t length = text->length;
    uint32_t at = 0;

    if (!writer)
        return false;
    writer->context = writer->into = text;
    writer->records = writer->replaced = 0;
    if (writer->ops->write(writer, batch, &at, NULL) != COSEND_OK) {
        text->length = length;
        return false;
    }
    *encoded = (struct csi_encoded){.length = text->length - length,
                                    .records = writer->records,
                                    .replaced = writer->replaced};
    return true;
}
