/* SPDX-License-Identifier: MIT */
/*
 * Terms are built from the leaves up; each builder sees the types of its parts,
 * and reports what can never be right. All return NULL once there was a
 * problem, and take parts that are NULL for that.
 */
#ifndef CSI_BUILDER_H
#define CSI_BUILDER_H

#include "expression/expression.h"

struct csi_builder {
    struct cosend_expression *made;
    const struct csi_compile_hooks *hooks;
    bool failed; /* a problem is reported, or there is no memory */
    bool no_memory;
};

/* Report what is wrong at a byte of the text. Returns NULL. */
struct csi_term *csi_build_problem(struct csi_builder *builder, uint32_t at,
                                   const char *format, ...) COSEND_PRINTF(3, 4);
struct csi_term *csi_build_no_memory(struct csi_builder *builder);

/* A term over bytes [at, end) of the text with room for `count` parts. */
struct csi_term *csi_build_term(struct csi_builder *builder,
                                enum csi_term_kind kind,
                                enum csi_term_type type, uint32_t at,
                                uint32_t end, uint32_t count);

/* What a type is called: "a number". */
const char *csi_term_type_name(enum csi_term_type type);

/* The handle on the field that a path a.b names as a whole, without the
   backquotes that there may be. COSEND_NO_FIELD without memory. */
struct cosend_field csi_build_whole(struct csi_builder *builder,
                                    const char *path, uint32_t length,
                                    uint32_t at, unsigned use);
/* The term of an expression that is called as a path, or as it begins: *length
   becomes so many bytes of it. NULL: there is none. */
const struct csi_term *csi_build_find_named(struct csi_builder *builder,
                                            const char *path, uint32_t *length);
/* Have a field's path lead into that term's value. */
void csi_build_into(struct csi_builder *builder, struct csi_term *term,
                    const struct csi_term *named);

/* What was meant by a term with a word behind it, or NULL. */
const char *csi_build_hint(const struct csi_term *term, const char *word,
                           size_t length);

struct csi_term *csi_build_constant(struct csi_builder *builder,
                                    enum csi_term_type type,
                                    struct cosend_value value, uint32_t at,
                                    uint32_t end);
struct csi_term *csi_build_not(struct csi_builder *builder, uint32_t at,
                               struct csi_term *part);
/* AND, OR: more parts for a term of that kind, or a new one. */
struct csi_term *csi_build_logic(struct csi_builder *builder,
                                 enum csi_term_kind kind, const char *sign,
                                 struct csi_term *left, struct csi_term *right);
struct csi_term *csi_build_else(struct csi_builder *builder, uint32_t at,
                                struct csi_term *left, struct csi_term *right);
struct csi_term *csi_build_compare(struct csi_builder *builder,
                                   enum csi_operator op, uint32_t at,
                                   struct csi_term *left,
                                   struct csi_term *right);
struct csi_term *csi_build_in(struct csi_builder *builder, bool negated,
                              uint32_t at, struct csi_term *left,
                              struct csi_term *list);
struct csi_term *csi_build_match(struct csi_builder *builder, bool negated,
                                 struct csi_term *left,
                                 struct csi_term *pattern);
struct csi_term *csi_build_arithmetic(struct csi_builder *builder,
                                      enum csi_operator op, uint32_t at,
                                      struct csi_term *left,
                                      struct csi_term *right);
struct csi_term *csi_build_negate(struct csi_builder *builder, uint32_t at,
                                  struct csi_term *part);

/* Report where a term can be no truth value; `what` wants one. */
bool csi_build_is_condition(struct csi_builder *builder,
                            const struct csi_term *term, const char *what);

/* Keep a term for what it holds: it is released with the expression. False
   without memory. */
bool csi_build_hold(struct csi_builder *builder, struct csi_term *term);

/* The pattern that a constant is, for *regex of `holder`. */
bool csi_build_pattern(struct csi_builder *builder,
                       const struct csi_term *pattern, struct csi_term *holder);

#endif
