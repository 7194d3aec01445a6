/* SPDX-License-Identifier: MIT */
/* min, max and range, first and last: of all cells one or two are kept, as they
   are written. */
#include "stage/aggregate_chosen.h"

#include "base/base.h"
#include "cosend/number.h"

#include <string.h>

/* The state of min, max, first and last. */
struct chosen {
    char *text;
    struct cosend_value value; /* min, max */
    uint64_t ordinal;          /* first, last */
    uint32_t length;
    uint32_t capacity;
    bool any;
    uint8_t kind;
};

static struct cosend_cell chosen_cell(const struct chosen *chosen)
{
    return (struct cosend_cell){chosen->length ? chosen->text : "",
                                chosen->length, (enum cosend_kind)chosen->kind};
}

/* False without memory. */
static bool choose(struct chosen *chosen, struct cosend_cell cell,
                   uint64_t ordinal)
{
    if (cell.length > chosen->capacity) {
        size_t capacity = chosen->capacity;

        if (!csi_grow(&chosen->text, &capacity, cell.length, 1))
            return false;
        chosen->capacity =
            capacity > UINT32_MAX ? UINT32_MAX : (uint32_t)capacity;
    }
    if (cell.length)
        memcpy(chosen->text, cell.data, cell.length);
    chosen->length = cell.length;
    chosen->kind = (uint8_t)cell.kind;
    chosen->ordinal = ordinal;
    chosen->any = true;
    return true;
}

/* What a computed number is printed as. */
static struct cosend_cell number_cell(const struct cosend_value *value,
                                      char text[COSEND_NUMBER_MAX])
{
    struct cosend_cell cell =
        cosend_text(text, value->type == COSEND_TYPE_INT
                              ? cosend_format_integer(value->as.integer, text)
                              : cosend_format_double(value->as.number, text));

    cell.kind = COSEND_NUMBER;
    return cell;
}

/* The same of a cell that may be a number without its text. */
static bool choose_added(struct chosen *chosen,
                         const struct cosend_added *added, uint32_t i)
{
    struct cosend_cell cell = added->cells[i];
    char text[COSEND_NUMBER_MAX];

    if (cell.length && !cell.data)
        cell = number_cell(&added->values[i], text);
    return choose(chosen, cell, added->ordinals[i]);
}

static void chosen_set(const void *state, struct cosend_stage *self,
                       struct cosend_column column, const void *parameter)
{
    const struct chosen *chosen = state;

    (void)parameter;
    cosend_set(self, column,
               chosen->any ? chosen_cell(chosen)
                           : (struct cosend_cell){.kind = COSEND_NULL});
}

static void chosen_save(const void *state, struct cosend_bytes *to)
{
    const struct chosen *chosen = state;

    cosend_put_u8(to, chosen->any);
    if (!chosen->any)
        return;
    cosend_put_u8(to, chosen->kind);
    cosend_put_varint(to, chosen->ordinal);
    cosend_put_bytes(to, chosen->text, chosen->length);
}

/* Whether something was saved. */
static bool get_chosen(struct cosend_reader_bytes *from,
                       struct cosend_cell *cell, uint64_t *ordinal)
{
    size_t length;
    uint8_t kind;

    if (!cosend_get_u8(from))
        return false;
    kind = cosend_get_u8(from);
    *ordinal = cosend_get_varint(from);
    cell->data = cosend_get_bytes(from, &length);
    cell->length = (uint32_t)length;
    cell->kind = (enum cosend_kind)kind;
    from->failed |= kind > COSEND_NESTED || length > UINT32_MAX;
    return !from->failed;
}

static void chosen_release(void *state)
{
    struct chosen *chosen = state;

    csi_free(chosen->text);
    *chosen = (struct chosen){0};
}

/* ---- min, max ------------------------------------------------------------ */

/* Of equal values, 1 and 1.0 and "1", the shorter text, or the lesser. */
static bool is_plainer(struct cosend_cell a, const struct chosen *b)
{
    int order;

    if (a.length != b->length)
        return a.length < b->length;
    order = a.length ? memcmp(a.data, b->text, a.length) : 0;
    return order ? order < 0 : (unsigned)a.kind < b->kind;
}

/* Take a cell, or of equals the plainer one. Apart, so that what is common
   needs no buffer. */
__attribute__((noinline)) static bool
extreme_choose(struct chosen *chosen, struct cosend_cell cell,
               const struct cosend_value *value, bool equal)
{
    char text[COSEND_NUMBER_MAX];

    if (!cell.data)
        cell = number_cell(value, text);
    if (equal && !is_plainer(cell, chosen))
        return true;
    if (!choose(chosen, cell, 0))
        return false;
    chosen->value = cosend_value_of(chosen_cell(chosen));
    return true;
}

/* way: -1 for the least, 1 for the greatest. */
static bool extreme_take(struct chosen *chosen, struct cosend_cell cell,
                         const struct cosend_value *value, int way)
{
    int order = chosen->any ? cosend_compare(value, &chosen->value) : way;

    return (order && (order > 0) != (way > 0)) ||
           extreme_choose(chosen, cell, value, order == 0);
}

static uint32_t extreme_add(const struct cosend_added *added, int way)
{
    for (uint32_t i = added->from; i < added->to; i++) {
        struct cosend_cell cell = added->cells[i];

        if (!cosend_is_blank(cell) &&
            !extreme_take(cosend_state_at(added, i), cell, &added->values[i],
                          way))
            return COSEND_ADD_FAILED;
    }
    return added->to;
}

static uint32_t min_add(const struct cosend_added *added, const void *parameter)
{
    (void)parameter;
    return extreme_add(added, -1);
}

static uint32_t max_add(const struct cosend_added *added, const void *parameter)
{
    (void)parameter;
    return extreme_add(added, 1);
}

static int extreme_merge(struct chosen *chosen,
                         struct cosend_reader_bytes *from, int way)
{
    struct cosend_cell cell;
    struct cosend_value value;
    uint64_t ordinal;

    if (!get_chosen(from, &cell, &ordinal))
        return from->failed ? COSEND_E_TYPE : COSEND_OK;
    value = cosend_value_of(cell);
    return extreme_take(chosen, cell, &value, way) ? COSEND_OK
                                                   : COSEND_E_MEMORY;
}

static int min_merge(void *state, struct cosend_reader_bytes *from)
{
    return extreme_merge(state, from, -1);
}

static int max_merge(void *state, struct cosend_reader_bytes *from)
{
    return extreme_merge(state, from, 1);
}

static int extreme_unite(struct chosen *chosen, struct chosen *from, int way)
{
    if (from->any &&
        !extreme_take(chosen, chosen_cell(from), &from->value, way))
        return COSEND_E_MEMORY;
    chosen_release(from);
    return COSEND_OK;
}

static int min_unite(void *state, void *from)
{
    return extreme_unite(state, from, -1);
}

static int max_unite(void *state, void *from)
{
    return extreme_unite(state, from, 1);
}

static bool is_digits(const char *text, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

/* Dates with the year first, and times of day, are in order as text. */
static bool is_ordered_time(const char *text, uint32_t length)
{
    return (length >= 7 && is_digits(text, 4) &&
            (text[4] == '-' || text[4] == '/') && is_digits(text + 5, 2)) ||
           (length >= 5 && is_digits(text, 2) && text[2] == ':' &&
            is_digits(text + 3, 2));
}

/* 10K, 12ms, $5, 10/Oct/2023: text that begins as a number, and is hardly meant
   to be in the order of its bytes. */
static const char *extreme_doubt(const void *state)
{
    const struct chosen *chosen = state;
    const char *text = chosen->text;
    uint32_t length = chosen->length;

    if (!length || chosen->value.type != COSEND_TYPE_TEXT)
        return NULL;
    if (length > 1 && strchr("+-$", *text))
        text++, length--;
    return is_digits(text, 1) && !is_ordered_time(text, length)
               ? "compared as text, byte by byte, in which 9K is more than "
                 "10K; `convert` or `date` before it makes what is in order"
               : NULL;
}

/* ---- range --------------------------------------------------------------- */

struct range {
    struct chosen least, greatest;
};

static uint32_t range_add(const struct cosend_added *added,
                          const void *parameter)
{
    (void)parameter;
    for (uint32_t i = added->from; i < added->to; i++) {
        struct cosend_cell cell = added->cells[i];
        const struct cosend_value *value = &added->values[i];
        struct range *range = cosend_state_at(added, i);

        if (cosend_is_blank(cell))
            continue;
        if (!cosend_is_number(value))
            return i;
        if (!extreme_take(&range->least, cell, value, -1) ||
            !extreme_take(&range->greatest, cell, value, 1))
            return COSEND_ADD_FAILED;
    }
    return added->to;
}

static void range_set(const void *state, struct cosend_stage *self,
                      struct cosend_column column, const void *parameter)
{
    const struct range *range = state;
    struct cosend_cell most = chosen_cell(&range->greatest);
    struct cosend_cell cell = {.kind = COSEND_NULL};
    struct cosend_sum sum = {0};
    char text[COSEND_SUM_MAX];

    (void)parameter;
    if (range->least.any) {
        struct cosend_cell least = chosen_cell(&range->least);

        if (cosend_sum_subtract(&sum, least.data, least.length) !=
                COSEND_IS_NUMBER ||
            cosend_sum_add(&sum, most.data, most.length) != COSEND_IS_NUMBER)
            cosend_fail(self, COSEND_E_MEMORY, "out of memory");
        cell = cosend_text(text, cosend_sum_total(&sum, text));
        cell.kind = COSEND_NUMBER;
    }
    cosend_set(self, column, cell);
    cosend_sum_free(&sum);
}

static void range_save(const void *state, struct cosend_bytes *to)
{
    const struct range *range = state;

    chosen_save(&range->least, to);
    chosen_save(&range->greatest, to);
}

static int range_merge(void *state, struct cosend_reader_bytes *from)
{
    struct range *range = state;
    int status = extreme_merge(&range->least, from, -1);

    return status == COSEND_OK ? extreme_merge(&range->greatest, from, 1)
                               : status;
}

static void range_release(void *state)
{
    struct range *range = state;

    chosen_release(&range->least);
    chosen_release(&range->greatest);
}

static int range_unite(void *state, void *other)
{
    struct range *range = state, *from = other;
    int status = extreme_unite(&range->least, &from->least, -1);

    return status == COSEND_OK
               ? extreme_unite(&range->greatest, &from->greatest, 1)
               : status;
}

/* ---- first, last --------------------------------------------------------- */

static uint32_t first_add(const struct cosend_added *added,
                          const void *parameter)
{
    (void)parameter;
    for (uint32_t i = added->from; i < added->to; i++) {
        struct chosen *chosen = cosend_state_at(added, i);

        if ((!chosen->any || added->ordinals[i] < chosen->ordinal) &&
            !choose_added(chosen, added, i))
            return COSEND_ADD_FAILED;
    }
    return added->to;
}

static uint32_t last_add(const struct cosend_added *added,
                         const void *parameter)
{
    (void)parameter;
    for (uint32_t i = added->from; i < added->to; i++) {
        struct chosen *chosen = cosend_state_at(added, i);

        if ((!chosen->any || added->ordinals[i] >= chosen->ordinal) &&
            !choose(chosen, added->cells[i], added->ordinals[i]))
            return COSEND_ADD_FAILED;
    }
    return added->to;
}

/* Of two cells the one that is before the other, or `last`, behind it; of one
   ordinal the first that was chosen stays the first, and not the last. */
static int place_take(struct chosen *chosen, struct cosend_cell cell,
                      uint64_t ordinal, bool last)
{
    if (chosen->any &&
        (last ? chosen->ordinal > ordinal : chosen->ordinal <= ordinal))
        return COSEND_OK;
    return choose(chosen, cell, ordinal) ? COSEND_OK : COSEND_E_MEMORY;
}

static int place_merge(struct chosen *chosen, struct cosend_reader_bytes *from,
                       bool last)
{
    struct cosend_cell cell;
    uint64_t ordinal;

    if (!get_chosen(from, &cell, &ordinal))
        return from->failed ? COSEND_E_TYPE : COSEND_OK;
    return place_take(chosen, cell, ordinal, last);
}

static int place_unite(struct chosen *chosen, struct chosen *from, bool last)
{
    int status = COSEND_OK;

    if (from->any)
        status = place_take(chosen, chosen_cell(from), from->ordinal, last);
    if (status == COSEND_OK)
        chosen_release(from);
    return status;
}

static int first_merge(void *state, struct cosend_reader_bytes *from)
{
    return place_merge(state, from, false);
}

static int last_merge(void *state, struct cosend_reader_bytes *from)
{
    return place_merge(state, from, true);
}

static int first_unite(void *state, void *from)
{
    return place_unite(state, from, false);
}

static int last_unite(void *state, void *from)
{
    return place_unite(state, from, true);
}

/* ---- The rows ------------------------------------------------------------ */

const struct cosend_aggregate csi_aggregate_min = {
    .name = "min",
    .summary = "The least value that is not blank, as it is written",
    .size = sizeof(struct chosen),
    .flags = COSEND_TAKES_VALUES | COSEND_NEEDS_FIELD | COSEND_TAKES_COMPUTED,
    .add = min_add,
    .set = chosen_set,
    .save = chosen_save,
    .merge = min_merge,
    .release = chosen_release,
    .doubt = extreme_doubt,
    .unite = min_unite};
const struct cosend_aggregate csi_aggregate_max = {
    .name = "max",
    .summary = "The greatest value that is not blank, as it is written",
    .size = sizeof(struct chosen),
    .flags = COSEND_TAKES_VALUES | COSEND_NEEDS_FIELD | COSEND_TAKES_COMPUTED,
    .add = max_add,
    .set = chosen_set,
    .save = chosen_save,
    .merge = max_merge,
    .release = chosen_release,
    .doubt = extreme_doubt,
    .unite = max_unite};
const struct cosend_aggregate csi_aggregate_range = {
    .name = "range",
    .summary = "The greatest number less the least one, exactly",
    .size = sizeof(struct range),
    .flags = COSEND_TAKES_NUMBERS | COSEND_TAKES_VALUES | COSEND_NEEDS_FIELD |
             COSEND_TAKES_COMPUTED,
    .add = range_add,
    .set = range_set,
    .save = range_save,
    .merge = range_merge,
    .release = range_release,
    .unite = range_unite};
const struct cosend_aggregate csi_aggregate_first = {
    .name = "first",
    .summary = "The first record's cell, blank or not",
    .size = sizeof(struct chosen),
    .flags = COSEND_TAKES_ORDINALS | COSEND_NEEDS_FIELD | COSEND_TAKES_COMPUTED,
    .add = first_add,
    .set = chosen_set,
    .save = chosen_save,
    .merge = first_merge,
    .release = chosen_release,
    .unite = first_unite};
const struct cosend_aggregate csi_aggregate_last = {
    .name = "last",
    .summary = "The last record's cell, blank or not",
    .size = sizeof(struct chosen),
    .flags = COSEND_TAKES_ORDINALS | COSEND_NEEDS_FIELD,
    .add = last_add,
    .set = chosen_set,
    .save = chosen_save,
    .merge = last_merge,
    .release = chosen_release,
    .unite = last_unite};
