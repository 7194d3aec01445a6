/* SPDX-License-Identifier: MIT */
/* Ids: a step's own, or its filter's name, numbered from the second on. */
#include "spec/ids.h"

#include <stdio.h>
#include <string.h>

/* An id fits struct cosend_error's step. */
enum { LONGEST_ID = 63 };

static bool is_id(const char *id, size_t length)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-.";

    return length && length <= LONGEST_ID && strspn(id, allowed) == length;
}

/* An id that stands in the spec. `taken` maps ids to nodes, from 1. */
static void take_given(struct csi_spec *spec, json_t *taken, uint32_t node)
{
    const struct csi_value *value = spec->notes[node].id;
    const char *id = json_string_value(value->json);
    size_t length = json_string_length(value->json);
    size_t other;

    if (!id || !is_id(id, length)) {
        csi_spec_problem(spec, value,
                         "must be a string of up to 63 letters, digits, _, - "
                         "and .");
        return;
    }
    other = (size_t)json_integer_value(json_object_get(taken, id));
    if (other) {
        value = spec->notes[other - 1].id;
        csi_spec_problem(spec, spec->notes[node].id,
                         "the id \"%s\" is taken: by the step at %u:%u", id,
                         (unsigned)value->line, (unsigned)value->column);
        return;
    }
    spec->plan->nodes[node].id = csi_spec_copy(spec, id, length);
    if (json_object_set_new(taken, id, json_integer(node + 1)) < 0)
        spec->no_memory = true;
}

/* `numbers` maps names to the number used last. */
static void make_id(struct csi_spec *spec, json_t *taken, json_t *numbers,
                    uint32_t node)
{
    const char *name = spec->plan->nodes[node].filter->name;
    json_int_t number = json_integer_value(json_object_get(numbers, name));
    char id[LONGEST_ID + 1];
    int length;

    do {
        number++;
        length = number == 1 ? snprintf(id, sizeof(id), "%.48s", name)
                             : snprintf(id, sizeof(id), "%.48s_%lld", name,
                                        (long long)number);
    } while (json_object_get(taken, id));
    spec->plan->nodes[node].id = csi_spec_copy(spec, id, (size_t)length);
    if (json_object_set_new(taken, id, json_integer(node + 1)) < 0 ||
        json_object_set_new(numbers, name, json_integer(number)) < 0)
        spec->no_memory = true;
}

void csi_spec_name_nodes(struct csi_spec *spec)
{
    json_t *taken = json_object(), *numbers = json_object();
    uint32_t count = spec->plan->node_count;

    if (!taken || !numbers)
        spec->no_memory = true;
    for (uint32_t i = 0; !spec->no_memory && i < count; i++)
        if (spec->notes[i].id)
            take_given(spec, taken, i);
    for (uint32_t i = 0; !spec->no_memory && i < count; i++)
        if (!spec->notes[i].id)
            make_id(spec, taken, numbers, i);
    json_decref(taken);
    json_decref(numbers);
}
