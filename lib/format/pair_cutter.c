/* SPDX-License-Identifier: MIT */
#include "format/pair_cutter.h"

#include "format/json_cell.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct cosend_pair_cutter *
cosend_pair_cutter_new(const struct cosend_pair_form *form,
                       const struct cosend_pair_options *options,
                       struct cosend_error *error)
{
    struct cosend_pair_cutter *cutter = csi_calloc(1, sizeof(*cutter));

    if (!cutter) {
        csi_no_memory(error);
        return NULL;
    }
    cutter->form = form;
    cutter->pairs.json.arena = &cutter->arena;
    if (!form->ops->begin || form->ops->begin(cutter, options, error))
        return cutter;
    cosend_pair_cutter_free(cutter);
    return NULL;
}

void cosend_pair_cutter_free(struct cosend_pair_cutter *cutter)
{
    if (!cutter)
        return;
    if (cutter->form->ops->end && cutter->own)
        cutter->form->ops->end(cutter);
    csi_arena_free(&cutter->arena);
    csi_free(cutter);
}

/* What earlier texts left is forgotten, but for the memory. */
static void begin_text(struct cosend_pair_cutter *cutter)
{
    struct csi_json *json = &cutter->pairs.json;

    csi_arena_clear(&cutter->arena);
    *json = (struct csi_json){.arena = &cutter->arena};
    cutter->repeats = false;
    *cutter->problem = '\0';
}

enum cosend_pair_result cosend_pair_cut(struct cosend_pair_cutter *cutter,
                                        struct cosend_cell text,
                                        const char *source)
{
    enum cosend_pair_result result;

    begin_text(cutter);
    cutter->start = text.length ? text.data : "";
    result = cutter->form->ops->cut(cutter, cutter->start,
                                    cutter->start + text.length,
                                    source ? source : "");
    if (result != COSEND_PAIRS_CUT)
        return result;
    for (size_t i = 0; i < cutter->pairs.json.count; i++)
        if (!csi_json_name(&cutter->pairs.json.members[i], &cutter->arena))
            return COSEND_PAIRS_MEMORY;
    if (!csi_json_repeats(&cutter->pairs.json, &cutter->repeats) ||
        (cutter->repeats && !csi_json_unite(&cutter->pairs.json)))
        return COSEND_PAIRS_MEMORY;
    return COSEND_PAIRS_CUT;
}

bool cosend_pair_next(struct cosend_pair_cutter *cutter,
                      struct cosend_item *item, bool *failed)
{
    const struct csi_json *json = &cutter->pairs.json;
    const struct csi_pair_ops *ops = cutter->form->ops;
    const struct csi_json_member *member;

    if (item->next == json->count)
        return false;
    member = &json->members[item->next];
    if (!ops->cell(member, &cutter->arena, &item->cell)) {
        *failed = true;
        return false;
    }
    item->next++;
    item->name = member->name;
    item->name_length = member->name_length;
    item->raw = ops->is_json ? member->value : NULL;
    item->raw_length = ops->is_json ? member->length : 0;
    return true;
}

bool cosend_pair_cutter_repeats(const struct cosend_pair_cutter *cutter)
{
    return cutter->repeats;
}

const char *cosend_pair_cutter_problem(const struct cosend_pair_cutter *cutter)
{
    return cutter->problem;
}

/* ---- For the forms ------------------------------------------------------- */

enum cosend_pair_result csi_pair_other(struct cosend_pair_cutter *cutter,
                                       const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(cutter->problem, sizeof(cutter->problem), format, args);
    va_end(args);
    return COSEND_PAIRS_OTHER;
}

enum cosend_pair_result csi_pair_bad(struct cosend_pair_cutter *cutter,
                                     const char *at, const char *reason)
{
    return csi_pair_other(cutter, "byte %zu: %s",
                          (size_t)(at - cutter->start) + 1, reason);
}

bool csi_pair_add(struct cosend_pair_cutter *cutter, const char *name,
                  size_t name_length, const char *value, size_t length,
                  bool escaped)
{
    struct csi_json_member member = {.name = name,
                                     .name_length = (uint32_t)name_length,
                                     .value = value,
                                     .length = (uint32_t)length,
                                     .kind = COSEND_TEXT,
                                     .escaped = escaped};

    return csi_json_add_member(&cutter->pairs.json, &member);
}
