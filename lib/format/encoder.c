/* SPDX-License-Identifier: MIT */
/* A writer that puts what it makes into bytes of the caller's. */
#include "cosend/encoder.h"

#include "format/format.h"
#include "format/format_options.h"
#include "format/write.h"

struct cosend_encoder {
    struct cosend_format_options options;
    struct csi_writer *writer;
};

static int put_to_text(void *context, const char *data, size_t length,
                       struct cosend_error *error)
{
    return csi_text_add(context, data, length) ? COSEND_OK
                                               : csi_no_memory(error);
}

/* Whether there is such a writer, for whoever is no step. */
static int check_options(const struct cosend_format_options *options,
                         struct cosend_error *error)
{
    int status =
        csi_format_options_check(options, COSEND_FORMAT_TEMPLATE, error);

    if (status != COSEND_OK)
        return status;
    if (options->name == COSEND_FORMAT_AUTO)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "an encoder needs the name of a format");
    if (options->name == COSEND_FORMAT_TEMPLATE || options->text)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "an encoder has no fields for a template");
    if (!csi_format_get((enum cosend_format_name)options->name)->writer)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "%s is a format for input only",
                                cosend_format_names[options->name]);
    return csi_writer_check(options, options->name, error);
}

struct cosend_encoder *
cosend_encoder_new(const struct cosend_format_options *options,
                   struct cosend_error *error)
{
    struct cosend_encoder *encoder;

    if (check_options(options, error) != COSEND_OK)
        return NULL;
    encoder = csi_calloc(1, sizeof(*encoder));
    if (!encoder) {
        csi_no_memory(error);
        return NULL;
    }
    encoder->options = *options;
    encoder->writer = csi_format_get((enum cosend_format_name)options->name)
                          ->writer(&encoder->options, error);
    if (encoder->writer) {
        encoder->writer->put = put_to_text;
        encoder->writer->width = (size_t)options->width;
        return encoder;
    }
    csi_free(encoder);
    return NULL;
}

void cosend_encoder_free(struct cosend_encoder *encoder)
{
    if (!encoder)
        return;
    encoder->writer->ops->free(encoder->writer);
    csi_free(encoder);
}

/* Write a batch, or, with none, the end. */
static int write_part(struct csi_writer *writer,
                      const struct cosend_schema *schema,
                      const struct cosend_batch *batch, uint32_t *at,
                      struct cosend_error *error)
{
    int status = COSEND_OK;

    if (!writer->began && schema) {
        writer->began = true;
        status = writer->ops->begin(writer, schema, error);
    }
    if (status != COSEND_OK)
        return status;
    return batch ? writer->ops->write(writer, batch, at, error)
                 : writer->ops->flush(writer, true, error);
}

/* The bytes are the writer's meanwhile, as a text: where they are empty it
   gives them what it has made, and nothing is copied. */
static int encode(struct cosend_encoder *encoder,
                  const struct cosend_schema *schema,
                  const struct cosend_batch *batch, uint32_t *at,
                  struct cosend_bytes *to, struct cosend_error *error)
{
    struct csi_text text = {(char *)to->data, to->length, to->capacity};
    int status;

    if (to->failed)
        return csi_no_memory(error);
    encoder->writer->into = &text;
    encoder->writer->context = &text;
    status = write_part(encoder->writer, schema, batch, at, error);
    to->data = (unsigned char *)text.data;
    to->length = text.length;
    to->capacity = text.capacity;
    to->failed = status == COSEND_E_MEMORY;
    return status;
}

int cosend_encode(struct cosend_encoder *encoder,
                  const struct cosend_batch *batch, uint32_t *at,
                  struct cosend_bytes *to, struct cosend_error *error)
{
    return encode(encoder, cosend_batch_schema(batch), batch, at, to, error);
}

int cosend_encoder_end(struct cosend_encoder *encoder,
                       const struct cosend_schema *schema,
                       struct cosend_bytes *to, struct cosend_error *error)
{
    return encode(encoder, schema, NULL, NULL, to, error);
}

uint64_t cosend_encoder_replaced(const struct cosend_encoder *encoder)
{
    return encoder->writer->replaced;
}
