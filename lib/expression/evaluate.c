/* SPDX-License-Identifier: MIT */
/*
 * A term is evaluated for many records at once: its parts first, each a vector
 * of values by position, then itself in one loop. Truth has no vectors of
 * values but of verdicts, a byte each. `&&`, `||`, `??` and if() narrow the
 * positions that their later parts see, so what is not needed is not computed,
 * and cannot be bad.
 *
 *     status >= 500 && ms > 100
 *     |                 `- judged where the left side is true
 *     `- judged for all: a column of numbers beside a constant
 *
 * Vectors are of the evaluation's arena. Without memory verdicts are false and
 * values null; no_memory is to be looked at, once, at the end.
 */
#include "expression/evaluate.h"

#include "cosend/expression.h"
#include "expression/arithmetic.h"
#include "expression/comparison.h"
#include "expression/evaluate_field.h"
#include "expression/functions.h"
#include "expression/verdict.h"

#include <string.h>

/* ---- Vectors ------------------------------------------------------------- */

static signed char *new_verdicts(struct csi_evaluation *evaluation,
                                 uint32_t count)
{
    return csi_evaluation_get(evaluation, count ? count : 1);
}

/* ---- Fields -------------------------------------------------------------- */

static struct csi_vector evaluate_field(struct csi_evaluation *evaluation,
                                        const struct csi_term *term,
                                        const struct csi_positions *of)
{
    struct csi_vector values;

    if (!term->count)
        return csi_evaluate_field(evaluation, term, of, false);
    values = csi_evaluate(evaluation, term->parts[0], of);
    return csi_evaluate_inside(evaluation, term, &values, of);
}

/* ---- Truth --------------------------------------------------------------- */

static void judge_values(struct csi_evaluation *evaluation,
                         const struct csi_term *term,
                         const struct csi_positions *of, signed char *verdicts)
{
    struct csi_vector values = csi_evaluate(evaluation, term, of);
    struct cosend_value bad;

    for (uint32_t i = 0; i < of->count; i++)
        verdicts[i] =
            csi_truth_of(evaluation, term, csi_nth_value(&values, i), &bad);
}

/* ---- Logic --------------------------------------------------------------- */

/* The positions whose verdict is `which`: *some, and in `places` where in `of`
   they stand. Without memory none. */
static uint32_t *pick_places(struct csi_evaluation *evaluation,
                             const struct csi_positions *of,
                             const signed char *verdicts, signed char which,
                             struct csi_positions *some)
{
    uint32_t *places = csi_evaluation_get(
        evaluation, 2 * (size_t)of->count * sizeof(*places) + 1);
    uint32_t *at = places ? places + of->count : NULL, count = 0;

    *some = (struct csi_positions){at, 0};
    if (!places)
        return NULL;
    for (uint32_t i = 0; i < of->count; i++) {
        places[count] = i;
        count += verdicts[i] == which;
    }
    for (uint32_t i = 0; i < count; i++)
        at[i] = csi_position(of, places[i]);
    some->count = count;
    return places;
}

/* Each part where those before it were true (AND), or false (OR). */
static void judge_logic(struct csi_evaluation *evaluation,
                        const struct csi_term *term,
                        const struct csi_positions *of, signed char *verdicts)
{
    signed char undecided =
        term->kind == CSI_TERM_AND ? COSEND_TRUE : COSEND_FALSE;

    csi_judge(evaluation, term->parts[0], of, verdicts);
    for (uint32_t k = 1; k < term->count; k++) {
        struct csi_positions some;
        uint32_t *places =
            pick_places(evaluation, of, verdicts, undecided, &some);
        signed char *part = new_verdicts(evaluation, some.count);

        if (!places || !part || !some.count)
            return;
        csi_judge(evaluation, term->parts[k], &some, part);
        for (uint32_t i = 0; i < some.count; i++)
            verdicts[places[i]] = part[i];
    }
}

/* ---- Comparisons --------------------------------------------------------- */

/* A field alone beside a number: the column is judged as one. */
static bool judge_column(struct csi_evaluation *evaluation,
                         const struct csi_term *term,
                         const struct csi_positions *of, signed char *verdicts)
{
    const struct csi_term *left = term->parts[0], *right = term->parts[1];
    bool swapped = left->kind == CSI_TERM_CONSTANT;
    const struct csi_term *field = swapped ? right : left;
    const struct csi_term *constant = swapped ? left : right;
    enum csi_operator op = swapped ? csi_operator_swapped(term->op) : term->op;

    if (evaluation->is_plain || evaluation->one ||
        term->compared != CSI_COMPARE_NUMBERS ||
        field->kind != CSI_TERM_FIELD || field->path ||
        constant->kind != CSI_TERM_CONSTANT)
        return false;
    return csi_compare_column(evaluation, op,
                              evaluation->map[field->field.slot],
                              &constant->value, of, verdicts);
}

static void judge_comparison(struct csi_evaluation *evaluation,
                             const struct csi_term *term,
                             const struct csi_positions *of,
                             signed char *verdicts)
{
    struct csi_vector left, right;
    struct cosend_value bad;

    if (judge_column(evaluation, term, of, verdicts))
        return;
    left = csi_evaluate(evaluation, term->parts[0], of);
    right = csi_evaluate(evaluation, term->parts[1], of);
    for (uint32_t i = 0; i < of->count; i++)
        verdicts[i] = csi_judge_pair(evaluation, term, csi_nth_value(&left, i),
                                     csi_nth_value(&right, i), &bad);
}

/* The verdict on being in a list, whose comparisons share their left side. */
static signed char judge_member(struct csi_evaluation *evaluation,
                                const struct csi_term *term,
                                const struct cosend_value *left,
                                const struct csi_vector *elements, uint32_t i,
                                struct cosend_value *bad)
{
    signed char verdict = COSEND_FALSE;

    if (left->type != COSEND_TYPE_BAD && csi_value_is_blank(left))
        return COSEND_FALSE;
    for (uint32_t k = 1; k < term->count && verdict == COSEND_FALSE; k++)
        verdict = csi_judge_pair(evaluation, term->parts[k], left,
                                 csi_nth_value(&elements[k], i), bad);
    if (verdict == COSEND_VERDICT_BAD)
        return verdict;
    return (verdict == COSEND_TRUE) != term->negated;
}

static void judge_in(struct csi_evaluation *evaluation,
                     const struct csi_term *term,
                     const struct csi_positions *of, signed char *verdicts)
{
    struct csi_vector left = csi_evaluate(evaluation, term->parts[0], of);
    struct csi_vector *elements =
        csi_evaluation_get(evaluation, term->count * sizeof(*elements));
    struct cosend_value bad;

    memset(verdicts, COSEND_FALSE, of->count);
    if (!elements)
        return;
    for (uint32_t k = 1; k < term->count; k++)
        elements[k] = csi_evaluate(evaluation, term->parts[k]->parts[1], of);
    for (uint32_t i = 0; i < of->count; i++)
        verdicts[i] = judge_member(evaluation, term, csi_nth_value(&left, i),
                                   elements, i, &bad);
}

static void judge_match(struct csi_evaluation *evaluation,
                        const struct csi_term *term,
                        const struct csi_positions *of, signed char *verdicts)
{
    struct csi_vector values = csi_evaluate(evaluation, term->parts[0], of);
    struct cosend_value bad;

    for (uint32_t i = 0; i < of->count; i++)
        verdicts[i] =
            csi_judge_match(evaluation, term, csi_nth_value(&values, i), &bad);
}

void csi_judge(struct csi_evaluation *evaluation, const struct csi_term *term,
               const struct csi_positions *of, signed char *verdicts)
{
    switch (term->kind) {
    case CSI_TERM_NOT:
        csi_judge(evaluation, term->parts[0], of, verdicts);
        for (uint32_t i = 0; i < of->count; i++)
            if (verdicts[i] != COSEND_VERDICT_BAD)
                verdicts[i] = !verdicts[i];
        break;
    case CSI_TERM_AND:
    case CSI_TERM_OR:
        judge_logic(evaluation, term, of, verdicts);
        break;
    case CSI_TERM_COMPARE:
        judge_comparison(evaluation, term, of, verdicts);
        break;
    case CSI_TERM_IN:
        judge_in(evaluation, term, of, verdicts);
        break;
    case CSI_TERM_MATCH:
        judge_match(evaluation, term, of, verdicts);
        break;
    default:
        judge_values(evaluation, term, of, verdicts);
    }
}

/* ---- Values of truth ------------------------------------------------------
 * Which values are BAD is known from the verdicts; why, only by judging the
 * parts of that record again.
 */

static struct cosend_value why_bad(struct csi_evaluation *evaluation,
                                   const struct csi_term *term,
                                   const struct csi_positions *one);

static struct cosend_value why_pair_bad(struct csi_evaluation *evaluation,
                                        const struct csi_term *term,
                                        const struct csi_positions *one)
{
    struct csi_vector left = csi_evaluate(evaluation, term->parts[0], one);
    struct csi_vector right;
    struct cosend_value bad = csi_null_value();

    if (term->kind == CSI_TERM_MATCH) {
        csi_judge_match(evaluation, term, left.values, &bad);
        return bad;
    }
    right = csi_evaluate(evaluation, term->parts[1], one);
    csi_judge_pair(evaluation, term, left.values, right.values, &bad);
    return bad;
}

static struct cosend_value why_bad(struct csi_evaluation *evaluation,
                                   const struct csi_term *term,
                                   const struct csi_positions *one)
{
    bool is_list = term->kind == CSI_TERM_NOT || term->kind == CSI_TERM_AND ||
                   term->kind == CSI_TERM_OR || term->kind == CSI_TERM_IN;
    struct cosend_value bad = csi_null_value();
    struct csi_vector values;
    signed char verdict;

    if (term->kind == CSI_TERM_COMPARE || term->kind == CSI_TERM_MATCH)
        return why_pair_bad(evaluation, term, one);
    for (uint32_t k = term->kind == CSI_TERM_IN; is_list && k < term->count;
         k++) {
        csi_judge(evaluation, term->parts[k], one, &verdict);
        if (verdict == COSEND_VERDICT_BAD)
            return why_bad(evaluation, term->parts[k], one);
    }
    if (is_list)
        return bad;
    values = csi_evaluate(evaluation, term, one);
    csi_truth_of(evaluation, term, values.values, &bad);
    return bad;
}

struct cosend_value csi_judge_one(struct csi_evaluation *evaluation,
                                  const struct csi_term *term,
                                  const struct csi_positions *one)
{
    signed char verdict = COSEND_FALSE;

    csi_judge(evaluation, term, one, &verdict);
    return verdict == COSEND_VERDICT_BAD ? why_bad(evaluation, term, one)
                                         : csi_bool_value(verdict);
}

static struct csi_vector evaluate_truth(struct csi_evaluation *evaluation,
                                        const struct csi_term *term,
                                        const struct csi_positions *of)
{
    struct csi_vector vector = csi_vector_new(evaluation, of->count);
    signed char *verdicts = new_verdicts(evaluation, of->count);

    if (!verdicts || evaluation->no_memory)
        return csi_vector_nothing();
    csi_judge(evaluation, term, of, verdicts);
    for (uint32_t i = 0; i < of->count; i++) {
        uint32_t position = csi_position(of, i);
        struct csi_positions one = {&position, 1};

        vector.values[i] = verdicts[i] == COSEND_VERDICT_BAD
                               ? why_bad(evaluation, term, &one)
                               : csi_bool_value(verdicts[i]);
    }
    return vector;
}

/* ---- Choices ------------------------------------------------------------- */

/* Values for some of the positions, into their places. */
static void scatter(struct csi_evaluation *evaluation,
                    const struct csi_term *term,
                    const struct csi_positions *some, const uint32_t *places,
                    struct csi_vector *into)
{
    struct csi_vector values;

    if (!places || !some->count || evaluation->no_memory)
        return;
    values = csi_evaluate(evaluation, term, some);
    for (uint32_t i = 0; i < some->count; i++)
        into->values[places[i]] = *csi_nth_value(&values, i);
}

static struct csi_vector evaluate_if(struct csi_evaluation *evaluation,
                                     const struct csi_term *term,
                                     const struct csi_positions *of)
{
    struct csi_vector vector = csi_vector_new(evaluation, of->count);
    signed char *verdicts = new_verdicts(evaluation, of->count);
    struct csi_positions some;
    uint32_t *places;

    if (!verdicts || evaluation->no_memory)
        return csi_vector_nothing();
    csi_judge(evaluation, term->parts[0], of, verdicts);
    for (signed char which = COSEND_FALSE; which <= COSEND_TRUE; which++) {
        places = pick_places(evaluation, of, verdicts, which, &some);
        scatter(evaluation, term->parts[2 - which], &some, places, &vector);
    }
    for (uint32_t i = 0; i < of->count; i++)
        if (verdicts[i] == COSEND_VERDICT_BAD) {
            uint32_t position = csi_position(of, i);
            struct csi_positions one = {&position, 1};

            vector.values[i] = why_bad(evaluation, term->parts[0], &one);
        }
    return vector;
}

/* Each part where those before it are blank. */
static struct csi_vector evaluate_else(struct csi_evaluation *evaluation,
                                       const struct csi_term *term,
                                       const struct csi_positions *of)
{
    struct csi_vector vector = csi_vector_new(evaluation, of->count);
    signed char *blank = new_verdicts(evaluation, of->count);
    struct csi_positions some = *of;
    uint32_t *places;

    if (!blank || evaluation->no_memory)
        return csi_vector_nothing();
    memset(blank, true, of->count);
    for (uint32_t k = 0; k < term->count && some.count; k++) {
        places = pick_places(evaluation, of, blank, true, &some);
        scatter(evaluation, term->parts[k], &some, places, &vector);
        if (evaluation->no_memory)
            return csi_vector_nothing();
        for (uint32_t i = 0; i < of->count; i++)
            blank[i] = csi_value_is_blank(&vector.values[i]);
    }
    return vector;
}

/* ---- Calls and arithmetic ------------------------------------------------ */

/* An argument as its function takes it. False where the call's value is known
   already: *result. */
static bool take_argument(struct csi_evaluation *evaluation, char letter,
                          const struct csi_term *part,
                          struct cosend_value *argument,
                          struct cosend_value *result)
{
    signed char verdict;

    *result = *argument;
    if (argument->type == COSEND_TYPE_BAD)
        return false;
    switch (letter) {
    case 'n':
    case 'N':
    case 'i':
        *argument = csi_number_value(argument);
        *result = csi_null_value();
        if (csi_value_is_blank(argument))
            return false;
        if (!cosend_is_number(argument))
            *result = csi_bad_operand(evaluation, "not_a_number", part,
                                      argument, "not a number");
        else if (letter == 'i' && argument->type != COSEND_TYPE_INT)
            *result = csi_bad_operand(evaluation, "not_an_integer", part,
                                      argument, "not an integer");
        else
            return true;
        return false;
    case 's':
    case 'q':
    case 'x':
        *result = csi_null_value();
        if (argument->type <= COSEND_TYPE_NULL)
            return false;
        if (letter != 'x' || argument->type != COSEND_TYPE_NESTED)
            *argument = csi_value_text(evaluation, argument);
        return true;
    case 't':
        *result = csi_null_value();
        return !csi_value_is_blank(argument);
    case 'b':
        verdict = csi_truth_of(evaluation, part, argument, result);
        *argument = csi_bool_value(verdict == COSEND_TRUE);
        return verdict != COSEND_VERDICT_BAD;
    default:
        return true;
    }
}

static struct cosend_value call_at(struct csi_call *call,
                                   const struct csi_vector *vectors, uint32_t i)
{
    const struct csi_function *function = call->term->function;
    struct cosend_value result;

    for (uint32_t k = 0; k < call->count; k++) {
        call->arguments[k] = *csi_nth_value(&vectors[k], i);
        if (!take_argument(call->evaluation, csi_function_letter(function, k),
                           call->term->parts[k], &call->arguments[k], &result))
            return result;
    }
    return function->apply(call);
}

/* Whether an argument is a field that would be read as RFC 3339, which is what
   times are printed as. */
static bool takes_times(const struct csi_term *term, uint32_t k)
{
    return csi_function_letter(term->function, k) == 'm' && !term->format &&
           term->parts[k]->kind == CSI_TERM_FIELD && !term->parts[k]->count;
}

static struct csi_vector evaluate_call(struct csi_evaluation *evaluation,
                                       const struct csi_term *term,
                                       const struct csi_positions *of)
{
    struct csi_vector vector = csi_vector_new(evaluation, of->count);
    struct csi_vector *vectors =
        csi_evaluation_get(evaluation, term->count * sizeof(*vectors) + 1);
    struct csi_call call = {
        evaluation, term,
        csi_evaluation_get(evaluation,
                           term->count * sizeof(struct cosend_value) + 1),
        term->count};

    if (!vectors || !call.arguments || evaluation->no_memory)
        return csi_vector_nothing();
    for (uint32_t k = 0; k < term->count; k++)
        vectors[k] =
            takes_times(term, k)
                ? csi_evaluate_field(evaluation, term->parts[k], of, true)
                : csi_evaluate(evaluation, term->parts[k], of);
    for (uint32_t i = 0; i < of->count; i++)
        vector.values[i] = call_at(&call, vectors, i);
    return vector;
}

static struct csi_vector evaluate_arithmetic(struct csi_evaluation *evaluation,
                                             const struct csi_term *term,
                                             const struct csi_positions *of)
{
    bool is_pair = term->kind == CSI_TERM_ARITHMETIC;
    struct csi_vector vector = csi_vector_new(evaluation, of->count);
    struct csi_vector left = csi_evaluate(evaluation, term->parts[0], of);
    struct csi_vector right =
        is_pair ? csi_evaluate(evaluation, term->parts[1], of) : left;

    if (evaluation->no_memory)
        return csi_vector_nothing();
    for (uint32_t i = 0; i < of->count; i++) {
        const struct cosend_value *a = csi_nth_value(&left, i);
        const struct cosend_value *b = csi_nth_value(&right, i);

        if (a->type == COSEND_TYPE_BAD || b->type == COSEND_TYPE_BAD)
            vector.values[i] = a->type == COSEND_TYPE_BAD ? *a : *b;
        else
            vector.values[i] = is_pair ? csi_calculate(evaluation, term, a, b)
                                       : csi_negate(evaluation, term, a);
    }
    return vector;
}

struct csi_vector csi_evaluate(struct csi_evaluation *evaluation,
                               const struct csi_term *term,
                               const struct csi_positions *of)
{
    switch (term->kind) {
    case CSI_TERM_CONSTANT:
        return (struct csi_vector){(struct cosend_value *)&term->value, 0};
    case CSI_TERM_FIELD:
        return evaluate_field(evaluation, term, of);
    case CSI_TERM_IF:
        return evaluate_if(evaluation, term, of);
    case CSI_TERM_ELSE:
        return evaluate_else(evaluation, term, of);
    case CSI_TERM_CALL:
        return evaluate_call(evaluation, term, of);
    case CSI_TERM_ARITHMETIC:
    case CSI_TERM_NEGATE:
        return evaluate_arithmetic(evaluation, term, of);
    default:
        return evaluate_truth(evaluation, term, of);
    }
}
