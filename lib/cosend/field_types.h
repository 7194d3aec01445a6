/* SPDX-License-Identifier: MIT */
/* What fields of records are to be: cosend/conversion.h, for steps. Its
   struct is stamped (cosend/version.h). */
#ifndef COSEND_FIELD_TYPES_H
#define COSEND_FIELD_TYPES_H

#include "cosend/conversion.h"
#include "cosend/receive.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The rows of a map of fields: the type of each, stored as an int. */
COSEND_API extern const struct cosend_option cosend_field_type_options[];

/*
 * Put into types[i], for each of `count` columns whose names are name(own, i),
 * the type that a map of such rows has for it, and leave the others.
 *
 * Returns the position in the map of the first name that none has; the map's
 * count if each is one's.
 */
COSEND_API size_t cosend_types_of(const struct cosend_list *map, size_t count,
                                  const char *(*name)(const void *own,
                                                      size_t i),
                                  const void *own, int *types);

struct cosend_field_type {
    struct cosend_string name;
    enum cosend_conversion_type type;
    const struct cosend_conversion *how; /* NULL: as cosend writes it */
};

/*
 * Make a field's cell what it is to be, its bytes perhaps in `bytes`. Where it
 * cannot become that the record is bad, as cosend_conversion_fault has it, with
 * the field's name, the cell, and what is wrong with it.
 *
 * Returns false where it was bad; or without memory, with the step failed.
 */
COSEND_API bool cosend_convert_field(struct cosend_stage *self,
                                     const struct cosend_record *record,
                                     const struct cosend_field_type *type,
                                     struct cosend_cell *cell,
                                     struct cosend_bytes *bytes);

#ifdef __cplusplus
}
#endif

#endif
