/* SPDX-License-Identifier: MIT */
/*
 * Terms: an expression as a tree, typed as far as it can be before the first
 * record. They are constant once made, and live in the expression's arena.
 */
#ifndef CSI_TERM_H
#define CSI_TERM_H

#include "cosend/match.h"
#include "cosend/time.h"
#include "cosend/value.h"

struct csi_function;

enum csi_term_kind {
    CSI_TERM_CONSTANT,
    CSI_TERM_FIELD,
    CSI_TERM_LIST, /* of `in` alone */
    CSI_TERM_NOT,
    CSI_TERM_AND,
    CSI_TERM_OR,
    CSI_TERM_ELSE, /* the first part that is not blank: ??, coalesce */
    CSI_TERM_IF,
    CSI_TERM_COMPARE,
    CSI_TERM_IN,
    CSI_TERM_MATCH,
    CSI_TERM_ARITHMETIC,
    CSI_TERM_NEGATE,
    CSI_TERM_CALL
};

/* What a term's values are known to be. Blank is possible for all. */
enum csi_term_type {
    CSI_TERM_ANY, /* a cell, or one of several: what it is, its value says */
    CSI_TERM_BOOL,
    CSI_TERM_NUMBER,
    CSI_TERM_TEXT,
    CSI_TERM_TIME,
    CSI_TERM_NOTHING /* null, absent */
};

enum csi_operator {
    CSI_EQUAL,
    CSI_UNEQUAL,
    CSI_LESS,
    CSI_LESS_EQUAL,
    CSI_GREATER,
    CSI_GREATER_EQUAL,
    CSI_ADD,
    CSI_SUBTRACT,
    CSI_MULTIPLY,
    CSI_DIVIDE,
    CSI_FLOOR_DIVIDE,
    CSI_MODULO,
    CSI_POWER
};

/* How the two sides of a comparison are taken. */
enum csi_comparison {
    CSI_COMPARE_CELLS, /* as numbers where both are, else as text */
    CSI_COMPARE_NUMBERS,
    CSI_COMPARE_TEXT,
    CSI_COMPARE_TIMES,
    CSI_COMPARE_BOOLS
};

struct csi_term {
    enum csi_term_kind kind;
    enum csi_term_type type;
    enum csi_operator op;         /* COMPARE, ARITHMETIC */
    enum csi_comparison compared; /* COMPARE */
    bool negated;                 /* IN, MATCH: not in, !~ */
    bool grouped;                 /* it stands in parentheses */
    uint32_t at, length;          /* its bytes in the text ... */
    const char *source;           /* ... and where they are */
    uint32_t depth;               /* terms on the longest way down */
    struct csi_term **parts;
    uint32_t count;
    struct cosend_value value; /* CONSTANT */
    struct cosend_field field; /* FIELD: that of its whole name ... */
    struct cosend_field base;  /* ... or, at a path, of its first part; where
                                  the path leads into a term, that is a part */
    const char *path;          /* NULL: it has none */
    uint32_t path_length;
    const struct csi_function *function;    /* CALL */
    struct cosend_regex *regex;             /* MATCH; a pattern's call */
    uint32_t group;                         /* of it: extract */
    struct cosend_replacement *replacement; /* replace_all */
    struct cosend_time_format *format;      /* of calls that take one */
    struct cosend_zone *zone;
};

#endif
