/* SPDX-License-Identifier: MIT */
/* A compiled expression. */
#ifndef CSI_EXPRESSION_H
#define CSI_EXPRESSION_H

#include "cosend/expression.h"
#include "expression/term.h"
#include "record/arena.h"

struct cosend_expression {
    struct csi_arena arena; /* of its terms, and of text */
    const struct csi_term *root;
    const char *text; /* as written; a NUL follows */
    size_t length;
    struct csi_term **holders; /* of patterns, formats and zones */
    size_t holder_count, holder_capacity;
};

/* What a field is to an expression: bits. */
enum csi_field_use {
    CSI_FIELD_WHOLE = 1, /* the name a.b, for what may be a path into a ... */
    CSI_FIELD_BASE = 2,  /* ... which comes next, and must be if a.b is not */
    CSI_FIELD_SPARED = 4 /* it need not be there */
};

/* Where a compiler finds fields, and leaves what is wrong. */
struct csi_compile_hooks {
    /* A handle on a field; COSEND_NO_FIELD without memory. */
    struct cosend_field (*field)(void *context, const char *name, size_t length,
                                 uint32_t at, unsigned use);
    /* The term of an expression that is called so, or NULL. */
    const struct csi_term *(*named)(void *context, const char *name,
                                    size_t length);
    /* at: the byte of the text. */
    void (*problem)(void *context, uint32_t at, const char *text);
    /* What is no problem, but may not be what was meant. Of a minor one only
       who asks for all that may be wrong is told. */
    void (*warning)(void *context, uint32_t at, bool minor, const char *text);
    void *context;
    /* That field is where a path begins, b or [0], as cosend_take_path has it;
       the text is the expression's. May be NULL. */
    void (*path)(void *context, struct cosend_field field, const char *path,
                 uint32_t length);
};

/*
 * Compile an expression; `is_condition`: it must be true or false. At most one
 * problem is reported, the first one.
 *
 * Returns NULL where there was one, or with COSEND_E_MEMORY in error. Free it
 * with cosend_expression_free.
 */
struct cosend_expression *
csi_expression_compile(const char *text, size_t length, bool is_condition,
                       const struct csi_compile_hooks *hooks,
                       struct cosend_error *error);

#endif
