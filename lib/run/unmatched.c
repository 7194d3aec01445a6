/* SPDX-License-Identifier: MIT */
#include "run/unmatched.h"

#include "plan/option_rows.h"

/* What grep(1) and sed(1) have without -E: here it is that very character. */
static const char *const habits[][2] = {
    {"\\|", "`or` is | alone"},
    {"\\<", "\\b is where a word begins or ends"},
    {"\\>", "\\b is where a word begins or ends"}};

/* Behind a backslash any character is taken with it. */
static const char *const *find_habit(const char *p, const char *end)
{
    for (; end - p >= 2; p += *p == '\\' ? 2 : 1)
        for (size_t i = 0; i < sizeof(habits) / sizeof(habits[0]); i++)
            if (p[0] == habits[i][0][0] && p[1] == habits[i][0][1])
                return habits[i];
    return NULL;
}

static bool is_fixed(const struct csi_node *node)
{
    struct cosend_option row;

    return csi_option_find(node->filter, "fixed", 5, &row) &&
           row.type == COSEND_OPTION_BOOL &&
           *(const bool *)((const char *)node->options + row.offset);
}

void csi_run_warn_unmatched(struct csi_run *run)
{
    if (run->shared.options->quiet || run->shared.scratch)
        return;
    for (uint32_t i = 1; i < run->stage_count; i++) {
        const struct csi_stage *stage = &run->stages[i];
        const struct csi_node *node = stage->node;
        const struct cosend_string *pattern;
        const char *const *habit;
        struct cosend_option row;

        if (!stage->counts.in || stage->counts.out || !node->options ||
            !csi_option_main(node->filter, &row) ||
            row.type != COSEND_OPTION_PATTERN)
            continue;
        pattern = (const void *)((const char *)node->options + row.offset);
        habit = pattern->data && !is_fixed(node)
                    ? find_habit(pattern->data, pattern->data + pattern->length)
                    : NULL;
        if (habit)
            csi_shared_warn(&run->shared,
                            "step %s: nothing matched \"%.*s\": in it %s is "
                            "the character %c; %s",
                            node->id,
                            pattern->length < 80 ? (int)pattern->length : 80,
                            pattern->data, habit[0], habit[0][1], habit[1]);
    }
}
