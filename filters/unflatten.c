/* SPDX-License-Identifier: MIT */
/*
 * unflatten: emits each record, as it comes, with objects and arrays of fields
 * whose names have a separator: {"a.b":1} becomes {"a":{"b":1}}.
 *
 * The names of a record are put in a tree, a node for each part, and each
 * child of its root becomes a field.
 */
#include "cosend.h"

#include <string.h>

enum numbers { NUMBERS_TEXT, NUMBERS_AUTO };

struct unflatten {
    struct cosend_string separator;
    int64_t depth;
    int numbers;
};

static const char *const numbers_names[] = {"text", "auto", NULL};

static const struct cosend_option options[] = {
    {.name = "separator",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct unflatten, separator),
     .fallback = "\".\"",
     .flags = COSEND_MAIN | COSEND_SEPARATOR,
     .minimum = 1,
     .maximum = 256,
     .help = "what stands between the names",
     .example = "\"_\""},
    {.name = "depth",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct unflatten, depth),
     .fallback = "1000",
     .minimum = 1,
     .maximum = 1000,
     .help = "how many levels are made; the last has the rest of the name",
     .example = "1"},
    {.name = "numbers",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct unflatten, numbers),
     .fallback = "\"text\"",
     .choices = numbers_names,
     .help = "what CSV has is text; auto: in objects and arrays a number where "
             "it is written as JSON would, as the output's numbers=auto does "
             "elsewhere",
     .example = "\"auto\""},
    {.name = NULL},
};

enum { ROOT = 0, NONE = 0 };

/* Places of other nodes; the root is nobody's child, so 0 is none. */
struct node {
    const char *name;
    size_t length;
    uint32_t parent, first, last, next;
    uint32_t count; /* of children; 0: a value */
    bool is_list;   /* their names are 0, 1, 2 ... */
    struct cosend_item item;
};

struct tree {
    struct cosend_bytes *nodes, *json;
    bool is_lossy; /* the JSON has U+FFFD in the place of other bytes */
};

static struct node *node_at(const struct tree *tree, uint32_t i)
{
    return (struct node *)(void *)tree->nodes->data + i;
}

static bool is_number(const char *name, size_t length, uint32_t number)
{
    char digits[COSEND_NUMBER_MAX];

    return cosend_format_unsigned(number, digits) == length &&
           memcmp(digits, name, length) == 0;
}

static uint32_t find_child(const struct tree *tree, uint32_t parent,
                           const char *name, size_t length)
{
    uint32_t last = node_at(tree, parent)->last;

    for (uint32_t i = last; i != NONE;) {
        const struct node *node = node_at(tree, i);

        if (node->length == length && memcmp(node->name, name, length) == 0)
            return i;
        i = i == last ? node_at(tree, parent)->first : node->next;
        if (i == last)
            break;
    }
    return NONE;
}

/* Add a child; NONE without memory. */
static uint32_t add_child(struct tree *tree, uint32_t parent, const char *name,
                          size_t length)
{
    uint32_t i = (uint32_t)(tree->nodes->length / sizeof(struct node));
    struct node node = {.name = name, .length = length, .parent = parent};
    struct node *above;

    cosend_put_raw(tree->nodes, &node, sizeof(node));
    if (tree->nodes->failed)
        return NONE;
    above = node_at(tree, parent);
    above->is_list = (above->is_list || !above->count) &&
                     is_number(name, length, above->count);
    above->count++;
    if (above->last != NONE)
        node_at(tree, above->last)->next = i;
    else
        above->first = i;
    above->last = i;
    return i;
}

/* Put a field in the tree. False where its name is a value's already, or has
   one in it that is; and without memory. */
static bool add_field(const struct unflatten *unflatten, struct tree *tree,
                      const struct cosend_item *item)
{
    const char *at = item->name, *end = at + item->name_length, *next;
    const struct cosend_string *between = &unflatten->separator;
    uint32_t parent = ROOT, child;

    for (int64_t depth = 0;; depth++) {
        size_t left = (size_t)(end - at);

        next = left && depth < unflatten->depth
                   ? memmem(at, left, between->data, between->length)
                   : NULL;
        if (!next)
            break;
        child = find_child(tree, parent, at, (size_t)(next - at));
        if (child != NONE && !node_at(tree, child)->count)
            return false;
        if (child == NONE)
            child = add_child(tree, parent, at, (size_t)(next - at));
        if (child == NONE)
            return false;
        parent = child;
        at = next + between->length;
    }
    if (find_child(tree, parent, at, (size_t)(end - at)) != NONE)
        return false;
    child = add_child(tree, parent, at, (size_t)(end - at));
    if (child != NONE)
        node_at(tree, child)->item = *item;
    return child != NONE;
}

/* ---- What comes of it ---------------------------------------------------- */

static void put_name(struct tree *tree, const struct node *node)
{
    const struct node *above = node_at(tree, node->parent);

    if (above->is_list)
        return;
    tree->is_lossy |=
        !cosend_put_json(tree->json, cosend_text(node->name, node->length));
    cosend_put_raw(tree->json, ":", 1);
}

static void put_value(const struct unflatten *unflatten, struct tree *tree,
                      const struct cosend_item *item)
{
    struct cosend_cell cell = item->cell;

    if (item->raw) {
        cosend_put_raw(tree->json, item->raw, item->raw_length);
        return;
    }
    if (unflatten->numbers == NUMBERS_AUTO && cell.kind == COSEND_TEXT &&
        cosend_is_json_number(cell.data, cell.length))
        cell.kind = COSEND_NUMBER;
    tree->is_lossy |= !cosend_put_json(tree->json, cell);
}

/* Write what is in a node as JSON. */
static void put_all(const struct unflatten *unflatten, struct tree *tree,
                    uint32_t top)
{
    uint32_t i = top;

    for (;;) {
        const struct node *node = node_at(tree, i);

        if (node->count) {
            cosend_put_raw(tree->json, node->is_list ? "[" : "{", 1);
            i = node->first;
            put_name(tree, node_at(tree, i));
            continue;
        }
        put_value(unflatten, tree, &node->item);
        while (i != top && node->next == NONE) {
            i = node->parent;
            node = node_at(tree, i);
            cosend_put_raw(tree->json, node->is_list ? "]" : "}", 1);
        }
        if (i == top)
            return;
        cosend_put_raw(tree->json, ",", 1);
        i = node->next;
        put_name(tree, node_at(tree, i));
    }
}

static void set_fields(struct cosend_stage *self,
                       const struct unflatten *unflatten, struct tree *tree)
{
    for (uint32_t i = node_at(tree, ROOT)->first; i != NONE;) {
        const struct node *node = node_at(tree, i);
        struct cosend_cell cell;

        i = node->next;
        if (!node->count) {
            cosend_set_item(self, NULL, 0, &node->item);
            continue;
        }
        cosend_bytes_clear(tree->json);
        put_all(unflatten, tree, (uint32_t)(node - node_at(tree, ROOT)));
        cell = cosend_text((const char *)tree->json->data, tree->json->length);
        cell.kind = COSEND_NESTED;
        if (tree->json->failed)
            return;
        cosend_set_field(self, node->name, node->length, cell);
    }
}

static void unflatten_record(struct cosend_stage *self,
                             const struct unflatten *unflatten,
                             struct tree *tree, struct cosend_record *record)
{
    const struct node root = {.name = ""};
    struct cosend_item item = {0};

    cosend_bytes_clear(tree->nodes);
    cosend_put_raw(tree->nodes, &root, sizeof(root));
    if (tree->nodes->failed)
        return;
    while (cosend_walk(self, record, &item)) {
        if (item.cell.kind == COSEND_ABSENT ||
            add_field(unflatten, tree, &item))
            continue;
        if (!tree->nodes->failed)
            cosend_bad(self, record, "clash",
                       "field \"%.*s\" is in one that has a value of its own, "
                       "or is such a one",
                       cosend_shown(item.name, item.name_length, 100),
                       item.name);
        return;
    }
    tree->is_lossy = false;
    set_fields(self, unflatten, tree);
    if (tree->is_lossy)
        cosend_bad(self, record, "not_utf8",
                   "it has bytes that are no UTF-8, which JSON cannot hold");
    else if (!tree->json->failed)
        cosend_emit(self, record);
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct unflatten *unflatten = memory;
    struct tree tree = {cosend_stage_text(self), cosend_stage_text(self),
                        false};
    struct cosend_record record;

    if (!tree.nodes || !tree.json)
        return COSEND_E_MEMORY;
    cosend_open_columns(self);
    cosend_drop_columns(self);
    while (cosend_receive(self, &record)) {
        unflatten_record(self, unflatten, &tree, &record);
        if (tree.nodes->failed || tree.json->failed)
            return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    }
    return 0;
}

const struct cosend_filter csi_filter_unflatten = {
    .abi = COSEND_ABI,
    .name = "unflatten",
    .role = COSEND_FILTER,
    .summary = "Make objects and arrays of fields whose names have dots",
    .details =
        "Emits each record as it comes, with an object in the place of the "
        "first of the fields whose names begin alike up to a separator: of a.b "
        "and a.c the object a. It is an array where the names in it are 0, 1, "
        "2 and so on, in this order. Other fields pass to the byte. A field "
        "that would be in one with a value of its own, as a.b beside a, makes "
        "the record bad (clash). CSV has no header without a record. Memory: "
        "none. Each record is treated by "
        "itself, in all threads, and at once under --follow.",
    .example = "unflatten separator=_",
    .options_size = sizeof(struct unflatten),
    .options = options,
    .body = body,
    .parallel = COSEND_STATELESS,
};
