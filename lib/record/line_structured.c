/* SPDX-License-Identifier: MIT */
#include "record/line_structured.h"

#include "base/base.h"
#include "base/text.h"

#include <string.h>

/* name="value", as it stands. */
struct param {
    const char *name, *value;
    size_t name_length, value_length;
};

/* SD-NAME: no blank, = ] or ". */
static const char *sd_name_end(const char *at, const char *end)
{
    const char *start = at;

    while (at < end && (unsigned char)*at > ' ' && *at != '=' && *at != ']' &&
           *at != '"')
        at++;
    return at > start ? at : NULL;
}

/* A parameter behind a blank: returns the place behind it, or NULL. */
static const char *read_param(const char *at, const char *end,
                              struct param *param)
{
    if (at == end || *at != ' ')
        return NULL;
    while (at < end && *at == ' ')
        at++;
    param->name = at;
    at = sd_name_end(at, end);
    if (!at || end - at < 2 || at[0] != '=' || at[1] != '"')
        return NULL;
    param->name_length = (size_t)(at - param->name);
    param->value = at += 2;
    while (at < end && *at != '"' && *at != ']')
        at += *at == '\\' && at + 1 < end ? 2 : 1;
    if (at == end || *at != '"')
        return NULL;
    param->value_length = (size_t)(at - param->value);
    return at + 1;
}

/* [id name="value" ...] */
struct element {
    const char *id, *params, *end; /* `params` is behind the id */
    size_t id_length;
};

/* Returns the place behind it, or NULL. */
static const char *read_element(const char *at, const char *end,
                                struct element *element)
{
    struct param param;
    const char *next;

    if (at == end || *at != '[')
        return NULL;
    element->id = at + 1;
    at = sd_name_end(at + 1, end);
    if (!at)
        return NULL;
    element->id_length = (size_t)(at - element->id);
    element->params = at;
    while ((next = read_param(at, end, &param)))
        at = next;
    element->end = at + 1;
    return at < end && *at == ']' ? at + 1 : NULL;
}

const char *csi_structured_data_end(const char *at, const char *end)
{
    const char *last = NULL;
    struct element element;

    while (at && at < end && *at == '[')
        last = at = read_element(at, end, &element);
    return last;
}

/* ---- As JSON ------------------------------------------------------------- */

/* A value without the backslashes that escape " ] and \. */
static bool add_sd_value(struct csi_text *json, const struct param *param)
{
    struct csi_text plain = {0};
    const char *at = param->value, *end = at + param->value_length;
    bool good = true;

    for (; at < end && good; at++) {
        if (*at == '\\' && at + 1 < end && strchr("\"]\\", at[1]) && at[1])
            at++;
        good = csi_text_add(&plain, at, 1);
    }
    good =
        good && csi_text_json(json, plain.data ? plain.data : "", plain.length);
    csi_free(plain.data);
    return good;
}

static bool is_named_as(const struct param *a, const struct param *b)
{
    return a->name_length == b->name_length &&
           memcmp(a->name, b->name, a->name_length) == 0;
}

/* All values of that name between two places. */
static bool add_values(struct csi_text *json, const char *params,
                       const char *end, const struct param *named)
{
    struct param param;
    size_t count = 0;
    bool good = true;

    for (const char *at = params; (at = read_param(at, end, &param));)
        count += is_named_as(&param, named);
    if (count == 1)
        return add_sd_value(json, named);
    for (const char *at = params; good && (at = read_param(at, end, &param));)
        if (is_named_as(&param, named))
            good = csi_text_string(json, count ? "[" : ",") &&
                   add_sd_value(json, &param) && (count = 0, true);
    return good && csi_text_string(json, "]");
}

static bool was_before(const char *params, const struct param *named,
                       const char *end)
{
    struct param param;

    for (const char *at = params;
         (at = read_param(at, end, &param)) && param.name < named->name;)
        if (is_named_as(&param, named))
            return true;
    return false;
}

static bool add_params(struct csi_text *json, const char *params,
                       const char *end)
{
    struct param param;
    const char *before = "{";

    for (const char *at = params; (at = read_param(at, end, &param));) {
        if (was_before(params, &param, end))
            continue;
        if (!csi_text_string(json, before) ||
            !csi_text_json(json, param.name, param.name_length) ||
            !csi_text_string(json, ":") ||
            !add_values(json, params, end, &param))
            return false;
        before = ",";
    }
    return csi_text_string(json, *before == '{' ? "{}" : "}");
}

/* ---- Elements ------------------------------------------------------------ */

/* How many elements at [at, end) have the id of one. */
static size_t count_same(const char *at, const char *end,
                         const struct element *same)
{
    struct element element;
    size_t count = 0;

    for (; at < end && (at = read_element(at, end, &element));)
        count += element.id_length == same->id_length &&
                 memcmp(element.id, same->id, same->id_length) == 0;
    return count;
}

/* An id that is there more than once, which RFC 5424 forbids, stands for all
   its elements, as a name does for its values. */
static bool add_elements(struct csi_text *json, const struct element *first,
                         const char *end)
{
    const char *at = first->id - 1;
    bool several = count_same(at, end, first) > 1;
    const char *before = several ? "[" : "";
    struct element element;
    bool good = true;

    for (; good && at < end && (at = read_element(at, end, &element));) {
        if (element.id_length != first->id_length ||
            memcmp(element.id, first->id, first->id_length) != 0)
            continue;
        good = csi_text_string(json, before) &&
               add_params(json, element.params, element.end);
        before = ",";
    }
    return good && (!several || csi_text_string(json, "]"));
}

bool csi_make_structured_data(struct cosend_cell part, struct cosend_bytes *to)
{
    const char *at = part.data, *end = at + part.length, *next;
    const char *before = "{";
    struct csi_text json = {0};
    struct element element;
    bool good = true;

    for (; good && at < end && (next = read_element(at, end, &element));
         at = next) {
        if (count_same(part.data, at, &element))
            continue;
        good = csi_text_string(&json, before) &&
               csi_text_json(&json, element.id, element.id_length) &&
               csi_text_string(&json, ":") &&
               add_elements(&json, &element, end);
        before = ",";
    }
    good = good && csi_text_string(&json, "}");
    if (good)
        cosend_put_raw(to, json.data, json.length);
    else
        to->failed = true;
    csi_free(json.data);
    return good;
}
