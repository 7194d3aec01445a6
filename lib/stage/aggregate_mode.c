/* SPDX-License-Identifier: MIT */
/*
 * mode: the text that is there most often, of several the one that was first.
 * All that differ are held.
 */
#include "stage/aggregate_mode.h"

#include "base/base.h"

struct mode {
    struct cosend_table *values; /* struct seen, by text; NULL: none */
};

struct seen {
    uint64_t count;
    uint64_t first; /* ordinal */
    uint64_t kind;  /* of the first one's cell */
};

/* False without memory. */
static bool take_seen(struct mode *mode, const void *text, size_t length,
                      struct seen more)
{
    struct seen *seen;

    if (!mode->values)
        mode->values = cosend_table_new(sizeof(*seen), NULL);
    seen = mode->values ? cosend_table_get(mode->values, text, length, NULL)
                        : NULL;
    if (!seen)
        return false;
    if (!seen->count || more.first < seen->first) {
        seen->first = more.first;
        seen->kind = more.kind;
    }
    seen->count += more.count;
    return true;
}

static uint32_t mode_add(const struct cosend_added *added,
                         const void *parameter)
{
    (void)parameter;
    for (uint32_t i = added->from; i < added->to; i++) {
        struct cosend_cell cell = added->cells[i];
        struct seen one = {1, added->ordinals[i], cell.kind};

        if (!cosend_is_blank(cell) &&
            !take_seen(cosend_state_at(added, i), cell.data, cell.length, one))
            return COSEND_ADD_FAILED;
    }
    return added->to;
}

static size_t mode_count(const struct mode *mode)
{
    return mode->values ? cosend_table_count(mode->values) : 0;
}

static void mode_set(const void *state, struct cosend_stage *self,
                     struct cosend_column column, const void *parameter)
{
    const struct mode *mode = state;
    struct cosend_cell cell = {.kind = COSEND_NULL};
    const struct seen *most = NULL;
    const void *text;
    size_t length;

    (void)parameter;
    for (size_t i = 0; i < mode_count(mode); i++) {
        const struct seen *seen =
            cosend_table_at(mode->values, i, &text, &length);

        if (most && (seen->count < most->count ||
                     (seen->count == most->count && seen->first > most->first)))
            continue;
        most = seen;
        cell = cosend_text(text, length);
        cell.kind = (enum cosend_kind)seen->kind;
    }
    cosend_set(self, column, cell);
}

static void mode_save(const void *state, struct cosend_bytes *to)
{
    const struct mode *mode = state;
    const void *text;
    size_t length;

    cosend_put_varint(to, mode_count(mode));
    for (size_t i = 0; i < mode_count(mode); i++) {
        const struct seen *seen =
            cosend_table_at(mode->values, i, &text, &length);

        cosend_put_bytes(to, text, length);
        cosend_put_varint(to, seen->count);
        cosend_put_varint(to, seen->first);
        cosend_put_u8(to, (uint8_t)seen->kind);
    }
}

static int mode_merge(void *state, struct cosend_reader_bytes *from)
{
    uint64_t count = cosend_get_varint(from);

    for (; count && !from->failed; count--) {
        size_t length;
        const char *text = cosend_get_bytes(from, &length);
        struct seen seen = {.count = cosend_get_varint(from)};

        seen.first = cosend_get_varint(from);
        seen.kind = cosend_get_u8(from);
        if (from->failed || seen.kind > COSEND_NESTED || seen.count > INT64_MAX)
            return COSEND_E_TYPE;
        if (!take_seen(state, text, length, seen))
            return COSEND_E_MEMORY;
    }
    return from->failed ? COSEND_E_TYPE : COSEND_OK;
}

static void mode_release(void *state)
{
    struct mode *mode = state;

    cosend_table_free(mode->values);
    mode->values = NULL;
}

const struct cosend_aggregate csi_aggregate_mode = {
    .name = "mode",
    .summary = "The value that is there most often, of several the first",
    .size = sizeof(struct mode),
    .flags = COSEND_TAKES_ORDINALS | COSEND_NEEDS_FIELD,
    .add = mode_add,
    .set = mode_set,
    .save = mode_save,
    .merge = mode_merge,
    .release = mode_release};
