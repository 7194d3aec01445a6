/* SPDX-License-Identifier: MIT */
#include "expression/verdict.h"

#include "expression/comparison.h"

#include <string.h>

signed char csi_truth_of(struct csi_evaluation *evaluation,
                         const struct csi_term *term,
                         const struct cosend_value *value,
                         struct cosend_value *bad)
{
    if (value->type == COSEND_TYPE_BOOL)
        return value->as.truth;
    if (csi_value_is_blank(value))
        return COSEND_FALSE;
    if (value->type == COSEND_TYPE_BAD) {
        *bad = *value;
        return COSEND_VERDICT_BAD;
    }
    if (value->type == COSEND_TYPE_TEXT && value->length == 4 &&
        memcmp(value->as.text, "true", 4) == 0)
        return COSEND_TRUE;
    if (value->type == COSEND_TYPE_TEXT && value->length == 5 &&
        memcmp(value->as.text, "false", 5) == 0)
        return COSEND_FALSE;
    *bad = csi_bad_operand(evaluation, "not_a_bool", term, value,
                           "neither true nor false");
    return COSEND_VERDICT_BAD;
}

signed char csi_judge_pair(struct csi_evaluation *evaluation,
                           const struct csi_term *term,
                           const struct cosend_value *left,
                           const struct cosend_value *right,
                           struct cosend_value *bad)
{
    const struct cosend_value *other = NULL;
    signed char verdict;

    if (left->type == COSEND_TYPE_BAD || right->type == COSEND_TYPE_BAD) {
        *bad = left->type == COSEND_TYPE_BAD ? *left : *right;
        return COSEND_VERDICT_BAD;
    }
    verdict = csi_compare_values(evaluation, term, left, right, &other);
    if (verdict == COSEND_VERDICT_BAD)
        *bad =
            csi_bad_operand(evaluation, "not_a_number",
                            term->parts[other == right], other, "not a number");
    return verdict;
}

signed char csi_judge_match(struct csi_evaluation *evaluation,
                            const struct csi_term *term,
                            const struct cosend_value *value,
                            struct cosend_value *bad)
{
    struct cosend_value text;
    enum cosend_match answer;

    if (value->type == COSEND_TYPE_BAD) {
        *bad = *value;
        return COSEND_VERDICT_BAD;
    }
    if (csi_value_is_blank(value))
        return COSEND_FALSE;
    text = csi_value_text(evaluation, value);
    answer =
        cosend_regex_match(term->regex, cosend_text(text.as.text, text.length));
    if (answer >= 0)
        return (answer == COSEND_MATCH) != term->negated;
    if (answer == COSEND_MATCH_MEMORY)
        evaluation->no_memory = true;
    else
        *bad = csi_bad_value(evaluation, "match_limit", "pattern \"%.100s\" %s",
                             term->parts[1]->value.as.text,
                             cosend_match_problem(answer));
    return evaluation->no_memory ? COSEND_FALSE : COSEND_VERDICT_BAD;
}
