/* SPDX-License-Identifier: MIT */
#include "spec/expand.h"

#include "base/text.h"
#include "cosend/number.h"
#include "cosend/template.h"
#include "cosend/time.h"
#include "cosend/expression.h"
#include "spec/condition_json.h"
#include "spec/number_json.h"
#include "spec/jansson.h"

#include <stdio.h>
#include <string.h>

/* Put a new value in a container; both may be NULL. False without memory. */
static bool put_json(json_t *object, const char *key, json_t *json)
{
    return json_object_set_new(object, key, json) == 0;
}

static bool append_json(json_t *array, json_t *json)
{
    return json_array_append_new(array, json) == 0;
}

/* ---- Options ------------------------------------------------------------- */

/* JSON is UTF-8: bytes that are none, which a parameter may have, are shown as
   a pattern would have them. */
static json_t *string_json(const char *text, size_t length)
{
    json_t *json = json_stringn(text, length);
    struct csi_text shown = {0};

    if (!json && !csi_json_failed() && csi_text_utf8(&shown, text, length))
        json = json_stringn(shown.data ? shown.data : "", shown.length);
    csi_text_free(&shown);
    return json;
}

static json_t *strings_json(const struct cosend_strings *strings)
{
    json_t *array = json_array();

    for (size_t i = 0; array && i < strings->count; i++)
        if (!append_json(array, string_json(strings->items[i].data,
                                            strings->items[i].length))) {
            json_decref(array);
            return NULL;
        }
    return array;
}

static json_t *field_json(const struct csi_node *node, uint32_t slot)
{
    const char *name = node->fields[slot].name;

    return name ? string_json(name, strlen(name)) : json_null();
}

static json_t *fields_json(const struct csi_node *node,
                           const struct cosend_fields *fields)
{
    json_t *array = json_array();

    for (uint32_t i = 0; array && i < fields->count; i++)
        if (!append_json(array, field_json(node, fields->first + i))) {
            json_decref(array);
            return NULL;
        }
    return array;
}

/* Whether the option has a value that is worth telling. */
static bool is_set(enum cosend_option_type type, const void *at)
{
    switch (type) {
    case COSEND_OPTION_STRING:
    case COSEND_OPTION_PATH:
    case COSEND_OPTION_PATTERN:
        return ((const struct cosend_string *)at)->data;
    case COSEND_OPTION_STRINGS:
    case COSEND_OPTION_PATHS:
        return ((const struct cosend_strings *)at)->items;
    case COSEND_OPTION_FIELD:
        return cosend_has_field(*(const struct cosend_field *)at);
    case COSEND_OPTION_FIELDS:
        return ((const struct cosend_fields *)at)->count;
    case COSEND_OPTION_CONDITION:
        return *(struct cosend_condition *const *)at;
    case COSEND_OPTION_EXPRESSION:
        return *(struct cosend_expression *const *)at;
    case COSEND_OPTION_TEMPLATE:
        return *(struct cosend_template *const *)at;
    case COSEND_OPTION_TIME:
        return *(const int64_t *)at != 0;
    case COSEND_OPTION_LIST:
    case COSEND_OPTION_MAP:
        return ((const struct cosend_list *)at)->items;
    default:
        return type != COSEND_OPTION_BRANCHES && type != COSEND_OPTION_STEPS;
    }
}

static json_t *options_json(const struct csi_node *node,
                            const struct cosend_option *table,
                            const char *options);

static json_t *number_json(double number)
{
    char digits[COSEND_NUMBER_MAX];

    return csi_number_json(digits, cosend_format_double(number, digits));
}

static json_t *duration_json(int64_t nanoseconds)
{
    char text[COSEND_DURATION_MAX];

    cosend_format_duration(nanoseconds, text);
    return json_string(text);
}

static json_t *time_json(int64_t nanoseconds)
{
    struct cosend_time time = {nanoseconds, 0};
    char text[COSEND_TIME_MAX];

    cosend_format_time(NULL, time, NULL, text, sizeof(text));
    return json_string(text);
}

static json_t *template_json(const struct cosend_template *made)
{
    const char *text = cosend_template_text(made);

    return string_json(text, strlen(text));
}

static json_t *items_json(const struct csi_node *node,
                          const struct cosend_option *option,
                          const struct cosend_list *list)
{
    json_t *all = list->keys ? json_object() : json_array();

    for (size_t i = 0; all && i < list->count; i++) {
        const char *at = (const char *)list->items + i * option->item_size;
        json_t *item = options_json(node, option->group, at);

        if (list->keys ? !put_json(all, list->keys[i].data, item)
                       : !append_json(all, item)) {
            json_decref(all);
            return NULL;
        }
    }
    return all;
}

static json_t *option_json(const struct csi_node *node,
                           const struct cosend_option *option, const void *at)
{
    const struct cosend_string *string = at;
    const struct cosend_header *header = at;

    switch (option->type) {
    case COSEND_OPTION_BOOL:
        return json_boolean(*(const bool *)at);
    case COSEND_OPTION_INT:
    case COSEND_OPTION_SIZE:
        return json_integer(*(const int64_t *)at);
    case COSEND_OPTION_NUMBER:
        return number_json(*(const double *)at);
    case COSEND_OPTION_DURATION:
        return duration_json(*(const int64_t *)at);
    case COSEND_OPTION_TIME:
        return time_json(*(const int64_t *)at);
    case COSEND_OPTION_TEMPLATE:
        return template_json(*(struct cosend_template *const *)at);
    case COSEND_OPTION_LIST:
    case COSEND_OPTION_MAP:
        return items_json(node, option, at);
    case COSEND_OPTION_ENUM:
        return json_string(option->choices[*(const int *)at]);
    case COSEND_OPTION_STRINGS:
    case COSEND_OPTION_PATHS:
        return strings_json(at);
    case COSEND_OPTION_FIELD:
        return field_json(node, ((const struct cosend_field *)at)->slot);
    case COSEND_OPTION_FIELDS:
        return fields_json(node, at);
    case COSEND_OPTION_CONDITION:
        return csi_condition_json(*(struct cosend_condition *const *)at);
    case COSEND_OPTION_EXPRESSION:
        return json_string_nocheck(
            cosend_expression_text(*(struct cosend_expression *const *)at));
    case COSEND_OPTION_HEADER:
        return header->names.items ? strings_json(&header->names)
                                   : json_boolean(header->first_record);
    default:
        return string_json(string->data, string->length);
    }
}

/* A struct's values, by the rows of a table. */
static json_t *options_json(const struct csi_node *node,
                            const struct cosend_option *table,
                            const char *options)
{
    json_t *object = json_object();
    struct cosend_option option;

    for (size_t i = 0; object && cosend_option_at(table, i, &option); i++) {
        const char *at = options + option.offset;

        if (is_set(option.type, at) &&
            !put_json(object, option.name, option_json(node, &option, at))) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static json_t *node_options_json(const struct csi_node *node)
{
    return options_json(node, node->filter->options, node->options);
}

/* ---- Nodes and edges ----------------------------------------------------- */

static json_t *node_json(const struct csi_node *node)
{
    static const char *const words[] = {
        [CSI_REJECT] = "reject", [CSI_SKIP] = "skip", [CSI_FAIL] = "fail"};
    json_t *json = json_object();

    if (put_json(json, "id", json_string(node->id)) &&
        put_json(json, "filter", json_string(node->filter->name)) &&
        put_json(json, "on_error", json_string(words[node->on_error])) &&
        put_json(json, "options", node_options_json(node)))
        return json;
    json_decref(json);
    return NULL;
}

/* A join is called after the node whose branches meet in it; from the second
   one of a node on they are numbered. */
static json_t *join_id(const struct csi_plan *plan, uint32_t join)
{
    const struct csi_join_plan *joins = plan->joins;
    const char *owner = plan->nodes[joins[join].owner].id;
    unsigned number = 1;
    char id[96];

    for (uint32_t i = 0; i < join; i++)
        number += joins[i].owner == joins[join].owner;
    snprintf(id, sizeof(id), number == 1 ? "%s.join" : "%s.join_%u", owner,
             number);
    return json_string(id);
}

static bool add_edge(const struct csi_plan *plan, json_t *edges, json_t *from,
                     const struct csi_link *to)
{
    bool joins = to->join != CSI_NOWHERE;
    json_t *edge = json_object();

    if (put_json(edge, "from", from) &&
        put_json(edge, "to",
                 joins ? join_id(plan, to->join)
                       : json_string(plan->nodes[to->node].id)) &&
        (!joins || put_json(edge, "port", json_integer(to->port))))
        return append_json(edges, edge);
    json_decref(edge);
    return false;
}

static bool add_edges(const struct csi_plan *plan, json_t *edges,
                      const struct csi_node *node)
{
    for (uint32_t i = 0; i < node->target_count; i++)
        if (!add_edge(plan, edges, json_string(node->id), &node->targets[i]))
            return false;
    for (uint32_t i = 0; i < plan->join_count; i++)
        if (plan->joins[i].owner == node - plan->nodes &&
            !add_edge(plan, edges, join_id(plan, i), &plan->joins[i].target))
            return false;
    return true;
}

static bool fill_graph(const struct csi_plan *plan, json_t *nodes,
                       json_t *edges)
{
    bool ok = nodes && edges;

    for (uint32_t i = 0; ok && i < plan->node_count; i++)
        ok = append_json(nodes, node_json(&plan->nodes[i])) &&
             add_edges(plan, edges, &plan->nodes[i]);
    return ok;
}

char *csi_node_expand(const struct csi_node *node)
{
    json_t *options;
    char *text = NULL;

    csi_json_failed();
    options = node_options_json(node);
    if (options)
        text = json_dumps(options, JSON_COMPACT);
    if (text)
        csi_numbers_unquote(text);
    json_decref(options);
    return text;
}

char *csi_plan_expand(const struct csi_plan *plan)
{
    json_t *json = json_object(), *nodes = json_array(), *edges = json_array();
    const char *rejects = plan->rejects_path;
    char *text = NULL;
    bool ok;

    csi_json_failed();
    ok = fill_graph(plan, nodes, edges);
    ok = put_json(json, "cosend", json_integer(1)) && ok;
    ok = put_json(json, "nodes", nodes) && ok;
    ok = put_json(json, "edges", edges) && ok;
    if (rejects)
        ok = put_json(json, "rejects", string_json(rejects, strlen(rejects))) &&
             ok;
    if (ok)
        text = json_dumps(json, JSON_INDENT(2));
    if (text)
        csi_numbers_unquote(text);
    json_decref(json);
    return text;
}
