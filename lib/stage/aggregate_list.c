/* SPDX-License-Identifier: MIT */
/*
 * list and concat: all values, in the order of the input, as an array of JSON
 * or with a separator in between. Each is kept with its record's ordinal, so
 * that two parts are merged as sorted lists are.
 */
#include "stage/aggregate_list.h"

#include "base/base.h"
#include "base/utf8.h"
#include "cosend/nested.h"

#include <string.h>

struct list {
    struct cosend_bytes items; /* ordinal, kind, text, each behind the other */
};

struct item {
    uint64_t ordinal;
    struct cosend_cell cell;
};

static void put_item(struct cosend_bytes *to, const struct item *item)
{
    cosend_put_varint(to, item->ordinal);
    cosend_put_u8(to, (uint8_t)item->cell.kind);
    cosend_put_bytes(to, item->cell.data, item->cell.length);
}

/* False behind the last, and where the bytes make no sense. */
static bool next_item(struct cosend_reader_bytes *from, struct item *item)
{
    size_t length;
    uint8_t kind;

    if (from->next == from->end || from->failed)
        return false;
    item->ordinal = cosend_get_varint(from);
    kind = cosend_get_u8(from);
    item->cell.data = cosend_get_bytes(from, &length);
    item->cell.length = (uint32_t)length;
    item->cell.kind = (enum cosend_kind)kind;
    from->failed |=
        kind < COSEND_TEXT || kind > COSEND_NESTED || length > UINT32_MAX;
    return !from->failed;
}

static struct cosend_reader_bytes items_of(const struct list *list)
{
    return cosend_read_bytes(list->items.data, list->items.length);
}

static uint32_t list_add(const struct cosend_added *added,
                         const void *parameter)
{
    (void)parameter;
    for (uint32_t i = added->from; i < added->to; i++) {
        struct list *list = cosend_state_at(added, i);
        struct item item = {added->ordinals[i], added->cells[i]};

        if (cosend_is_blank(item.cell))
            continue;
        put_item(&list->items, &item);
        if (list->items.failed)
            return COSEND_ADD_FAILED;
    }
    return added->to;
}

/* ---- What comes of it ---------------------------------------------------- */

/* Set the column to the bytes, or fail the step. */
static void set_bytes(struct cosend_stage *self, struct cosend_column column,
                      struct cosend_bytes *bytes, enum cosend_kind kind)
{
    struct cosend_cell cell =
        cosend_text((const char *)bytes->data, bytes->length);

    cell.kind = kind;
    if (bytes->failed)
        cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    else if (bytes->length > UINT32_MAX)
        cosend_fail(self, COSEND_E_LIMIT,
                    "the values of a group have more than 4 GiB together");
    else
        cosend_set(self, column, cell);
    cosend_bytes_free(bytes);
}

static void list_set(const void *state, struct cosend_stage *self,
                     struct cosend_column column, const void *parameter)
{
    struct cosend_reader_bytes from = items_of(state);
    struct cosend_bytes text = {0};
    struct item item;

    (void)parameter;
    cosend_put_raw(&text, "[", 1);
    while (next_item(&from, &item)) {
        if (text.length > 1)
            cosend_put_raw(&text, ",", 1);
        cosend_put_json(&text, item.cell);
    }
    cosend_put_raw(&text, "]", 1);
    set_bytes(self, column, &text, COSEND_NESTED);
}

static void concat_set(const void *state, struct cosend_stage *self,
                       struct cosend_column column, const void *parameter)
{
    struct cosend_reader_bytes from = items_of(state);
    const char *separator = parameter ? parameter : ",";
    struct cosend_bytes text = {0};
    struct item item;
    bool any = false;

    for (; next_item(&from, &item); any = true) {
        if (any)
            cosend_put_raw(&text, separator, strlen(separator));
        cosend_put_raw(&text, item.cell.data, item.cell.length);
    }
    set_bytes(self, column, &text, any ? COSEND_TEXT : COSEND_NULL);
}

/* An array of JSON cannot hold all bytes. */
static const char *list_doubt(const void *state)
{
    struct cosend_reader_bytes from = items_of(state);
    struct item item;

    while (next_item(&from, &item))
        if (item.cell.kind == COSEND_TEXT &&
            !csi_utf8_is_valid(item.cell.data, item.cell.length))
            return "has U+FFFD in the place of bytes that are no UTF-8";
    return NULL;
}

/* ---- As bytes ------------------------------------------------------------ */

static void list_save(const void *state, struct cosend_bytes *to)
{
    const struct list *list = state;

    cosend_put_bytes(to, list->items.data, list->items.length);
}

/* Where items are read that are to be merged. */
struct place {
    struct cosend_reader_bytes rest;
    const unsigned char *start; /* of the item at hand, */
    struct item item;           /* which is this one, */
    bool is;                    /* if there is one */
};

static void go_on(struct place *place)
{
    place->start = place->rest.next;
    place->is = next_item(&place->rest, &place->item);
}

/* Append items of one place, from the one at hand on: those before the other
   place's, and, `too`, those of its ordinal. */
static void put_run(struct cosend_bytes *to, struct place *place,
                    const struct place *other, bool too)
{
    const unsigned char *start = place->start;

    do
        go_on(place);
    while (place->is &&
           (!other->is || place->item.ordinal < other->item.ordinal + too));
    cosend_put_raw(to, start, (size_t)(place->start - start));
}

/* Of equal ordinals those that are there already come first. */
static int merge_items(struct list *list, struct cosend_reader_bytes items)
{
    struct place mine = {.rest = items_of(list)}, theirs = {.rest = items};
    struct cosend_bytes both = {0};

    go_on(&mine);
    go_on(&theirs);
    while (mine.is || theirs.is)
        if (mine.is && (!theirs.is || mine.item.ordinal <= theirs.item.ordinal))
            put_run(&both, &mine, &theirs, true);
        else
            put_run(&both, &theirs, &mine, false);
    if (theirs.rest.failed || both.failed) {
        cosend_bytes_free(&both);
        return theirs.rest.failed ? COSEND_E_TYPE : COSEND_E_MEMORY;
    }
    cosend_bytes_free(&list->items);
    list->items = both;
    return COSEND_OK;
}

static int list_merge(void *state, struct cosend_reader_bytes *from)
{
    size_t length;
    const char *saved = cosend_get_bytes(from, &length);

    return from->failed ? COSEND_E_TYPE
                        : merge_items(state, cosend_read_bytes(saved, length));
}

static void list_release(void *state)
{
    struct list *list = state;

    cosend_bytes_free(&list->items);
}

static int list_unite(void *state, void *from)
{
    int status = merge_items(state, items_of(from));

    if (status == COSEND_OK)
        list_release(from);
    return status;
}

#define LIST(called, says, sets, doubts)                                       \
    {                                                                          \
        .name = called, .summary = says, .size = sizeof(struct list),          \
        .flags =                                                               \
            COSEND_TAKES_ORDINALS | COSEND_NEEDS_FIELD | COSEND_SETS_SLOWLY,   \
        .add = list_add, .set = sets, .save = list_save, .merge = list_merge,  \
        .release = list_release, .doubt = doubts, .unite = list_unite          \
    }

const struct cosend_aggregate csi_aggregate_list =
    LIST("list", "All values that are not blank, as an array of JSON", list_set,
         list_doubt);
const struct cosend_aggregate csi_aggregate_concat =
    LIST("concat", "All values that are not blank, with commas between",
         concat_set, NULL);
