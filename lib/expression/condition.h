/* SPDX-License-Identifier: MIT */
/*
 * A condition from inside: a tree that a reader of specs builds and that
 * cosend_condition_holds judges records by.
 */
#ifndef CSI_CONDITION_H
#define CSI_CONDITION_H

#include "base/base.h"
#include "expression/expression.h"
#include "record/number_compare.h"

enum csi_condition_kind {
    CSI_CONDITION_TEST,
    CSI_CONDITION_ALL,
    CSI_CONDITION_ANY,
    CSI_CONDITION_NOT,
    CSI_CONDITION_EXPRESSION
};

enum csi_condition_op {
    CSI_OP_EQ,
    CSI_OP_NE,
    CSI_OP_LE,
    CSI_OP_LT,
    CSI_OP_GE,
    CSI_OP_GT,
    CSI_OP_EXISTS,
    CSI_OP_EMPTY,
    CSI_OP_IN,
    CSI_OP_NOT_IN,
    CSI_OP_CONTAINS,
    CSI_OP_STARTS_WITH,
    CSI_OP_ENDS_WITH,
    CSI_OP_REGEX,
    CSI_OP_MATCHES
};

/* What a cell is compared with. */
struct csi_operand {
    enum { CSI_OPERAND_TEXT, CSI_OPERAND_NUMBER, CSI_OPERAND_BOOLEAN } kind;
    struct csi_number number; /* of a number; it points into the text */
    char *text; /* NUL-terminated; of a number, as the spec has it */
    size_t length;
};

/* All zero is an empty test; csi_condition_free takes one half built. */
struct cosend_condition {
    enum csi_condition_kind kind;
    /* ALL, ANY; NOT has one part */
    struct cosend_condition **parts;
    size_t count, capacity;
    /* TEST */
    struct cosend_field field;
    char *name;
    enum csi_condition_op op;
    struct csi_operand *operands; /* one; several for in and not_in; none for
                                     exists and empty */
    size_t operand_count;
    struct cosend_regex *regex;           /* of regex and matches */
    struct cosend_expression *expression; /* EXPRESSION */
};

/* Free a condition and all it holds; NULL is allowed. */
void csi_condition_free(struct cosend_condition *condition);

#endif
