/* SPDX-License-Identifier: MIT */
/*
 * format: emits every record, as it comes, as a line that a template makes of
 * its fields; or with that as one more field.
 */
#include "cosend.h"

#include <string.h>

struct format {
    struct cosend_template *text;
    struct cosend_string as, missing;
};

static const struct cosend_option options[] = {
    {.name = "template",
     .type = COSEND_OPTION_TEMPLATE,
     .offset = offsetof(struct format, text),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .help = "text with fields in braces: {host}, {status:>5} at the right of "
             "five characters, {status:<5} at the left, {id:05} filled with "
             "zeros, {ms:.2f} a number with two digits behind the point, "
             "{ms:8.2f} both, {{ for a brace",
     .example = "\"{host} {status:>5}\""},
    {.name = "as",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct format, as),
     .maximum = 1 << 16,
     .help = "a field of this name, beside the others, in place of a line",
     .example = "\"label\""},
    {.name = "missing",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct format, missing),
     .maximum = 1 << 16,
     .help = "what stands for a field that is absent or null; nothing by "
             "default",
     .example = "\"-\""},
    {.name = NULL},
};

static void free_text(void *text)
{
    cosend_bytes_free(text);
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct format *format = memory;
    struct cosend_bytes *text = cosend_stage_memory(self, sizeof(*text));
    struct cosend_column column;
    struct cosend_record record;
    uint32_t misfit;

    if (!text || !cosend_stage_defer(self, free_text, text))
        return COSEND_E_MEMORY;
    cosend_only_fields(self);
    column = format->as.length ? cosend_add_column(self, format->as.data)
                               : cosend_add_line(self);
    while (cosend_receive(self, &record)) {
        misfit = cosend_template_misfit(format->text, &record);
        if (misfit < cosend_template_count(format->text)) {
            cosend_bad_number(self, &record,
                              cosend_template_field(format->text, misfit));
            continue;
        }
        cosend_bytes_clear(text);
        cosend_fill_template(format->text, &record, format->missing.data, text);
        if (text->failed)
            return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
        cosend_set(self, column,
                   cosend_text((const char *)text->data, text->length));
        cosend_emit(self, &record);
    }
    return 0;
}

const struct cosend_filter csi_filter_format = {
    .abi = COSEND_ABI,
    .name = "format",
    .aliases = "template",
    .role = COSEND_FILTER,
    .summary = "Make text of fields by a template",
    .details =
        "Emits every record as it comes: as a line of text that is the "
        "template with the record's fields in it, the field `line` where -t "
        "says another format; or, with `as`, with that as a field beside the "
        "others, which replaces one of its name. A field that is absent or "
        "null becomes `missing`. Fields are "
        "put in as their text is, without quotes. Where the template wants a "
        "number, {ms:.2f}, a value that is none makes the record bad "
        "(not_a_number), but for an empty one; numbers are rounded in decimal, "
        "halves away from "
        "zero, so that 2.675 is 2.68. Each record is treated by "
        "itself, in all threads, and at once under --follow.",
    .example = "parse combined | format \"{status} {path}\"",
    .options_size = sizeof(struct format),
    .options = options,
    .body = body,
    .parallel = COSEND_STATELESS,
};
