/* SPDX-License-Identifier: MIT */
/*
 * What cells mean, as typed values, and the one order in which all of them are
 * sorted.
 *
 * A cell that is a number by the grammar of cosend/number.h is that number,
 * whatever its kind: 007 is the integer 7, and so are 7.0 and 70e-1. No number
 * is rounded. Those that 64 bits hold are integers; those that a double holds
 * to the last of their digits, as nearly all others do, are doubles; the rest
 * are decimals, which stay the text that they are.
 *
 * Its struct is frozen (cosend/version.h).
 */
#ifndef COSEND_VALUE_H
#define COSEND_VALUE_H

#include "cosend/record.h"

#ifdef __cplusplus
extern "C" {
#endif

/* In the order of values of different types, but that numbers of all three
   types are ordered by size. */
enum cosend_type {
    COSEND_TYPE_ABSENT,
    COSEND_TYPE_NULL,
    COSEND_TYPE_BOOL,
    COSEND_TYPE_INT,     /* 64 bits */
    COSEND_TYPE_DOUBLE,  /* a number that is no such integer */
    COSEND_TYPE_DECIMAL, /* a number that neither of them is, as its text */
    COSEND_TYPE_TIME,    /* nanoseconds since 1970-01-01T00:00:00Z */
    COSEND_TYPE_TEXT,
    COSEND_TYPE_NESTED, /* the JSON text of an array or object */
    COSEND_TYPE_BAD     /* an expression that had no value: text says why */
};

/* A text is not terminated by a NUL, and lives as long as the cell that it was
   taken from. */
struct cosend_value {
    enum cosend_type type;
    union {
        uint32_t length; /* bytes of text: DECIMAL, TEXT, NESTED, BAD */
        int32_t offset;  /* TIME: seconds east of UTC that it is told in */
    };
    union {
        bool truth;      /* BOOL */
        int64_t integer; /* INT, TIME */
        double number;   /* DOUBLE */
        const char *text;
    } as;
};

/*
 * What a cell means. Numbers are INT, DOUBLE or DECIMAL; text that is none,
 * "" and 1e999 among it, is TEXT; JSON's true, false, null, arrays and objects
 * are what they are. A time is TEXT: that a text is one is for its reader to
 * say (cosend/time.h).
 *
 * A DECIMAL has more digits than a double keeps apart, as 0.10000000000000001
 * and 9223372036854775808 have, or is an integer of more than 22 digits or so.
 */
COSEND_API struct cosend_value cosend_value_of(struct cosend_cell cell);

/* Whether a value is a number. */
COSEND_INLINE bool cosend_is_number(const struct cosend_value *value)
{
    return value->type >= COSEND_TYPE_INT && value->type <= COSEND_TYPE_DECIMAL;
}

/*
 * The double nearest to a number: *number.
 *
 * Returns false, with *number as it was, where the value is no number.
 */
COSEND_API bool cosend_value_double(const struct cosend_value *value,
                                    double *number);

/*
 * The order of sort, top, min and max: absent, null, false, true, numbers by
 * size, times, text bytewise, nested values by their text, bad ones by theirs.
 * It is total: every two values have an order, and three are never in a circle.
 *
 * Numbers are compared exactly: 2^53 and 2^53 + 1 differ, and so do
 * 9223372036854775808 and 9223372036854775807.5. A double stands for the
 * decimal that it is printed as, so that a computed 0.1 is the 0.1 of a cell;
 * from 2^53 on, where doubles are integers, for that integer. -0 is 0; NaN,
 * which no cell is, comes behind all other numbers. Times are compared as
 * instants, wherever they are told.
 *
 * Returns a negative number, 0 or a positive one.
 */
COSEND_API int cosend_compare(const struct cosend_value *a,
                              const struct cosend_value *b);

/*
 * How the cells of a key are ordered: by value, as cosend_compare has it, or
 * all of them, but for absent and null ones, as text.
 */
enum cosend_collation {
    COSEND_COLLATE_VALUE = 0,
    COSEND_COLLATE_TEXT = 1,    /* by bytes */
    COSEND_COLLATE_NATURAL = 2, /* runs of digits by size, a9 before a10 */
    COSEND_COLLATE_FOLD = 4,    /* a as A, of ASCII's letters; as text */
    COSEND_BLANKS_FIRST = 8,    /* absent, null and empty ones, in that order,
                                   before all others, whatever the direction */
    COSEND_BLANKS_LAST = 16     /* the same behind all others */
};

#ifdef __cplusplus
}
#endif

#endif
