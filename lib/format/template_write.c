/* SPDX-License-Identifier: MIT */
/*
 * Lines that a template makes of records. Its fields are the sink's, which are
 * looked for as those of any step: so a name that no record has is told.
 */
#include "format/template_write.h"

#include "base/bytes.h"
#include "format/write.h"
#include "record/template.h"

#include <string.h>

struct template_writer {
    struct csi_writer base;
    struct cosend_bytes out;
};

/* Make the template's columns be there. False without memory. */
static bool fill_fields(const struct csi_writer *writer,
                        const struct cosend_batch *batch)
{
    const struct cosend_template *text = writer->options->text;

    for (uint32_t i = 0; i < cosend_template_count(text); i++) {
        uint32_t column = writer->map[cosend_template_field(text, i).slot];

        if (column < batch->schema->count && !csi_batch_fill(batch, column))
            return false;
    }
    return true;
}

/* Part i of the template asks for a number. */
static int refuse_misfit(struct csi_writer *writer, uint32_t i,
                         struct cosend_error *error)
{
    const struct csi_template_part *part = &writer->options->text->parts[i];

    writer->bad_kind = "not_a_number";
    return cosend_error_set(
        error, COSEND_E_DATA,
        "field \"%.*s\" is no number, which .%uf in the template asks for; "
        "without it text does, too",
        part->name_length < 100 ? (int)part->name_length : 100, part->name,
        part->decimals);
}

static int add_line(struct template_writer *writer,
                    const struct cosend_batch *batch, uint32_t at,
                    const char *line_end, struct cosend_error *error)
{
    const struct cosend_template *text = writer->base.options->text;
    struct cosend_record record = cosend_batch_record(batch, at);
    uint32_t misfit;

    record.map = writer->base.map;
    misfit = cosend_template_misfit(text, &record);
    if (misfit < cosend_template_count(text))
        return refuse_misfit(&writer->base, misfit, error);
    cosend_fill_template(text, &record, writer->base.options->missing.data,
                         &writer->out);
    cosend_put_raw(&writer->out, line_end, strlen(line_end));
    if (writer->out.failed)
        return csi_no_memory(error);
    writer->base.records++;
    return COSEND_OK;
}

static int write_template(struct csi_writer *base,
                          const struct cosend_batch *batch, uint32_t *at,
                          struct cosend_error *error)
{
    struct template_writer *writer = (struct template_writer *)base;
    const char *line_end = csi_line_end(base, batch->schema);
    int status = COSEND_OK, put;

    if (!fill_fields(base, batch))
        return csi_no_memory(error);
    cosend_bytes_clear(&writer->out);
    for (; status == COSEND_OK && *at < batch->count; *at += !status)
        status = add_line(writer, batch, *at, line_end, error);
    if (status == COSEND_E_MEMORY)
        return status;
    put =
        csi_writer_put(base, (const char *)writer->out.data, writer->out.length,
                       status == COSEND_OK ? error : NULL);
    return put == COSEND_OK ? status : put;
}

static void free_template_writer(struct csi_writer *base)
{
    cosend_bytes_free(&((struct template_writer *)base)->out);
    csi_writer_free(base);
}

static const struct csi_writer_ops ops = {csi_writer_begin_bom, write_template,
                                          csi_writer_no_flush, csi_show_lines,
                                          free_template_writer};

struct csi_writer *
csi_template_writer(const struct cosend_format_options *options,
                    struct cosend_error *error)
{
    return csi_writer_new(sizeof(struct template_writer), &ops, options, error);
}
