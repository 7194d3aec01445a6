/* SPDX-License-Identifier: MIT */
/* Fields of lines, and their values. */
#include "cosend/line_form.h"

struct cosend_cell cosend_line_value(const struct cosend_line_field *field,
                                     struct cosend_cell part,
                                     struct cosend_bytes *bytes)
{
    struct cosend_cell value = {0};

    if (!field->make || part.kind == COSEND_ABSENT)
        return part;
    cosend_bytes_clear(bytes);
    if (!field->make(part, bytes) || bytes->failed)
        return value;
    value = cosend_text((const char *)bytes->data, bytes->length);
    value.kind = field->kind;
    return value;
}
