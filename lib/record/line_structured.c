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

/* Where an element ends; *params is behind its id. */
static const char *element_end(const char *at, const char *end,
                               const char **params)
{
    struct param param;
    const char *next;

    if (at == end || *at != '[')
        return NULL;
    at = sd_name_end(at + 1, end);
    if (!at)
        return NULL;
    *params = at;
    while ((next = read_param(at, end, &param)))
        at = next;
    return at < end && *at == ']' ? at + 1 : NULL;
}

const char *csi_structured_data_end(const char *at, const char *end)
{
    const char *params, *last = NULL;

    while (at && at < end && *at == '[')
        last = at = element_end(at, end, &params);
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

bool csi_make_structured_data(struct cosend_cell part, struct cosend_bytes *to)
{
    const char *at = part.data, *end = at + part.length, *params, *next;
    struct csi_text json = {0};
    bool good = true;

    for (; good && (next = element_end(at, end, &params)); at = next)
        good = csi_text_string(&json, at == part.data ? "{" : ",") &&
               csi_text_json(&json, at + 1, (size_t)(params - at - 1)) &&
               csi_text_string(&json, ":") && add_params(&json, params, next);
    good = good && csi_text_string(&json, "}");
    if (good)
        cosend_put_raw(to, json.data, json.length);
    else
        to->failed = true;
    csi_free(json.data);
    return good;
}
