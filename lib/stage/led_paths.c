/* SPDX-License-Identifier: MIT */
#include "stage/led_paths.h"

#include "cosend/nested.h"
#include "record/record_items.h"

#include <string.h>

struct path {
    uint32_t slot; /* of the field that it begins at */
    bool led;
    struct cosend_schema *beside; /* of one record, or NULL */
    uint64_t ordinal;             /* of that */
};

struct csi_led {
    struct path *paths;
    size_t count, capacity;
    size_t open; /* that have not led yet */
};

/* ---- What is noted ------------------------------------------------------- */

static bool is_noted_above(const struct csi_stage *stage, uint32_t slot)
{
    const struct csi_field_name *field = &stage->node->fields[slot];

    return stage->schema->open && field->or_before;
}

/* Whether the column of the path's own name is there, which wins over it. */
static bool is_column(const struct csi_stage *stage, uint32_t slot)
{
    return stage->node->fields[slot].or_before && slot &&
           stage->map[slot - 1] < stage->schema->count;
}

bool csi_led_learn(struct csi_stage *stage)
{
    for (uint32_t i = 0; i < stage->node->field_count; i++) {
        struct csi_led *led = stage->led;

        if (!stage->node->fields[i].path || is_noted_above(stage, i) ||
            is_column(stage, i) || stage->map[i] >= stage->schema->count)
            continue;
        if (!led)
            led = stage->led = csi_calloc(1, sizeof(*led));
        if (!led || !csi_grow(&led->paths, &led->capacity, led->count + 1,
                              sizeof(*led->paths)))
            return false;
        led->paths[led->count++] = (struct path){.slot = i};
        led->open++;
    }
    return true;
}

/* ---- Noting -------------------------------------------------------------- */

/* The bytes of a path that lead to what its last step is in. */
static uint32_t parent_length(const struct csi_field_name *field)
{
    uint32_t length = 0;
    bool quoted = false;

    for (uint32_t i = 0; i < field->path_length; i++) {
        quoted ^= field->path[i] == '`';
        if (!quoted && (field->path[i] == '.' || field->path[i] == '['))
            length = i;
    }
    return length;
}

static bool print_part(const struct csi_field_name *field, uint32_t length,
                       struct cosend_bytes *text)
{
    cosend_put_raw(text, field->name, strlen(field->name));
    if (length && *field->path != '[')
        cosend_put_raw(text, ".", 1);
    for (uint32_t i = 0; i < length; i++)
        if (field->path[i] != '`')
            cosend_put_raw(text, field->path + i, 1);
    return !text->failed;
}

bool csi_led_print(const struct csi_field_name *field,
                   struct cosend_bytes *text)
{
    return print_part(field, field->path_length, text);
}

bool csi_led_is_same(const struct csi_field_name *field,
                     const struct csi_field_name *other)
{
    return strcmp(field->name, other->name) == 0 &&
           field->path_length == other->path_length &&
           (!field->path_length ||
            memcmp(field->path, other->path, field->path_length) == 0);
}

/* The names in the object that the last step would be in. */
static bool sample(struct path *path, const struct csi_field_name *field,
                   struct cosend_cell cell, uint64_t ordinal)
{
    struct cosend_schema *beside = csi_schema_new();
    struct cosend_bytes text = {0}, name = {0};
    struct cosend_item item = {0};
    uint32_t length = parent_length(field);
    bool ok = beside;

    cell = cosend_take_path(cell, field->path, length, &text);
    while (ok && cell.kind == COSEND_NESTED &&
           cosend_next_member(cell, &item, &text) && item.name) {
        cosend_bytes_clear(&name);
        ok = print_part(field, length, &name);
        cosend_put_raw(&name, ".", 1);
        cosend_put_raw(&name, item.name, item.name_length);
        ok = ok && !name.failed &&
             csi_schema_add_new(beside, (const char *)name.data, name.length);
    }
    ok = ok && !text.failed;
    cosend_bytes_free(&text);
    cosend_bytes_free(&name);
    if (!ok || !beside->count) {
        csi_schema_unref(beside);
        return ok;
    }
    csi_schema_unref(path->beside);
    path->beside = beside;
    path->ordinal = ordinal;
    return true;
}

static bool note_path(struct path *path, const struct csi_stage *stage,
                      const struct cosend_batch *batch)
{
    const struct csi_field_name *field = &stage->node->fields[path->slot];
    struct cosend_bytes text = {0};
    bool ok = true;

    for (uint32_t i = 0; ok && !path->led && i < batch->count; i++) {
        struct cosend_record record = cosend_batch_record(batch, i);
        uint64_t ordinal = csi_batch_ordinal(batch, i);
        struct cosend_cell cell;

        ok = csi_record_cell(&record, stage->map[path->slot], &cell);
        if (!ok || cell.kind != COSEND_NESTED)
            continue;
        path->led =
            cosend_take_path(cell, field->path, field->path_length, &text)
                .kind != COSEND_ABSENT;
        if (!path->led && (!path->beside || ordinal < path->ordinal))
            ok = sample(path, field, cell, ordinal);
    }
    ok = ok && !text.failed;
    cosend_bytes_free(&text);
    return ok;
}

bool csi_led_note(struct csi_stage *stage, const struct cosend_batch *batch)
{
    struct csi_led *led = stage->led;

    for (size_t i = 0; led && led->open && i < led->count; i++) {
        if (led->paths[i].led)
            continue;
        if (!note_path(&led->paths[i], stage, batch))
            return false;
        led->open -= led->paths[i].led;
    }
    return true;
}

/* ---- At the end ---------------------------------------------------------- */

void csi_led_take(struct csi_stage *stage, struct csi_stage *from)
{
    struct csi_led *to = stage->led, *of = from->led;

    if (!to) {
        stage->led = of;
        from->led = NULL;
        return;
    }
    /* A thread that had no memory may know fewer. */
    for (size_t i = 0; of && i < to->count && i < of->count; i++) {
        struct path *path = &to->paths[i], *other = &of->paths[i];

        path->led |= other->led;
        if (!other->beside || (path->beside && path->ordinal <= other->ordinal))
            continue;
        csi_schema_unref(path->beside);
        path->beside = other->beside;
        path->ordinal = other->ordinal;
        other->beside = NULL;
    }
}

static const struct path *find_path(const struct csi_stage *stage,
                                    uint32_t slot)
{
    const struct csi_led *led = stage->led;

    for (size_t i = 0; led && i < led->count; i++)
        if (led->paths[i].slot == slot)
            return &led->paths[i];
    return NULL;
}

bool csi_led_has(const struct csi_stage *stage, uint32_t slot)
{
    return find_path(stage, slot);
}

bool csi_led_nowhere(const struct csi_stage *stage, uint32_t slot)
{
    const struct path *path = find_path(stage, slot);

    return path && !path->led;
}

struct cosend_schema *csi_led_beside(const struct csi_stage *stage,
                                     uint32_t slot)
{
    const struct path *path = find_path(stage, slot);

    return path ? path->beside : NULL;
}

void csi_led_free(struct csi_stage *stage)
{
    struct csi_led *led = stage->led;

    if (!led)
        return;
    for (size_t i = 0; i < led->count; i++)
        csi_schema_unref(led->paths[i].beside);
    csi_free(led->paths);
    csi_free(led);
}
