/* SPDX-License-Identifier: MIT */
/*
 * The functions of expressions, as rows of one table. Each has an example,
 * which is run as a test.
 */
#ifndef CSI_FUNCTIONS_H
#define CSI_FUNCTIONS_H

#include "cosend/expression.h"
#include "expression/evaluation.h"

/* One call on one record. */
struct csi_call {
    struct csi_evaluation *evaluation;
    const struct csi_term *term;
    struct cosend_value *arguments; /* as `takes` says */
    uint32_t count;
};

/*
 * takes: a letter for each argument; the last one again for all that follow.
 *
 *     a  any value, blank or not
 *     n  a number, normalised; blank makes the result null
 *     N  the same, of text too
 *     i  the same, an integer
 *     s  text, a number's as it is written; absent and null make the result
 *        null
 *     x  the same, an array or object too, which it stays
 *     q  a path, as cosend_take_path has it; text
 *     p  a pattern: a string, compiled into term->regex
 *     g  a group of that pattern: a number, or a name, into term->group
 *     w  what its matches become: a string, read into term->replacement
 *     f  a format of times: a string, compiled into term->format
 *     z  a zone: a string, read into term->zone
 *     t  a time
 *     m  any value; a field's time that a step computed as that time
 *     b  true or false
 *
 * `least` arguments at least; `takes` has as many as there may be, or any
 * number where `more` is set.
 */
struct csi_function {
    struct cosend_function shown;
    const char *takes;
    uint8_t least;
    bool more;
    enum csi_term_type gives;
    enum csi_term_kind kind; /* CALL; or what it is only another name of */
    struct cosend_value (*apply)(struct csi_call *call);
};

/* The function of that name, or NULL. */
const struct csi_function *csi_function_find(const char *name, size_t length);

/* The letter of argument i. */
char csi_function_letter(const struct csi_function *function, uint32_t i);

/* A name that one may be a misspelling of, or NULL. */
const char *csi_function_suggest(const char *name);

/* Text or a number that it takes first, whatever stands behind that; NULL:
   there is nothing to try with it. "": a time. */
const char *csi_function_probe(const struct csi_function *function);

/* Function i of all, or NULL behind the last. */
const struct csi_function *csi_function_nth(size_t i);

#endif
