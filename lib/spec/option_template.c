/* SPDX-License-Identifier: MIT */
#include "spec/option_template.h"

#include "record/template.h"
#include "spec/jansson.h"

#include <string.h>

/* How many parts a text has at most: each but the last ends in a field. */
static size_t part_limit(const char *text, size_t length)
{
    size_t count = 1;

    for (size_t i = 0; i < length; i++)
        count += text[i] == '{';
    return count;
}

/* Read all parts. False where one is wrong, which is reported. */
static bool read_parts(struct cosend_check *check,
                       const struct csi_value *value, const char *text,
                       size_t length, char *bytes,
                       struct csi_template_part *parts, size_t *count)
{
    struct csi_place place = csi_check_place(check, value);
    const char *start = text;

    *count = 0;
    while (length) {
        struct csi_template_part *part = &parts[*count];
        const char *name, *wrong;
        size_t name_length;

        wrong =
            csi_template_next(&text, &length, bytes, part, &name, &name_length);
        if (wrong) {
            csi_check_problem(check, value, "byte %zu: %s",
                              (size_t)(text - start) + 1, wrong);
            return false;
        }
        bytes += part->length;
        if (name)
            part->field = csi_check_add_field(check, name, name_length, &place,
                                              check->option->name);
        ++*count;
    }
    return true;
}

void csi_option_template(struct cosend_check *check,
                         const struct csi_value *value, void *to)
{
    const char *text = json_string_value(value->json);
    size_t length = json_string_length(value->json), limit;
    struct csi_template_part *parts;
    struct cosend_template *made;
    char *bytes, *copy;

    if (!text) {
        csi_check_wrong_type(check, value,
                             "text with fields in braces, {name}");
        return;
    }
    limit = part_limit(text, length);
    made = csi_spec_get(check->spec, sizeof(*made));
    parts = csi_spec_get(check->spec, limit * sizeof(*parts));
    bytes = csi_spec_get(check->spec, length + 1);
    copy = csi_spec_copy(check->spec, text, length);
    if (!made || !parts || !bytes || !copy ||
        !read_parts(check, value, copy, length, bytes, parts, &made->count))
        return;
    made->text = copy;
    made->parts = parts;
    *(const struct cosend_template **)to = made;
}
