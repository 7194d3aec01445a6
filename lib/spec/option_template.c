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

/* Whose template it is. */
struct holder {
    struct cosend_check *check;
    const struct csi_value *value; /* NULL: check makes it, for `option` */
    const char *option;
};

static void report(const struct holder *holder, size_t byte, const char *wrong)
{
    if (holder->value)
        csi_check_problem(holder->check, holder->value, "byte %zu: %s", byte,
                          wrong);
    else
        cosend_check_error(holder->check, holder->option, "byte %zu: %s", byte,
                           wrong);
}

static struct cosend_field add_field(const struct holder *holder,
                                     const char *name, size_t length)
{
    struct csi_place place;

    if (!holder->value)
        return cosend_check_field(holder->check, holder->option, name, length);
    place = csi_check_place(holder->check, holder->value);
    return csi_check_add_field(holder->check, name, length, &place,
                               holder->option);
}

/* Read all parts. False where one is wrong, which is reported. */
static bool read_parts(const struct holder *holder, const char *text,
                       size_t length, char *bytes,
                       struct csi_template_part *parts,
                       struct cosend_template *made)
{
    const char *start = text;

    while (length) {
        struct csi_template_part *part = &parts[made->count];
        const char *wrong = csi_template_next(&text, &length, bytes, part);

        if (wrong) {
            report(holder, (size_t)(text - start) + 1, wrong);
            return false;
        }
        bytes += part->length;
        if (part->name)
            part->field = add_field(holder, part->name, part->name_length);
        made->numbers |= part->fixed;
        made->count++;
    }
    return true;
}

static const struct cosend_template *
make_template(const struct holder *holder, const char *text, size_t length)
{
    struct csi_spec *spec = holder->check->spec;
    size_t limit = part_limit(text, length);
    struct cosend_template *made = csi_spec_get(spec, sizeof(*made));
    struct csi_template_part *parts =
        csi_spec_get(spec, limit * sizeof(*parts));
    char *bytes = csi_spec_get(spec, length + 1);
    char *copy = csi_spec_copy(spec, text, length);

    if (!made || !parts || !bytes || !copy)
        return NULL;
    *made = (struct cosend_template){.text = copy, .parts = parts};
    if (!read_parts(holder, copy, length, bytes, parts, made))
        return NULL;
    return made;
}

void csi_option_template(struct cosend_check *check,
                         const struct csi_value *value, void *to)
{
    const struct holder holder = {check, value, check->option->name};
    const char *text = json_string_value(value->json);

    if (text)
        *(const struct cosend_template **)to =
            make_template(&holder, text, json_string_length(value->json));
    else
        csi_check_wrong_type(check, value,
                             "text with fields in braces, {name}");
}

const struct cosend_template *cosend_check_template(struct cosend_check *check,
                                                    const char *option,
                                                    const char *text,
                                                    size_t length)
{
    const struct holder holder = {check, NULL, option};

    return make_template(&holder, text, length);
}
