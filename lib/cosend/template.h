/* SPDX-License-Identifier: MIT */
/*
 * Templates: text with a record's fields in it, "{host}-{status}.csv".
 *
 * {name} is a field's text, as the cell has it; {name:>8} the same at the right
 * of eight characters, {name:<8} at the left, {name:^8} in the middle, and
 * longer ones as they are. {name:.2f} is a number with two digits behind the
 * point, rounded in decimal, {name:8.2f} the same at the right. In backquotes a
 * name may hold any of these signs,
 * {`a:b`}. {{ is a brace, and so is }}; a } that closes nothing is one too.
 *
 * A filter has a template as an option (COSEND_OPTION_TEMPLATE): then its
 * fields are the filter's, and are looked up once for each schema.
 */
#ifndef COSEND_TEMPLATE_H
#define COSEND_TEMPLATE_H

#include "cosend/bytes.h"
#include "cosend/record.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Constant, so threads may share it. */
struct cosend_template;

/*
 * Append what a template makes of a record in hand to bytes. Fields that are
 * absent or null become `missing`, or nothing where that is NULL; what should
 * be a number and is none is put in as it is (cosend_template_misfit).
 *
 * Returns how many of them there were. Without memory to->failed is set.
 */
COSEND_API uint32_t cosend_fill_template(const struct cosend_template *filled,
                                         const struct cosend_record *record,
                                         const char *missing,
                                         struct cosend_bytes *to);

/* The first field that a layout wants as a number, as .2f does, and that has a
   value which is none, but for one of no bytes; cosend_template_count where
   there is no such. */
COSEND_API uint32_t cosend_template_misfit(const struct cosend_template *filled,
                                           const struct cosend_record *record);

/* The text that a template was made of; a NUL follows it. */
COSEND_API const char *
cosend_template_text(const struct cosend_template *filled);

/* How many fields it has, each as often as it is named; and field i of them. */
COSEND_API uint32_t cosend_template_count(const struct cosend_template *filled);
COSEND_API struct cosend_field
cosend_template_field(const struct cosend_template *filled, uint32_t i);

#ifdef __cplusplus
}
#endif

#endif
