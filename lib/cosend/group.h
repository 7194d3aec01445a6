/* SPDX-License-Identifier: MIT */
/*
 * What aggregates are made of: exact sums, and groups by key.
 *
 * Nothing here is locked: one sum or table belongs to one thread at a time.
 *
 * Its structs are stamped (cosend/version.h).
 */
#ifndef COSEND_GROUP_H
#define COSEND_GROUP_H

#include "cosend/base.h"
#include "cosend/bytes.h"
#include "cosend/numbers.h"
#include "cosend/record.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Sums ---------------------------------------------------------------- */

/*
 * The exact sum of any number of cells: it depends neither on their order nor
 * on how they were split and merged.
 *
 * What a cell adds depends on that cell alone. An integer in plain digits adds
 * what it says, however long it is. So does any number of at most 18 digits, 9
 * of them behind the point, zeros at either end not counted: 0.1 + 0.2 is 0.3.
 * Every other cell adds the double nearest to it, exactly.
 *
 * All zero is an empty sum. Its members are private.
 */
struct cosend_sum {
    uint64_t low; /* 128 bits of 10^-9s, two's complement */
    uint64_t high;
    struct csi_wide *wide; /* the rest; NULL while there is none */
};

/* Whether a cell's text is a number. */
enum cosend_numeric { COSEND_NOT_NUMBER = 0, COSEND_IS_NUMBER = 1 };

/* A buffer of this size holds any total, and its NUL. */
#define COSEND_SUM_MAX 352

/* Release what a sum holds; it is empty again. */
COSEND_API void cosend_sum_free(struct cosend_sum *sum);

/*
 * Add a cell's text, a number in the sense of cosend/number.h.
 *
 * Returns COSEND_IS_NUMBER; COSEND_NOT_NUMBER, which an empty text is too; or
 * COSEND_E_MEMORY. In both latter cases the sum is as it was.
 */
COSEND_API int cosend_sum_add(struct cosend_sum *sum, const char *text,
                              size_t length);

/* The same with the number's sign turned round: what was added is taken away
   again, and nothing is left of it. */
COSEND_API int cosend_sum_subtract(struct cosend_sum *sum, const char *text,
                                   size_t length);

/*
 * The same of a column that was read as numbers, at a position of its batch:
 * what its cell adds, or would add if it were printed.
 */
COSEND_API int cosend_sum_add_number(struct cosend_sum *sum,
                                     const struct cosend_numbers *numbers,
                                     uint32_t position);

/*
 * Add one sum to another, which must not be itself.
 *
 * Returns COSEND_OK, or COSEND_E_MEMORY with *into as it was.
 */
COSEND_API int cosend_sum_merge(struct cosend_sum *into,
                                const struct cosend_sum *from);

/*
 * Print the total. It is an exact integer when it is one and every cell was
 * added as it was written; else the double nearest to it, as
 * cosend_format_double prints it; and where no double is as large, an integer
 * again, without its fraction.
 *
 * Returns the length; a NUL follows the text.
 */
COSEND_API size_t cosend_sum_total(const struct cosend_sum *sum,
                                   char buffer[COSEND_SUM_MAX]);

/*
 * The double nearest to the exact sum divided by count, ties to even; with a
 * count of 1, to the sum. 0 for a count of 0. Infinite only where that double
 * is, which a mean of what was added never is.
 */
COSEND_API double cosend_sum_mean(const struct cosend_sum *sum, uint64_t count);

/* Write a sum down. Ask `to` whether it failed. */
COSEND_API void cosend_sum_save(const struct cosend_sum *sum,
                                struct cosend_bytes *to);

/*
 * Add a sum that was saved to one in hand, which may be empty.
 *
 * Returns COSEND_OK; COSEND_E_TYPE when the bytes are not a sum's; or
 * COSEND_E_MEMORY. On an error *into is as it was.
 */
COSEND_API int cosend_sum_load(struct cosend_sum *into,
                               struct cosend_reader_bytes *from);

/* ---- Groups -------------------------------------------------------------- */

/*
 * Groups: byte strings, each with a value of a fixed size that belongs to the
 * caller and is all zero at first. A group is numbered when it first appears,
 * from 0 on, and keeps its number; its key and its value stay where they are
 * until the table is freed. Which keys there are cannot be chosen so as to
 * make the table slow: the hash is XXH3 with a random seed, of which nothing
 * is to be seen in the order of the groups.
 */
struct cosend_table;

/*
 * Make a table without groups. Values are aligned for pointers, uint64_t and
 * double, and for nothing larger.
 *
 * Returns NULL, with COSEND_E_MEMORY in *error, without memory.
 */
COSEND_API struct cosend_table *cosend_table_new(size_t value_size,
                                                 struct cosend_error *error);

/* Free a table, its keys and its values; of what these point to it knows
   nothing. NULL is no table. */
COSEND_API void cosend_table_free(struct cosend_table *table);

/*
 * A group's value; the group is made if there is none. *fresh, unless fresh is
 * NULL, says whether it was made now. The key is copied.
 *
 * Returns NULL, with the table as it was, without memory, and where keys and
 * values would exceed 32 GiB.
 */
COSEND_API void *cosend_table_get(struct cosend_table *table, const void *key,
                                  size_t length, bool *fresh);

/* A group's value, or NULL when there is no such group. */
COSEND_API void *cosend_table_find(const struct cosend_table *table,
                                   const void *key, size_t length);

/* How many groups there are. */
COSEND_API size_t cosend_table_count(const struct cosend_table *table);

/*
 * The value of the group that appeared as number i < count, and its key, which
 * is the table's, and is not terminated by a NUL.
 */
COSEND_API void *cosend_table_at(const struct cosend_table *table, size_t i,
                                 const void **key, size_t *length);

/*
 * When something came first, whichever thread saw it: with which record, as
 * cosend_record_ordinal numbers them, and as what of all that one thread, which
 * sees all that a record was made into, had seen of its kind, from 1 on. All
 * zero: it did not come.
 */
struct cosend_appearance {
    uint64_t first, rank;
};

/* Of two that came, whether one came before the other. */
COSEND_INLINE bool cosend_appears_before(const struct cosend_appearance *a,
                                         const struct cosend_appearance *b)
{
    return a->first != b->first ? a->first < b->first : a->rank < b->rank;
}

/* Write one down; take the earlier of one in hand and of one that was saved,
   and return whether that is the saved one. */
COSEND_API void cosend_appearance_save(const struct cosend_appearance *place,
                                       struct cosend_bytes *to);
COSEND_API bool cosend_appearance_merge(struct cosend_appearance *place,
                                        struct cosend_reader_bytes *from);

/*
 * Keys of several cells. Cells are added one by one to bytes that were cleared
 * before; two keys are the same only if all their cells are, of the same kinds
 * and with the same text.
 */
COSEND_API void cosend_key_add(struct cosend_bytes *key,
                               struct cosend_cell cell);

/*
 * Take the next cell out of such a key, which is read by cosend_read_bytes.
 *
 * Returns false after the last, and, with key->failed, when the bytes are not
 * a key.
 */
COSEND_API bool cosend_key_next(struct cosend_reader_bytes *key,
                                struct cosend_cell *cell);

#ifdef __cplusplus
}
#endif

#endif
