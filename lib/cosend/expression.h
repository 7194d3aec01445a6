/* SPDX-License-Identifier: MIT */
/*
 * Expressions and conditions: what a step computes from the fields of a record.
 *
 * `price * qty`, `status >= 500 && path =~ "^/api/"`: the language is described
 * by cosend(1), its functions by cosend_function_at. A filter has them as
 * options (COSEND_OPTION_EXPRESSION, COSEND_OPTION_CONDITION): then they are
 * compiled and checked with the options, and their fields are the filter's.
 * They are constant, so threads may share them.
 *
 * Its structs are stamped (cosend/version.h).
 */
#ifndef COSEND_EXPRESSION_H
#define COSEND_EXPRESSION_H

#include "cosend/record.h"
#include "cosend/value.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_expression;
struct cosend_stage;

/* Field i of those that an expression names, in the order of its text; one that
   it names twice is there twice. False behind the last. */
COSEND_API bool
cosend_expression_field(const struct cosend_expression *expression, size_t i,
                        struct cosend_field *field);

/* The text that an expression was made of; a NUL follows it. */
COSEND_API const char *
cosend_expression_text(const struct cosend_expression *expression);

/* What is known of its values before the first: BOOL, DOUBLE of any number,
   TEXT, TIME, or NULL where there is never one; ABSENT where only each value
   says. All may be absent or null, and BAD. */
COSEND_API enum cosend_type
cosend_expression_type(const struct cosend_expression *expression);

/* Release an expression that a filter's check compiled. NULL is fine. */
COSEND_API void cosend_expression_free(struct cosend_expression *expression);

/*
 * An expression's values for all records of the batch in hand, by position.
 * They live as long as that batch is in hand; those that are BAD are for the
 * filter to report, with cosend_bad_value.
 *
 * Returns NULL, with the step failed, without memory, and without a batch in
 * hand.
 */
COSEND_API const struct cosend_value *
cosend_evaluate(struct cosend_stage *self,
                const struct cosend_expression *expression);

/* Report a record as bad, as cosend_bad does, for an expression's value of it
   that is BAD. Other values do nothing. */
COSEND_API void cosend_bad_value(struct cosend_stage *self,
                                 const struct cosend_record *record,
                                 const struct cosend_value *bad);

/* A condition on a record: what `where` and `when` hold. */
struct cosend_condition;

enum cosend_verdict {
    COSEND_FALSE = 0,
    COSEND_TRUE = 1,
    COSEND_VERDICT_BAD = -1 /* *why says what was not right */
};

/* Why a record could not be judged. All of it but the message is the
   condition's. */
struct cosend_why {
    const char *kind;    /* "not_a_number", "match_limit", "memory", ... */
    const char *field;   /* the field's name; NULL of an expression */
    const char *pattern; /* match_limit: that which could not be decided */
    const char *problem; /* match_limit: what is to be said of it */
    char message[256];   /* all of it, for a person */
};

/* Judge a record; *why is set under BAD. */
COSEND_API enum cosend_verdict
cosend_condition_holds(const struct cosend_condition *condition,
                       const struct cosend_record *record,
                       struct cosend_why *why);

/* ---- Functions ----------------------------------------------------------- */

/* A function that expressions may call. */
struct cosend_function {
    const char *name;
    const char *arguments; /* "x, digits" */
    const char *group;     /* "text" */
    const char *summary;   /* a sentence without its full stop */
    const char *example;   /* a call without fields ... */
    const char *result;    /* ... and what it is, as it would be printed */
};

/* Function i of all that there are; false behind the last. */
COSEND_API bool cosend_function_at(size_t i, struct cosend_function *function);

#ifdef __cplusplus
}
#endif

#endif
